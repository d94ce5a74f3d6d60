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

    /// Whether the file is one for this reader, for commands that take pages of metrics as well: spans, or something else that is known
    /// and no page, of which this reader has more to say.
    package static func holdsSpans(_ path: String) throws(FileError) -> Bool { try layout(of: path) != nil }

    /// nil: nothing that is known.
    static func layout(of path: String) throws(FileError) -> SpanFileLayout? {
        var file = try SpanFile(path)
        return file.layout()
    }

    /// Reads every file into the sink, batch by batch. A file that is not there or not readable is an error; one that holds no spans is a
    /// problem of its own and leaves the others alone.
    package static func load(_ paths: [String], intake: Intake, spans: any SpanSink, sources: any SampleSink) throws(FileError) -> Outcome {
        var outcome = Outcome()
        for path in paths {
            var state = intake.openNotice(name: path, job: "file", sink: sources)
            var file = try SpanFile(path)
            let before = outcome.problems.count
            let report: SpanReport
            let metrics: MetricReport
            let newest: Timestamp?
            (report, metrics, newest) = read(&file, path, state.id, intake, spans, sources, &outcome)
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

    private static func read(_ file: inout SpanFile, _ path: String, _ source: SourceID, _ intake: Intake, _ sink: any SpanSink,
                             _ samples: any SampleSink, _ outcome: inout Outcome) -> (SpanReport, MetricReport, Timestamp?) {
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
