import CallGraph
import MeshModel
import Panels
import SeriesStore

/// Calls of one entity by slot of the window, oldest first.
struct SpanSlots {
    private var requests = [Float](repeating: 0, count: SlotGrid.count)
    private var errors = [Float](repeating: 0, count: SlotGrid.count)
    private var denied = [Float](repeating: 0, count: SlotGrid.count)
    private var durations: [DurationTally] = []
    /// First slot anything is known of.
    private var known = 0

    init(detailed: Bool, known: Int) {
        if detailed { durations = [DurationTally](repeating: DurationTally(), count: SlotGrid.count) }
        self.known = known
    }

    /// What a second counted is spread over the slots it lies in; its durations are of all of them.
    mutating func add(_ part: SpanSeries.Part, _ value: Int, over shares: SlotShares, first: Int64, _ predicate: ErrorPredicate) {
        let from = max(0, shares.first - first), to = min(Int64(SlotGrid.count), shares.last - first + 1)
        guard from < to else { return }
        let slots = Int(from)..<Int(to)
        switch part {
        case .calls(let outcome):
            let side = outcome.answered, isError = side.isError(predicate)
            for slot in slots {
                let count = Float(Double(value) * shares.share(of: first + Int64(slot)))
                requests[slot] += count
                if side.isDenied { denied[slot] += count } else if isError { errors[slot] += count }
            }
        case .duration(let vantage, let part):
            guard !durations.isEmpty, vantage != .clientOfBoth else { return }
            for slot in slots { durations[slot].add(part, value) }
        }
    }

    private func perSecond(_ counts: [Float], _ grid: SlotGrid) -> [Float] {
        counts.indices.map { $0 < known ? .nan : counts[$0] / Float(grid.seconds) }
    }

    func trend(_ grid: SlotGrid) -> Trend { Trend(rates: perSecond(requests, grid), errors: perSecond(errors, grid)) }

    func charts(_ grid: SlotGrid, head: Int64) -> Charts {
        var charts = Charts(slotSeconds: grid.seconds, end: grid.start(of: head + 1))
        charts.rate = perSecond(requests, grid)
        charts.errorRate = perSecond(errors, grid)
        charts.deniedRate = perSecond(denied, grid)
        charts.success = requests.indices.map { requests[$0] > denied[$0] ? 1 - errors[$0] / (requests[$0] - denied[$0]) : .nan }
        func quantiles(_ share: Double) -> [Float] { durations.map { $0.count > 0 ? Float($0.quantile(share)) : .nan } }
        (charts.p50, charts.p95, charts.p99) = (quantiles(0.5), quantiles(0.95), quantiles(0.99))
        charts.heat = heat
        return charts
    }

    /// From the shortest duration there is to the longest.
    private var heat: LatencyHeat? {
        let slots = durations.map(\.halfOctaves)
        let used = slots.reduce(into: (low: Int.max, high: -1)) { range, counts in
            if let low = counts.firstIndex(where: { $0 > 0 }), let high = counts.lastIndex(where: { $0 > 0 }) { range = (min(range.low, low), max(range.high, high)) }
        }
        guard used.low <= used.high else { return nil }
        let places = used.low...used.high
        return LatencyHeat(upperBounds: places.map { DurationTally.upperBound(ofHalfOctave: $0) }, counts: slots.flatMap { counts in places.map { counts.isEmpty ? 0 : Float(counts[$0]) } })
    }
}

extension EngineState {
    /// - Parameter groups: for each pair of the fold, by its number in the store, the group it counts for; −1: none.
    /// - Returns: by group.
    func spanSlots(_ groups: [Int32], count: Int, _ grid: SlotGrid, head: Int64, _ predicate: ErrorPredicate, detailed: Bool) -> [SpanSlots] {
        let first = head - Int64(SlotGrid.count) + 1
        let from = SpanSeries.second(of: grid.start(of: first)), through = SpanSeries.second(of: grid.start(of: head + 1))
        let known = Int(min(Int64(SlotGrid.count), max(0, grid.slot(of: spanSeries.reachesBackTo ?? grid.start(of: head)) - first)))
        var slots = [SpanSlots](repeating: SpanSlots(detailed: detailed, known: known), count: count)
        var shares = SlotShares(TimeRange(from: grid.start(of: first), to: grid.start(of: first)), grid)
        spanSeries.forEach(from: from, through: through, slot: { slot in
            shares = SlotShares(TimeRange(from: SpanSeries.start(slot.start), to: SpanSeries.start(slot.start + slot.length) - Timestamp.Span(nanoseconds: 1)), grid)
        }) { pair, part, value in
            guard pair < groups.count, groups[pair] >= 0 else { return }
            slots[Int(groups[pair])].add(part, value, over: shares, first: first, predicate)
        }
        return slots
    }

