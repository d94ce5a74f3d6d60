import Diagnosis
import MeshModel
import Panels

/// Which services of a mesh got slower: entries, and as many of the others, the busiest first, as may be read. A few at a time, in the engine's lock.
struct SlowSearch {
    private(set) var byProxies: [Slowed] = []
    private(set) var bySpans: [Slowed] = []
    /// Of proxies' services, those still to be looked at.
    private var left: ArraySlice<(node: Int, cost: Int)>?
    private var count = 0

    private static let mostEntries = 64
    /// Proxies read to look around, and in one go; services that spans tell of.
    private static let mostProxies = 500, proxiesAtOnce = 50, mostBySpans = 1000

    /// - Returns: whether there is more to do.
    mutating func goOn(_ state: inout EngineState, _ frame: EngineState.Frame) -> Bool {
        guard state.targets.contains(where: { !$0.histograms.isEmpty }) else {
            searchSpans(&state, frame)
            return false
        }
        var proxies = ProxyTimes(state.fold(.service, frame))
        if left == nil {
            var all = proxies.entries.prefix(Self.mostEntries).map { (node: $0, cost: 1) }, cost = 0
            for other in proxies.others {
                guard cost + other.cost <= Self.mostProxies else { break }
                cost += other.cost
                all.append(other)
            }
            (left, count) = (all[...], all.count)
        }
        var nodes: [Int] = [], cost = 0
        while let next = left?.first, nodes.isEmpty || cost + next.cost <= Self.proxiesAtOnce {
            nodes.append(next.node)
            cost += next.cost
            left?.removeFirst()
        }
        byProxies += proxies.slowed(nodes, among: count, state, frame)
        if left?.isEmpty == false { return true }
        searchSpans(&state, frame)
        return false
    }

    /// Those of whom proxies tell nothing.
    private mutating func searchSpans(_ state: inout EngineState, _ frame: EngineState.Frame) {
        guard state.hasTimesOfSpans(frame) else { return }
        let proxies = ProxyTimes(state.fold(.service, frame)), spans = SpanTimes(state.spanFold(frame))
        let all = spans.entries.prefix(Self.mostEntries) + spans.others.prefix(Self.mostBySpans).map(\.node)
        let untold = all.filter { !proxies.tells(of: spans.entity(of: $0), state) }
        bySpans = spans.slowed(untold, among: untold.count, state, frame)
    }
}
