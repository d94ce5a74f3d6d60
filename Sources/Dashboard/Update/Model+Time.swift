import MeshModel
import Panels

extension Model {
    /// Lengths `+` and `-` go through.
    static let windowSteps: [Double] = [60, 120, 300, 600, 900, 1800, 3600]
    /// What `:window` accepts, seconds.
    static let windowLimits = 10.0...86_400.0

    /// What has come in since freezing: samples where counted, else batches.
    package var behind: (count: Int, isSamples: Bool) {
        guard case .frozen = time else { return (0, false) }
        if let frozenSamples, let samples = newestSamples ?? frame?.stats?.samples { return (max(0, samples - frozenSamples), true) }
        return (Int(clamping: newestVersion - min(frozenVersion, newestVersion)), false)
    }

    mutating func toggleFreeze() {
        if case .replay = time {
            togglePlay()
        } else if case .frozen = time {
            goLive()
        } else if let now = frame?.now {
            freeze(at: now)
            tell("frozen; \(keyHint(.freeze)) goes on, \(keyHint(.stepBack)) and \(keyHint(.stepForward)) step")
        } else {
            tell("no data to freeze yet")
        }
    }

    /// Moving in frozen time keeps counting from the first freeze.
    mutating func freeze(at instant: Timestamp) {
        if case .live = time {
            frozenVersion = max(newestVersion, frame?.version ?? 0)
            frozenSamples = newestSamples ?? frame?.stats?.samples
        }
        time = .frozen(at: instant)
    }

    mutating func goLive() {
        if case .live = time { return }
        if case .replay(let playback) = time {
            seek(to: playback.range.to)
            return
        }
        time = .live
        tell("live")
    }

    /// One slot of the charts.
    mutating func step(by direction: Int) {
        guard let shown = shownInstant else {
            tell("no data to step through yet")
            return
        }
        let slot = frame?.mesh?.charts.slotSeconds ?? 0
        let length = Timestamp.Span(seconds: slot > 0 ? slot : max(1, windowSeconds / 60))
        if case .replay = time {
            seek(to: direction < 0 ? shown - length : shown + length)
            return
        }
        if direction < 0 {
            freeze(at: clampedToRetention(shown - length))
        } else if case .live = time {
            tell("this is live already")
        } else if let newest, shown + length >= newest {
            freeze(at: newest)
            tell("this is the newest data; \(keyHint(.live)) goes live")
        } else {
            freeze(at: shown + length)
        }
    }

    mutating func jump(to text: String) {
        let text = text.filter { $0 != " " }
        guard !text.isEmpty else { return }
        if case .replay(let playback) = time {
            jump(to: text, in: playback)
            return
        }
        if text == "live" || text == "now" {
            goLive()
            return
        }
        guard let shown = shownInstant, let newest = newest ?? frame?.now else {
            tell("no data to jump in yet")
            return
        }
        guard let instant = TimeText.instant(text, shown: shown, newest: newest) else {
            tell("\(text) is no time: use -10m, +30s, 15:30 or 15:30:05 (UTC)", isError: true)
            return
        }
        freeze(at: clampedToRetention(min(instant, newest)))
    }

    private mutating func clampedToRetention(_ instant: Timestamp) -> Timestamp {
        guard let oldest = frame?.stats?.retainedFrom, instant < oldest else { return instant }
        tell("nothing is kept from before \(oldest.timeOfDay)")
        return oldest
    }

    private var shownInstant: Timestamp? {
        time.instant ?? frame?.now ?? newest
    }

    mutating func changeWindow(by direction: Int) -> [Effect] {
        let steps = Self.windowSteps + (coversWholeRun ? [.infinity] : [])
        let next = direction > 0 ? steps.first { $0 > windowSeconds } : steps.last { $0 < windowSeconds }
        guard let next else {
            tell("the window is \(Format.duration(windowSeconds)); that is as far as \(direction > 0 ? "+" : "-") goes")
            return []
        }
        return setWindow(next)
    }

    mutating func setWindow(_ seconds: Double) -> [Effect] {
        let isWhole = coversWholeRun && seconds == .infinity
        windowSeconds = isWhole ? seconds : min(max(seconds, Self.windowLimits.lowerBound), Self.windowLimits.upperBound)
        tell("window \(Format.duration(windowSeconds))")
        return []
    }

    func keyHint(_ action: Action) -> String { keys.keys(for: action).first.map(\.caption) ?? "(no key)" }
}
