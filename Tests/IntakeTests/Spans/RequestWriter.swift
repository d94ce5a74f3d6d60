import MeshModel
import WireFormats
@testable import Intake

/// Writes OTLP trace requests for tests.
struct RequestWriter {
    var writer = ProtobufWriter()
    private var resource = 0, scope = 0

    var bytes: [UInt8] { writer.bytes }

    mutating func resourceSpans(_ attributes: [(String, Value)], resourceLast: Bool = false, _ spans: [SpanParts]) {
        let start = writer.begin(1)
        if !resourceLast { writeResource(attributes) }
        let scope = writer.begin(2)
        for span in spans { write(span) }
        writer.end(scope)
        if resourceLast { writeResource(attributes) }
        writer.end(start)
    }

    mutating func writeResource(_ attributes: [(String, Value)]) {
        let start = writer.begin(1)
        for (key, value) in attributes { attribute(1, key, value) }
        writer.end(start)
    }

    mutating func write(_ span: SpanParts) {
        let start = writer.begin(2)
        span.trace.withUnsafeBytes { writer.bytes(1, $0) }
        span.id.withUnsafeBytes { writer.bytes(2, $0) }
        if let parent = span.parent { parent.withUnsafeBytes { writer.bytes(4, $0) } }
        text(5, span.name)
        writer.varint(6, span.kind)
        writer.fixed64(7, span.start)
        writer.fixed64(8, span.end)
        for (key, value) in span.attributes { attribute(9, key, value) }
        if span.links > 0 { for _ in 0..<span.links { text(13, "") } }
        if let status = span.status {
            let inner = writer.begin(15)
            writer.varint(3, status)
            writer.end(inner)
        }
        span.more.withUnsafeBytes { writer.bytes.append(contentsOf: $0) }
        writer.end(start)
    }

    mutating func attribute(_ field: UInt32, _ key: String, _ value: Value) {
        let start = writer.begin(field)
        text(1, key)
        let inner = writer.begin(2)
        switch value {
        case .text(let value): text(1, value)
        case .int(let value): writer.varint(3, UInt64(bitPattern: value))
        case .bool(let value): writer.varint(2, value ? 1 : 0)
        case .texts(let values):
            let array = writer.begin(5)
            for value in values {
                let item = writer.begin(1)
                text(1, value)
                writer.end(item)
            }
            writer.end(array)
        }
        writer.end(inner)
        writer.end(start)
    }

    mutating func text(_ field: UInt32, _ value: String) { Array(value.utf8).withUnsafeBytes { writer.bytes(field, $0) } }
}

enum Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, Sendable {
    case text(String), int(Int64), bool(Bool), texts([String])
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int64) { self = .int(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(arrayLiteral elements: String...) { self = .texts(elements) }
}

struct SpanParts: Sendable {
    var trace: [UInt8] = .init(repeating: 7, count: 16)
    var id: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 1]
    var parent: [UInt8]?
    var name = "GET /"
    var kind: UInt64 = 3
    var start: UInt64 = 1_000
    var end: UInt64 = 3_000
    var status: UInt64?
    var links = 0
    var attributes: [(String, Value)] = []
    /// Written behind the rest as it is.
    var more: [UInt8] = []

    init(_ id: UInt8 = 1, parent: UInt8? = nil, _ attributes: [(String, Value)] = []) {
        self.id = [0, 0, 0, 0, 0, 0, 0, id]
        self.parent = parent.map { [0, 0, 0, 0, 0, 0, 0, $0] }
        self.attributes = attributes
    }
}

/// A request decoded, with what the symbols say.
struct Decoded {
    var batch = SpanBatch(source: SourceID(raw: 0), time: Timestamp(nanoseconds: 0))
    var report = SpanReport()
    var isWhole = true
    let symbols = SymbolTable()

    init(_ request: [UInt8]) {
        var decoder = SpanDecoder(symbols: symbols)
        isWhole = request.withUnsafeBytes { decoder.append(request: $0, to: &batch) }
        report = decoder.takeReport()
    }

    init(_ resource: [(String, Value)], _ spans: SpanParts...) {
        var writer = RequestWriter()
        writer.resourceSpans(resource, spans)
        self.init(writer.bytes)
    }

    func text(_ symbol: Symbol) -> String { symbols.string(symbol) }

    /// `namespace/service workload version pod node cluster`, what is empty left out, each with its letter.
    func claim(_ span: Int) -> String {
        let claim = batch.resources[Int(batch.spans[span].resource)].claim
        let parts = [("ns", claim.namespace), ("service", claim.service), ("workload", claim.workload), ("version", claim.version),
                     ("pod", claim.pod), ("node", claim.node), ("cluster", claim.cluster)]
        return parts.filter { !$0.1.isEmpty }.map { "\($0.0)=\(text($0.1))" }.joined(separator: " ")
    }
}
