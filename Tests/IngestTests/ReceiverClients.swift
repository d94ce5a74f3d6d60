import GRPCCore
import GRPCNIOTransportHTTP2
import Glibc
import Ingest
import Synchronization

/// Answers what it is told to and keeps what it was given.
final class Recorder: ExportHandler {
    private let state = Mutex<(answer: ExportResult, bodies: [[UInt8]], formats: [ExportFormat], refused: [String])>((.taken(rejected: 0, reason: ""), [], [], []))
    init(_ answer: ExportResult = .taken(rejected: 0, reason: "")) { state.withLock { $0.answer = answer } }

    func take(_ body: UnsafeRawBufferPointer, _ format: ExportFormat) -> ExportResult {
        state.withLock { state in
            state.bodies.append(Array(body))
            state.formats.append(format)
            return state.answer
        }
    }
    func refused(_ reason: String) { state.withLock { $0.refused.append(reason) } }
    var bodies: [[UInt8]] { state.withLock { $0.bodies } }
    var formats: [ExportFormat] { state.withLock { $0.formats } }
    var refusals: [String] { state.withLock { $0.refused } }
}

enum GRPCExport {
    private struct Bytes: MessageSerializer, MessageDeserializer {
        func serialize<Buffer: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Buffer { Buffer(message) }
        func deserialize<Buffer: GRPCContiguousBytes>(_ bytes: Buffer) throws -> [UInt8] { bytes.withUnsafeBytes { Array($0) } }
    }

    @discardableResult static func send(_ port: Int, _ body: [UInt8], service: String = "opentelemetry.proto.collector.trace.v1.TraceService",
                                        compression: CompressionAlgorithm = .none) async throws -> [UInt8] {
        let transport = try HTTP2ClientTransport.Posix(target: .ipv4(address: "127.0.0.1", port: port), transportSecurity: .plaintext, config: .defaults { config in
            config.compression.algorithm = compression
            config.compression.enabledAlgorithms = .all
        })
        return try await withGRPCClient(transport: transport) { client in
            try await client.unary(request: ClientRequest(message: body),
                                   descriptor: MethodDescriptor(service: ServiceDescriptor(fullyQualifiedService: service), method: "Export"),
                                   serializer: Bytes(), deserializer: Bytes(), options: .defaults) { response in try response.message }
        }
    }
}

/// A bare connection to loopback: says what it is told, byte for byte.
final class PlainConnection: Sendable {
    private let socket: Int32

    init(port: Int) {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        _ = withUnsafePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) } }
    }

    func send(_ text: String) { send(Array(text.utf8)) }
    func send(_ bytes: [UInt8]) { _ = Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

    /// What comes until `isEnough` or the other side closes; nil where neither happens in a minute. It blocks no thread: the server
    /// under test needs them.
    func read(until isEnough: ([UInt8]) -> Bool = { _ in false }) async -> [UInt8]? {
        var all: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 4096)
        for _ in 0..<12_000 {
            if isEnough(all) { return all }
            let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count == 0 || (count < 0 && errno == ECONNRESET) { return all }
            if count > 0 { all += buffer[..<count] } else { try? await Task.sleep(nanoseconds: 5_000_000) }
        }
        return nil
    }

    func close() { Glibc.close(socket) }
}
