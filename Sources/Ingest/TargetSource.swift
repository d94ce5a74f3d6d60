import Glibc
import Intake
import NIOCore
import NIOPosix

/// A list of targets that is read again while the program runs: a file (file_sd) or a URL (http_sd).
package struct TargetSource: Sendable {
    package let location: String
    private var isURL: Bool { location.hasPrefix("http://") || location.hasPrefix("https://") }

    static let maxBytes = 64 << 20

    /// How a URL is asked: certificates as for targets; what authorizes at the proxies is not sent to it.
    private let tls: ScrapeJob.TLS
    /// How often a file is looked at.
    private let pollSeconds: Double

    package init(_ location: String, tls: ScrapeJob.TLS = ScrapeJob.TLS(), pollSeconds: Double = 1) {
        self.location = location
        self.tls = tls
        self.pollSeconds = pollSeconds
    }

    /// Reads the list once.
    package func read() async throws(IngestError) -> [ScrapeTarget] {
        isURL ? try await fetch().targets : try TargetList.parse(try contents(), file: location)
    }

    /// Reads it at once, and again whenever it changed (a file) or its time has come (a URL), until the task is cancelled. A
    /// broken new version is reported and the old one kept.
    package func watch(_ changed: @Sendable ([ScrapeTarget]) -> Void, failed: @Sendable (IngestError) -> Void) async {
        var seen: FileStamp??
        var refresh = 60.0
        while !Task.isCancelled {
            do throws(IngestError) {
                if isURL {
                    let answer = try await fetch()
                    refresh = answer.refreshSeconds
                    changed(answer.targets)
                } else {
                    // The stamp is taken first: what is written after it is seen the next time.
                    let now = stamp()
                    if seen != .some(now) {
                        seen = .some(now)
                        changed(try TargetList.parse(try contents(), file: location))
                    }
                }
            } catch {
                if !Task.isCancelled { failed(error) }
            }
            try? await Task.sleep(nanoseconds: UInt64((isURL ? refresh : pollSeconds) * 1e9))
        }
    }

    private func stamp() -> FileStamp? { isURL ? nil : FileStamp(of: location) }

    private func contents() throws(IngestError) -> String {
        guard let file = fopen(location, "r") else { throw problem() }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 {
                guard ferror(file) == 0 else { throw problem() }
                return String(decoding: bytes, as: UTF8.self)
            }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= Self.maxBytes else { throw IngestError("--targets \(location): larger than 64 MiB") }
        }
    }

    private func problem() -> IngestError { IngestError("--targets \(location): \(String(cString: strerror(errno)))") }

    private func fetch() async throws(IngestError) -> (targets: [ScrapeTarget], refreshSeconds: Double) {
        var job = ScrapeJob(name: "http_sd", intervalSeconds: 60)
        job.tls = tls
        let client = try SecureClient(job: job, group: MultiThreadedEventLoopGroup.singleton)
        let answer: (status: Int, contentType: String?, refreshSeconds: Double?, body: String)
        do {
            answer = try await client.get(location, limit: Self.maxBytes)
        } catch {
            await client.shutdown()
            throw IngestError("--targets \(location): \(TransportProblem.of(error, bodyLimit: Self.maxBytes).sentence)")
        }
        await client.shutdown()
        guard answer.status == 200 else { throw IngestError("--targets \(location): answered \(answer.status), not 200") }
        guard answer.contentType?.lowercased().hasPrefix("application/json") == true else {
            throw IngestError("--targets \(location): answered \(answer.contentType ?? "no content type"), not application/json")
        }
        return (try TargetList.parse(answer.body, file: location), min(3600, max(1, answer.refreshSeconds ?? 60)))
    }
}
