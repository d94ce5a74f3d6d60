import MeshModel
import Panels
import SeriesStore

/// Another instant, or another window, as it must be read back from the store's rows: copied in a short lock (rows and sums are
/// shared until one side writes), replayed by `run` beside it, and handed in with `Engine.take`. Meanwhile batches come in and
/// frames are answered as ever.
package struct Rebuild: Sendable {
    /// Numbers the requests: only the newest is still wanted.
    package let number: Int
    /// What stands ready is to have this window from now on; else it is a past instant to be looked at.
    let isStanding: Bool
    let now: Timestamp
    let newest: Timestamp
    let windowSeconds: Double
    let terms: Levels.Terms
    let targets: [TargetState]
    let rows: StoreSnapshot
    let directory: Directory
    let settlement: Int

    /// - Parameter isWanted: asked between targets, so that what is not wanted any more ends early.
    /// - Returns: nil where it was not wanted any more.
    package func run(while isWanted: () -> Bool = { true }) -> Rebuilt? {
        var past = Past(now: now, windowSeconds: windowSeconds, targets: [], grid: SlotGrid(windowSeconds: windowSeconds))
        past.targets.reserveCapacity(targets.count)
        for target in targets {
            guard isWanted() else { return nil }
            past.targets.append(replayed(target, grid: past.grid))
        }
        past.levels = Levels(terms: terms)
        return Rebuilt(number: number, isStanding: isStanding, settlement: settlement, past: past)
    }

    private func replayed(_ target: TargetState, grid: SlotGrid) -> TargetState {
        var replayed = target.blank(grid: grid)
        replayed.hide(false)
        let from = now - Timestamp.Span(seconds: windowSeconds)
        rows.forEachRow(of: target.source.id, from: from, to: now) { row in
            if row.isSilent, replayed.lastTime == nil { takePageBefore(row.time, of: target, into: &replayed) }
            replayed.take(row)
        }
        if !isStanding {
            if replayed.lastTime != nil {
                replayed.source = source(of: replayed)
            } else if let last = target.lastTime {
                // Silent then and to this day, for longer than anything is kept; else it came later.
                if last <= now, target.goneSince == nil { replayed.rest(since: last) } else { replayed.hide(true) }
            }
        }
        if replayed.isStale(at: now) { replayed.advance(to: grid.slot(of: now)) }
        if replayed.needsFold { replayed.refold(terms, at: now, directory: directory) }
        return replayed
    }
}

extension Rebuild {
    /// It was silent when the window began: since when, and what it counted until then, says its last page, which lies before.
    private func takePageBefore(_ time: Timestamp, of target: TargetState, into replayed: inout TargetState) {
        let before = time - Timestamp.Span(nanoseconds: 1)
        rows.forEachRow(of: replayed.source.id, from: before, to: before) { if !$0.isSilent, $0.time < time { replayed.take($0) } }
        if target.scrapes > 1 { replayed.followPages() }
    }

    /// What its rows tell of the source at that instant, whatever has become of it. How long pages took, and what was wrong with
    /// them, is not among the series: counts stay today's.
    private func source(of target: TargetState) -> SourceState {
        var source = target.source
        guard now < newest else { return source }
        (source.lastSuccess, source.lastAttempt, source.durationSeconds, source.consecutiveFailures) = (target.lastTime, nil, nil, 0)
        if let since = target.goneSince, since < now {
            source.health = .gone
        } else {
            source.health = target.isSilent ? .failing(reason: "gave no page then") : .up
        }
        return source
    }
}

/// A finished rebuild.
package struct Rebuilt: Sendable {
    package let number: Int
    let isStanding: Bool
    var settlement: Int
    var past: Past
}

/// The rebuild under way, and what came in since it was begun.
struct Rebuilding {
    /// A page, or that none came.
    struct Entry {
        var source: SourceID
        var time: Timestamp?
        var changes: [SampleChange]
    }

    let number: Int
    let now: Timestamp
    let isStanding: Bool
    /// In the order they came; kept for a standing window alone.
    var journal: [Entry] = []
    /// A page came for an instant already read.
    var isSpoilt = false
}

extension TargetState {
    mutating func take(_ entry: Rebuilding.Entry) {
        if let time = entry.time { take(entry.changes, at: time) } else { takeSilence(entry.changes) }
    }

    mutating func refold(_ terms: Levels.Terms, at now: Timestamp, directory: Directory) {
        needsFold = false
        foldVersion = 0
        guard !isSetAside else {
            (folded, trend) = (TargetFold(), SlotSums())
            return
        }
        folded = fold(terms.mode, now: now, predicate: terms.predicate) { $0 < 0 ? $0 : directory.serviceID(of: $0) }
        guard terms.mode == .window else { return }
        var trend = SlotSums(head: headSlot)
        trend.add(self, subject: .own, directory: directory, predicate: terms.predicate, detailed: false)
        self.trend = trend
    }
}
