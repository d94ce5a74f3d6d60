import MeshModel
import Panels

/// A stretch of time and a stretch of durations: what one cell of the latencies stands for. Kept as such, so that what was
/// picked stays the same while the window moves on.
struct TraceCell: Sendable, Equatable {
    var times: TimeRange
    /// `seconds.upperBound` excluded, but for the topmost cell, which has none above it.
    var seconds: ClosedRange<Double>
    var isTopmost = false

    struct Point: Sendable, Equatable {
        var time: Timestamp
        var seconds: Double
    }

    var center: Point {
        Point(time: times.from + Timestamp.Span(nanoseconds: times.length.nanoseconds / 2), seconds: (seconds.lowerBound * seconds.upperBound).squareRoot())
    }

    func contains(_ row: TraceRow) -> Bool {
        row.start >= times.from && row.start < times.to && LatencyMap.clamped(row.durationSeconds) >= seconds.lowerBound
            && (isTopmost || LatencyMap.clamped(row.durationSeconds) < seconds.upperBound)
    }

    /// `20:03:10–20:03:15 10ms–22ms`
    var words: String {
        "\(times.from.timeOfDay)–\(times.to.timeOfDay) \(Format.milliseconds(seconds.lowerBound * 1000))–\(Format.milliseconds(seconds.upperBound * 1000))"
    }
}
