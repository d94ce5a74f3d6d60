import MeshModel
import WireFormats

/// OTLP metrics as JSON, one document or one after another: written as protobuf, a resource at a time, and read as such.
extension MetricDecoder {
    mutating func readJSON(_ bytes: UnsafeRawBufferPointer, _ now: Timestamp?) -> String? {
        var reader = JSONReader(bytes)
        repeat { readDocument(&reader, now) } while !reader.isBroken && reader.peek() != .end
        return reader.problem.map { "damaged JSON at byte \(reader.offset): \($0)" }
    }

    private mutating func readDocument(_ reader: inout JSONReader, _ now: Timestamp?) {
        guard reader.beginObject() else { return }
        while let key = reader.nextKey() {
            guard key.reads("resourceMetrics"), reader.peek() == .array, reader.beginArray() else {
                reader.skip()
                continue
            }
            while reader.nextElement() {
                writer.bytes.removeAll(keepingCapacity: true)
                var rejected = 0
                OTLPJSONMetrics.resourceMetrics(&reader, &writer, &rejected)
                if rejected > 0 { report.reject(.format, count: rejected, example: "before byte \(reader.offset): not an object") }
                var whole: [UInt8] = []
                swap(&whole, &writer.bytes)
                let isRead = whole.withUnsafeBytes { read($0, now) }
                precondition(isRead, "BUG: what was written as protobuf is none")
                swap(&whole, &writer.bytes)
            }
        }
    }
}

/// The parts of OTLP's JSON that metrics have, written as protobuf. A document that breaks off leaves out the point it breaks off in.
enum OTLPJSONMetrics {
    static func resourceMetrics(_ reader: inout JSONReader, _ writer: inout ProtobufWriter, _ rejected: inout Int) {
        let start = writer.begin(1)
        defer { writer.end(start) }
        guard reader.beginObject() else { return }
        while let key = reader.nextKey() {
            if key.reads("resource"), reader.peek() == .object, reader.beginObject() {
                let resource = writer.begin(1)
                while let key = reader.nextKey() {
                    if key.reads("attributes") { OTLPJSONValues.attributes(&reader, 1, &writer) } else { reader.skip() }
                }
                writer.end(resource)
            } else if key.reads("scopeMetrics") || key.reads("instrumentationLibraryMetrics"), reader.peek() == .array, reader.beginArray() {
                while reader.nextElement() { scopeMetrics(&reader, &writer, &rejected) }
            } else {
                reader.skip()
            }
        }
    }

    private static func scopeMetrics(_ reader: inout JSONReader, _ writer: inout ProtobufWriter, _ rejected: inout Int) {
        let start = writer.begin(2)
        defer { writer.end(start) }
        guard reader.beginObject() else { return }
        while let key = reader.nextKey() {
            guard key.reads("metrics"), reader.peek() == .array, reader.beginArray() else {
                reader.skip()
                continue
            }
            while reader.nextElement() { metric(&reader, &writer, &rejected) }
        }
    }

    private static func metric(_ reader: inout JSONReader, _ writer: inout ProtobufWriter, _ rejected: inout Int) {
        guard reader.beginObject() else { return }
        let start = writer.begin(2)
        defer { writer.end(start) }
        while let key = reader.nextKey() {
            if key.reads("name") {
                if let text = reader.string() { writer.bytes(1, text) }
            } else if key.reads("unit") {
                if let text = reader.string() { writer.bytes(3, text) }
            } else if key.reads("gauge") {
                data(5, .gauge, &reader, &writer, &rejected)
            } else if key.reads("sum") {
                data(7, .sum, &reader, &writer, &rejected)
            } else if key.reads("histogram") {
                data(9, .histogram, &reader, &writer, &rejected)
            } else if key.reads("exponentialHistogram") {
                data(10, .exponentialHistogram, &reader, &writer, &rejected)
            } else if key.reads("summary") {
                data(11, .summary, &reader, &writer, &rejected)
            } else {
                reader.skip()
            }
        }
    }

    private static func data(_ field: UInt32, _ kind: MetricKind, _ reader: inout JSONReader, _ writer: inout ProtobufWriter, _ rejected: inout Int) {
        guard reader.beginObject() else { return }
        let start = writer.begin(field)
        defer { writer.end(start) }
        while let key = reader.nextKey() {
            if key.reads("dataPoints"), reader.peek() == .array, reader.beginArray() {
                while reader.nextElement() {
                    guard reader.peek() == .object else {
                        rejected += 1
                        reader.skip()
                        continue
                    }
                    let before = writer.count
                    point(kind, &reader, &writer)
                    if reader.isBroken { writer.bytes.removeSubrange(before...) }
                }
            } else if key.reads("aggregationTemporality") {
                writer.varint(2, temporality(&reader))
            } else if key.reads("isMonotonic") {
                writer.varint(3, reader.bool() ?? false ? 1 : 0)
            } else {
                reader.skip()
            }
        }
    }

    /// A number, as the specification has it, or a name, as many write it.
    private static func temporality(_ reader: inout JSONReader) -> UInt64 {
        guard let text = reader.numberText() else { return 0 }
        if text.reads("AGGREGATION_TEMPORALITY_DELTA") { return 1 }
        if text.reads("AGGREGATION_TEMPORALITY_CUMULATIVE") { return 2 }
        return JSONNumber.uint(text) ?? 0
    }

