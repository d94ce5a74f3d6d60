import Diagnosis
import MeshModel
import Panels

/// Who tells what answers and calls took: proxies by their histograms, or spans. Services and calls go by numbers of its own.
protocol TimesTeller {
    /// Calls of a service: their number, whom it calls, and of what that one's answers took the share that is this caller's.
    func calls(of node: Int) -> [(edge: Int, callee: Int, share: Double)]
    func entity(of node: Int) -> ResolvedEntity
    /// Where requests come in, the busiest first.
    var entries: [Int] { get }
    /// All others that are called, the busiest first.
    var others: [Int] { get }
    func node(of service: ResolvedEntity) -> Int?
    /// What says so: of a service's answers, or of a call.
    func evidence(ofCall isCall: Bool) -> Evidence

    /// Those that got slower, and from which slot of the window on.
    /// - Parameter count: of how many these are a part.
    mutating func slowed(_ nodes: [Int], among count: Int, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> [Slowed]
    /// Before the rest is asked for: which services, and which moment.
    mutating func prepare(_ nodes: [Int], at slot: Int, _ state: borrowing EngineState, _ frame: EngineState.Frame)
    mutating func change(of node: Int, at slot: Int, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> TimesChange?
    /// As the caller saw it; nil where it tells nothing of it.
    mutating func change(ofCall edge: Int, at slot: Int, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> TimesChange?
    /// What each pod of a service tells.
    mutating func pods(of node: Int, at slot: Int, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> [TimesOfPod]
    /// When a service, or a call, got slower by itself; nil where that cannot be told.
    mutating func slot(of node: Int, call edge: Int?, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> Int?
}

/// A service that got slower at some moment.
struct Slowed {
    var node: Int
    /// The first slot of the slower stretch.
    var slot: Int
    /// Milliseconds that all its requests since then took longer, together.
    var weight: Double
}

struct TimesOfPod {
    var pod: ResolvedEntity
    var change: TimesChange
}

extension TimesTeller {
    /// Those slower than they were; of whom there was nothing before, than all were together.
    mutating func slower(of node: Int, at slot: Int, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> [TimesOfPod] {
        guard let all = change(of: node, at: slot, state, frame) else { return [] }
        return pods(of: node, at: slot, state, frame).filter { pod in
            var own = pod.change
            if own.before.requests < WindowChange.fewest { own.before = all.before }
            return own.isSlower(fewestBefore: WindowChange.fewest)
        }
    }

    /// Most of it is that pods take longer than they did: else a quick one fell silent, or is asked less, and together they look slow.
    mutating func isSlowerWithin(_ node: Int, at slot: Int, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> Bool {
        let pods = pods(of: node, at: slot, state, frame)
        guard pods.count > 1, let all = change(of: node, at: slot, state, frame), all.after.requests > 0 else { return true }
        let within = pods.reduce(0) { sum, pod in
            // Of whom there was nothing before, longer than all were together.
            let before = pod.change.before.requests < WindowChange.fewest ? all.before.mean : pod.change.before.mean
            guard let before, let after = pod.change.after.mean else { return sum }
            return sum + pod.change.after.requests * (after - before)
        }
        return within / all.after.requests >= all.longer / 2
    }
}
