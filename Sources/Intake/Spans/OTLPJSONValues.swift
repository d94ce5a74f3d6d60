import MeshModel
import WireFormats

/// The parts of OTLP's JSON that spans and resources share, written as protobuf.
enum OTLPJSONValues {
    /// The deepest nesting of arrays and lists that is kept.
    static let deepest = 32

    static func attributes(_ reader: inout JSONReader, _ field: UInt32, _ writer: inout ProtobufWriter) {
        keyValues(&reader, field, &writer, depth: 0)
    }

    private static func keyValues(_ reader: inout JSONReader, _ field: UInt32, _ writer: inout ProtobufWriter, depth: Int) {
        guard reader.beginArray() else { return }
        while reader.nextElement() {
            guard reader.beginObject() else { continue }
            let start = writer.begin(field)
            while let key = reader.nextKey() {
                if key.reads("key") {
                    if let text = reader.string() { writer.bytes(1, text) }
                } else if key.reads("value") {
                    let value = writer.begin(2)
                    anyValue(&reader, &writer, depth: depth)
                    writer.end(value)
                } else {
                    reader.skip()
                }
            }
            writer.end(start)
        }
    }

    private static func anyValue(_ reader: inout JSONReader, _ writer: inout ProtobufWriter, depth: Int) {
        guard depth < deepest else { return reader.skip() }
        guard reader.beginObject() else { return }
        while let key = reader.nextKey() {
            if key.reads("stringValue") {
                if let text = reader.string() { writer.bytes(1, text) }
            } else if key.reads("intValue") {
                if let value = reader.int() { writer.varint(3, UInt64(bitPattern: value)) }
            } else if key.reads("boolValue") {
                if let value = reader.bool() { writer.varint(2, value ? 1 : 0) }
            } else if key.reads("doubleValue") {
                if let value = reader.double() { writer.fixed64(4, value.bitPattern) }
            } else if key.reads("bytesValue") {
                let start = writer.begin(7)
                if let text = reader.string() { _ = Base64.decode(text, into: &writer.bytes) }
                writer.end(start)
            } else if key.reads("arrayValue") {
                array(&reader, &writer, depth: depth)
            } else if key.reads("kvlistValue") {
                guard reader.beginObject() else { continue }
                let start = writer.begin(6)
                while let key = reader.nextKey() {
                    if key.reads("values") { keyValues(&reader, 1, &writer, depth: depth + 1) } else { reader.skip() }
                }
                writer.end(start)
            } else {
                reader.skip()
            }
        }
    }

    private static func array(_ reader: inout JSONReader, _ writer: inout ProtobufWriter, depth: Int) {
        guard reader.beginObject() else { return }
        let start = writer.begin(5)
        while let key = reader.nextKey() {
            guard key.reads("values"), reader.peek() == .array, reader.beginArray() else {
                reader.skip()
                continue
            }
            while reader.nextElement() {
                let item = writer.begin(1)
                anyValue(&reader, &writer, depth: depth + 1)
                writer.end(item)
            }
        }
        writer.end(start)
    }

    static func events(_ reader: inout JSONReader, _ writer: inout ProtobufWriter) {
        guard reader.beginArray() else { return }
        while reader.nextElement() {
            guard reader.beginObject() else { continue }
            let start = writer.begin(11)
            while let key = reader.nextKey() {
                if key.reads("timeUnixNano") {
                    if let time = reader.uint() { writer.fixed64(1, time) }
                } else if key.reads("name") {
                    if let name = reader.string() { writer.bytes(2, name) }
                } else if key.reads("attributes") {
                    attributes(&reader, 3, &writer)
                } else {
                    reader.skip()
                }
            }
            writer.end(start)
        }
    }

    static func links(_ reader: inout JSONReader, _ writer: inout ProtobufWriter) {
        guard reader.beginArray() else { return }
        while reader.nextElement() {
            guard reader.beginObject() else { continue }
            let start = writer.begin(13)
            while let key = reader.nextKey() {
                if key.reads("traceId") {
                    if let id = reader.string() { writer.id(1, id, size: 16, isPadded: false) }
                } else if key.reads("spanId") {
                    if let id = reader.string() { writer.id(2, id, size: 8, isPadded: false) }
                } else if key.reads("attributes") {
                    attributes(&reader, 4, &writer)
                } else {
                    reader.skip()
                }
            }
            writer.end(start)
        }
    }

    static func status(_ reader: inout JSONReader, _ writer: inout ProtobufWriter) {
        guard reader.beginObject() else { return }
        let start = writer.begin(15)
        while let key = reader.nextKey() {
            if key.reads("message") {
                if let text = reader.string() { writer.bytes(2, text) }
            } else if key.reads("code") {
                writer.varint(3, code(&reader, [("STATUS_CODE_OK", 1), ("STATUS_CODE_ERROR", 2)]))
            } else {
                reader.skip()
            }
        }
        writer.end(start)
    }

    static func kind(_ reader: inout JSONReader) -> UInt64 {
        code(&reader, [("SPAN_KIND_INTERNAL", 1), ("SPAN_KIND_SERVER", 2), ("SPAN_KIND_CLIENT", 3), ("SPAN_KIND_PRODUCER", 4), ("SPAN_KIND_CONSUMER", 5)])
    }

    /// A number, as the specification has it, or a name, as many write it.
    private static func code(_ reader: inout JSONReader, _ names: [(StaticString, UInt64)]) -> UInt64 {
        guard reader.peek() == .string else { return reader.uint() ?? 0 }
        guard let text = reader.string() else { return 0 }
        for (name, code) in names where text.reads(name) { return code }
        return text.count == 1 && text[0] &- 48 < 10 ? UInt64(text[0] - 48) : 0
    }
}
