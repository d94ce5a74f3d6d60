import Diagnosis
import MeshModel
import Panels

/// Since when.
extension EngineState {
    /// By the traces that fail so, among all of their entries, and by the counts of who fails. Traces tell the instant; but where few are sampled, the first
    /// that fails may come long after the first failure: counts have the word where they know of twice as many, and failing traces are further apart than slots.
    mutating func onset(_ finding: OriginFinding, _ findings: Findings, _ frame: Frame) -> Timestamp? {
        // Of what is mostly made up for, what is hidden tells it.
        let hidden = finding.hidden.reduce(0) { $0 + $1.traces }, told = hidden > finding.traces ? finding.groups + finding.hidden : finding.groups
        let seen = findings.paths.flatMap { told.isEmpty ? nil : Onset.of(Self.steps(told, $0)) }
        // Slots are of the window alone.
        if frame.mode == .wholeRun, !told.isEmpty { return seen }
        let apart = seen.map { (frame.window.to - $0).seconds / Double(max(1, finding.traces)) } ?? .infinity
        guard apart > grid.seconds, let sums = slotSums(finding, findings.reading, frame) else { return seen }
        let steps = sums.steps(isDenial: finding.key.isDenial, grid: grid)
        guard steps.reduce(0, { $0 + $1.hits }) >= 2 * Double(finding.traces) else { return seen }
        return Onset.of(steps) ?? seen
    }

    private static func steps(_ groups: [FailingPaths.Group], _ paths: FailingPaths) -> [Onset.Step] {
        var hits: [Timestamp: Double] = [:]
        for group in groups { for time in group.times { hits[time, default: 0] += 1 } }
        var steps: [Onset.Step] = []
        for entry in Set(groups.map(\.key.entry)) {
            for trace in paths.times[entry] { steps.append(.init(time: trace.start, trials: 1, hits: min(1, hits[trace.start] ?? 0))) }
        }
        return steps
    }

    /// What the one that fails answered, or of an edge what its caller saw, by slot; nil where no metrics tell.
    private mutating func slotSums(_ finding: OriginFinding, _ reading: ServiceReading, _ frame: Frame) -> SlotSums? {
        let fold = fold(.service, frame)
        func node(_ entity: ResolvedEntity) -> LevelFold.Node? {
            guard let place = reading.place(of: entity), reading.foldNodes[Int(place)] >= 0 else { return nil }
            return fold.nodes[Int(reading.foldNodes[Int(place)])]
        }
        guard let called = node(finding.key.service) else { return nil }
        guard let caller = finding.key.caller, !finding.key.isDenial else { return ownSlotSums(of: called, frame) }
        guard let caller = node(caller), !caller.targets.isEmpty else { return nil }
        return slotSums(ofCallsOf: caller, to: called.entity, frame)
    }
}

extension SlotSums {
    func steps(isDenial: Bool, grid: SlotGrid) -> [Onset.Step] {
        counts(isDenial: isDenial).enumerated().map { index, counts in
            Onset.Step(time: grid.start(of: head - Int64(SlotGrid.count - 1 - index)), trials: Double(counts.trials.rounded()), hits: Double(counts.hits.rounded()))
        }
    }
}
