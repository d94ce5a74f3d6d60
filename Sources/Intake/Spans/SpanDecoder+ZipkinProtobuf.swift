import MeshModel
import WireFormats

/// Zipkin's `ListOfSpans`.
extension SpanDecoder {
    /// - Returns: false where the bytes are no such list from some point on.
    mutating func readZipkinProtobuf(_ bytes: UnsafeRawBufferPointer, _ batch: inout SpanBatch, _ flush: Flush?) -> Bool {
        var list = ProtobufReader(bytes)
        while list.next() {
            guard list.tag == 0x0A else {
                list.skip()
                continue
            }
            let span = list.bytes()
            if !list.isBroken { rewrite(zipkin: span, &batch, flush) }
        }
        return !list.isBroken
    }

    private mutating func rewrite(zipkin message: UnsafeRawBufferPointer, _ batch: inout SpanBatch, _ flush: Flush?) {
        var reader = ProtobufReader(message)
        let start = rewriter.writer.count
        var times = ZipkinTimes()
        rewriter.beginResource()
        while reader.next() {
            switch reader.tag {
            case 0x0A: Self.writeTraceID(reader.bytes(), &rewriter.writer)
            case 0x12:
                let parent = reader.bytes()
                if !parent.isEmpty { rewriter.writer.bytes(4, parent) }
            case 0x1A: rewriter.writer.bytes(2, reader.bytes())
            case 0x20:
                let kind = reader.varint()
                rewriter.writer.varint(6, kind == 1 ? 3 : kind == 2 ? 2 : kind == 3 ? 4 : kind == 4 ? 5 : 0)
            case 0x2A: rewriter.writer.bytes(5, reader.bytes())
            case 0x31: times.start = reader.fixed64()
            case 0x38: times.duration = reader.varint()
            case 0x42: Self.writeEndpoint(reader.message(), isLocal: true, &rewriter.side)
            case 0x4A: Self.writeEndpoint(reader.message(), isLocal: false, &rewriter.writer)
            case 0x52: Self.writeAnnotation(reader.message(), &rewriter.writer)
            case 0x5A: Self.writeTag(reader.message(), &rewriter.writer)
            case 0x68: if reader.varint() != 0 { rewriter.writer.flag(9, "zipkin.shared") }
            default: reader.skip()
            }
        }
        if reader.isBroken {
            report.reject(.damaged, example: "a Zipkin span of \(message.count) bytes: damaged")
            return rewriter.forget(from: start)
        }
        times.write(to: &rewriter.writer)
        endRewritten(from: start, &batch, flush)
    }

    /// 8 or 16 bytes.
    private static func writeTraceID(_ id: UnsafeRawBufferPointer, _ writer: inout ProtobufWriter) {
        let start = writer.begin(1)
        if id.count == 8 { writer.bytes.append(contentsOf: repeatElement(0, count: 8)) }
        writer.bytes.append(contentsOf: id)
        writer.end(start)
    }

    private static func writeEndpoint(_ endpoint: ProtobufReader, isLocal: Bool, _ writer: inout ProtobufWriter) {
        var reader = endpoint
        let field: UInt32 = isLocal ? 1 : 9
        while reader.next() {
            switch reader.tag {
            case 0x0A:
                let name = reader.bytes()
                if !name.isEmpty { writer.attribute(field, isLocal ? "service.name" : "peer.service", text: name) }
            case 0x12, 0x1A:
                let text = AddressText.text(reader.bytes())
                text.withUnsafeBytes { if !$0.isEmpty { writer.attribute(field, isLocal ? "net.host.ip" : "net.peer.ip", text: $0) } }
            case 0x20:
                let port = reader.varint()
                if port > 0 { writer.attribute(field, isLocal ? "net.host.port" : "net.peer.port", int: port) }
            default: reader.skip()
            }
        }
    }

    private static func writeAnnotation(_ annotation: ProtobufReader, _ writer: inout ProtobufWriter) {
        var reader = annotation
        let start = writer.begin(11)
        while reader.next() {
            switch reader.tag {
            case 0x09: writer.fixed64(1, reader.fixed64().multipliedReportingOverflow(by: 1000).partialValue)
            case 0x12: writer.bytes(2, reader.bytes())
            default: reader.skip()
            }
        }
        writer.end(start)
    }

    private static func writeTag(_ entry: ProtobufReader, _ writer: inout ProtobufWriter) {
        var reader = entry
        var key = UnsafeRawBufferPointer(start: nil, count: 0), value = key
        while reader.next() {
            switch reader.tag {
            case 0x0A: key = reader.bytes()
            case 0x12: value = reader.bytes()
            default: reader.skip()
            }
        }
        writer.attribute(9, key, text: value)
    }
}

/// Addresses of 4 or 16 bytes as text; anything else is none.
enum AddressText {
    static func text(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        switch bytes.count {
        case 4: Array(bytes.map(String.init).joined(separator: ".").utf8)
        case 16: Array(stride(from: 0, to: 16, by: 2).map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }.joined(separator: ":").utf8)
        default: []
        }
    }
}
