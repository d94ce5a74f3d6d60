package import MeshModel

/// A recording as a whole: from when to when it reaches, when something happened in it, and where it fails.
package struct Timeline: Sendable, Equatable {
    /// From the first span or page to the last.
    package var range: TimeRange
    /// Traces that began within equal parts of the range, and how many of those failed; empty where there are pages alone.
    package var traces: [Float]
    package var failing: [Float]
    /// Where something was recorded, in order: between two of them nothing was for more than `quietSeconds`.
    package var stretches: [TimeRange]

    package static let quietSeconds = 300.0

    package init(range: TimeRange, traces: [Float] = [], failing: [Float] = [], stretches: [TimeRange] = []) {
        self.range = range
        self.traces = traces
        self.failing = failing
        self.stretches = stretches
    }

    /// - Returns: the part of the range the instant lies in.
    package func part(of instant: Timestamp) -> Int? {
        guard !traces.isEmpty, range.length.nanoseconds > 0 else { return nil }
        let share = (instant - range.from).seconds / range.length.seconds
        return min(traces.count - 1, max(0, Int(share * Double(traces.count))))
    }

    /// When the part begins.
    package func start(ofPart part: Int) -> Timestamp {
        range.from + Timestamp.Span(seconds: range.length.seconds * Double(part) / Double(max(1, traces.count)))
    }
}
