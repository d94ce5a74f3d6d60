/// When a target is asked next. Pure: time comes in as seconds of any clock.
struct ScrapeSchedule: Sendable, Equatable {
    let interval: Double
    private(set) var failures = 0
    /// Where in the interval this target's turn is, so that many targets do not all ask at once; steady over restarts.
    let offset: Double

    init(interval: Double, key: String) {
        self.interval = interval
        // FNV-1a: a spread, not a secret.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        offset = Double((hash ^ hash >> 29) % 10_000) / 10_000 * interval
    }

    mutating func succeeded() { failures = 0 }
    mutating func failed() { failures += 1 }

    /// Seconds until the first turn: within a second, so that a screen fills at once, and spread over it.
    var firstDelay: Double { max(0.001, offset / interval * min(interval, 1)) }

    /// Seconds until the next turn after `now`. A failing target is asked less often, at most at four times its interval and
    /// never more than a minute apart (or its interval, if that is longer); one good answer brings it back.
    /// - Parameter last: when it was asked last; the turn that comes sooner than half an interval after it is left out.
    func delay(now: Double, last: Double? = nil) -> Double {
        let step = max(interval, min(interval * Double(min(4, max(1, failures))), 60))
        let phase = now - offset
        var turn = (phase / step).rounded(.down) * step + step
        if let last, turn + offset - last < interval / 2 { turn += step }
        return max(0.001, turn - phase)
    }
}
