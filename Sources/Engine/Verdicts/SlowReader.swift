import Diagnosis
import MeshModel
import Panels

/// Reads what services and calls took from the slots of proxies, each once.
struct SlowReader {
    /// By node: what each of its proxies tells, and all of them together.
    private var members: [Int: [SlotTimesOfTarget]] = [:]
    private var sums: [Int: SlotTimes?] = [:]
    private var ofCalls: [Int: SlotTimes?] = [:]
    /// Proxies that may still be read, once for each side asked of: all of it happens in the engine's lock.
    private var left = 1000

    /// Of a service: what its own proxies answered; where it has none, what its callers saw.
    mutating func members(of node: Int, _ fold: borrowing LevelFold, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> [SlotTimesOfTarget] {
        if let known = members[node] { return known }
        let hasOwn = fold.nodes[node].hasOwn, indices = hasOwn ? fold.nodes[node].targets : fold.nodes[node].reporters
        let read = mayRead(indices.count) ? state.slotTimes(indices, hasOwn ? .own : .calls(to: fold.nodes[node].entity.asService), frame) : []
        members[node] = read
        return read
    }

    /// nil: nobody exports it.
    mutating func times(of node: Int, _ fold: borrowing LevelFold, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> SlotTimes? {
        if let known = sums[node] { return known }
        let sum = SlotTimes(sumOf: members(of: node, fold, state, frame).map(\.times))
        sums[node] = .some(sum)
        return sum
    }

    /// As the caller's proxies saw a call; where they tell nothing of it, nil.
    mutating func times(ofCall edge: Int, _ fold: borrowing LevelFold, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> SlotTimes? {
        if let known = ofCalls[edge] { return known }
        let caller = Int(fold.edges[edge].source), callee = fold.nodes[Int(fold.edges[edge].destination)].entity
        let indices = fold.nodes[caller].targets
        let read = mayRead(indices.count) ? SlotTimes(sumOf: state.slotTimes(indices, .calls(to: callee.asService), frame).map(\.times)) : nil
        ofCalls[edge] = .some(read)
        return read
    }

    private mutating func mayRead(_ proxies: Int) -> Bool {
        guard proxies <= left else { return false }
        left -= proxies
        return true
    }

    /// Those slower than they were; of whom there was nothing before, than all were together.
    mutating func slower(of node: Int, at slot: Int, _ fold: borrowing LevelFold, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> [SlotTimesOfTarget] {
        guard let all = times(of: node, fold, state, frame).map({ TimesChange($0, at: slot, gap: state.lateSlots) }) else { return [] }
        return members(of: node, fold, state, frame).filter { member in
            var own = TimesChange(member.times, at: slot, gap: state.lateSlots)
            if own.before.requests < WindowChange.fewest { own.before = all.before }
            return own.isSlower(fewestBefore: WindowChange.fewest)
        }
    }

    /// Of several that tell, one is: else a quick one fell silent, and those that are left look slow together.
    mutating func isAnySlower(of node: Int, at slot: Int, _ fold: borrowing LevelFold, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> Bool {
        members(of: node, fold, state, frame).count < 2 || !slower(of: node, at: slot, fold, state, frame).isEmpty
    }
}
