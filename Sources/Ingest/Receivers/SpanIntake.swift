package import Intake
package import MeshModel
import Synchronization

/// Takes what one receiver is sent, spans into the span sink and metrics into the series, and keeps its line among the sources.
package final class SpanIntake: ExportHandler {
    private let symbols: SymbolTable
    private let spans: any SpanSink
    private let sources: any SampleSink
    private let source: Mutex<SourceState>
    /// Metrics come seldom and in one piece: one decoder, which knows every exporter.
    private let metrics: Mutex<MetricDecoder>
    /// Decoders that nobody uses now. Each remembers names and identities; as many exist as requests were ever decoded at once.
    private let idle = Mutex<[Desk]>([])

    /// Where one request at a time is decoded.
    private final class Desk: Sendable {
        struct Tools: ~Copyable {
            var decoder: SpanDecoder
            var batch: SpanBatch
        }
        let tools: Mutex<Tools>
        init(_ symbols: SymbolTable, _ source: SourceID) {
            tools = Mutex(Tools(decoder: SpanDecoder(symbols: symbols), batch: SpanBatch(source: source, time: Timestamp(nanoseconds: 0))))
        }
    }

    package init(_ intake: Intake, name: String, spans: any SpanSink, sources: any SampleSink) {
        symbols = intake.symbols
        self.spans = spans
        self.sources = sources
        source = Mutex(intake.openNotice(name: name, job: "receiver", sink: sources))
        metrics = Mutex(MetricDecoder(intake, place: name, job: "otlp", since: WallClock.now, sink: sources))
    }

    package func take(_ body: UnsafeRawBufferPointer, _ format: ExportFormat) -> ExportResult {
        guard format != .otlpMetricsProtobuf, format != .otlpMetricsJSON else { return takeMetrics(body, isJSON: format.isJSON) }
        let id = source.withLock { $0.id }
        let desk = idle.withLock { $0.popLast() } ?? Desk(symbols, id)
        let (result, report) = desk.tools.withLock { tools in decode(body, format, id, &tools) }
        idle.withLock { $0.append(desk) }
        noteRequest(result, bytes: body.count, taken: report.spans, rejected: report.rejected, report.firstExample)
        return result
    }

    private func takeMetrics(_ body: UnsafeRawBufferPointer, isJSON: Bool) -> ExportResult {
        let (problem, report) = metrics.withLock { decoder in
            (decoder.decode(body, isJSON: isJSON, now: WallClock.now), decoder.takeReport())
        }
        let result: ExportResult = if report.points == 0, let reason = problem {
            .malformed(reason)
        } else {
            .taken(rejected: report.rejected, reason: report.sentence ?? problem ?? "")
        }
        noteRequest(result, bytes: body.count, taken: report.points, rejected: report.rejected, report.firstExample)
        return result
    }

    private func noteRequest(_ result: ExportResult, bytes: Int, taken: Int, rejected: Int, _ firstExample: String?) {
        note { source in
            source.health = .up
            source.lastAttempt = WallClock.now
            if case .malformed = result {} else { source.lastSuccess = source.lastAttempt }
            source.bytes += bytes
            source.samples += taken
            source.badLines += rejected
            if source.firstBadLine == nil { source.firstBadLine = firstExample }
        }
    }

    private func decode(_ body: UnsafeRawBufferPointer, _ format: ExportFormat, _ id: SourceID, _ tools: inout Desk.Tools) -> (ExportResult, SpanReport) {
        tools.batch.removeAll(source: id, time: WallClock.now)
        guard let spanFormat = format.spans else { preconditionFailure("BUG: metrics are not spans") }
        tools.decoder.expect(now: tools.batch.time)
        let problem = tools.decoder.decode(body, as: spanFormat, into: &tools.batch)
        let report = tools.decoder.takeReport()
        if tools.batch.spans.isEmpty, let reason = problem ?? report.sentence { return (.malformed(reason), report) }
        let lost = tools.batch.spans.isEmpty ? 0 : spans.consume(tools.batch)
        // A large request must not keep its room for ever.
        if tools.batch.bytes.capacity > Self.keptBytes { tools.batch = SpanBatch(source: id, time: tools.batch.time) }
        // What was not kept would not be kept another time either: the client is told, and not asked to send it again.
        let unkept = lost == 0 ? nil : "\(lost) spans are of traces too large for the memory there is"
        return (.taken(rejected: report.rejected + lost, reason: report.sentence ?? problem ?? unkept ?? ""), report)
    }

    private static let keptBytes = 8 << 20

    package func refused(_ reason: String) {
        note { source in
            source.badLines += 1
            if source.firstBadLine == nil { source.firstBadLine = reason }
        }
    }

    /// It could not listen where it does by default.
    package func isNotListening(_ reason: String) {
        note { $0.health = .failing(reason: reason) }
    }

    private func note(_ change: (inout SourceState) -> Void) {
        let now = source.withLock { source in
            change(&source)
            return source
        }
        sources.update(now)
    }
}

extension ExportFormat {
    /// nil for metrics.
    fileprivate var spans: SpanFormat? {
        switch self {
        case .otlpTracesProtobuf: .otlpProtobuf
        case .otlpTracesJSON: .otlpJSON
        case .zipkinProtobuf: .zipkinProtobuf
        case .zipkinJSON: .zipkinJSON
        case .otlpMetricsProtobuf, .otlpMetricsJSON: nil
        }
    }
}
