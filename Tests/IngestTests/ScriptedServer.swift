import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A server on loopback that does to every request what a script says, good or bad.
final class ScriptedServer: Sendable {
    enum Step: Sendable {
        case send(String)
        case bytes([UInt8])
        /// Over and over, as fast as the peer takes it, until the connection ends.
        case flood(String)
        case floodBytes([UInt8])
        /// A byte at a time, over and over.
        case trickle(String)
        case close, reset
    }

    struct Request: Sendable {
        var text: String
        /// Counted over all connections, from 0.
        var number: Int
        var numberOnConnection: Int
        var path: Substring { text.split(separator: " ", maxSplits: 2).dropFirst().first ?? "" }
        func field(_ name: String) -> Substring? {
            text.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ":") }.map { $0.drop { $0 != ":" }.dropFirst(2) }
        }
    }

    typealias Script = @Sendable (Request) -> [Step]

    struct Log: Sendable {
        var requests: [Request] = []
        var connections = 0
        var openConnections = 0
        var bytesWritten = 0
    }

    private let logged = Mutex(Log())
    private let script: Mutex<Script>
    private let greeting: [Step]
    private let tls: NIOSSLContext?
    private let listening = Mutex<(any Channel)?>(nil)

    var log: Log { logged.withLock { $0 } }
    var port: Int { listening.withLock { $0?.localAddress?.port } ?? 0 }

    /// - Parameter greeting: what is done to a connection before anything is asked.
    init(host: String = "127.0.0.1", port: Int = 0, tls: NIOSSLContext? = nil, greeting: [Step] = [], _ script: @escaping Script) async throws {
        self.script = Mutex(script)
        self.greeting = greeting
        self.tls = tls
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls = self.tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.addHandler(Handler(self))
                }
            }
            .bind(host: host, port: port).get()
        listening.withLock { $0 = channel }
    }

    /// From now on it answers like this.
    func answer(_ script: @escaping Script) { self.script.withLock { $0 = script } }

    func stop() async { try? await listening.withLock { $0 }?.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let server: ScriptedServer
        private var received = ""
        private var count = 0

        init(_ server: ScriptedServer) { self.server = server }

        func channelActive(context: ChannelHandlerContext) {
            server.logged.withLock {
                $0.connections += 1
                $0.openConnections += 1
            }
            server.perform(server.greeting[...], on: context.channel)
        }

        func channelInactive(context: ChannelHandlerContext) { server.logged.withLock { $0.openConnections -= 1 } }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += String(buffer: unwrapInboundIn(data))
            while let end = received.firstRange(of: "\r\n\r\n") {
                let text = String(received[..<end.lowerBound])
                received.removeSubrange(..<end.upperBound)
                let request = server.logged.withLock { log in
                    log.requests.append(Request(text: text, number: log.requests.count, numberOnConnection: count))
                    return log.requests[log.requests.count - 1]
                }
                count += 1
                server.perform(server.script.withLock { $0 }(request)[...], on: context.channel)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private func perform(_ steps: ArraySlice<Step>, on channel: any Channel) {
        guard let step = steps.first else { return }
        let rest = steps.dropFirst()
        switch step {
        case .send(let text): write(Array(text.utf8), on: channel) { self.perform(rest, on: channel) }
        case .bytes(let bytes): write(bytes, on: channel) { self.perform(rest, on: channel) }
        case .flood(let text): flood(Array(text.utf8), on: channel)
        case .floodBytes(let bytes): flood(bytes, on: channel)
        case .trickle(let text): trickle(Array(text.utf8), 0, on: channel)
        case .close: channel.close(promise: nil)
        case .reset:
            (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in channel.close(promise: nil) }
        }
    }

    /// The next write begins when this one is with the kernel: the peer's pace holds.
    private func write(_ bytes: [UInt8], on channel: any Channel, then next: @escaping @Sendable () -> Void) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes)).whenSuccess {
            self.logged.withLock { $0.bytesWritten += bytes.count }
            next()
        }
    }

    /// By way of the loop: a write that is done at once would end in an endless call.
    private func flood(_ bytes: [UInt8], on channel: any Channel) {
        write(bytes, on: channel) { channel.eventLoop.execute { self.flood(bytes, on: channel) } }
    }

    private func trickle(_ bytes: [UInt8], _ at: Int, on channel: any Channel) {
        write([bytes[at]], on: channel) {
            channel.eventLoop.scheduleTask(in: .milliseconds(3)) { self.trickle(bytes, (at + 1) % bytes.count, on: channel) }
        }
    }
}

/// Answers as a proxy would give them.
enum Answer {
    static let page = "# TYPE envoy_server_uptime gauge\nenvoy_server_uptime{} 5\nenvoy_cluster_upstream_rq{envoy_response_code=\"200\",envoy_cluster_name=\"a\"} 7\n"

    static func ok(_ body: String = page, fields: String = "") -> ScriptedServer.Step {
        .send("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    static func status(_ line: String, fields: String = "") -> ScriptedServer.Step { .send("HTTP/1.1 \(line)\r\n\(fields)Content-Length: 2\r\n\r\nno") }

    static func chunked(_ chunks: [String], trailer: String = "") -> String {
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks.map { "\(String($0.utf8.count, radix: 16));ext=\"1\"\r\n\($0)\r\n" }.joined() + "0\r\n\(trailer)\r\n"
    }
}
