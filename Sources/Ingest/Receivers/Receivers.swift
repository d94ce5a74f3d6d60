import GRPCCore
import Glibc
import NIOCore
import Synchronization

/// The receivers that were asked for, listening until stopped.
package final class Receivers: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case otlpGRPC = "otlp-grpc", otlpHTTP = "otlp-http", zipkin

        /// As IANA and the OpenTelemetry and Zipkin projects assign them.
        package var defaultPort: Int {
            switch self {
            case .otlpGRPC: 4317
            case .otlpHTTP: 4318
            case .zipkin: 9411
            }
        }
    }

    private let tasks = Mutex<[Task<Void, Never>]>([])
    private let limits: ReceiverLimits
    let pending: PendingBytes
    private let tls: ReceiverTLS?

    /// - Parameter tls: nil speaks plain text.
    package init(limits: ReceiverLimits = ReceiverLimits(), tls: ReceiverTLS? = nil) {
        self.limits = limits
        self.tls = tls
        pending = PendingBytes(limit: limits.pendingBytes)
    }

    /// Listens; returns once it does.
    /// - Parameter address: port 0 takes any that is free.
    /// - Returns: the port.
    /// - Throws: what keeps it from listening, with the flag that moves it; whoever asked says where that was.
    @discardableResult
    package func start(_ kind: Kind, _ address: ListenAddress, _ handler: any ExportHandler) async throws(IngestError) -> Int {
        let (starts, continuation) = AsyncStream.makeStream(of: Start.self)
        let task = Task { [limits, pending, tls] in
            do {
                switch kind {
                case .otlpGRPC: try await Self.serve(GRPCReceiver(address, handler, limits: limits, pending: pending, tls: tls), continuation)
                case .otlpHTTP, .zipkin:
                    let receiver = HTTPReceiver(address: address, service: kind == .zipkin ? .zipkin : .otlp, handler: handler, limits: limits, pending: pending, tls: tls)
                    try await receiver.run { continuation.yield(.listening($0)) }
                }
            } catch {
                continuation.yield(.failed(Self.reason(error)))
            }
            continuation.finish()
        }
        tasks.withLock { $0.append(task) }
        for await start in starts {
            switch start {
            case .listening(let port): return port ?? address.port
            case .failed(let reason): throw IngestError("\(reason); move it with --\(kind.rawValue) HOST:PORT, or start with --no-receivers")
            }
        }
        throw IngestError("it ended before it listened")
    }

    package func stop() async {
        let running = tasks.withLock { tasks in
            defer { tasks = [] }
            return tasks
        }
        for task in running { task.cancel() }
        for task in running { await task.value }
    }

    private enum Start: Sendable {
        case listening(Int?)
        case failed(String)
    }

    private static func serve(_ receiver: GRPCReceiver, _ continuation: AsyncStream<Start>.Continuation) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await receiver.run() }
            group.addTask {
                // What keeps it from listening is thrown by the other one, with its reason.
                guard let port = try? await receiver.boundPort() else { return }
                continuation.yield(.listening(port))
            }
            try await withTaskCancellationHandler {
                try await group.waitForAll()
            } onCancel: {
                receiver.stop()
            }
        }
    }

    /// What the system said, without the libraries' wrapping.
    private static func reason(_ error: any Error) -> String {
        var inner = error
        while let wrapped = inner as? RuntimeError, let cause = wrapped.cause { inner = cause }
        guard let system = inner as? IOError else { return "\(inner)" }
        return system.errnoCode == EADDRINUSE ? "the port is in use" : String(cString: strerror(system.errnoCode))
    }
}
