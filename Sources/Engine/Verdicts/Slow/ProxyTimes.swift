import Diagnosis
import MeshModel
import Panels

/// Reads what services and calls took from the slots of proxies, each once.
struct ProxyTimes: TimesTeller {
    private let fold: LevelFold
    /// By node: what each of its proxies tells, and all of them together.
    private var members: [Int: [SlotTimesOfTarget]] = [:]
    private var sums: [Int: SlotTimes?] = [:]
    private var ofCalls: [Int: SlotTimes?] = [:]
    /// Proxies that may still be read for one way, once for each side asked of: all of it happens in the engine's lock.
    private var left = Self.most
    private static let most = 1000

    /// - Parameter fold: of services.
    init(_ fold: LevelFold) { self.fold = fold }

    // MARK: - Services and calls

    func entity(of node: Int) -> ResolvedEntity { fold.nodes[node].entity }
    func node(of service: ResolvedEntity) -> Int? { fold.node(of: service) }
    func evidence(ofCall isCall: Bool) -> Evidence { isCall ? [.metricsClient, .metricsServer] : .metricsServer }

    var entries: [Int] {
        var entries = fold.answersOutside.union(fold.entryEdges.map { Int(fold.edges[$0].destination) })
        if entries.isEmpty { entries = Set(fold.nodes.indices.filter { fold.nodes[$0].edgesIn.isEmpty && !fold.nodes[$0].edgesOut.isEmpty }) }
        return entries.map { ($0, fold.nodes[$0].sums.requests) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map(\.0)
    }

    func calls(of node: Int) -> [(edge: Int, callee: Int, share: Double)] {
        fold.nodes[node].edgesOut.map(Int.init).filter { fold.edges[$0].requests > 0 }.map { edge in
            let callee = Int(fold.edges[edge].destination)
            return (edge, callee, min(1, fold.edges[edge].requests / max(1, fold.nodes[callee].sums.requests)))
        }
    }

    /// Proxies that tell of it.
    func cost(of node: Int) -> Int { fold.nodes[node].hasOwn ? fold.nodes[node].targets.count : fold.nodes[node].reporters.count }

    var others: [Int] {
        let entries = Set(entries)
        return fold.nodes.indices.filter { !entries.contains($0) && fold.nodes[$0].sums.requests >= TimesChange.fewestBefore }
            .map { ($0, fold.nodes[$0].sums.requests) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map(\.0)
    }

    /// Whether proxies of its own tell what its answers take.
    func tells(of service: ResolvedEntity, _ state: borrowing EngineState) -> Bool {
        guard let node = fold.node(of: service), fold.nodes[node].hasOwn else { return false }
        for target in fold.nodes[node].targets where !state.targets[Int(target)].histograms.isEmpty { return true }
        return false
    }

    // MARK: - Times

    mutating func prepare(_ nodes: [Int], at slot: Int, _ state: borrowing EngineState, _ frame: EngineState.Frame) { left = Self.most }

    /// Of a service: what its own proxies answered; where it has none, what its callers saw.
    private mutating func members(of node: Int, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> [SlotTimesOfTarget] {
        if let known = members[node] { return known }
        let hasOwn = fold.nodes[node].hasOwn, indices = hasOwn ? fold.nodes[node].targets : fold.nodes[node].reporters
        let read = mayRead(indices.count) ? state.slotTimes(indices, hasOwn ? .own : .calls(to: fold.nodes[node].entity.asService), frame) : []
        members[node] = read
        return read
    }

    mutating func slowed(_ nodes: [Int], among count: Int, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> [Slowed] {
        var slowed: [Slowed] = []
        for node in nodes {
            guard let times = times(of: node, state, frame), let slot = SlowOnset.of(times, among: count) else { continue }
            slowed.append(Slowed(node: node, slot: slot, weight: TimesChange(times, at: slot).weight))
        }
        return slowed
    }

    private mutating func times(of node: Int, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> SlotTimes? {
        if let known = sums[node] { return known }
        let sum = SlotTimes(sumOf: members(of: node, state, frame).map(\.times))
        sums[node] = .some(sum)
        return sum
    }

    private mutating func times(ofCall edge: Int, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> SlotTimes? {
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

    mutating func change(of node: Int, at slot: Int, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> TimesChange? {
        times(of: node, state, frame).map { TimesChange($0, at: slot, gap: state.lateSlots) }
    }

    mutating func change(ofCall edge: Int, at slot: Int, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> TimesChange? {
        times(ofCall: edge, state, frame).map { TimesChange($0, at: slot, gap: state.lateSlots) }
    }

    /// Of those whose callers tell, the callers stand for pods.
    mutating func pods(of node: Int, at slot: Int, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> [TimesOfPod] {
        let hasOwn = fold.nodes[node].hasOwn
        return members(of: node, state, frame).map { member in
            let entity = state.targets[Int(member.target)].entity
            let pod = hasOwn && entity >= 0 ? state.directory[entity].folded(to: .pod) : fold.nodes[node].entity
            return TimesOfPod(pod: pod, change: TimesChange(member.times, at: slot, gap: state.lateSlots))
        }
    }

    mutating func slot(of node: Int, call edge: Int?, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> Int? {
        (edge.map { times(ofCall: $0, state, frame) } ?? times(of: node, state, frame)).flatMap { SlowOnset.of($0) }
    }
}
