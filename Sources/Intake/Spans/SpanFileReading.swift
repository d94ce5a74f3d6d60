import Glibc
import MeshModel
import WireFormats

/// One file on its way into the sink.
struct SpanFileReading: ~Copyable {
    private let source: SourceID
    private let sink: any SpanSink
    private var decoder: SpanDecoder
    private var batch: SpanBatch
    private(set) var metrics: MetricDecoder
    private(set) var unkept = 0
    private(set) var newest: Timestamp?

    init(source: SourceID, path: String, _ intake: Intake, sink: any SpanSink, samples: any SampleSink) {
        self.source = source
        self.sink = sink
        decoder = SpanDecoder(symbols: intake.symbols)
        metrics = MetricDecoder(intake, place: path, job: "file", since: nil, sink: samples)
        batch = SpanBatch(source: source, time: Timestamp(nanoseconds: 0))
    }

    var report: SpanReport { decoder.report }

    /// - Returns: what is wrong with the file, as far as it is more than single spans.
    mutating func read(_ file: inout SpanFile) -> String? {
        guard let layout = file.layout() else { return file.problem ?? (file.need(1) ? "neither OTLP, Zipkin nor Jaeger spans" : "the file is empty") }
        let problem: String?
        switch layout {
        case .other(let what): return what
        case .lengthPrefixed: problem = readPrefixed(&file, isVarint: false)
        case .varintPrefixed: problem = readPrefixed(&file, isVarint: true)
        case .whole(.otlpProtobuf): problem = readMessage(&file)
        case .whole(.otlpJSON): problem = readLines(&file)
        case .whole(.csv): problem = readTable(&file)
        case .whole(let format): problem = readWhole(&file, format)
        }
        handOn()
        if let problem = file.problem { return problem }
        if decoder.report.spans == 0, decoder.report.rejected > 0, metrics.report.points == 0, layout == .whole(.otlpProtobuf) || layout == .lengthPrefixed {
            return "OTLP without valid spans; logs?"
        }
        return problem
    }

    private mutating func readPrefixed(_ file: inout SpanFile, isVarint: Bool) -> String? {
        while file.need(1) {
            _ = file.need(LengthPrefix.mostSize)
            guard let head = file.withBytes({ LengthPrefix.head($0, isVarint: isVarint) }), file.need(head.size + head.length) else {
                return "it ends in the middle of a request, at byte \(file.offset)"
            }
            append(&file, head.size..<head.size + head.length)
        }
        return nil
    }

    /// One message, taken by its `ResourceSpans`: each with its tag and length is a request of its own.
    private mutating func readMessage(_ file: inout SpanFile) -> String? {
        while file.need(1) {
            // A tag and a length, or a number.
            _ = file.need(2 * LengthPrefix.mostSize)
            let size = file.withBytes { bytes -> Int? in
                var reader = ProtobufReader(bytes)
                guard reader.next() else { return nil }
                if reader.tag & 7 == 2 {
                    let length = reader.varint()
                    return reader.isBroken || length > UInt64(SpanFile.most) ? nil : bytes.count - reader.left + Int(length)
                }
                reader.skip()
                return reader.isBroken ? nil : bytes.count - reader.left
            }
            guard let size, file.need(size) else { return "damaged protobuf at byte \(file.offset)" }
            append(&file, 0..<size)
        }
        return nil
    }

    /// Takes a request that stands in the window, and what is before it.
    private mutating func append(_ file: inout SpanFile, _ request: Range<Int>) {
        file.withBytes { take(UnsafeRawBufferPointer(rebasing: $0[request])) }
        file.advance(request.upperBound)
        if batch.spans.count >= SpanBatch.mostSpans { handOn() }
    }

    // MARK: - JSON

    private mutating func readWhole(_ file: inout SpanFile, _ format: SpanFormat) -> String? {
        if file.need(SpanFile.most) { return "larger than \(SpanFile.most >> 20) MiB, and not in lines" }
        return decode(&file, format, upTo: nil)
    }

    /// How much of a file in lines is read at once.
    private static let linesBytes = 4 << 20

