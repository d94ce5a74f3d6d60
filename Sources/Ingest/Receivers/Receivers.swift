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

    private let running = Mutex<[(server: ReceiverServer, task: Task<Void, Never>)]>([])
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
        let listening: @Sendable (Int?) -> Void = { continuation.yield(.listening($0)) }
        let server: ReceiverServer
        do {
            server = switch kind {
            case .otlpGRPC: GRPCReceiver(address, handler, limits: limits, pending: pending, tls: tls).server(listening: listening)
            case .otlpHTTP, .zipkin:
                try HTTPReceiver(address: address, service: kind == .zipkin ? .zipkin : .otlp, handler: handler, limits: limits, pending: pending, tls: tls)
                    .server(listening: listening)
            }
        } catch {
            throw IngestError(Self.reason(error))
        }
        let task = Task {
            do {
                try await server.run()
            } catch {
                continuation.yield(.failed(Self.reason(error)))
            }
            continuation.finish()
        }
        running.withLock { $0.append((server, task)) }
        for await start in starts {
            switch start {
            case .listening(let port): return port ?? address.port
            case .failed(let reason): throw IngestError("\(reason); move it with --\(kind.rawValue) HOST:PORT, or start with --no-receivers")
            }
        }
        throw IngestError("it ended before it listened")
    }

    /// Takes no more connections, lets requests that were read be answered, and ends; what still holds on to it is cut off.
    package func stop() async {
        let running = running.withLock { running in
            defer { running = [] }
            return running
        }
        await withTaskGroup(of: Void.self) { group in
            for (server, task) in running {
                group.addTask {
                    let cut = Task {
                        try await Task.sleep(for: .seconds(Self.secondsToStop))
                        task.cancel()
                    }
                    await server.stop()
                    await task.value
                    cut.cancel()
                }
            }
        }
    }

    private static let secondsToStop = 2

    private enum Start: Sendable {
        case listening(Int?)
        case failed(String)
    }

    /// What the system said, without the libraries' wrapping.
    private static func reason(_ error: any Error) -> String {
        var inner = error
        while let wrapped = inner as? RuntimeError, let cause = wrapped.cause { inner = cause }
        guard let system = inner as? IOError else { return "\(inner)" }
        return system.errnoCode == EADDRINUSE ? "the port is in use" : String(cString: strerror(system.errnoCode))
    }
}

/// A server of one of the libraries. It is stopped before its task is cancelled: connections that were accepted and not yet looked at
/// when a task is cancelled are dropped by it unfinished, and for NIO that is a bug to trap on.
struct ReceiverServer: Sendable {
    /// Serves until it is stopped or its task is cancelled.
    let run: @Sendable () async throws -> Void
    let stop: @Sendable () async -> Void
}
