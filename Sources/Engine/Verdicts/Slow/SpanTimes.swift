import CallGraph
import Diagnosis
import MeshModel
import Panels
import SeriesStore

/// What services and calls took as spans tell it, from what is added up of them by the second: it outlives the traces, and no trace is opened.
struct SpanTimes: TimesTeller {
    private struct Pair {
        var number: Int
        var edge: Int
        var node: Int
        /// Place among `podsOf` of its node.
        var pod: Int
    }
    private struct Edge {
        var callee: Int
        /// −1: from outside.
        var caller: Int
    }

    private var entities: [ResolvedEntity] = []
    private var requests: [Int] = []
    private var isCalled: [Bool] = []
    private var hasEntry: [Bool] = []
    private var out: [[Int]] = []
    private var podsOf: [[ResolvedEntity]] = []
    private var edges: [Edge] = []
    private var pairs: [Pair] = []
    private var places: [ResolvedEntity: Int] = [:]

    /// Of the moment that was prepared for.
    private var changes: [Int: TimesChange] = [:]
    private var ofCalls: [Int: TimesChange] = [:]
    private var ofPods: [Int: [TimesChange]] = [:]

    init(_ fold: SpanFold) {
        struct Ends: Hashable { var caller: Int, callee: Int }
        var edgeOf: [Ends: Int] = [:], podPlaces: [ResolvedEntity: Int] = [:]
        for pair in fold.pairs {
            let isOutside = pair.source.kind == .external && pair.source.service.isEmpty
            let caller = isOutside ? -1 : place(of: pair.source.folded(to: .service)), callee = place(of: pair.destination.folded(to: .service))
            let ends = Ends(caller: caller, callee: callee)
            if edgeOf[ends] == nil {
                edgeOf[ends] = edges.count
                if caller >= 0 { out[caller].append(edges.count) }
                edges.append(Edge(callee: callee, caller: caller))
            }
            if isOutside { hasEntry[callee] = true } else { isCalled[callee] = true }
            requests[callee] += pair.tally.seen.requests
            let pod = pair.destination.folded(to: .pod)
            if podPlaces[pod] == nil {
                podPlaces[pod] = podsOf[callee].count
                podsOf[callee].append(pod)
            }
            pairs.append(Pair(number: pair.number, edge: edgeOf[ends] ?? 0, node: callee, pod: podPlaces[pod] ?? 0))
        }
    }

    private mutating func place(of service: ResolvedEntity) -> Int {
        if let known = places[service] { return known }
        places[service] = entities.count
        entities.append(service)
        requests.append(0)
        isCalled.append(false)
        hasEntry.append(false)
        out.append([])
        podsOf.append([])
        return entities.count - 1
    }

    // MARK: - Services and calls

    func entity(of node: Int) -> ResolvedEntity { entities[node] }
    func node(of service: ResolvedEntity) -> Int? { places[service] ?? entities.firstIndex { $0.isNamed(as: service) } }
    func evidence(ofCall isCall: Bool) -> Evidence { .spans }

    var entries: [Int] {
        var entries = entities.indices.filter { hasEntry[$0] }
        if entries.isEmpty { entries = entities.indices.filter { !isCalled[$0] && !out[$0].isEmpty } }
        return entries.sorted { (requests[$1], $0) < (requests[$0], $1) }
    }

    var others: [Int] {
        let entries = Set(entries)
        return entities.indices.filter { isCalled[$0] && entities[$0].kind == .workload && !entities[$0].service.isEmpty && !entries.contains($0) && Double(requests[$0]) >= TimesChange.fewestBefore }
            .sorted { (requests[$1], $0) < (requests[$0], $1) }
    }

    func calls(of node: Int) -> [(edge: Int, callee: Int, share: Double)] { out[node].map { ($0, edges[$0].callee, 1) } }

    // MARK: - Times

    /// Slots of five are enough to tell that something got slower; when is looked up for those that did.
    private static let coarse = 5