    /// Documents one a line, as the Collector writes them, are taken some at a time; a file of another form as a whole.
    private mutating func readLines(_ file: inout SpanFile) -> String? {
        guard file.need(Self.linesBytes), file.withBytes({ Self.isDocument($0.prefix { $0 != UInt8(ascii: "\n") }) }) else { return readWhole(&file, .otlpJSON) }
        var wanted = Self.linesBytes
        while file.need(wanted) {
            guard let end = file.withBytes({ $0.lastIndex(of: UInt8(ascii: "\n")) }) else {
                guard wanted < SpanFile.most else { return "a line of more than \(SpanFile.most >> 20) MiB" }
                wanted *= 2
                continue
            }
            wanted = Self.linesBytes
            if let problem = decode(&file, .otlpJSON, upTo: end + 1) { return problem }
        }
        return file.need(1) ? decode(&file, .otlpJSON, upTo: nil) : nil
    }

    /// Some lines at a time; the decoder remembers the header.
    private mutating func readTable(_ file: inout SpanFile) -> String? {
        while file.need(Self.linesBytes) {
            guard let end = file.withBytes({ $0.lastIndex(of: UInt8(ascii: "\n")) }) else { return "a line of more than \(Self.linesBytes >> 20) MiB" }
            if let problem = decode(&file, .csv, upTo: end + 1) { return problem }
        }
        return file.need(1) ? decode(&file, .csv, upTo: nil) : nil
    }

    private static func isDocument(_ line: Slice<UnsafeRawBufferPointer>) -> Bool {
        var reader = JSONReader(UnsafeRawBufferPointer(rebasing: line))
        reader.skip()
        return !reader.isBroken && reader.peek() == .end
    }

    private mutating func decode(_ file: inout SpanFile, _ format: SpanFormat, upTo end: Int?) -> String? {
        var unkept = 0
        var newest = newest
        let sink = sink, source = source, start = file.offset
        let (problem, count) = file.withBytes { bytes in
            let part = UnsafeRawBufferPointer(rebasing: bytes[..<(end ?? bytes.count)])
            let problem = decoder.decode(part, as: format, into: &batch) { batch in unkept += Self.hand(&batch, to: sink, source, &newest) }
            if format == .otlpJSON, Self.mentionsMetrics(part) { _ = metrics.decode(part, isJSON: true, now: nil) }
            return (problem, part.count)
        }
        self.unkept += unkept
        self.newest = newest
        file.advance(count)
        return problem.map { start > 0 ? "\($0) of those behind byte \(start)" : $0 }
    }

    private mutating func take(_ request: UnsafeRawBufferPointer) {
        if SpanFileLayout.holdsMetrics(request) {
            _ = metrics.decode(request, isJSON: false, now: nil)
        } else {
            makeRoom(for: request.count)
            _ = decoder.append(request: request, to: &batch)
        }
    }

    /// Most files of spans have no metrics: they are not read a second time.
    private static func mentionsMetrics(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let key: StaticString = "resourceMetrics"
        let length = key.utf8CodeUnitCount, capital = 8
        guard let base = bytes.baseAddress, bytes.count > capital else { return false }
        var at = base + capital
        let end = base + bytes.count
        // By its capital, which is rare.
        while at < end, let found = memchr(at, Int32(UInt8(ascii: "M")), end - at) {
            let start = UnsafeRawPointer(found) - capital
            if end - start >= length, memcmp(start, key.utf8Start, length) == 0 { return true }
            at = UnsafeRawPointer(found) + 1
        }
        return false
    }

    private mutating func makeRoom(for bytes: Int) {
        if !batch.bytes.isEmpty, batch.bytes.count + bytes > SpanBatch.mostBytes { handOn() }
    }

    private mutating func handOn() {
        var newest = newest
        unkept += Self.hand(&batch, to: sink, source, &newest)
        self.newest = newest
    }

    private static func hand(_ batch: inout SpanBatch, to sink: any SpanSink, _ source: SourceID, _ newest: inout Timestamp?) -> Int {
        var unkept = 0
        if let end = batch.spans.lazy.map(\.end).max() {
            batch.time = end
            newest = max(newest ?? end, end)
            unkept = sink.consume(batch)
        }
        batch.removeAll(source: source, time: Timestamp(nanoseconds: 0))
        return unkept
    }
}
