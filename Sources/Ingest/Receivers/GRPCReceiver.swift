import GRPCCore
import GRPCNIOTransportHTTP2
import HTTPTypes
import Intake
import NIOCore

/// OTLP over gRPC: unary Export of the trace and metrics services (opentelemetry-proto, collector/*/v1). The request is decoded
/// straight from the transport's bytes.
struct GRPCReceiver: Sendable {
    private let server: GRPCServer<HTTP2ServerTransport.Posix>

    init(_ address: ListenAddress, _ handler: any ExportHandler, limits: ReceiverLimits, pending: PendingBytes, tls: ReceiverTLS?) {
        let connections = GRPCConnections(limits)
        let transport = HTTP2ServerTransport.Posix(
            address: address.isIPv6 ? .ipv6(host: address.host, port: address.port) : .ipv4(host: address.host, port: address.port),
            transportSecurity: tls?.grpc ?? .plaintext,
            config: .defaults { config in
                config.compression.enabledAlgorithms = [.gzip, .deflate]
                // The default window of 64 KiB costs an update a few frames: more than half the time of receiving spans.
                config.http2.targetWindowSize = 16 << 20
                config.http2.maxFrameSize = 1 << 20
                config.http2.maxConcurrentStreams = limits.streamsPerConnection
                config.rpc.maxRequestPayloadSize = limits.bodyBytes
                config.connection.maxIdleTime = .seconds(limits.idleSeconds)
                config.connection.maxGraceTime = .seconds(limits.graceSeconds)
                config.channelDebuggingCallbacks.onAcceptTCPConnection = { connections.admit($0) }
                config.channelDebuggingCallbacks.onAcceptHTTP2Stream = { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let connection = try channel.parent?.pipeline.syncOperations.handler(type: GRPCConnectionWatch.self)
                        let collector = GRPCRequestCollector(limits: limits, pending: pending, connection: connection)
                        try channel.pipeline.syncOperations.addHandler(collector, position: .first)
                    }
                }
                config.connection.keepalive.clientBehavior = .init(minPingIntervalWithoutCalls: .seconds(5), allowWithoutCalls: true)
            })
        var router = RPCRouter<HTTP2ServerTransport.Posix>()
        Self.register("opentelemetry.proto.collector.trace.v1.TraceService", .otlpTracesProtobuf, handler, limits, &router)
        Self.register("opentelemetry.proto.collector.metrics.v1.MetricsService", .otlpMetricsProtobuf, handler, limits, &router)
        server = GRPCServer(transport: transport, router: router)
    }

    private static func register(_ service: String, _ format: ExportFormat, _ handler: any ExportHandler, _ limits: ReceiverLimits,
                                 _ router: inout RPCRouter<HTTP2ServerTransport.Posix>) {
        let method = MethodDescriptor(service: ServiceDescriptor(fullyQualifiedService: service), method: "Export")
        router.registerHandler(forMethod: method, deserializer: Reading(handler: handler, format: format), serializer: Writing()) { request, _ in
            if let refusal = request.metadata[stringValues: Refusal.header.canonicalName].first(where: { _ in true }).flatMap({ Refusal(rawValue: $0) }) {
                let reason = refusal.reason(limits)
                handler.refused(reason)
                throw Self.error(refusal, reason, limits)
            }
            var result = ExportResult.malformed("a call without a message")
            for try await message in request.messages { result = message }
            switch result {
            case .taken(let rejected, let reason):
                return .init(single: .init(message: ExportResponse.success(rejected: rejected, reason: reason, isJSON: false)))
            case .malformed(let reason): throw RPCError(code: .invalidArgument, message: reason)
            case .full(let reason): throw Self.error(.full, reason, limits)
            }
        }
    }

    private static func error(_ refusal: Refusal, _ reason: String, _ limits: ReceiverLimits) -> RPCError {
        switch refusal {
        case .tooLarge: return RPCError(code: .resourceExhausted, message: reason)
        case .damaged: return RPCError(code: .invalidArgument, message: reason)
        case .late: return RPCError(code: .deadlineExceeded, message: reason)
        case .full:
            // Where OTLP says it is, and where the OpenTelemetry SDK for Python looks for it.
            var metadata = Metadata()
            metadata.addBinary(ExportResponse.status(code: 14, message: reason, isJSON: false, retrySeconds: limits.retrySeconds), forKey: "grpc-status-details-bin")
            metadata.addBinary(ExportResponse.retryInfo(seconds: limits.retrySeconds), forKey: "google.rpc.retryinfo-bin")
            return RPCError(code: .unavailable, message: reason, metadata: metadata)
        }
    }

    /// - Parameter listening: called with its port once it listens.
    func server(listening: @escaping @Sendable (Int?) -> Void) -> ReceiverServer {
        ReceiverServer(run: {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await server.serve() }
                group.addTask {
                    // What keeps it from listening is thrown by the other one, with its reason.
                    guard let address = try? await server.transport.listeningAddress else { return }
                    listening(address.ipv4?.port ?? address.ipv6?.port)
                }
                try await group.waitForAll()
            }
        }, stop: { server.beginGracefulShutdown() })
    }

    /// Decodes where the message still lies in the transport's buffer.
    private struct Reading: MessageDeserializer {
        let handler: any ExportHandler
        let format: ExportFormat

        func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> ExportResult {
            bytes.withUnsafeBytes { handler.take($0, format) }
        }
    }

    private struct Writing: MessageSerializer {
        func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Bytes { Bytes(message) }
    }
}
