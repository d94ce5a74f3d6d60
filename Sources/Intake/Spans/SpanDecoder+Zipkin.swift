import MeshModel
import WireFormats

/// Zipkin v2: a list of spans, a list of such lists, or one span.
extension SpanDecoder {
    mutating func readZipkinDocument(_ reader: inout JSONReader, _ batch: inout SpanBatch, _ flush: Flush?) {
        if reader.peek() == .object { return readZipkinSpan(&reader, &batch, flush) }
        guard reader.beginArray() else { return }
        while reader.nextElement() {
            guard reader.peek() == .array, reader.beginArray() else {
                readZipkinSpan(&reader, &batch, flush)
                continue
            }
            while reader.nextElement() { readZipkinSpan(&reader, &batch, flush) }
        }
    }

    private mutating func readZipkinSpan(_ reader: inout JSONReader, _ batch: inout SpanBatch, _ flush: Flush?) {
        guard reader.peek() == .object, reader.beginObject() else { return rejectForeign(&reader) }
        let start = rewriter.writer.count
        var times = ZipkinTimes()
        rewriter.beginResource()
        while let key = reader.nextKey() {
            if key.reads("traceId") {
                if let id = reader.string() { rewriter.writer.id(1, id, size: 16, isPadded: true) }
            } else if key.reads("id") {
                if let id = reader.string() { rewriter.writer.id(2, id, size: 8, isPadded: true) }
            } else if key.reads("parentId") {
                if let id = reader.string(), !id.isEmpty { rewriter.writer.id(4, id, size: 8, isPadded: true) }
            } else if key.reads("name") {
                if let name = reader.string() { rewriter.writer.bytes(5, name) }
            } else if key.reads("kind") {
                if let kind = reader.string() { rewriter.writer.varint(6, ZipkinValues.kind(kind)) }
            } else if key.reads("timestamp") {
                times.start = reader.uint() ?? 0
            } else if key.reads("duration") {
                times.duration = reader.uint() ?? 0
            } else if key.reads("shared") {
                if reader.bool() == true { rewriter.writer.flag(9, "zipkin.shared") }
            } else if key.reads("localEndpoint") {
                ZipkinValues.localEndpoint(&reader, &rewriter.side)
            } else if key.reads("remoteEndpoint") {
                ZipkinValues.remoteEndpoint(&reader, &rewriter.writer)
            } else if key.reads("tags") {
                ZipkinValues.tags(&reader, &rewriter.writer)
            } else if key.reads("annotations") {
                ZipkinValues.annotations(&reader, &rewriter.writer)
            } else {
                reader.skip()
            }
        }
        if reader.isBroken { return rewriter.forget(from: start) }
        times.write(to: &rewriter.writer)
        endRewritten(from: start, &batch, flush)
    }
}

/// Microseconds; either may be missing.
struct ZipkinTimes {
    var start: UInt64 = 0
    var duration: UInt64 = 0

    func write(to writer: inout ProtobufWriter) {
        guard start > 0 else { return }
        let (from, isLate) = start.multipliedReportingOverflow(by: 1000)
        let (length, isLong) = duration.multipliedReportingOverflow(by: 1000)
        let (to, isPast) = from.addingReportingOverflow(length)
        // What does not fit is rejected as a time that is too late.
        writer.fixed64(7, isLate ? .max : from)
        writer.fixed64(8, isLate || isLong || isPast ? .max : to)
    }
}

/// The parts of Zipkin's JSON, written as OTLP. Names of attributes are those of OpenTelemetry's Zipkin exporters and receivers.
enum ZipkinValues {
    static func kind(_ text: UnsafeRawBufferPointer) -> UInt64 {
        if text.reads("SERVER") { return 2 }
        if text.reads("CLIENT") { return 3 }
        if text.reads("PRODUCER") { return 4 }
        return text.reads("CONSUMER") ? 5 : 0
    }

    static func localEndpoint(_ reader: inout JSONReader, _ writer: inout ProtobufWriter) {
        guard reader.beginObject() else { return }
        while let key = reader.nextKey() {
            if key.reads("serviceName") {
                if let text = reader.string(), !text.isEmpty { writer.attribute(1, "service.name", text: text) }
            } else if key.reads("ipv4") || key.reads("ipv6") {
                if let text = reader.string(), !text.isEmpty { writer.attribute(1, "net.host.ip", text: text) }
            } else if key.reads("port") {
                if let port = reader.uint(), port > 0 { writer.attribute(1, "net.host.port", int: port) }
            } else {
                reader.skip()
            }
        }
    }

    static func remoteEndpoint(_ reader: inout JSONReader, _ writer: inout ProtobufWriter) {
        guard reader.beginObject() else { return }
        while let key = reader.nextKey() {
            if key.reads("serviceName") {
                if let text = reader.string(), !text.isEmpty { writer.attribute(9, "peer.service", text: text) }
            } else if key.reads("ipv4") || key.reads("ipv6") {
                if let text = reader.string(), !text.isEmpty { writer.attribute(9, "net.peer.ip", text: text) }
            } else if key.reads("port") {
                if let port = reader.uint(), port > 0 { writer.attribute(9, "net.peer.port", int: port) }
            } else {
                reader.skip()
            }
        }
    }

    static func tags(_ reader: inout JSONReader, _ writer: inout ProtobufWriter) {
        guard reader.beginObject() else { return }
        while let key = reader.nextKey() {
            let start = writer.begin(9)
            writer.bytes(1, key)
            let value = writer.begin(2)
            // Texts by the specification; some write numbers.
            switch reader.peek() {
            case .string, .number: if let text = reader.numberText() { writer.bytes(1, text) }
            case .bool: if let isTrue = reader.bool() { writer.text(1, isTrue ? "true" : "false") }
            default: reader.skip()
            }
            writer.end(value)
            writer.end(start)
        }
    }

    static func annotations(_ reader: inout JSONReader, _ writer: inout ProtobufWriter) {
        guard reader.beginArray() else { return }
        while reader.nextElement() {
            guard reader.beginObject() else { continue }
            let start = writer.begin(11)
            while let key = reader.nextKey() {
                if key.reads("timestamp") {
                    if let time = reader.uint() { writer.fixed64(1, time.multipliedReportingOverflow(by: 1000).partialValue) }
                } else if key.reads("value") {
                    if let text = reader.string() { writer.bytes(2, text) }
                } else {
                    reader.skip()
                }
            }
            writer.end(start)
        }
    }
}
