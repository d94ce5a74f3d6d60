import MeshModel
import Panels
import SeriesStore

extension EngineState {
    /// Which of a target's series stand for one entity's counts, as the fold chose them.
    enum ChartSubject {
        case own
        /// Calls to a service, as its callers saw them.
        case calls(to: ResolvedEntity)
    }

    /// Requests and errors per second by slot; NaN where no sample covers the slot.
    func trends(of node: LevelFold.Node, _ frame: Frame) -> ([Float], [Float]) { slotSums(of: node, frame).rates(grid: grid) }

    /// No rate of the newest slots is waited for.
    func isOver(_ index: Int, _ frame: Frame) -> Bool { glances[index].isStale || targets[index].hasEnded(at: frame.now) }

    private func slotSums(of node: LevelFold.Node, _ frame: Frame) -> SlotSums {
        var sums = SlotSums(head: frame.head)
        for index in node.targets where node.hasOwn { sums.add(targets[Int(index)].trend, isStale: isOver(Int(index), frame)) }
        if !node.hasOwn {
            for index in node.reporters {
                sums.add(targets[Int(index)], subject: .calls(to: node.entity.asService), directory: directory, predicate: frame.predicate, detailed: false,
                         isStale: isOver(Int(index), frame))
            }
        }
        return sums
    }

    /// As the caller's proxies count them, which name services and no more; nil where none of them is read.
    mutating func callTrend(_ source: EntityKey, _ destination: Entity, _ frame: Frame) -> CallTrend? {
        let fold = fold(source.level, frame)
        guard frame.mode == .window, let place = Self.place(of: source, in: fold.rows) else { return nil }
        let node = fold.nodes[Int(fold.nodeOfRow[place])]
        let called = node.edgesOut.lazy.map { fold.nodes[Int(fold.edges[Int($0)].destination)].entity }.first { ends(node.entity, $0).destination == destination }
        guard let called, called == called.asService, !node.targets.isEmpty else { return nil }
        let (rates, errors) = slotSums(ofCallsOf: node, to: called, frame).rates(grid: grid)
        return CallTrend(source: source, destination: destination, trend: Trend(rates: rates, errors: errors))
    }

    /// Read from the rings: `trend` is kept for standing windows alone.
    func ownSlotSums(of node: LevelFold.Node, _ frame: Frame) -> SlotSums {
        var sums = SlotSums(head: frame.head)
        for index in node.hasOwn ? node.targets : node.reporters {
            sums.add(targets[Int(index)], subject: node.hasOwn ? .own : .calls(to: node.entity.asService), directory: directory, predicate: frame.predicate,
                     detailed: false, isStale: isOver(Int(index), frame))
        }
        return sums
    }

    func slotSums(ofCallsOf caller: LevelFold.Node, to service: ResolvedEntity, _ frame: Frame) -> SlotSums {
        var sums = SlotSums(head: frame.head)
        for index in caller.targets {
            sums.add(targets[Int(index)], subject: .calls(to: service), directory: directory, predicate: frame.predicate, detailed: false, isStale: isOver(Int(index), frame))
        }
        return sums
    }

    /// - Parameter targets: whose own side is charted; all of them where the traffic of the whole mesh is asked for.
    func rateCharts(of indices: some Sequence<Int>, _ frame: Frame) -> Charts {
        var sums = SlotSums(head: frame.head)
        for index in indices { sums.add(targets[index].trend, isStale: isOver(index, frame)) }
        return sums.charts(grid: grid)
    }

    func charts(of node: LevelFold.Node, _ frame: Frame) -> Charts {
        var sums = SlotSums(head: frame.head)
        for index in node.hasOwn ? node.targets : node.reporters {
            sums.add(targets[Int(index)], subject: node.hasOwn ? .own : .calls(to: node.entity.asService), directory: directory,
                     predicate: frame.predicate, detailed: true, isStale: isOver(Int(index), frame))
        }
        return sums.charts(grid: grid)
    }
}

/// Per-slot sums of the series that stand for one entity, oldest slot first.
struct SlotSums {
    /// Slot of the last place.
    let head: Int64
    private var requests = [Float](repeating: 0, count: SlotGrid.count)
    private var errors = [Float](repeating: 0, count: SlotGrid.count)
    private var denied = [Float](repeating: 0, count: SlotGrid.count)
    private var bytesIn = [Float](repeating: 0, count: SlotGrid.count)
    private var bytesOut = [Float](repeating: 0, count: SlotGrid.count)
    private var covered = [Float](repeating: 0, count: SlotGrid.count)
    /// Newest slot all have told of; later ones would look like a drop.
    private var told = Int64.max
    private var hasBytes = false
    private var bounds: [Float] = []
    /// slot × bound, cumulative over bounds.
    private var buckets: [Float] = []

