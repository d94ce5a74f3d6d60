/// What the answers of a service took, or its calls to another, slot by slot of a window: observations by the steps of a histogram, and their sum.
package struct SlotTimes: Sendable, Equatable {
    /// Milliseconds, ascending, the last infinite: upper bounds of the steps.
    package let bounds: [Double]
    package let slots: Int
    /// slot × step, not cumulative. Of slots that a scrape covered in part they are fractions.
    private var counts: [Double]
    /// By slot; nil where the histogram has no sum.
    private var milliseconds: [Double]?

    package init(bounds: [Double], slots: Int, hasSums: Bool) {
        (self.bounds, self.slots) = (bounds, slots)
        counts = .init(repeating: 0, count: bounds.count * slots)
        milliseconds = hasSums ? .init(repeating: 0, count: slots) : nil
    }

    /// Of those with the steps of the first; nil of none.
    package init?(sumOf all: [SlotTimes]) {
        guard let first = all.first else { return nil }
        self = first
        for other in all.dropFirst() { _ = merge(other) }
    }

    package mutating func add(_ count: Double, slot: Int, step: Int) { counts[slot * bounds.count + step] += max(0, count) }
    package mutating func add(milliseconds more: Double, slot: Int) { milliseconds?[slot] += max(0, more) }

    /// Of the same steps and slots; false, and nothing is added, if they are others.
    package mutating func merge(_ other: SlotTimes) -> Bool {
        guard other.bounds == bounds, other.slots == slots else { return false }
        for place in counts.indices { counts[place] += other.counts[place] }
        if let more = other.milliseconds, milliseconds != nil { for slot in 0..<slots { milliseconds?[slot] += more[slot] } } else { milliseconds = nil }
        return true
    }

    /// Nothing is known of later slots.
    package mutating func cut(to slots: Int) {
        for place in min(slots, self.slots) * bounds.count..<counts.count { counts[place] = 0 }
        if milliseconds != nil { for slot in min(slots, self.slots)..<self.slots { milliseconds?[slot] = 0 } }
    }

    package func total(_ slot: Int) -> Double { counts[slot * bounds.count..<(slot + 1) * bounds.count].reduce(0, +) }

    func count(_ slot: Int, _ step: Int) -> Double { counts[slot * bounds.count + step] }

    package func stretch(_ slots: Range<Int>) -> TimesStretch {
        var stretch = TimesStretch(), sums = [Double](repeating: 0, count: bounds.count)
        for slot in slots { for step in bounds.indices { sums[step] += counts[slot * bounds.count + step] } }
        for (step, bound) in bounds.enumerated() { stretch.steps.add(sums[step], upTo: bound) }
        if let milliseconds { stretch.milliseconds = slots.reduce(0) { $0 + milliseconds[$1] } } else { stretch.milliseconds = stretch.steps.roughMilliseconds }
        return stretch
    }
}

/// The same of a stretch of slots.
package struct TimesStretch: Sendable, Equatable {
    package var steps = LatencySteps()
    package var milliseconds = 0.0

    package init() {}
    package init(_ steps: LatencySteps, milliseconds: Double) { (self.steps, self.milliseconds) = (steps, milliseconds) }

    package var requests: Double { steps.total }
    /// nil of nothing.
    package var mean: Double? { requests > 0 ? milliseconds / requests : nil }
}

extension LatencySteps {
    /// As if all were in the middle of their steps, and those beyond the last bound at it: for histograms that have no sum.
    var roughMilliseconds: Double {
        var low = 0.0, sum = 0.0
        for (bound, count) in zip(bounds, counts) {
            sum += count * (bound.isFinite ? (low + bound) / 2 : low)
            low = bound
        }
        return sum
    }
}

/// Times before a moment and after it.
package struct TimesChange: Sendable, Equatable {
    package var before: TimesStretch
    package var after: TimesStretch

    package init(before: TimesStretch, after: TimesStretch) { (self.before, self.after) = (before, after) }

    /// - Parameter gap: slots before the moment that may hold some of what came after it, and are left out where enough is left.
    package init(_ times: SlotTimes, at slot: Int, gap: Int = 0) {
        var before = times.stretch(0..<max(0, slot - gap))
        if before.requests < Self.fewestBefore { before = times.stretch(0..<slot) }
        self.init(before: before, after: times.stretch(slot..<times.slots))
    }

    /// Milliseconds that a request takes longer, on average; 0 where there was nothing before, or is nothing after.
    package var longer: Double {
        guard let before = before.mean, let after = after.mean else { return 0 }
        return after - before
    }

    /// Standard errors by which the share above some bound grew the most.
    package var z: Double { LatencyShift(before.steps, after.steps, leastShare: WindowChange.leastSlowShare).slower }

    /// Milliseconds that all requests after it took longer, together.
    package var weight: Double { longer * after.requests }

    // Rules, as docs/diagnosis.md has them.
    package static let fewestBefore = 100.0
    static let leastFactor = 1.2

    /// Slower for certain: more of it beyond some bound (`WindowChange`), and on average by a fifth and a millisecond.
    package var isSlower: Bool { isSlower(fewestBefore: Self.fewestBefore) }

    /// - Parameter fewestBefore: fewer are no quiet time to hold it against.
    package func isSlower(fewestBefore: Double) -> Bool {
        guard before.requests >= fewestBefore, after.requests >= WindowChange.fewest, let mean = before.mean else { return false }
        return longer >= max(WindowChange.leastSlowMilliseconds, (Self.leastFactor - 1) * mean) && z >= WindowChange.leastSlowZ
    }
}
