import Diagnosis
import MeshModel
import Panels

/// Which services of a mesh got slower: entries, and as many of the others, the busiest first, as may be read. A few at a time, in the engine's lock.
struct SlowSearch {
    private var byProxies: [Found] = []
    private var bySpans: [Found] = []
    /// Services still to be looked at: those of proxies, then those of whom spans alone tell.
    private var left: ArraySlice<(node: Int, cost: Int)>?
    private var leftOfSpans: ArraySlice<ResolvedEntity>?
    private var count = 0

    /// Slots move on while it is searched.
    private struct Found {
        var slowed: Slowed
        var entity: ResolvedEntity
        var head: Int64
    }

    private static let mostEntries = 64
    /// Proxies read of entries, of all others, and in one go; services that spans tell of.
    private static let mostOfEntries = 1000, mostOfOthers = 500, proxiesAtOnce = 50
    private static let mostBySpans = 1000, spansAtOnce = 256

    var areAnyOfProxies: Bool { !byProxies.isEmpty }
    var areAnyOfSpans: Bool { !bySpans.isEmpty }
    /// By the numbers and slots of a frame; what has left the window meanwhile is none.
    func ofProxies(_ teller: ProxyTimes, _ frame: EngineState.Frame) -> [Slowed] { Self.at(frame, byProxies, teller) }
    func ofSpans(_ teller: SpanTimes, _ frame: EngineState.Frame) -> [Slowed] { Self.at(frame, bySpans, teller) }

    private static func at(_ frame: EngineState.Frame, _ found: [Found], _ teller: some TimesTeller) -> [Slowed] {
        found.compactMap { found in
            let slot = found.slowed.slot - Int(clamping: frame.head - found.head)
            guard slot > 0, slot < SlotGrid.count, let node = teller.node(of: found.entity) else { return nil }
            return Slowed(node: node, slot: slot, weight: found.slowed.weight)
        }
    }

    /// - Returns: whether there is more to do.
    mutating func goOn(_ state: inout EngineState, _ frame: EngineState.Frame) -> Bool {
        if left == nil { left = state.targets.contains { !$0.histograms.isEmpty } ? begin(ProxyTimes(state.fold(.service, frame))) : [] }
        guard left?.isEmpty == false else { return goOnWithSpans(&state, frame) }
        var proxies = ProxyTimes(state.fold(.service, frame)), nodes: [Int] = [], cost = 0
        while let next = left?.first, nodes.isEmpty || cost + next.cost <= Self.proxiesAtOnce {
            nodes.append(next.node)
            cost += next.cost
            left?.removeFirst()
        }
        byProxies += proxies.slowed(nodes, among: count, state, frame).map { Found(slowed: $0, entity: proxies.entity(of: $0.node), head: frame.head) }
        return true
    }

    /// One that many proxies tell of, as a database that all call, does not keep the others from being looked at.
    private mutating func begin(_ proxies: ProxyTimes) -> ArraySlice<(node: Int, cost: Int)> {
        func fitting(_ nodes: some Sequence<Int>, _ most: Int) -> [(node: Int, cost: Int)] {
            var all: [(node: Int, cost: Int)] = [], sum = 0
            for node in nodes {
                let cost = proxies.cost(of: node)
                guard sum + cost <= most else { continue }
                sum += cost
                all.append((node, cost))
            }
            return all
        }
        let all = fitting(proxies.entries.prefix(Self.mostEntries), Self.mostOfEntries) + fitting(proxies.others, Self.mostOfOthers)
        count = all.count
        return all[...]
    }

    /// Those of whom proxies tell nothing.
    private mutating func goOnWithSpans(_ state: inout EngineState, _ frame: EngineState.Frame) -> Bool {
        guard state.hasTimesOfSpans(frame) else { return false }
        let spans = SpanTimes(state.spanFold(frame))
        if leftOfSpans == nil {
            let proxies = ProxyTimes(state.fold(.service, frame)), all = spans.entries.prefix(Self.mostEntries) + spans.others.prefix(Self.mostBySpans)
            let untold = all.map { spans.entity(of: $0) }.filter { !proxies.tells(of: $0, state) }
            (leftOfSpans, count) = (untold[...], untold.count)
        }
        guard let next = leftOfSpans?.prefix(Self.spansAtOnce), !next.isEmpty else { return false }
        leftOfSpans?.removeFirst(next.count)
        bySpans += spans.slowed(next.compactMap { spans.node(of: $0) }, among: count, state, frame).map { Found(slowed: $0, entity: spans.entity(of: $0.node), head: frame.head) }
        return true
    }
}
