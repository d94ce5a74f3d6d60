import MeshModel
import WireFormats

/// What a file of spans is, told by its content alone.
package enum SpanFileLayout: Equatable, Sendable {
    case whole(SpanFormat)
    /// OTLP requests one after another, each behind its length: four bytes, the highest first, or a varint.
    case lengthPrefixed, varintPrefixed
    /// Something known that has no spans; a sentence for people.
    case other(String)

    /// - Parameter isWhole: false where these are a file's first bytes alone.
    /// - Returns: nil: nothing that is known, or not so far.
    package init?(_ bytes: UnsafeRawBufferPointer, isWhole: Bool = true) {
        var reader = JSONReader(bytes)
        switch reader.peek() {
        case .object, .array:
            guard let layout = Self.json(&reader, isWhole) else { return nil }
            self = layout
        default:
            guard let layout = Self.csv(bytes) ?? Self.protobuf(bytes) else { return nil }
            self = layout
        }
    }

    // MARK: - JSON

    /// Looks at the keys of the first object.
    private static func json(_ reader: inout JSONReader, _ isWhole: Bool) -> SpanFileLayout? {
        var isList = false
        while reader.peek() == .array {
            isList = true
            guard reader.beginArray() else { return nil }
            // An empty list is what Zipkin answers where it knows no trace.
            guard reader.nextElement() else { return reader.isBroken ? nil : .whole(.zipkinJSON) }
        }
        guard reader.peek() == .object, reader.beginObject() else { return nil }
        var hasID = false, hasTraceID = false, hasProcess = false, isOldZipkin = false, isDependency = false
        while let key = reader.nextKey() {
            if key.reads("resourceSpans") || key.reads("batches") || key.reads("resourceLogs") || key.reads("resourceMetrics") { return .whole(.otlpJSON) }
            if key.reads("result") || key.reads("trace"), reader.peek() == .object { return .whole(.otlpJSON) }
            if key.reads("data") || key.reads("traceID") || key.reads("spanID") { return .whole(.jaegerJSON) }
            if key.reads("processMap") || key.reads("process") || key.reads("processes") { hasProcess = true }
            if key.reads("callCount") { isDependency = true }
            if key.reads("binaryAnnotations") { isOldZipkin = true }
            if key.reads("id") { hasID = true }
            if key.reads("traceId") { hasTraceID = true }
            if key.reads("annotations"), Self.hasEndpoints(&reader) { isOldZipkin = true } else if !key.reads("annotations") { reader.skip() }
        }
        if reader.isBroken, !isWhole { return nil }
        if isOldZipkin { return .other("Zipkin v1 spans, which are not read; ask Zipkin for /api/v2/traces") }
        if hasTraceID, hasID { return .whole(.zipkinJSON) }
        if isDependency { return .other("dependencies without spans") }
        if hasProcess { return .other("spans in Jaeger's storage form, which is not read; ask Jaeger for /api/traces") }
        return reader.isBroken && !isList ? nil : .other("JSON without spans of OTLP, Zipkin or Jaeger")
    }

    private static func hasEndpoints(_ reader: inout JSONReader) -> Bool {
        guard reader.beginArray() else { return false }
        var found = false
        while reader.nextElement() {
            guard reader.beginObject() else { continue }
            while let key = reader.nextKey() {
                if key.reads("endpoint") { found = true }
                reader.skip()
            }
        }
        return found
    }

    /// Whether more of a file could tell what it is, of which these are the first bytes.
    static func needsMore(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var reader = JSONReader(bytes)
        if [.object, .array].contains(reader.peek()) { return true }
        if bytes.first == 0x0A { return true }
        for isVarint in [false, true] {
            guard let head = LengthPrefix.head(bytes, isVarint: isVarint), head.length > 0, bytes.count > head.size else { continue }
            if bytes[head.size] == 0x0A { return true }
        }
        return false
    }

    // MARK: - CSV

    /// By its header.
    private static func csv(_ bytes: UnsafeRawBufferPointer) -> SpanFileLayout? {
        guard let end = bytes.prefix(4096).firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        return CSVSpans(header: UnsafeRawBufferPointer(rebasing: bytes[..<end])) == nil ? nil : .whole(.csv)
    }

    // MARK: - protobuf

    private static func protobuf(_ bytes: UnsafeRawBufferPointer) -> SpanFileLayout? {
        if let first = LengthPrefix.first(bytes, isVarint: false), holdsOTLP(first) { return .lengthPrefixed }
        if holdsZipkin(bytes) { return .whole(.zipkinProtobuf) }
        if holdsOTLP(bytes) { return .whole(.otlpProtobuf) }
        if let first = LengthPrefix.first(bytes, isVarint: true), holdsOTLP(first) { return .varintPrefixed }
        return nil
    }

    /// The first span has ids where Zipkin has them.
    private static func holdsZipkin(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var list = ProtobufReader(bytes)
        guard list.next(), list.tag == 0x0A else { return false }
        var span = list.message()
        var hasTrace = false, hasID = false
        while span.next() {
            switch span.tag {
            case 0x0A: hasTrace = [8, 16].contains(span.bytes().count)
            case 0x1A: hasID = span.bytes().count == 8
            default: span.skip()
            }
        }
        return hasTrace && hasID && !span.isBroken && !list.isBroken
    }

    /// The first part has a resource or a scope where OTLP has them, whole or not; logs and metrics look the same so far.
    private static func holdsOTLP(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var request = ProtobufReader(bytes)
        guard request.next(), request.tag == 0x0A else { return false }
        var parts = request.message()
        guard !request.isBroken else { return false }
        var isKnown = false
        while parts.next() {
            switch parts.tag {
            case 0x0A, 0x12, 1000 << 3 | 2:
                var inner = parts.message()
                while inner.next() { inner.skip() }
                if inner.isBroken { return false }
                isKnown = true
            case 0x1A: parts.skip()
            default: return false
            }
        }
        return isKnown && !parts.isBroken
    }
}

