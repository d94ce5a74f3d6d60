import MeshModel
import SeriesStore

/// What becomes of targets that left their list. Their history stays readable for as long as rows of it are kept; a row of a live
/// frame they have while its window holds samples of them, ten minutes at least. With the last row everything of them is given back.
extension EngineState {
    /// For so long a target that left is shown as gone, even where the window is shorter.
    static let goneShownSeconds = 600.0
    private static let sweepSeconds = 60.0

    mutating func leave(_ index: Int) {
        guard targets[index].goneSince == nil else { return }
        targets[index].goneSince = newest
        // It counts as a pod no more.
        levels?.relationCounts = []
        store.retire(targets[index].source.id)
    }

    mutating func comeBack(_ index: Int) {
        guard targets[index].goneSince != nil else { return }
        targets[index].goneSince = nil
        levels?.relationCounts = []
    }

    /// After a batch: what the store gave back is given back here, and once a minute whatever is left of those that never said anything.
    mutating func sweep() {
        var gone = Set(store.takeDropped())
        if newest >= nextSweep {
            nextSweep = newest + Timestamp.Span(seconds: Self.sweepSeconds)
            for index in targets.indices {
                if let since = targets[index].goneSince {
                    if !isShown(goneSince: since, at: newest), !store.holds(targets[index].source.id) { gone.insert(targets[index].source.id) }
                } else if targets[index].source.intervalSeconds != nil, targets[index].isStale(at: newest), store.isSpent(targets[index].source.id) {
                    handBack(index)
                }
            }
        }
        guard !gone.isEmpty, targets.contains(where: { $0.goneSince != nil && gone.contains($0.source.id) }) else { return }
        targets.removeAll { $0.goneSince != nil && gone.contains($0.source.id) }
        targetIndex.removeAll(keepingCapacity: true)
        for index in targets.indices { targetIndex[targets[index].source.id] = index }
        glances.removeAll(keepingCapacity: true)
        for index in targets.indices { glance(index) }
        isUnsettled = true
        levels = nil
        version += 1
    }

    /// A proxy still on its list that has been silent for longer than anything is kept: its series are given back. Their ordinals
    /// belong to Intake, which announces them again should it return.
    private mutating func handBack(_ index: Int) {
        let id = targets[index].source.id
        store.forget(id)
        let last = targets[index].lastTime
        targets[index] = TargetState(source: targets[index].source, claim: targets[index].claim, grid: grid)
        // It is as stale as before.
        if let last { targets[index].rest(since: last) }
        handedBack.insert(id)
        isUnsettled = true
        (levels, past) = (nil, nil)
        glance(index)
    }

    func isShown(goneSince: Timestamp, at now: Timestamp) -> Bool { goneSince + Timestamp.Span(seconds: Self.goneShownSeconds) > now }

    /// Takes targets that left off the frame, and back into it where it spans them.
    mutating func hideGone(_ frame: Frame) {
        for index in glances.indices where glances[index].isGone {
            if frame.mode == .window { targets[index].advance(to: frame.head) }
            let isOver = frame.mode == .window && targets[index].isAtRest && !(targets[index].goneSince.map { isShown(goneSince: $0, at: frame.now) } ?? true)
            let hides = targets[index].lastTime == nil || isOver
            guard hides != targets[index].isHidden else { continue }
            targets[index].hide(hides)
            glance(index)
            levels?.relationCounts = []
        }
    }

    /// Those that left are listed for a while.
    func listedSources(_ frame: Frame) -> [SourceState] {
        targets.indices.filter { index in
            // Of a past instant: it came later.
            guard glances[index].isGone, let since = targets[index].goneSince else { return !targets[index].isHidden }
            return isShown(goneSince: since, at: frame.now) || (frame.mode == .window ? !targets[index].isHidden : targets[index].lastTime != nil)
        }.map { namedSource(targets[$0]) }
    }
}