    // MARK: - Points

    private static func point(_ kind: MetricKind, _ reader: inout JSONReader, _ writer: inout ProtobufWriter) {
        guard reader.beginObject() else { return }
        let start = writer.begin(1)
        defer { writer.end(start) }
        while let key = reader.nextKey() {
            if key.reads("startTimeUnixNano") {
                if let time = reader.uint() { writer.fixed64(2, time) }
            } else if key.reads("timeUnixNano") {
                if let time = reader.uint() { writer.fixed64(3, time) }
            } else if key.reads("attributes") {
                OTLPJSONValues.attributes(&reader, MetricPoint.attributesTag(kind) >> 3, &writer)
            } else if key.reads("flags") {
                if let flags = reader.uint() { writer.varint(kind == .histogram || kind == .exponentialHistogram ? 10 : 8, flags) }
            } else {
                switch kind {
                case .gauge, .sum: number(key, &reader, &writer)
                case .histogram: histogram(key, &reader, &writer)
                case .exponentialHistogram: exponential(key, &reader, &writer)
                case .summary: summary(key, &reader, &writer)
                }
            }
        }
    }

    private static func number(_ key: UnsafeRawBufferPointer, _ reader: inout JSONReader, _ writer: inout ProtobufWriter) {
        if key.reads("asDouble") {
            if let value = reader.double() { writer.fixed64(4, value.bitPattern) }
        } else if key.reads("asInt") {
            if let value = reader.int() { writer.fixed64(6, UInt64(bitPattern: value)) }
        } else {
            reader.skip()
        }
    }

    private static func histogram(_ key: UnsafeRawBufferPointer, _ reader: inout JSONReader, _ writer: inout ProtobufWriter) {
        if key.reads("count") {
            if let value = reader.uint() { writer.fixed64(4, value) }
        } else if key.reads("sum") {
            if let value = reader.double() { writer.fixed64(5, value.bitPattern) }
        } else if key.reads("bucketCounts") {
            // Each by itself: the wire allows it, and an element that is no number leaves the count one short.
            guard reader.beginArray() else { return }
            var room = most
            while reader.nextElement() { if let value = reader.uint(), take(&room) { writer.fixed64(6, value) } }
        } else if key.reads("explicitBounds") {
            guard reader.beginArray() else { return }
            var room = most
            while reader.nextElement() { if let value = reader.double(), take(&room) { writer.fixed64(7, value.bitPattern) } }
        } else {
            reader.skip()
        }
    }

    private static func exponential(_ key: UnsafeRawBufferPointer, _ reader: inout JSONReader, _ writer: inout ProtobufWriter) {
        if key.reads("count") {
            if let value = reader.uint() { writer.fixed64(4, value) }
        } else if key.reads("sum") {
            if let value = reader.double() { writer.fixed64(5, value.bitPattern) }
        } else if key.reads("scale") {
            if let value = reader.int() { writer.varint(6, zigzag(value)) }
        } else if key.reads("zeroCount") {
            if let value = reader.uint() { writer.fixed64(7, value) }
        } else if key.reads("positive") {
            buckets(8, &reader, &writer)
        } else if key.reads("negative") {
            buckets(9, &reader, &writer)
        } else {
            reader.skip()
        }
    }

    private static func buckets(_ field: UInt32, _ reader: inout JSONReader, _ writer: inout ProtobufWriter) {
        guard reader.beginObject() else { return }
        let start = writer.begin(field)
        defer { writer.end(start) }
        while let key = reader.nextKey() {
            if key.reads("offset") {
                if let value = reader.int() { writer.varint(1, zigzag(value)) }
            } else if key.reads("bucketCounts"), reader.peek() == .array, reader.beginArray() {
                var room = most
                while reader.nextElement() { if let value = reader.uint(), take(&room) { writer.varint(2, value) } }
            } else {
                reader.skip()
            }
        }
    }

    private static func summary(_ key: UnsafeRawBufferPointer, _ reader: inout JSONReader, _ writer: inout ProtobufWriter) {
        if key.reads("count") {
            if let value = reader.uint() { writer.fixed64(4, value) }
        } else if key.reads("sum") {
            if let value = reader.double() { writer.fixed64(5, value.bitPattern) }
        } else if key.reads("quantileValues"), reader.peek() == .array, reader.beginArray() {
            while reader.nextElement() {
                guard reader.beginObject() else { continue }
                let start = writer.begin(6)
                while let key = reader.nextKey() {
                    if key.reads("quantile") {
                        if let value = reader.double() { writer.fixed64(1, value.bitPattern) }
                    } else if key.reads("value") {
                        if let value = reader.double() { writer.fixed64(2, value.bitPattern) }
                    } else {
                        reader.skip()
                    }
                }
                writer.end(start)
            }
        } else {
            reader.skip()
        }
    }

    /// One more than are taken: the point is then too large as protobuf, too, and no more is written of it.
    private static let most = MetricPoint.mostBuckets + 1

    private static func take(_ room: inout Int) -> Bool {
        room -= 1
        return room >= 0
    }

    private static func zigzag(_ value: Int64) -> UInt64 {
        let value = Int32(clamping: value)
        return UInt64(UInt32(bitPattern: value << 1 ^ value >> 31))
    }
}
