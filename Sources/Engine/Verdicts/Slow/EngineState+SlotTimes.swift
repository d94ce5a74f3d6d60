import Diagnosis
import MeshModel
import SeriesStore

/// What answers and calls took, slot by slot of the standing sums.
extension EngineState {
    /// Envoy merges its histograms every five seconds: in so many slots before a moment some of what came after it may be counted.
    var lateSlots: Int { max(1, Int((5 / grid.seconds).rounded(.up))) }

    /// Of those that export it, each, up to the slot that all of them have told of: what some told of later ones would look like a change.
    func slotTimes(_ indices: [Int32], _ subject: ChartSubject, _ frame: Frame) -> [SlotTimesOfTarget] {
        var told = Int64.max, read: [SlotTimesOfTarget] = []
        for index in indices {
            if let last = targets[Int(index)].lastToldSlot(isStale: isOver(Int(index), frame)) { told = min(told, last) }
            if let times = targets[Int(index)].slotTimes(subject, directory, head: frame.head) { read.append(.init(target: index, times: times)) }
        }
        if told < frame.head {
            for place in read.indices { read[place].times.cut(to: max(0, SlotGrid.count - Int(clamping: frame.head - told))) }
        }
        return read
    }
}

/// What one proxy tells.
struct SlotTimesOfTarget {
    var target: Int32
    var times: SlotTimes
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
