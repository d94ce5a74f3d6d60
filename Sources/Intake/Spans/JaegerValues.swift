import MeshModel
import WireFormats

/// The parts of Jaeger's JSON, written as OTLP.
enum JaegerValues {
    static func process(_ reader: inout JSONReader, _ writer: inout ProtobufWriter) {
        guard reader.beginObject() else { return }
        while let key = reader.nextKey() {
            if key.reads("serviceName") {
                if let name = reader.string() { writer.attribute(1, "service.name", text: name) }
            } else if key.reads("tags") {
                tags(&reader, 1, &writer, isSpan: false)
            } else {
                reader.skip()
            }
        }
    }

    /// Of a span, `span.kind` and `otel.status_code` also become its kind and status.
    static func tags(_ reader: inout JSONReader, _ field: UInt32, _ writer: inout ProtobufWriter, isSpan: Bool) {
        guard reader.beginArray() else { return }
        while reader.nextElement() {
            guard reader.beginObject() else { continue }
            let start = writer.begin(field)
            var isKind = false, isStatus = false
            var kind: UInt64 = 0, status: UInt64 = 0
            while let key = reader.nextKey() {
                if key.reads("key") {
                    guard let name = reader.string() else { continue }
                    isKind = name.reads("span.kind")
                    isStatus = name.reads("otel.status_code")
                    writer.bytes(1, name)
                } else if key.reads("value") {
                    let value = writer.begin(2)
                    switch reader.peek() {
                    case .string:
                        if let text = reader.string() {
                            kind = kindNumber(text)
                            status = text.reads("ERROR") ? 2 : text.reads("OK") ? 1 : 0
                            writer.bytes(1, text)
                        }
                    case .bool: if let isTrue = reader.bool() { writer.varint(2, isTrue ? 1 : 0) }
                    case .number: number(&reader, &writer)
                    default: reader.skip()
                    }
                    writer.end(value)
                } else {
                    reader.skip()
                }
            }
            writer.end(start)
            guard isSpan else { continue }
            if isKind { writer.varint(6, kind) }
            if isStatus, status > 0 {
                let message = writer.begin(15)
                writer.varint(3, status)
                writer.end(message)
            }
        }
    }

    static func logs(_ reader: inout JSONReader, _ writer: inout ProtobufWriter) {
        guard reader.beginArray() else { return }
        while reader.nextElement() {
            guard reader.beginObject() else { continue }
            let start = writer.begin(11)
            while let key = reader.nextKey() {
                if key.reads("timestamp") {
                    if let time = reader.uint() { writer.fixed64(1, time.multipliedReportingOverflow(by: 1000).partialValue) }
                } else if key.reads("fields") {
                    tags(&reader, 3, &writer, isSpan: false)
                } else {
                    reader.skip()
                }
            }
            writer.end(start)
        }
    }

    private static func number(_ reader: inout JSONReader, _ writer: inout ProtobufWriter) {
        guard let text = reader.numberText() else { return }
        if text.allSatisfy({ $0 &- 48 < 10 || $0 == UInt8(ascii: "-") }), let value = JSONNumber.int(text) {
            writer.varint(3, UInt64(bitPattern: value))
        } else if let value = NumberScanner.number(text) {
            writer.fixed64(4, value.bitPattern)
        }
    }

    private static func kindNumber(_ text: UnsafeRawBufferPointer) -> UInt64 {
        if text.reads("server") { return 2 }
        if text.reads("client") { return 3 }
        if text.reads("producer") { return 4 }
        if text.reads("consumer") { return 5 }
        return text.reads("internal") ? 1 : 0
    }
}
