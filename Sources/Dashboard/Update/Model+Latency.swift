import MeshModel
import Panels

/// Where the time goes: from anything to the service it is of, and from there to a trace that shows it.
extension Model {
    mutating func showLatency() {
        guard let key = serviceAtHand else {
            return tell("where time goes is asked of a service: select one, a pod, a call, a trace or a span")
        }
        showLatency(key)
    }

    /// `:latency payment`, `:latency shop/payment`.
    mutating func showLatency(_ key: EntityKey) {
        screen.place == .latency(key) ? tell("this is where its time goes") : push(Screen(.latency(key)))
    }

    /// The trace that has most of what is selected.
    mutating func openSample() {
        guard let latency = frame?.latency else { return }
        let sample: TraceID? = switch screen.pane.selection {
        case .callPath(let way)?: latency.rows.first { $0.way == way }?.sample
        case .repeated(let caller, let callee)?: latency.repeated.first { $0.caller == caller && $0.callee == callee }?.sample
        default: nil
        }
        if let sample { push(Screen(.trace(sample))) } else { tell("no trace of it is held any more") }
    }
}