    init(head: Int64 = .min) { self.head = head }

    /// What another gathered up to the same slot or an earlier one.
    mutating func add(_ other: SlotSums, isStale: Bool) {
        guard other.head != .min else { return }
        if !isStale { told = min(told, other.told) }
        let shift = Int(clamping: head - other.head)
        Self.add(other.requests, to: &requests, shift)
        Self.add(other.errors, to: &errors, shift)
        Self.add(other.denied, to: &denied, shift)
        Self.add(other.covered, to: &covered, shift)
    }

    private static func add(_ values: [Float], to sums: inout [Float], _ shift: Int) {
        guard shift >= 0, shift < SlotGrid.count else { return }
        values.withUnsafeBufferPointer { values in
            sums.withUnsafeMutableBufferPointer { sums in
                for index in 0..<SlotGrid.count - shift { sums[index] += values[index + shift] }
            }
        }
    }

    mutating func add(_ target: TargetState, subject: EngineState.ChartSubject, directory: Directory, predicate: ErrorPredicate, detailed: Bool,
                      isStale: Bool = false) {
        guard target.headSlot != .min else { return }
        if let last = target.lastToldSlot(isStale: isStale) { told = min(told, last) }
        // What a scrape found is of the seconds it covers, be they more or less than its slot's.
        let scales = target.scales(head: head)
        let cells = target.cells.indices.map { Self.counts(target.cells[$0], subject, directory) }
        // The best rank that moved at all speaks; classes only where there are no exact codes.
        var requestRank = UInt8.max, latencyRank = UInt8.max, bytesRank = UInt8.max
        for item in target.series where cells[Int(item.cell)] && item.ringRow >= 0 {
            switch item.signal {
            case .requests, .requestsByClass: requestRank = min(requestRank, item.rank)
            case .latencyBucket: latencyRank = min(latencyRank, item.rank)
            case .bytesSent, .bytesReceived: bytesRank = min(bytesRank, item.rank)
            default: break
            }
        }
        for item in target.series where cells[Int(item.cell)] && item.ringRow >= 0 {
            switch item.signal {
            case .requests where item.rank == requestRank, .requestsByClass where item.rank == requestRank:
                let status = item.grpcStatus == 255 ? nil : item.grpcStatus
                let isError = predicate.isError(code: item.code, grpcStatus: status, hasFlags: !item.flags.isEmpty)
                target.addRow(item, to: &requests, head: head, scales)
                if isError { target.addRow(item, to: &errors, head: head, scales) }
            case .rbacDenied:
                target.addRow(item, to: &denied, head: head, scales)
                // Denied calls never reach the cluster whose codes are counted.
                if requestRank == 1 || requestRank == 2 { target.addRow(item, to: &requests, head: head, scales) }
            case .bytesSent where detailed && item.rank == bytesRank:
                hasBytes = true
                target.addRow(item, to: &bytesIn, head: head, scales)
            case .bytesReceived where detailed && item.rank == bytesRank:
                hasBytes = true
                target.addRow(item, to: &bytesOut, head: head, scales)
            default: break
            }
        }
        target.addCoverage(to: &covered, head: head)
        if detailed { addBuckets(target, cells, latencyRank) }
    }

    static func counts(_ cell: Cell, _ subject: EngineState.ChartSubject, _ directory: Directory) -> Bool {
        switch subject {
        case .own: return cell.vantage == .server
        case .calls(let service):
            guard cell.vantage == .client, cell.destinationEntity >= 0 else { return false }
            return directory[cell.destinationEntity].asService == service
        }
    }

    private mutating func addBuckets(_ target: TargetState, _ cells: [Bool], _ rank: UInt8) {
        for group in target.histograms where cells[Int(group.cell)] && group.rank == rank {
            if bounds.isEmpty {
                bounds = group.bounds
                buckets = .init(repeating: 0, count: SlotGrid.count * bounds.count)
            }
            // Layouts that differ are left out of the heat map; the quantiles of the row merge them.
            guard group.bounds == bounds else { continue }
            var row = [Float](repeating: 0, count: SlotGrid.count)
            for (member, bound) in group.members {
                let item = target.series[Int(member)]
                guard item.ringRow >= 0 else { continue }
                for slot in row.indices { row[slot] = 0 }
                target.addRow(item, to: &row, head: head)
                for slot in row.indices { buckets[slot * bounds.count + Int(bound)] += row[slot] }
            }
        }
    }

