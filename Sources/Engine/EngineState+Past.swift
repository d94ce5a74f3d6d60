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
    mutating func answerFromPast(_ queries: [PanelQuery], at time: FrameTime, now: Timestamp) -> FrameData {
        var past = past.take() ?? Past(now: now, windowSeconds: 0, targets: [], grid: grid)
        // The newest instant moves on with every batch: it is not worth keeping.
        if past.now != now || past.windowSeconds != time.windowSeconds || now >= newest || past.targets.count != targets.count {
            past = rebuilt(now: now, windowSeconds: time.windowSeconds)
        }
        swap(&targets, &past.targets)
        swap(&glances, &past.glances)
        swap(&grid, &past.grid)
        swap(&levels, &past.levels)
        if glances.count != targets.count {
            for index in targets.indices { glance(index) }
        }
        defer {
            swap(&targets, &past.targets)
            swap(&glances, &past.glances)
            swap(&grid, &past.grid)
            swap(&levels, &past.levels)
            self.past = past
        }
        return answerStanding(queries, at: time, now: now)
    }

    private func rebuilt(now: Timestamp, windowSeconds: Double) -> Past {
        let grid = SlotGrid(windowSeconds: windowSeconds)
        let from = now - Timestamp.Span(seconds: windowSeconds)
        let targets = self.targets.map { target in
            var replayed = target.blank(grid: grid)
            replayed.hide(false)
            store.forEachRow(of: target.source.id, from: from, to: now) { replayed.take($0) }
            // Who gave pages then was well then, whatever has become of it.
            if replayed.lastTime != nil {
                let today = replayed.source.health
                replayed.source.health = .up
                if now >= newest || replayed.isStale(at: now) { replayed.source.health = today }
            } else if target.lastTime != nil {
                // It came later.
                replayed.hide(true)
            }
            return replayed
        }
        return Past(now: now, windowSeconds: windowSeconds, targets: targets, grid: grid)
    }

    mutating func setWindow(seconds: Double) {
        guard seconds.isFinite, seconds > 0, seconds != windowSeconds else { return }
        var rebuilt = rebuilt(now: newest, windowSeconds: seconds)
        for index in targets.indices { rebuilt.targets[index].keepRun(of: targets[index]) }
        windowSeconds = seconds
        grid = rebuilt.grid
        targets = rebuilt.targets
        for index in targets.indices { glance(index) }
        levels = nil
        past = nil
        version += 1
    }
}
