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
        configuration.tlsConfiguration = try Self.tls(job.tls)
        client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
    }

    func shutdown() async { try? await client.shutdown() }

    private static func tls(_ options: ScrapeJob.TLS) throws(IngestError) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let file = options.caFile {
            do {
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(file))
            } catch {
                throw IngestError("--tls-ca \(file): not readable as PEM certificates (\(error))")
            }
        }
        if let certificate = options.certificateFile {
            guard let key = options.keyFile else { throw IngestError("--tls-cert \(certificate) needs its key: add --tls-key FILE") }
            do {
                tls.certificateChain = try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) }
            } catch {
                throw IngestError("--tls-cert \(certificate): not readable as PEM certificates (\(error))")
            }
            do {
                tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
            } catch {
                throw IngestError("--tls-key \(key): not readable as a PEM key (\(error))")
            }
        }
        if options.skipsVerification { tls.certificateVerification = .none }
        return tls
    }

    /// One page into the session; the session is nobody else's meanwhile.
    func scrape(_ target: ScrapeTarget, _ job: ScrapeJob, at time: Timestamp, into session: DecodeSession) async -> Result<Void, ScrapeProblem> {
        do {
            var request = HTTPClientRequest(url: target.url)
            request.headers.add(name: "User-Agent", value: "telltale")
            request.headers.add(name: "Accept", value: TargetRunner.accept)
            request.headers.add(name: "X-Prometheus-Scrape-Timeout-Seconds", value: "\(job.timeoutSeconds)")
            if job.acceptsGzip { request.headers.add(name: "Accept-Encoding", value: "gzip") }
            if let authorization = job.authorization { request.headers.add(name: "Authorization", value: authorization) }
            let response = try await client.execute(request, timeout: .nanoseconds(Int64(job.timeoutSeconds * 1e9)))
            var head = HTTPResponseScanner.Head()
            head.status = Int(response.status.code)
            head.reason = HTTPResponseScanner.printable(response.status.reasonPhrase)
            head.contentType = response.headers.first(name: "content-type")?.lowercased()
            head.location = response.headers.first(name: "location").map(HTTPResponseScanner.printable)
            if let problem = HTTPResponseScanner.problem(with: head, bodyLimit: job.bodyLimit) { return .failure(problem) }
            session.begin(time: time, contentType: head.contentType)
            var bytes = 0
            for try await chunk in response.body {
                bytes += chunk.readableBytes
                guard bytes <= job.bodyLimit else { return .failure(ScrapeProblem("the page is larger than \(HTTPResponseScanner.size(job.bodyLimit))")) }
                chunk.withUnsafeReadableBytes { session.feed($0) }
            }
            return .success(())
        } catch {
            return .failure(TransportProblem.of(error))
        }
    }

    /// A whole small body: a target list of http_sd.
    func get(_ url: String, limit: Int) async throws -> (status: Int, contentType: String?, refreshSeconds: Double?, body: String) {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "User-Agent", value: "telltale")
        let response = try await client.execute(request, timeout: .seconds(10))
        let body = try await response.body.collect(upTo: limit)
        return (Int(response.status.code), response.headers.first(name: "content-type"),
                response.headers.first(name: "X-Prometheus-Refresh-Interval-Seconds").flatMap(Double.init), String(buffer: body))
    }
}