extension SpanFileLayout {
    /// Whether an OTLP request is one of metrics: the first thing in it is a metric, not a span or a log record. A metric's fields are
    /// messages, a span begins with ids and times of fixed size.
    static func holdsMetrics(_ request: UnsafeRawBufferPointer) -> Bool {
        var reader = ProtobufReader(request)
        while reader.next() {
            guard reader.tag == 0x0A else {
                reader.skip()
                continue
            }
            var parts = reader.message()
            while parts.next() {
                guard parts.tag == 0x12 || parts.tag == 1000 << 3 | 2 else {
                    parts.skip()
                    continue
                }
                var scope = parts.message()
                while scope.next() {
                    guard scope.tag == 0x12 else {
                        scope.skip()
                        continue
                    }
                    return isMetric(scope.message())
                }
            }
        }
        return false
    }

    private static func isMetric(_ message: ProtobufReader) -> Bool {
        var reader = message
        var idBytes = 0, hasData = false
        while reader.next() {
            switch reader.tag {
            case 0x0A, 0x12: idBytes += reader.bytes().count
            case 0x2A, 0x3A, 0x4A, 0x52, 0x5A:
                hasData = true
                reader.skip()
            // Times of a span or a log record, its flags, its status
            case 0x09, 0x39, 0x41, 0x59, 0x7A, 0x85: return false
            default: reader.skip()
            }
        }
        return hasData && !(idBytes == 24 && reader.isBroken)
    }
}

/// Messages one after another, each behind its length.
enum LengthPrefix {
    /// The longest message; what says to be longer is no message.
    static let longest = 64 << 20

    /// The most bytes a length takes.
    static let mostSize = 10

    /// How many bytes the length in front takes, and what it says; nil where none stands there.
    static func head(_ bytes: UnsafeRawBufferPointer, isVarint: Bool) -> (size: Int, length: Int)? {
        if isVarint {
            var reader = ProtobufReader(bytes)
            let value = reader.varint()
            return reader.isBroken || value > UInt64(longest) ? nil : (bytes.count - reader.left, Int(value))
        }
        guard bytes.count >= 4 else { return nil }
        let length = Int(UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self)))
        return length > longest ? nil : (4, length)
    }

    /// The first message; nil where none fits.
    static func first(_ bytes: UnsafeRawBufferPointer, isVarint: Bool) -> UnsafeRawBufferPointer? {
        guard let head = head(bytes, isVarint: isVarint), head.length <= bytes.count - head.size else { return nil }
        return UnsafeRawBufferPointer(rebasing: bytes[head.size..<head.size + head.length])
    }
}