    func slowed(_ nodes: [Int], among count: Int, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> [Slowed] {
        let rough = slowed(nodes, slotsAtOnce: Self.coarse, among: count, state, frame)
        let exact = slowed(rough.map(\.node), slotsAtOnce: 1, among: count, state, frame)
        return rough.map { known in exact.first { $0.node == known.node } ?? known }
    }

    private func slowed(_ nodes: [Int], slotsAtOnce: Int, among count: Int, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> [Slowed] {
        guard !nodes.isEmpty else { return [] }
        var numbers = [Int32](repeating: -1, count: entities.count)
        for (number, node) in nodes.enumerated() { numbers[node] = Int32(number) }
        var groups = SpanTimeGroups(pairs: state.traces.pairEnds.count)
        for pair in pairs { groups.answered[pair.number] = numbers[pair.node] }
        let first = frame.head - Int64(SlotGrid.count - 1), grid = state.grid, slots = SlotGrid.count / slotsAtOnce
        let sums = state.spanSeries.times(groups, count: nodes.count, slots: slots, of: frame.window) { Int(clamping: max(0, grid.slot(of: $0) - first)) / slotsAtOnce }
        return zip(nodes, sums).compactMap { node, times in
            SlowOnset.of(times, among: count).map { Slowed(node: node, slot: $0 * slotsAtOnce, weight: TimesChange(times, at: $0).weight) }
        }
    }

    /// All of what is asked for next, at once.
    mutating func prepare(_ nodes: [Int], at slot: Int, _ state: borrowing EngineState, _ frame: EngineState.Frame) {
        (changes, ofCalls, ofPods) = ([:], [:], [:])
        let wanted = Set(nodes), begin = state.grid.start(of: frame.head - Int64(SlotGrid.count - 1 - slot))
        var groups = SpanTimeGroups(pairs: state.traces.pairEnds.count), count = 0
        var nodePlaces: [Int: Int] = [:], edgePlaces: [Int: Int] = [:], podPlaces: [Int: Int] = [:]
        func next() -> Int {
            defer { count += 1 }
            return count
        }
        for node in wanted {
            nodePlaces[node] = next()
            podPlaces[node] = count
            count += podsOf[node].count
        }
        for pair in pairs {
            let isSeen = edges[pair.edge].caller >= 0 && wanted.contains(edges[pair.edge].caller)
            if isSeen, edgePlaces[pair.edge] == nil { edgePlaces[pair.edge] = next() }
            if let place = nodePlaces[pair.node], let pods = podPlaces[pair.node] {
                groups.answered[pair.number] = Int32(place)
                groups.pods[pair.number] = Int32(pods + pair.pod)
            }
            if isSeen, let place = edgePlaces[pair.edge] { groups.seen[pair.number] = Int32(place) }
        }
        let sums = state.spanSeries.times(groups, count: count, slots: 2, of: frame.window) { $0 < begin ? 0 : 1 }.map { TimesChange($0, at: 1) }
        changes = nodePlaces.mapValues { sums[$0] }
        ofCalls = edgePlaces.mapValues { sums[$0] }
        for (node, place) in podPlaces { ofPods[node] = Array(sums[place..<place + podsOf[node].count]) }
    }

    func change(of node: Int, at slot: Int, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> TimesChange? { changes[node] }
    func change(ofCall edge: Int, at slot: Int, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> TimesChange? { ofCalls[edge] }

    func pods(of node: Int, at slot: Int, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> [TimesOfPod] {
        zip(podsOf[node], ofPods[node] ?? []).map { TimesOfPod(pod: $0, change: $1) }
    }

    /// The entry's has to do.
    func slot(of node: Int, call edge: Int?, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> Int? { nil }
}

/// What pairs count for, by their number in the store; −1: for nothing.
struct SpanTimeGroups {
    /// As the callee answered, and so of its pod; as the caller saw it.
    var answered: [Int32]
    var pods: [Int32]
    var seen: [Int32]

    init(pairs: Int) {
        answered = .init(repeating: -1, count: pairs)
        (pods, seen) = (answered, answered)
    }
}

extension SpanSeries {
    /// By group and slot what calls took. Where each stands for several, it counts once: what was not looked at makes nothing more certain.
    func times(_ groups: SpanTimeGroups, count: Int, slots: Int, of window: TimeRange, slot slotOf: (Timestamp) -> Int) -> [SlotTimes] {
        var times = [SlotTimes](repeating: SlotTimes(bounds: Self.bounds, slots: slots, hasSums: true), count: count)
        var slot = 0
        func add(_ part: DurationPart, _ value: Double, to group: Int32) {
            guard group >= 0 else { return }
            switch part {
            case .step(let step): times[Int(group)].add(value, slot: slot, step: min(Self.bounds.count - 1, step / DurationTally.stepsOfQuarterOctave))
            case .microseconds: times[Int(group)].add(milliseconds: value / 1000, slot: slot)
            }
        }
        let stands = max(1, standsFor)
        forEach(from: Self.second(of: window.from), through: Self.second(of: window.to), slot: { slot = min(slots - 1, slotOf(Self.start($0.start))) }) { pair, part, value in
            guard case .duration(let vantage, let part) = part, pair < groups.answered.count else { return }
            let value = Double(value) / stands
            if vantage != .clientOfBoth {
                add(part, value, to: groups.answered[pair])
                add(part, value, to: groups.pods[pair])
            }
            if vantage != .serverOfBoth { add(part, value, to: groups.seen[pair]) }
        }
        return times
    }

    /// Quarters of octaves, milliseconds.
    private static let bounds: [Double] = {
        let count = DurationTally.steps / DurationTally.stepsOfQuarterOctave
        return (0..<count).map { $0 == count - 1 ? .infinity : DurationTally.upperBound(ofQuarterOctave: $0) }
    }()
}
