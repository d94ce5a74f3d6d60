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

    package init() {}

    /// Listens; returns once it does.
    /// - Parameter address: port 0 takes any that is free.
    /// - Returns: the port.
    /// - Throws: what keeps it from listening, with the flag that moves it.
    @discardableResult
    package func start(_ kind: Kind, _ address: ListenAddress, _ handler: any ExportHandler, limits: ReceiverLimits = ReceiverLimits()) async throws(IngestError) -> Int {
        if let problem = Self.obstacle(address) {
            throw Self.error(kind, address, problem)
        }
        let (starts, continuation) = AsyncStream.makeStream(of: Start.self)
        let task = Task {
            do {
                switch kind {
                case .otlpGRPC: try await Self.serve(GRPCReceiver(address, handler, limits: limits), continuation)
                case .otlpHTTP, .zipkin:
                    let receiver = HTTPReceiver(address: address, service: kind == .zipkin ? .zipkin : .otlp, handler: handler, limits: limits)
                    try await receiver.run { continuation.yield(.listening($0)) }
                }
            } catch {
                continuation.yield(.failed("\(error)"))
            }
            continuation.finish()
        }
        tasks.withLock { $0.append(task) }
        for await start in starts {
            switch start {
            case .listening(let port): return port ?? address.port
            // Somebody took the port since it was tried.
            case .failed(let reason): throw Self.error(kind, address, reason.contains("Address already in use") ? Self.inUse : reason)
            }
        }
        throw IngestError("\(kind.rawValue) \(address): it ended before it listened")
    }

    package func stop() async {
        let running = tasks.withLock { tasks in
            defer { tasks = [] }
            return tasks
        }
        for task in running { task.cancel() }
        for task in running { await task.value }
    }

    private static let inUse = "the port is in use"

    private static func error(_ kind: Kind, _ address: ListenAddress, _ problem: String) -> IngestError {
        IngestError("\(kind.rawValue) \(address): \(problem); move it with --\(kind.rawValue) HOST:PORT, or start with --no-receivers")
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

    /// What the system says to listening there: asked before a server is set up, whose own errors say less.
    private static func obstacle(_ address: ListenAddress) -> String? {
        let descriptor = socket(address.isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return String(cString: strerror(errno)) }
        defer { close(descriptor) }
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        guard let socketAddress = try? SocketAddress(ipAddress: address.host, port: address.port) else { return "no such address" }
        let result = socketAddress.withSockAddr { pointer, size in bind(descriptor, pointer, socklen_t(size)) }
        if result == 0, listen(descriptor, 1) == 0 { return nil }
        return errno == EADDRINUSE ? inUse : String(cString: strerror(errno))
    }
}
