package import MeshModel

/// Where a recording stands while it is replayed. It moves by what `update` is told of time, never by a clock of its own: the same
/// recording at the same instant is the same picture.
package struct Playback: Hashable, Sendable {
    package let range: TimeRange
    package internal(set) var at: Timestamp
    /// Seconds of the recording a second.
    package internal(set) var speed: Double
    package internal(set) var isPlaying: Bool

    /// Speeds `faster` and `slower` go through.
    static let speeds: [Double] = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800]
    /// What `:speed` and `--speed` accept.
    package static let speedLimits = 0.01...100_000.0
    /// The first picture holds the first second.
    static let leadSeconds = 1.0
    /// How long before the next thing recorded one arrives when a quiet stretch is left out.
    static let approachSeconds = 1.0

    package init(range: TimeRange, at: Timestamp? = nil, speed: Double = 1, isPlaying: Bool = true) {
        self.range = range
        self.at = range.from
        self.speed = min(max(speed, Self.speedLimits.lowerBound), Self.speedLimits.upperBound)
        self.isPlaying = isPlaying
        seek(at ?? range.from + Timestamp.Span(seconds: Self.leadSeconds))
    }

    package var isAtEnd: Bool { at >= range.to }

    mutating func seek(_ instant: Timestamp) { at = min(max(instant, range.from), range.to) }

    /// Goes on by that many seconds of the wall; stops at the end.
    /// - Returns: the seconds of a quiet stretch that was left out.
    mutating func advance(_ seconds: Double, stretches: [TimeRange]) -> Double? {
        guard isPlaying else { return nil }
        let before = at
        seek(at + Timestamp.Span(seconds: seconds * speed))
        if isAtEnd { isPlaying = false }
        guard let next = stretches.first(where: { $0.from > before }), let last = stretches.last(where: { $0.from <= before }) else { return nil }
        let arrival = next.from - Timestamp.Span(seconds: Self.approachSeconds)
        // What came last is looked at for as long as it takes to see that no more comes.
        guard at < arrival, (at - last.to).seconds > 5 * max(1, speed) else { return nil }
        let skipped = (arrival - at).seconds
        seek(arrival)
        return skipped
    }
}
