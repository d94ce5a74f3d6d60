package import Intake
package import MeshModel
import Synchronization

/// Takes what one receiver is sent into the span sink, and keeps its line among the sources.
package final class SpanIntake: ExportHandler {
    private let spans: any SpanSink
    private let sources: any SampleSink
    private let state: Mutex<State>

    private struct State {
        var source: SourceState
        var isToldAt: ContinuousClock.Instant
    }

    package init(_ intake: Intake, name: String, spans: any SpanSink, sources: any SampleSink) {
        self.spans = spans
        self.sources = sources
        state = Mutex(State(source: intake.openNotice(name: name, job: "receiver", sink: sources), isToldAt: .now))
    }

    package func take(_ body: UnsafeRawBufferPointer, _ format: ExportFormat) -> ExportResult { .taken(rejected: 0, reason: "") }

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
        let source = state.withLock { state in
            change(&state.source)
            return state.source
        }
        sources.update(source)
    }
}
