import Diagnosis
import MeshModel
import SeriesStore

/// What answers and calls took, slot by slot of the standing sums.
extension EngineState {
    /// Of a service: what its own proxies answered; where it has none, what its callers saw. nil: nobody exports it.
    func slotTimes(of node: LevelFold.Node, _ frame: Frame) -> SlotTimes? {
        node.hasOwn ? slotTimes(node.targets, .own, frame) : slotTimes(node.reporters, .calls(to: node.entity.asService), frame)
    }

    func slotTimes(ofCallsOf caller: LevelFold.Node, to service: ResolvedEntity, _ frame: Frame) -> SlotTimes? {
        slotTimes(caller.targets, .calls(to: service), frame)
    }

    func slotTimes(_ indices: [Int32], _ subject: ChartSubject, _ frame: Frame) -> SlotTimes? {
        var sum: SlotTimes?, told = Int64.max
        for index in indices {
            if let last = targets[Int(index)].lastToldSlot(isStale: isOver(Int(index), frame)) { told = min(told, last) }
            guard let more = targets[Int(index)].slotTimes(subject, directory, head: frame.head) else { continue }
            // Proxies with other buckets than the first one's are left out.
            if sum == nil { sum = more } else { _ = sum?.merge(more) }
        }
        // What some told of later slots and others did not yet would look like a change.
        if told < frame.head { sum?.cut(to: max(0, SlotGrid.count - Int(clamping: frame.head - told))) }
        return sum
    }
}

extension TargetState {
    /// - Parameter head: the slot of the last place.
    fileprivate func slotTimes(_ subject: EngineState.ChartSubject, _ directory: Directory, head: Int64) -> SlotTimes? {
        guard headSlot != .min else { return nil }
        let isMeant = cells.map { SlotSums.counts($0, subject, directory) }
        // The best rank that moved at all speaks.
        guard let rank = series.lazy.filter({ $0.signal == .latencyBucket && $0.ringRow >= 0 && isMeant[Int($0.cell)] }).map(\.rank).min() else { return nil }
        let groups = histograms.filter { isMeant[Int($0.cell)] && $0.rank == rank }
        guard let bounds = groups.first?.bounds, let last = bounds.last, !last.isNaN else { return nil }
        var times = SlotTimes(bounds: bounds.map(Double.init), slots: SlotGrid.count, hasSums: groups.allSatisfy { !$0.sums.isEmpty })
        var row = [Float](repeating: 0, count: SlotGrid.count), cumulative = [Float](repeating: 0, count: SlotGrid.count * bounds.count)
        func read(_ item: MappedSeries) -> Bool {
            guard item.ringRow >= 0 else { return false }
            for slot in row.indices { row[slot] = 0 }
            addRow(item, to: &row, head: head)
            return true
        }
        for group in groups where group.bounds == bounds {
            for (member, bound) in group.members where read(series[Int(member)]) {
                for slot in row.indices { cumulative[slot * bounds.count + Int(bound)] += row[slot] }
            }
            for sum in group.sums where read(series[Int(sum)]) {
                for slot in row.indices { times.add(milliseconds: Double(row[slot] * series[Int(sum)].scale), slot: slot) }
            }
        }
        for slot in 0..<SlotGrid.count {
            for step in bounds.indices { times.add(Double(cumulative[slot * bounds.count + step] - (step > 0 ? cumulative[slot * bounds.count + step - 1] : 0)), slot: slot, step: step) }
        }
        return times
    }
}