    /// Of one group. A whole run is charted from its first span to its last.
    private func spanCharts(_ groups: [Int32], _ fold: SpanFold, _ frame: Frame) -> Charts {
        let grid = frame.mode == .window ? grid : SlotGrid(windowSeconds: max(1, fold.range.length.seconds * 1.01))
        let head = frame.mode == .window ? frame.head : grid.slot(of: fold.range.to)
        return spanSlots(groups, count: 1, grid, head: head, frame.predicate, detailed: true)[0].charts(grid, head: head)
    }

    /// Trends of rows that spans alone tell of.
    mutating func addSpanTrends(_ level: EntityLevel, _ keys: [EntityKey], _ frame: Frame, to data: inout FrameData) {
        guard hasSpans, frame.mode == .window else { return }
        let missing = keys.filter { data.trends[$0] == nil }
        guard !missing.isEmpty else { return }
        let fold = spanFold(frame)
        let wanted = Dictionary(missing.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
        var groups = [Int32](repeating: -1, count: traces.pairEnds.count)
        var seen = Set<Int32>()
        for pair in fold.pairs where pair.destination.kind == .workload {
            guard let group = wanted[key(pair.destination.folded(to: level), level)] else { continue }
            groups[pair.number] = group
            seen.insert(group)
        }
        let slots = spanSlots(groups, count: missing.count, grid, head: frame.head, frame.predicate, detailed: false)
        for group in seen { data.trends[missing[Int(group)]] = slots[Int(group)].trend(grid) }
    }

    /// The page of an entity that spans alone tell of.
    mutating func spanDetail(_ key: EntityKey, _ frame: Frame) -> EntityDetail? {
        guard hasSpans, let row = addSpanRows(to: [], key.level, frame).first(where: { $0.key == key }) else { return nil }
        let fold = spanFold(frame)
        var groups = [Int32](repeating: -1, count: traces.pairEnds.count)
        for pair in fold.pairs where pair.destination.kind == .workload && self.key(pair.destination.folded(to: key.level), key.level) == key {
            groups[pair.number] = 0
        }
        let charts = spanCharts(groups, fold, frame)
        var detail = EntityDetail(row: row, charts: charts)
        for edge in fold.edges(key.level) {
            let isIn = edge.destination.kind == .workload && self.key(edge.destination, key.level) == key
            let isOut = edge.source.kind == .workload && self.key(edge.source, key.level) == key
            guard isIn || isOut else { continue }
            let line = spanEdge(edge, named(edge.source), named(edge.destination), fold.range, frame.predicate)
            if isIn { detail.inbound.append(line) }
            if isOut { detail.outbound.append(line) }
        }
        (detail.inbound, detail.outbound) = (Self.ordered(detail.inbound), Self.ordered(detail.outbound))
        let service = row.entity.service
        detail.members = addSpanRows(to: [], .pod, frame).filter { pod in
            switch key.level {
            case .node: pod.entity.node == key.name
            case .namespace: pod.entity.namespace == key.name
            default: pod.entity.service == service && (pod.entity.namespace ?? "") == key.namespace
            }
        }
        return detail
    }

    /// The mesh where no metrics tell of it: what came in from outside, else all calls once each.
    /// - Returns: its services; nil where metrics tell.
    mutating func addSpans(to mesh: inout MeshSummary, _ frame: Frame) -> [EntityRow]? {
        guard hasSpans, mesh.services == 0 else { return nil }
        let fold = spanFold(frame)
        let hasEntries = fold.pairs.contains { $0.source.kind == .external && $0.destination.kind == .workload }
        var groups = [Int32](repeating: -1, count: traces.pairEnds.count)
        var all = SideTally()
        for pair in fold.pairs where pair.destination.kind == .workload && (!hasEntries || pair.source.kind == .external) {
            groups[pair.number] = 0
            all.merge(pair.tally.answered)
        }
        mesh.signals = golden(all, attempts: nil, fold.range, frame.predicate)
        mesh.charts = spanCharts(groups, fold, frame)
        let services = addSpanRows(to: [], .service, frame)
        mesh.services = services.count
        mesh.pods = addSpanRows(to: [], .pod, frame).count
        mesh.nodes = addSpanRows(to: [], .node, frame).count
        mesh.namespaces = addSpanRows(to: [], .namespace, frame).map(\.key.name)
        return services
    }
}
