public import MeshModel

/// Everything an OTLP `Span` message and its `Resource` say, as text for people. Control characters are still in it.
public struct OpenedSpan: Sendable, Equatable {
    public struct Attribute: Sendable, Equatable {
        public var key: String
        public var value: String
    }
    public struct Event: Sendable, Equatable {
        public var time: Timestamp
        public var name: String
        public var attributes: [Attribute]
    }
    public struct Link: Sendable, Equatable {
        public var trace: TraceID
        public var span: SpanID
        public var attributes: [Attribute]
    }
    public var attributes: [Attribute] = []
    public var resource: [Attribute] = []
    public var events: [Event] = []
    public var links: [Link] = []
    public var statusMessage = ""
    public var traceState = ""
    public init() {}
}

/// Decodes a span's bytes when someone opens it, and its links while traces are put together. What is damaged is left out.
public enum SpanOpener {
    public static func open(span: UnsafeRawBufferPointer, resource: UnsafeRawBufferPointer) -> OpenedSpan {
        var opened = OpenedSpan()
        opened.resource = attributes(resource, tag: 0x0A)
        var reader = ProtobufReader(span)
        while reader.next() {
            switch reader.tag {
            case 0x1A: opened.traceState = AttributeText.text(reader.bytes())
            case 0x4A: if let attribute = attribute(reader.bytes()) { opened.attributes.append(attribute) }
            case 0x5A: opened.events.append(event(reader.bytes()))
            case 0x6A: if let link = link(reader.bytes()) { opened.links.append(link) }
            case 0x7A:
                var status = reader.message()
                while status.next() { if status.tag == 0x12 { opened.statusMessage = AttributeText.text(status.bytes()) } else { status.skip() } }
            default: reader.skip()
            }
        }
        return opened
    }

    /// The spans a span links to, without its attributes; for spans with `hasLinks`.
    public static func links(of span: UnsafeRawBufferPointer) -> [(trace: TraceID, span: SpanID)] {
        var reader = ProtobufReader(span)
        var links: [(trace: TraceID, span: SpanID)] = []
        while reader.next() {
            if reader.tag == 0x6A {
                if let link = link(reader.bytes()) { links.append((link.trace, link.span)) }
            } else {
                reader.skip()
            }
        }
        return links
    }

    /// The value of one attribute of a span or, with `tag` 0x0A, of a resource; nil where there is none. For filters.
    public static func value(of key: String, in message: UnsafeRawBufferPointer, tag: UInt32 = 0x4A) -> String? {
        var reader = ProtobufReader(message)
        var key = key
        return key.withUTF8 { name in
            while reader.next() {
                guard reader.tag == tag else {
                    reader.skip()
                    continue
                }
                guard let attribute = AttributeReader(reader.bytes()), attribute.key.elementsEqual(name) else { continue }
                return AttributeText.text(attribute)
            }
            return nil
        }
    }

    private static func attributes(_ message: UnsafeRawBufferPointer, tag: UInt32) -> [OpenedSpan.Attribute] {
        var reader = ProtobufReader(message)
        var result: [OpenedSpan.Attribute] = []
        while reader.next() {
            guard reader.tag == tag else {
                reader.skip()
                continue
            }
            if let attribute = attribute(reader.bytes()) { result.append(attribute) }
        }
        return result
    }

    private static func attribute(_ message: UnsafeRawBufferPointer) -> OpenedSpan.Attribute? {
        AttributeReader(message).map { OpenedSpan.Attribute(key: AttributeText.text($0.key), value: AttributeText.text($0)) }
    }

    private static func event(_ message: UnsafeRawBufferPointer) -> OpenedSpan.Event {
        var event = OpenedSpan.Event(time: Timestamp(nanoseconds: 0), name: "", attributes: attributes(message, tag: 0x1A))
        var reader = ProtobufReader(message)
        while reader.next() {
            switch reader.tag {
            case 0x09: event.time = Timestamp(nanoseconds: Int64(clamping: reader.fixed64()))
            case 0x12: event.name = AttributeText.text(reader.bytes())
            default: reader.skip()
            }
        }
        // Jaeger's logs name their event in a field.
        if event.name.isEmpty, let name = event.attributes.first(where: { $0.key == "event" || $0.key == "message" }) { event.name = name.value }
        return event
    }

    private static func link(_ message: UnsafeRawBufferPointer) -> OpenedSpan.Link? {
        var link = OpenedSpan.Link(trace: TraceID(high: 0, low: 0), span: .none, attributes: attributes(message, tag: 0x22))
        var reader = ProtobufReader(message)
        while reader.next() {
            switch reader.tag {
            case 0x0A:
                let id = reader.bytes()
                guard id.count == 16 else { return nil }
                link.trace = TraceID(high: UInt64(bigEndian: id.loadUnaligned(as: UInt64.self)),
                                     low: UInt64(bigEndian: id.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
            case 0x12:
                let id = reader.bytes()
                guard id.count == 8 else { return nil }
                link.span = SpanID(raw: UInt64(bigEndian: id.loadUnaligned(as: UInt64.self)))
            default: reader.skip()
            }
        }
        return reader.isBroken || link.trace.isZero ? nil : link
    }
}

/// Values as text: arrays and lists in brackets, with a limit to length and depth.
public enum AttributeText {
    private static let longest = 1 << 16
    private static let deepest = 16

    public static func text(_ attribute: AttributeReader) -> String { text(attribute, depth: 0) }

    public static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        guard bytes.count > longest else { return String(decoding: bytes, as: UTF8.self) }
        return String(decoding: bytes.prefix(longest), as: UTF8.self) + "… (\(bytes.count) bytes)"
    }

    private static func text(_ attribute: AttributeReader, depth: Int) -> String {
        switch attribute.kind {
        case .none: ""
        case .string: text(attribute.bytes)
        case .bool: attribute.bits == 0 ? "false" : "true"
        case .int: "\(attribute.int)"
        case .double: "\(attribute.double)"
        case .bytes: hex(attribute.bytes)
        case .array: depth < deepest ? list(attribute.bytes, depth, open: "[", close: "]") { AttributeReader(anyValue: $0) } : "[…]"
        case .list: depth < deepest ? list(attribute.bytes, depth, open: "{", close: "}") { AttributeReader($0) } : "{…}"
        }
    }

    private static func list(_ message: UnsafeRawBufferPointer, _ depth: Int, open: String, close: String,
                             item: (UnsafeRawBufferPointer) -> AttributeReader?) -> String {
        var reader = ProtobufReader(message)
        var result = open
        while reader.next() {
            guard reader.tag == 0x0A else {
                reader.skip()
                continue
            }
            guard let value = item(reader.bytes()) else { continue }
            if result.utf8.count > 1 { result += ", " }
            guard result.utf8.count < longest else { return result + "…" + close }
            if !value.key.isEmpty { result += text(value.key) + ": " }
            result += text(value, depth: depth + 1)
        }
        return result + close
    }

    private static func hex(_ bytes: UnsafeRawBufferPointer) -> String {
        let digits = bytes.prefix(64).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return bytes.count > 64 ? "0x\(digits)… (\(bytes.count) bytes)" : "0x\(digits)"
    }
}

extension AttributeReader {
    /// A value without a key, as arrays have them.
    init?(anyValue: UnsafeRawBufferPointer) { self.init(key: UnsafeRawBufferPointer(start: nil, count: 0), anyValue: anyValue) }
}
