import Glibc
package import MeshModel
import WireFormats

/// Recorded spans as files of any name: OTLP protobuf (one message or length-prefixed requests) and JSON (documents or lines), Zipkin v2,
/// Jaeger's export, Tempo's answers; gzip or not. What a file is, its content says. OTLP metrics that lie in them are read as well.
package enum SpanFiles {
    /// What came of it.
    package struct Outcome: Sendable, Equatable {
        /// Files that held spans, or metrics that are kept.
        package var files = 0
        package var report = SpanReport()
        package var metrics = MetricReport()
        /// Spans the sink had no room for.
        package var unkept = 0
        /// Sentences about files that were not, or not wholly, usable.
        package var problems: [String] = []
        package init() {}
    }

    /// How much of a packed file is unpacked to see what it is.
    static let beginning = 8 << 20

    /// Whether the file is one for this reader, for commands that take pages of metrics as well: spans, or something else that is known
    /// and no page, of which this reader has more to say.
    package static func holdsSpans(_ path: String) throws(FileError) -> Bool { try layout(of: path) != nil }

    /// nil: nothing that is known.
    static func layout(of path: String) throws(FileError) -> SpanFileLayout? {
        let file = try FileBytes(path)
        guard file.isGzip else { return file.withBytes { SpanFileLayout($0) } }
        let packed = file.withBytes { Array($0) }
        guard let start = Gzip.beginning(packed, limit: beginning) else { return nil }
        if let layout = start.bytes.withUnsafeBytes({ SpanFileLayout($0) }) { return layout }
        // Its first message is longer than that.
        guard !start.isWhole, let all = try? Gzip.unpacked(packed, limit: PageFiles.maxBytes) else { return nil }
        return all.withUnsafeBytes { SpanFileLayout($0) }
    }

    /// Reads every file into the sink, batch by batch. A file that is not there or not readable is an error; one that holds no spans is a
    /// problem of its own and leaves the others alone.
    package static func load(_ paths: [String], intake: Intake, spans: any SpanSink, sources: any SampleSink) throws(FileError) -> Outcome {
        var outcome = Outcome()
        for path in paths {
            var state = intake.openNotice(name: path, job: "file", sink: sources)
            let file = try FileBytes(path)
            let before = outcome.problems.count
            let report: SpanReport
            let metrics: MetricReport
            let newest: Timestamp?
            (report, metrics, newest) = read(file, path, state.id, intake, spans, sources, &outcome)
            outcome.report.add(report)
            outcome.metrics.add(metrics)
            state.samples = report.spans + metrics.points
            state.badLines = report.rejected + metrics.rejected
            state.firstBadLine = report.firstExample ?? metrics.firstExample
            state.lastAttempt = newest
            if report.spans > 0 || metrics.points > metrics.unmapped {
                outcome.files += 1
                state.lastSuccess = newest
                state.health = .up
            } else {
                state.health = .failing(reason: outcome.problems.count > before ? outcome.problems[before] : "no spans in it")
            }
            sources.update(state)
        }
        return outcome
    }

    private static func unpacked(_ packed: borrowing FileBytes) throws(CompressionError) -> FileBytes {
        let bytes = packed.withBytes { Array($0) }
        return FileBytes(unpacked: try Gzip.unpacked(bytes, limit: PageFiles.maxBytes))
    }

    private static func read(_ file: consuming FileBytes, _ path: String, _ source: SourceID, _ intake: Intake, _ sink: any SpanSink,
                             _ samples: any SampleSink, _ outcome: inout Outcome) -> (SpanReport, MetricReport, Timestamp?) {
        var file = file
        if file.isGzip {
            do {
                let packed = consume file
                file = try unpacked(packed)
            } catch {
                outcome.problems.append("\(path): damaged gzip data: \(error.reason)")
                return (SpanReport(), MetricReport(), nil)
            }
        }
        var reading = SpanFileReading(source: source, path: path, intake, sink: sink, samples: samples)
        let problem = reading.read(&file)
        let report = reading.report, metrics = reading.metrics.report
        outcome.unkept += reading.unkept
        if let problem { outcome.problems.append("\(path): \(problem)") }
        if problem == nil || report.spans > 0, let sentence = report.sentence { outcome.problems.append("\(path): \(sentence)") }
        if let sentence = metrics.sentence { outcome.problems.append("\(path): \(sentence)") }
        if report.spans == 0, metrics.points == metrics.unmapped, problem == nil, report.rejected + metrics.rejected == 0 {
            outcome.problems.append(metrics.points == 0 ? "\(path): no spans in it"
                : "\(path): none of its \(metrics.points) data points is of a metric that a profile knows; --keep all keeps them")
        }
        return (report, metrics, reading.newest)
    }
}

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
    mutating func read(_ file: inout FileBytes) -> String? {
        guard let layout = file.withBytes({ SpanFileLayout($0) }) else {
            return file.withBytes { $0.isEmpty } ? "the file is empty" : "neither OTLP, Zipkin nor Jaeger spans"
        }
        let problem: String?
        switch layout {
        case .other(let what): return what
        case .lengthPrefixed: problem = readPrefixed(&file, isVarint: false)
        case .varintPrefixed: problem = readPrefixed(&file, isVarint: true)
        case .whole(.otlpProtobuf): problem = readMessage(&file)
        case .whole(let format):
            var unkept = 0
            var newest = newest
            let sink = sink, source = source
            problem = file.withBytes { bytes in
                decoder.decode(bytes, as: format, into: &batch) { batch in
                    unkept += Self.hand(&batch, to: sink, source, &newest)
                }
            }
            self.unkept += unkept
            self.newest = newest
            if format == .otlpJSON, file.withBytes({ Self.mentionsMetrics($0) }) {
                _ = file.withBytes { metrics.decode($0, isJSON: true, now: nil) }
            }
        }
        handOn()
        if decoder.report.spans == 0, decoder.report.rejected > 0, metrics.report.points == 0, layout == .whole(.otlpProtobuf) || layout == .lengthPrefixed {
            return "OTLP without valid spans; logs?"
        }
        return problem
    }

    private mutating func readPrefixed(_ file: inout FileBytes, isVarint: Bool) -> String? {
        var at = 0
        let count = file.withBytes { $0.count }
        while at < count {
            let message = file.withBytes { bytes -> Range<Int>? in
                guard let message = LengthPrefix.next(bytes, at: at, isVarint: isVarint) else { return nil }
                take(UnsafeRawBufferPointer(rebasing: bytes[message]))
                return message
            }
            guard let message else { return "it ends in the middle of a request, at byte \(at)" }
            at = message.upperBound
            file.release(before: at)
            if batch.spans.count >= SpanBatch.mostSpans { handOn() }
        }
        return nil
    }

    /// One message, taken by its `ResourceSpans`: each with its tag and length is a request of its own.
    private mutating func readMessage(_ file: inout FileBytes) -> String? {
        var at = 0
        let count = file.withBytes { $0.count }
        while at < count {
            let end = file.withBytes { bytes -> Int? in
                var reader = ProtobufReader(UnsafeRawBufferPointer(rebasing: bytes[at...]))
                guard reader.next() else { return nil }
                reader.skip()
                guard !reader.isBroken else { return nil }
                let end = bytes.count - reader.left
                take(UnsafeRawBufferPointer(rebasing: bytes[at..<end]))
                return end
            }
            guard let end else { return "damaged protobuf at byte \(at)" }
            at = end
            file.release(before: at)
            if batch.spans.count >= SpanBatch.mostSpans { handOn() }
        }
        return nil
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
