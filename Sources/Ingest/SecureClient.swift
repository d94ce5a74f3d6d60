import AsyncHTTPClient
import Intake
import MeshModel
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix
import NIOSSL

/// Scrapes what the plain reader does not speak: TLS and compressed pages, through AsyncHTTPClient.
final class SecureClient: Sendable {
    private let client: HTTPClient

    init(job: ScrapeJob, group: any EventLoopGroup) throws(IngestError) {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .enabled(limit: .size(job.bodyLimit))
        configuration.httpVersion = .http1Only
        configuration.timeout = .init(connect: .nanoseconds(Int64(job.timeoutSeconds * 1e9)))
        // A target that hangs keeps one connection busy; others behind the same host and port must not wait for it.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 100_000
        // The next turn is the retry; until then the reason is to be seen, not a timeout.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.tlsConfiguration = try TLSFiles.configuration(job.tls)
        client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
    }

    func shutdown() async { try? await client.shutdown() }

    /// One page into the session, which is nobody else's until this returns.
    func scrape(_ target: ScrapeTarget, _ job: ScrapeJob, at time: Timestamp, into session: DecodeSession) async -> Result<Void, ScrapeProblem> {
        do {
            var request = HTTPClientRequest(url: target.url)
            request.headers.add(name: "User-Agent", value: "telltale")
            request.headers.add(name: "Accept", value: TargetRunner.accept)
            request.headers.add(name: "X-Prometheus-Scrape-Timeout-Seconds", value: "\(job.timeoutSeconds)")
            // Said even where it is the default: the library would ask for compressed pages otherwise.
            request.headers.add(name: "Accept-Encoding", value: job.acceptsGzip ? "gzip" : "identity")
            if let authorization = job.authorization { request.headers.add(name: "Authorization", value: authorization) }
            let response = try await client.execute(request, timeout: .nanoseconds(Int64(job.timeoutSeconds * 1e9)))
            if let problem = Self.head(of: response).problem(bodyLimit: job.bodyLimit) { return .failure(problem) }
            if let encoding = response.headers.first(name: "content-encoding")?.lowercased(), !["identity", "gzip", "deflate"].contains(encoding) {
                return .failure(ScrapeProblem("answered in \(ScrapeProblem.printable(encoding)), which was not asked for"))
            }
            session.begin(time: time, contentType: response.headers.first(name: "content-type")?.lowercased())
            var bytes = 0
            for try await chunk in response.body {
                bytes += chunk.readableBytes
                guard bytes <= job.bodyLimit else { return .failure(.tooLarge(job.bodyLimit)) }
                chunk.withUnsafeReadableBytes { session.feed($0) }
            }
            // A cancelled body ends like a complete one.
            try Task.checkCancellation()
            return .success(())
        } catch {
            return .failure(TransportProblem.of(error, bodyLimit: job.bodyLimit))
        }
    }

    private static func head(of response: HTTPClientResponse) -> HTTPHead {
        var head = HTTPHead()
        head.status = Int(response.status.code)
        head.reason = ScrapeProblem.printable(response.status.reasonPhrase)
        head.contentType = response.headers.first(name: "content-type")?.lowercased()
        head.contentLength = response.headers.first(name: "content-length").flatMap { HTTPHead.number($0) }
        head.location = response.headers.first(name: "location").map { ScrapeProblem.printable($0) }
        return head
    }

    /// A whole small body: a target list of http_sd.
    func get(_ url: String, limit: Int) async throws -> (status: Int, contentType: String?, refreshSeconds: Double?, body: String) {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "User-Agent", value: "telltale")
        // AsyncHTTPClient's own limit ends with the head: a body that trickles needs one of its own.
        return try await withThrowingTaskGroup(of: (Int, String?, Double?, String)?.self) { group in
            group.addTask { [client, request] in
                let response = try await client.execute(request, timeout: .seconds(10))
                let body = try await response.body.collect(upTo: limit)
                return (Int(response.status.code), response.headers.first(name: "content-type"),
                        response.headers.first(name: "X-Prometheus-Refresh-Interval-Seconds").flatMap(Double.init), String(buffer: body))
            }
            group.addTask {
                try await Task.sleep(nanoseconds: 15_000_000_000)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let answer = first else { throw ScrapeProblem("timed out while reading the list") }
            return answer
        }
    }
}
