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

    /// Pages of files end where their files end, which is no silence: then nothing more is waited for. What lies between two of them
    /// usually tells when that is.
    func hasEnded(at now: Timestamp) -> Bool {
        guard expectedInterval == nil, let firstTime, let lastTime else { return false }
        guard scrapes > 1 else { return true }
        return lastTime + Timestamp.Span(seconds: 3 * (lastTime - firstTime).seconds / Double(scrapes - 1)) < now
    }

    /// Newest slot of which enough was read to tell its rate; nil for one that fell silent.
    func lastToldSlot(isStale: Bool) -> Int64? {
        guard let lastTime, !isStale else { return nil }
        let slot = grid.slot(of: lastTime)
        return slot == headSlot && Double(covered[SlotGrid.place(slot)]) < grid.seconds / 2 ? slot - 1 : slot
    }
}
