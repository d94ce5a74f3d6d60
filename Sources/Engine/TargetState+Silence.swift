import MeshModel

extension TargetState {
    /// Stale once three intervals passed without a sample. `now` is the newest time known anywhere.
    func isStale(at now: Timestamp) -> Bool {
        guard let lastTime else { return false }
        return Self.staleAfter(last: lastTime, interval: expectedInterval, isGone: source.health == .gone) < now
    }

    static func staleAfter(last: Timestamp, interval: Double?, isGone: Bool) -> Timestamp {
        if isGone { return Timestamp(nanoseconds: .min) }
        guard let interval, interval > 0 else { return Timestamp(nanoseconds: .max) }
        return last + Timestamp.Span(seconds: 3 * interval)
    }

    /// Newest slot of which enough was read to tell its rate; nil for one that fell silent.
    func lastToldSlot(isStale: Bool) -> Int64? {
        guard let lastTime, !isStale else { return nil }
        let slot = grid.slot(of: lastTime)
        return slot == headSlot && Double(covered[SlotGrid.place(slot)]) < grid.seconds / 2 ? slot - 1 : slot
    }
}
