import Ingest
import Intake
import MeshModel
import Profiles
import Synchronization
import Testing

/// What receivers are sent, decoded: into the sink, the answer and the line among the sources.
@Suite struct SpanIntakeTests {
    private final class Sink: SampleSink, SpanSink {
        struct State {
            var spans: [Span] = []
            var source: SourceState?
            var isFull = false
        }
        let state = Mutex(State())
        func register(_ source: SourceState, claim: EntityClaim) { state.withLock { $0.source = source } }
        func consume(_ batch: borrowing Batch) {}
        func update(_ source: SourceState) { state.withLock { $0.source = source } }
        func consume(_ batch: borrowing SpanBatch) -> Int {
            let spans = batch.spans
            return state.withLock { state in
                guard !state.isFull else { return spans.count }
                state.spans += spans
                return 0
            }
        }
        var spans: [Span] { state.withLock { $0.spans } }
        var source: SourceState? { state.withLock { $0.source } }
    }

    private func send(_ text: String, _ format: ExportFormat, to sink: Sink) throws -> ExportResult {
        let intake = SpanIntake(Intake(profiles: try ProfileSet.builtin()), name: "otlp-http 127.0.0.1:4318", spans: sink, sources: sink)
        var text = text
        return text.withUTF8 { intake.take(UnsafeRawBufferPointer($0), format) }
    }

    private let good = #"{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708","name":"GET","startTimeUnixNano":"1000000000","endTimeUnixNano":"2000000000"}"#
    private let bad = #"{"traceId":"01","spanId":"0102030405060709","name":"GET","startTimeUnixNano":"1","endTimeUnixNano":"2"}"#

    private func document(_ spans: String...) -> String { #"{"resourceSpans":[{"scopeSpans":[{"spans":["# + spans.joined(separator: ",") + "]}]}]}" }

    @Test func spansReachTheSink() throws {
        let sink = Sink()
        #expect(try send(document(good), .otlpTracesJSON, to: sink) == .taken(rejected: 0, reason: ""))
        #expect(sink.spans.map(\.id.raw) == [0x0102_0304_0506_0708])
        #expect(sink.source?.health == .up && sink.source?.samples == 1 && sink.source?.lastSuccess != nil)
    }

    @Test func zipkinComesToTheSame() throws {
        let sink = Sink()
        let zipkin = #"[{"traceId":"0102030405060708090a0b0c0d0e0f10","id":"0102030405060708","name":"get","timestamp":1000000,"duration":1000000}]"#
        #expect(try send(zipkin, .zipkinJSON, to: sink) == .taken(rejected: 0, reason: ""))
        #expect(sink.spans.map(\.id.raw) == [0x0102_0304_0506_0708] && sink.spans.first?.duration.seconds == 1)
    }

    @Test func invalidSpansAreCountedAndTheRestIsTaken() throws {
        let sink = Sink()
        guard case .taken(let rejected, let reason) = try send(document(good, bad), .otlpTracesJSON, to: sink) else { Issue.record("not taken"); return }
        #expect(rejected == 1 && reason.contains("trace id"))
        #expect(sink.spans.count == 1 && sink.source?.badLines == 1 && sink.source?.firstBadLine?.isEmpty == false)
    }

    @Test(arguments: [ExportFormat.otlpTracesProtobuf, .otlpTracesJSON, .zipkinProtobuf, .zipkinJSON])
    func whatIsNoRequestIsMalformed(_ format: ExportFormat) throws {
        let sink = Sink()
        guard case .malformed(let reason) = try send("<html>no</html>", format, to: sink) else { Issue.record("not malformed"); return }
        #expect(!reason.isEmpty && sink.spans.isEmpty && sink.source?.lastSuccess == nil)
    }

    @Test(arguments: [("", ExportFormat.otlpTracesProtobuf), ("{}", .otlpTracesJSON), ("[]", .zipkinJSON), ("", .otlpMetricsProtobuf)])
    func anEmptyRequestIsNoError(_ text: String, _ format: ExportFormat) throws {
        guard case .taken(0, _) = try send(text, format, to: Sink()) else { Issue.record("not taken"); return }
    }

    /// A trace that is too large now is too large the next time: sending it again would only cost both sides.
    @Test func whatIsNotKeptIsRejectedForGood() throws {
        let sink = Sink()
        sink.state.withLock { $0.isFull = true }
        guard case .taken(let rejected, let reason) = try send(document(good, bad), .otlpTracesJSON, to: sink) else { Issue.record("not answered"); return }
        #expect(rejected == 2 && !reason.isEmpty)
        guard case .taken(1, let only) = try send(document(good), .otlpTracesJSON, to: sink) else { Issue.record("not answered"); return }
        #expect(only == "1 spans are of traces too large for the memory there is")
    }
}
