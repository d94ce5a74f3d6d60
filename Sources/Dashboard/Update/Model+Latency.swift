import MeshModel
import Panels

/// Where the time goes: from anything to the service it is of, and from there to a trace that shows it.
extension Model {
    mutating func showLatency() {
        guard let key = serviceAtHand ?? verdictAtHand?.service.key(.service) else {
            return tell("where time goes is asked of a service: select one, a pod, a call, a trace, a span or a failing path")
        }
        showLatency(key)
    }

    /// `:latency payment`, `:latency shop/payment`.
    mutating func showLatency(_ key: EntityKey) {
        screen.place == .latency(key) ? tell("this is where its time goes") : push(Screen(.latency(key)))
    }

    /// Each way to an operation by itself, or all together.
    mutating func foldWays() {
        screen.pane.foldsWays.toggle()
        tell(screen.pane.foldsWays ? "each operation is one row, whoever it is called by" : "each way of calls is a row")
        relist(screen.focus, userNarrowed: true)
    }

    /// The trace that has most of what is selected.
    mutating func openSample() {
        guard let latency = frame?.latency else { return }
        let sample: TraceID? = switch screen.pane.selection {
        case .callPath(let way)?: TimeRow.rows(latency, foldsWays: screen.pane.foldsWays).first { $0.row.way == way }?.row.sample
        case .repeated(let caller, let callee)?: latency.repeated.first { $0.caller == caller && $0.callee == callee }?.sample
        default: nil
        }
        guard let sample else { return tell("no trace of it is held any more") }
        var trace = Screen(.trace(sample))
        // What was waited for is what one came for.
        trace.panes[0].waterfall.lightsPath = true
        push(trace)
    }
}
