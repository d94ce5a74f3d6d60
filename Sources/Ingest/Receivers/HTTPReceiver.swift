import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Intake
import Logging
import NIOCore
import NIOPosix

/// OTLP over HTTP (/v1/traces, /v1/metrics) and Zipkin (/api/v2/spans) on one address; which of them it speaks is its `paths`.
struct HTTPReceiver: Sendable {
    enum Service: Sendable {
        case otlp, zipkin
    }

    let address: ListenAddress
    let service: Service
    let handler: any ExportHandler
    let limits: ReceiverLimits
    let pending: PendingBytes
    let tls: ReceiverTLS?

    /// - Parameter listening: called with its port once it listens.
    func server(listening: @escaping @Sendable (Int?) -> Void) throws -> ReceiverServer {
        let channel = HTTP1Channel(
            responder: { request, writer, _ in
                let response = await respond(request)
                try await writer.write(response: response.head, body: response.body)
            },
            // The collector keeps the time: it alone sees a request that comes slowly.
            configuration: .init(additionalChannelHandlers: [HTTPRequestCollector(limits: limits, pending: pending)]))
        guard let tls else { return server(of: channel, listening) }
        return server(of: try TLSChannel(channel, tlsConfiguration: tls.http), listening)
    }

    private func server(of channel: some ServerChildChannel, _ listening: @escaping @Sendable (Int?) -> Void) -> ReceiverServer {
        let server = Server(
            childChannelSetup: channel,
            configuration: .init(address: .hostname(address.host, port: address.port), availableConnectionsDelegate: MaximumAvailableConnections(limits.connections)),
            onServerRunning: { listening($0.localAddress?.port) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "telltale") { _ in SwiftLogNoOpLogHandler() })
        return ReceiverServer(run: { try await server.run() }, stop: { try? await server.shutdownGracefully() })
    }

    private func respond(_ request: Request) async -> Response {
        var held = 0
        defer { pending.give(held) }
        if let number = request.headers[PendingBytes.header].flatMap({ Int($0) }) {
            guard let count = pending.claim(number) else { return plain(.requestTimeout, "nobody waits for an answer") }
            held = count
        }
        guard let kind = kind(of: request.uri.path) else {
            return plain(.notFound, "telltale takes \(service == .otlp ? "/v1/traces and /v1/metrics" : "/api/v2/spans") here")
        }
        guard request.method == .post else { return plain(.methodNotAllowed, "only POST", [.allow: "POST"]) }
        guard let format = format(kind, request.headers[.contentType]) else {
            let reason = "content type \(request.headers[.contentType] ?? "(none)") is neither application/x-protobuf nor application/json"
            handler.refused(reason)
            return plain(.unsupportedMediaType, reason)
        }
        let encoding = request.headers[.contentEncoding]?.lowercased() ?? "identity"
        guard ["identity", "gzip", ""].contains(encoding) else {
            handler.refused("content encoding \(encoding)")
            return answer(.unsupportedMediaType, code: 3, "content encoding \(encoding) is neither gzip nor identity", format)
        }
        if let refusal = request.headers[Refusal.header].flatMap({ Refusal(rawValue: $0) }) { return answer(refusal, format) }
        var body = ByteBuffer()
        do {
            // One piece, from the collector.
            for try await part in request.body { body = part }
        } catch {
            handler.refused("a request that broke off")
            return answer(.badRequest, code: 3, "the request broke off", format)
        }
        guard encoding == "gzip" else { return answer(body.withUnsafeReadableBytes { handler.take($0, format) }, format) }
        do {
            let bytes = try Gzip.unpacked(Array(body.readableBytesView), limit: limits.bodyBytes) { more in
                guard pending.take(more) else { return false }
                held += more
                return true
            }
            return answer(bytes.withUnsafeBytes { handler.take($0, format) }, format)
        } catch {
            if error.lacksRoom { return answer(Refusal.full, format) }
            handler.refused("a gzip body that cannot be unpacked: \(error)")
            return error.isTooLarge ? answer(.contentTooLarge, code: 8, error.reason, format)
                : answer(.badRequest, code: 3, "its gzip body cannot be unpacked: \(error)", format)
        }
    }

    private enum Kind {
        case traces, metrics, zipkin
    }

    private func kind(of path: String) -> Kind? {
        switch (service, path) {
        case (.otlp, "/v1/traces"): .traces
        case (.otlp, "/v1/metrics"): .metrics
        case (.zipkin, "/api/v2/spans"): .zipkin
        default: nil
        }
    }

    private func format(_ kind: Kind, _ contentType: String?) -> ExportFormat? {
        let type = contentType?.split(separator: ";").first.map { $0.lowercased().filter { $0 != " " } } ?? ""
        switch (kind, type) {
        case (.traces, "application/x-protobuf"): return .otlpTracesProtobuf
        case (.traces, "application/json"): return .otlpTracesJSON
        case (.metrics, "application/x-protobuf"): return .otlpMetricsProtobuf
        case (.metrics, "application/json"): return .otlpMetricsJSON
        case (.zipkin, "application/x-protobuf"): return .zipkinProtobuf
        case (.zipkin, "application/json"): return .zipkinJSON
        default: return nil
        }
    }

    private func answer(_ result: ExportResult, _ format: ExportFormat) -> Response {
        switch result {
        case .taken(let rejected, let reason):
            // Zipkin knows no partial success: what was taken is accepted.
            if service == .zipkin { return Response(status: .accepted, headers: [.contentLength: "0"]) }
            let field = format == .otlpMetricsJSON ? "rejectedDataPoints" : "rejectedSpans"
            return response(.ok, ExportResponse.success(rejected: rejected, reason: reason, isJSON: format.isJSON, rejectedField: field), format)
        case .malformed(let reason): return answer(.badRequest, code: 3, reason, format)
        case .full(let reason): return answer(.serviceUnavailable, code: 14, reason, format, [.retryAfter: "\(limits.retrySeconds)"])
        }
    }

    private func answer(_ refusal: Refusal, _ format: ExportFormat) -> Response {
        let reason = refusal.reason(limits)
        handler.refused(reason)
        return switch refusal {
        case .tooLarge: answer(.contentTooLarge, code: 8, reason, format)
        case .full: answer(.full(reason), format)
        case .damaged: answer(.badRequest, code: 3, reason, format)
        case .late: answer(.requestTimeout, code: 4, reason, format)
        }
    }

    /// - Parameter code: gRPC's, for the Status that OTLP answers errors with.
    private func answer(_ status: HTTPResponse.Status, code: Int, _ message: String, _ format: ExportFormat, _ more: HTTPFields = [:]) -> Response {
        if service == .zipkin { return plain(status, message, more) }
        return response(status, ExportResponse.status(code: code, message: message, isJSON: format.isJSON), format, more)
    }

    private func response(_ status: HTTPResponse.Status, _ body: [UInt8], _ format: ExportFormat, _ more: HTTPFields = [:]) -> Response {
        var headers: HTTPFields = [.contentType: format.isJSON ? "application/json" : "application/x-protobuf"]
        headers.append(contentsOf: more)
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }

    private func plain(_ status: HTTPResponse.Status, _ text: String, _ more: HTTPFields = [:]) -> Response {
        var headers: HTTPFields = [.contentType: "text/plain; charset=utf-8"]
        headers.append(contentsOf: more)
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text + "\n")))
    }
}
