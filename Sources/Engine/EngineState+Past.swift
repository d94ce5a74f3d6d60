import MeshModel
import Panels
import SeriesStore

/// The targets' sums as they stood at one instant over one window.
struct Past {
    var now: Timestamp
    var windowSeconds: Double
    var targets: [TargetState]
    var glances: [TargetGlance] = []
    var grid: SlotGrid
    var levels: Levels?
}

/// Another instant or another window is the same code over other rows: those of the store go through the same sums, and the
/// answer is made of them as of the standing ones.
extension EngineState {
    /// Whether a frame can be answered of what stands ready or was read back already.
    func isReady(_ time: FrameTime) -> Bool {
        let now = time.now ?? newest
        return isStanding(time, now) || isPast(time, now)
    }

    func isStanding(_ time: FrameTime, _ now: Timestamp) -> Bool {
        !time.windowSeconds.isFinite || now >= newest && time.windowSeconds == windowSeconds
    }

    private func isPast(_ time: FrameTime, _ now: Timestamp) -> Bool {
        // The newest instant moves on with every batch: it is not worth keeping.
        now < newest && past?.now == now && past?.windowSeconds == time.windowSeconds
    }

    /// Read back in the lock where it is not ready: for whoever asks once and waits.
    mutating func answerFromPast(_ queries: [PanelQuery], at time: FrameTime, now: Timestamp) -> FrameData {
        if !isPast(time, now) {
            let rebuilt = rebuild(now: now, windowSeconds: time.windowSeconds, predicate: time.predicate, isStanding: false).run()
            past = rebuilt?.past
        }
        guard let data = atPast(time, now, { $0.answerStanding(queries, at: time, now: now) }) else { preconditionFailure("BUG: a past that nobody else wants was given up") }
        return data
    }

    /// With the targets as they stood then.
    /// - Returns: nil where they were not read back.
    mutating func atPast<Result>(_ time: FrameTime, _ now: Timestamp, _ body: (inout EngineState) -> Result) -> Result? {
        guard past?.now == now, past?.windowSeconds == time.windowSeconds, var past = past.take() else { return nil }
        defer { self.past = past }
        return within(&past, body)
    }

    /// As if the sums of that past stood.
    mutating func within<Result>(_ past: inout Past, _ body: (inout EngineState) -> Result) -> Result {
        swapSums(&past)
        if glances.count != targets.count {
            for index in targets.indices { glance(index) }
        }
        defer { swapSums(&past) }
        return body(&self)
    }

    private mutating func swapSums(_ past: inout Past) {
        swap(&targets, &past.targets)
        swap(&glances, &past.glances)
        swap(&grid, &past.grid)
        swap(&levels, &past.levels)
    }

    func rebuild(number: Int = 0, now: Timestamp, windowSeconds: Double, predicate: ErrorPredicate, isStanding: Bool) -> Rebuild {
        Rebuild(number: number, isStanding: isStanding, now: now, newest: newest, windowSeconds: windowSeconds,
                terms: Levels.Terms(mode: .window, predicate: predicate), targets: targets, rows: store.snapshot, directory: directory,
                settlement: settlement)
    }

    // MARK: - Beside the lock

    /// Copies what a frame that is not ready needs. The rebuild under way, if any, is not wanted any more.
    mutating func prepare(_ time: FrameTime, number: Int) -> Rebuild? {
        settle()
        rebuilding = nil
        guard !isReady(time) else { return nil }
        let now = time.now ?? newest
        let rebuild = rebuild(number: number, now: min(now, newest), windowSeconds: time.windowSeconds, predicate: time.predicate, isStanding: now >= newest)
        rebuilding = Rebuilding(number: number, now: rebuild.now, isStanding: rebuild.isStanding)
        return rebuild
    }

    /// - Returns: false for an answer nobody waits for any more, or that a late page made wrong.
    mutating func take(_ rebuilt: Rebuilt) -> Bool {
        guard let rebuilding, rebuilding.number == rebuilt.number else { return false }
        self.rebuilding = nil
        guard !rebuilding.isSpoilt else { return false }
        // Entities were numbered anew meanwhile: they are looked up again with the next frame.
        if rebuilt.settlement != settlement { isUnsettled = true }
        if rebuilt.isStanding { stand(rebuilt, rebuilding.journal) } else { past = rebuilt.past }
        version += 1
        return true
    }

    /// The rebuilt sums take the place of those that stood, once what came in meanwhile is part of them.
    private mutating func stand(_ rebuilt: Rebuilt, _ journal: [Rebuilding.Entry]) {
        var fresh = rebuilt.past.targets
        var place: [SourceID: Int] = [:]
        for index in fresh.indices { place[fresh[index].source.id] = index }
        for entry in journal {
            if let index = place[entry.source] { fresh[index].take(entry) }
        }
        (windowSeconds, grid) = (rebuilt.past.windowSeconds, rebuilt.past.grid)
        for index in targets.indices {
            let source = targets[index].source.id
            if let known = place[source], fresh[known].series.count == targets[index].series.count {
                fresh[known].keepRun(of: targets[index])
                swap(&targets[index], &fresh[known])
            } else {
                // It came, or brought new series, while the others were read.
                let before = targets[index]
                var anew = before.blank(grid: grid)
                anew.hide(false)
                store.forEachRow(of: source, from: newest - Timestamp.Span(seconds: windowSeconds), to: newest) { anew.take($0) }
                anew.keepRun(of: before)
                targets[index] = anew
                isUnsettled = true
            }
            glance(index)
        }
        (levels, past) = (rebuilt.past.levels, nil)
    }

    /// A page of the source came, or none: part of a window that is being read back.
    mutating func note(_ source: SourceID, at time: Timestamp?) {
        guard rebuilding?.isStanding ?? false else { return }
        rebuilding?.journal.append(.init(source: source, time: time, changes: store.changes))
    }

    mutating func setWindow(seconds: Double) {
        guard seconds.isFinite, seconds > 0, seconds != windowSeconds else { return }
        settle()
        rebuilding = nil
        let predicate = levels?.terms.predicate ?? .server
        guard let rebuilt = rebuild(now: newest, windowSeconds: seconds, predicate: predicate, isStanding: true).run() else { return }
        stand(rebuilt, [])
        version += 1
    }
}
