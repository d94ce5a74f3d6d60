package import MeshModel

/// What a span's and its resource's OTLP messages say, in text: read when someone opens it. Damaged ends are left out.
package struct OpenedSpan: Sendable {
    package struct Event: Sendable {
        package var time: Timestamp
        package var name: String
        package var attributes: [(key: String, value: String)]
    }
    package private(set) var attributes: [(key: String, value: String)] = []
    package private(set) var resource: [(key: String, value: String)] = []
    package private(set) var events: [Event] = []
    package private(set) var links: [(trace: TraceID, span: SpanID)] = []
    package private(set) var statusMessage = ""

    /// - Parameters:
    ///   - span: an OTLP `Span`.
    ///   - resource: an OTLP `Resource`.
    package init(span: ArraySlice<UInt8>, resource: ArraySlice<UInt8>) {
        var fields = MessageFields(span)
        while let field = fields.next() {
            switch (field.number, field.value) {
            case (9, .bytes(let bytes)): Self.append(bytes, to: &attributes)
            case (11, .bytes(let bytes)): events.append(Self.event(bytes))
            case (13, .bytes(let bytes)): links.append(Self.link(bytes))
            case (15, .bytes(let bytes)):
                var status = MessageFields(bytes)
                while let field = status.next() { if field.number == 2, case .bytes(let text) = field.value { statusMessage = Self.text(text) } }
            default: break
            }
        }
        var own = MessageFields(resource)
        while let field = own.next() { if field.number == 1, case .bytes(let bytes) = field.value { Self.append(bytes, to: &self.resource) } }
    }

    /// A longer value is cut: nobody reads a megabyte in a panel.
    static let longest = 4096

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes.prefix(longest), as: UTF8.self)
        return bytes.count > longest ? text + "… (\(bytes.count) bytes)" : text
    }

    private static func append(_ bytes: ArraySlice<UInt8>, to list: inout [(key: String, value: String)]) {
        var fields = MessageFields(bytes)
        var key = "", value = ""
        while let field = fields.next() {
            guard case .bytes(let part) = field.value else { continue }
            if field.number == 1 { key = text(part) } else if field.number == 2 { value = any(part, depth: 0) }
        }
        list.append((key, value))
    }

    /// An `AnyValue`.
    private static func any(_ bytes: ArraySlice<UInt8>, depth: Int) -> String {
        guard depth < 8 else { return "…" }
        var fields = MessageFields(bytes)
        var result = ""
        while let field = fields.next() {
            switch (field.number, field.value) {
            case (1, .bytes(let text)): result = Self.text(text)
            case (2, .number(let flag)): result = flag != 0 ? "true" : "false"
            case (3, .number(let number)): result = String(Int64(bitPattern: number))
            case (4, .number(let bits)): result = "\(Double(bitPattern: bits))"
            case (5, .bytes(let list)): result = "[" + items(list) { any($0, depth: depth + 1) }.joined(separator: ", ") + "]"
            case (6, .bytes(let list)): result = "{" + items(list) { pair($0, depth: depth + 1) }.joined(separator: ", ") + "}"
            case (7, .bytes(let raw)): result = "\(raw.count) bytes"
            default: break
            }
        }
        return result
    }

    private static func items(_ bytes: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) -> String) -> [String] {
        var fields = MessageFields(bytes)
        var all: [String] = []
        while all.count < 100, let field = fields.next() { if field.number == 1, case .bytes(let item) = field.value { all.append(body(item)) } }
        return all
    }

    private static func pair(_ bytes: ArraySlice<UInt8>, depth: Int) -> String {
        var fields = MessageFields(bytes)
        var key = "", value = ""
        while let field = fields.next() {
            guard case .bytes(let part) = field.value else { continue }
            if field.number == 1 { key = text(part) } else if field.number == 2 { value = any(part, depth: depth) }
        }
        return "\(key): \(value)"
    }

    private static func event(_ bytes: ArraySlice<UInt8>) -> Event {
        var event = Event(time: Timestamp(nanoseconds: 0), name: "", attributes: [])
        var fields = MessageFields(bytes)
        while let field = fields.next() {
            switch (field.number, field.value) {
            case (1, .number(let time)): event.time = Timestamp(nanoseconds: Int64(clamping: time))
            case (2, .bytes(let name)): event.name = text(name)
            case (3, .bytes(let attribute)): append(attribute, to: &event.attributes)
            default: break
            }
        }
        return event
    }

    private static func link(_ bytes: ArraySlice<UInt8>) -> (trace: TraceID, span: SpanID) {
        var trace = TraceID(high: 0, low: 0), span = SpanID.none
        var fields = MessageFields(bytes)
        while let field = fields.next() {
            guard case .bytes(let id) = field.value else { continue }
            func number(_ part: ArraySlice<UInt8>) -> UInt64 { part.reduce(0) { $0 << 8 | UInt64($1) } }
            if field.number == 1, id.count == 16 { trace = TraceID(high: number(id.prefix(8)), low: number(id.suffix(8))) }
            if field.number == 2, id.count == 8 { span = SpanID(raw: number(id)) }
        }
        return (trace, span)
    }
}

/// The fields of one protobuf message, one after another, until its end or its first damage.
struct MessageFields {
    enum Value {
        case number(UInt64)
        case bytes(ArraySlice<UInt8>)
    }
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func next() -> (number: Int, value: Value)? {
        guard let tag = varint(), tag >> 3 > 0, tag >> 3 < 1 << 29 else { return nil }
        let number = Int(tag >> 3)
        switch tag & 7 {
        case 0: return varint().map { (number, .number($0)) }
        case 1: return fixed(8).map { (number, .number($0)) }
        case 5: return fixed(4).map { (number, .number($0)) }
        case 2:
            guard let length = varint(), length <= rest.count else { return nil }
            let part = rest.prefix(Int(length))
            rest = rest.dropFirst(Int(length))
            return (number, .bytes(part))
        default: return nil
        }
    }

    private mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }

    private mutating func fixed(_ count: Int) -> UInt64? {
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
