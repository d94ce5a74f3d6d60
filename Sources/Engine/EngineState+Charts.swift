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
    func trends(of indices: [Int], own: Bool, entity: ResolvedEntity, level: EntityLevel, _ frame: Frame) -> ([Float], [Float]) {
        var sums = SlotSums()
        for index in indices {
            sums.add(targets[index], subject: own ? .own : .calls(to: entity.asService), directory: directory, predicate: frame.predicate,
                     detailed: false)
        }
        return sums.rates(grid: grid)
    }

    func charts(of indices: [Int], own: Bool, entity: ResolvedEntity, _ frame: Frame) -> Charts {
        var sums = SlotSums()
        for index in indices {
            sums.add(targets[index], subject: own ? .own : .calls(to: entity.asService), directory: directory, predicate: frame.predicate,
                     detailed: true)
        }
        return sums.charts(grid: grid, end: frame.window.to)
    }
}

/// Per-slot sums of the series that stand for one entity, oldest slot first.
struct SlotSums {
    private var requests = [Float](repeating: 0, count: SlotGrid.count)
    private var errors = [Float](repeating: 0, count: SlotGrid.count)
    private var denied = [Float](repeating: 0, count: SlotGrid.count)
    private var bytesIn = [Float](repeating: 0, count: SlotGrid.count)
    private var bytesOut = [Float](repeating: 0, count: SlotGrid.count)
    private var covered = [Float](repeating: 0, count: SlotGrid.count)
    private var hasBytes = false
    private var bounds: [Float] = []
    /// slot × bound, cumulative over bounds.
    private var buckets: [Float] = []

    mutating func add(_ target: TargetState, subject: EngineState.ChartSubject, directory: Directory, predicate: ErrorPredicate, detailed: Bool) {
        guard target.headSlot != .min else { return }
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
                target.addRow(item, to: &requests)
                if isError { target.addRow(item, to: &errors) }
            case .rbacDenied:
                target.addRow(item, to: &denied)
                // Denied calls never reach the cluster whose codes are counted.
                if requestRank == 1 || requestRank == 2 { target.addRow(item, to: &requests) }
            case .bytesSent where detailed && item.rank == bytesRank:
                hasBytes = true
                target.addRow(item, to: &bytesIn)
            case .bytesReceived where detailed && item.rank == bytesRank:
                hasBytes = true
                target.addRow(item, to: &bytesOut)
            default: break
            }
        }
        target.addCoverage(to: &covered)
        if detailed { addBuckets(target, cells, latencyRank) }
    }

    private static func counts(_ cell: Cell, _ subject: EngineState.ChartSubject, _ directory: Directory) -> Bool {
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
                target.addRow(item, to: &row)
                for slot in row.indices { buckets[slot * bounds.count + Int(bound)] += row[slot] }
            }
        }
    }

    func rates(grid: SlotGrid) -> ([Float], [Float]) {
        let seconds = Float(grid.seconds)
        return (requests.indices.map { covered[$0] > 0 ? requests[$0] / seconds : .nan },
                errors.indices.map { covered[$0] > 0 ? errors[$0] / seconds : .nan })
    }

    func charts(grid: SlotGrid, end: Timestamp) -> Charts {
        var charts = Charts(slotSeconds: grid.seconds, end: end)
        let seconds = Float(grid.seconds)
        func rate(_ sums: [Float]) -> [Float] { sums.indices.map { covered[$0] > 0 ? sums[$0] / seconds : .nan } }
        (charts.rate, charts.errorRate, charts.deniedRate) = (rate(requests), rate(errors), rate(denied))
        charts.success = requests.indices.map { index in
            let judged = requests[index] - denied[index]
            return covered[index] > 0 && judged > 0 ? max(0, 1 - errors[index] / judged) : .nan
        }
        if hasBytes { (charts.bytesInRate, charts.bytesOutRate) = (rate(bytesIn), rate(bytesOut)) }
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
    /// Adds a series' ring, oldest slot first.
    func addRow(_ item: MappedSeries, to sums: inout [Float]) {
        let row = Int(item.ringRow) * SlotGrid.count
        let scale = item.signal == .bytesSent || item.signal == .bytesReceived ? item.scale : 1
        let start = SlotGrid.place(headSlot &+ 1)  // oldest
        for index in 0..<SlotGrid.count {
            let place = start + index < SlotGrid.count ? start + index : start + index - SlotGrid.count
            sums[index] += ring[row + place] * scale
        }
    }

    func addCoverage(to sums: inout [Float]) {
        let start = SlotGrid.place(headSlot &+ 1)
        for index in 0..<SlotGrid.count {
            let place = start + index < SlotGrid.count ? start + index : start + index - SlotGrid.count
            sums[index] += covered[place]
        }
    }
}