    /// Requests of each slot, and of them those that failed, or were denied.
    func counts(isDenial: Bool) -> [(trials: Float, hits: Float)] {
        requests.indices.map { isTold($0) ? (requests[$0], isDenial ? denied[$0] : errors[$0]) : (0, 0) }
    }

    func rates(grid: SlotGrid) -> ([Float], [Float]) { (rate(requests, grid), rate(errors, grid)) }

    private func rate(_ sums: [Float], _ grid: SlotGrid) -> [Float] {
        let seconds = Float(grid.seconds)
        return sums.indices.map { isTold($0) ? sums[$0] / seconds : .nan }
    }

    private func isTold(_ index: Int) -> Bool { covered[index] > 0 && head - Int64(SlotGrid.count - 1 - index) <= told }

    func charts(grid: SlotGrid) -> Charts {
        // The end of the last slot, not the instant within it: what is said of a slot's time must not move from frame to frame.
        var charts = Charts(slotSeconds: grid.seconds, end: grid.start(of: head &+ 1))
        (charts.rate, charts.errorRate, charts.deniedRate) = (rate(requests, grid), rate(errors, grid), rate(denied, grid))
        charts.success = requests.indices.map { index in
            let judged = requests[index] - denied[index]
            return isTold(index) && judged > 0 ? max(0, 1 - errors[index] / judged) : .nan
        }
        if hasBytes { (charts.bytesInRate, charts.bytesOutRate) = (rate(bytesIn, grid), rate(bytesOut, grid)) }
        if !bounds.isEmpty { addLatency(to: &charts, grid: grid) }
        return charts
    }

    /// Envoy merges histograms every 5 s: a point of a quantile covers at least that long, or it would jump between nothing
    /// and everything.
    private func addLatency(to charts: inout Charts, grid: SlotGrid) {
        let width = bounds.count
        var perBucket = [Float](repeating: 0, count: buckets.count)
        for slot in 0..<SlotGrid.count {
            for bound in 0..<width {
                let below = bound == 0 ? 0 : buckets[slot * width + bound - 1]
                perBucket[slot * width + bound] = max(0, buckets[slot * width + bound] - below)
            }
        }
        charts.heat = LatencyHeat(upperBounds: bounds.map(Double.init), counts: perBucket)
        let group = max(1, Int((5 / grid.seconds).rounded(.up)))
        var quantiles: [[Float]] = [[], [], []]
        for slot in 0..<SlotGrid.count {
            var cumulative = [Double](repeating: 0, count: width)
            for other in max(0, slot - group + 1)...slot {
                for bound in 0..<width { cumulative[bound] += Double(buckets[other * width + bound]) }
            }
            let vector = BucketVector(bounds: bounds, cumulative: cumulative)
            for (index, q) in [0.5, 0.95, 0.99].enumerated() { quantiles[index].append(vector.quantile(q).map { Float($0.value) } ?? .nan) }
        }
        (charts.p50, charts.p95, charts.p99) = (quantiles[0], quantiles[1], quantiles[2])
    }
}

extension TargetState {
    /// Adds a series' ring, oldest slot first; `head` is the slot of the last place.
    func addRow(_ item: MappedSeries, to sums: inout [Float], head: Int64, _ scales: [Float]? = nil) {
        let row = Int(item.ringRow) * SlotGrid.count
        let scale = item.signal == .bytesSent || item.signal == .bytesReceived ? item.scale : 1
        if let scales {
            forEachPlace(head) { index, place in sums[index] += ring[row + place] * scale * scales[index] }
        } else {
            forEachPlace(head) { index, place in sums[index] += ring[row + place] * scale }
        }
    }

    /// What makes of a slot's counts those of a whole slot; nil if all are covered whole, or not at all.
    func scales(head: Int64) -> [Float]? {
        var scales = [Float](repeating: 1, count: SlotGrid.count)
        var isEven = true
        let seconds = Float(grid.seconds)
        forEachPlace(head) { index, place in
            guard covered[place] > 0, abs(covered[place] - seconds) > seconds * 0.01 else { return }
            scales[index] = seconds / covered[place]
            isEven = false
        }
        return isEven ? nil : scales
    }

    func addCoverage(to sums: inout [Float], head: Int64) { forEachPlace(head) { index, place in sums[index] += covered[place] } }

    /// Slots both know: nothing has come yet for those after the ring's newest.
    private func forEachPlace(_ head: Int64, _ body: (Int, Int) -> Void) {
        let shift = head - headSlot
        guard shift >= 0, shift < Int64(SlotGrid.count) else { return }
        var place = SlotGrid.place(head &+ 1)
        for index in 0..<SlotGrid.count - Int(shift) {
            body(index, place)
            place += 1
            if place == SlotGrid.count { place = 0 }
        }
    }
}
