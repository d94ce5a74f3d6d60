/// A point in event time: nanoseconds since the Unix epoch, UTC.
package struct Timestamp: Hashable, Comparable, Sendable, BitwiseCopyable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    package init(milliseconds: Int64) { self.nanoseconds = milliseconds.multipliedSaturating(by: 1_000_000) }
    package init(seconds: Double) {
        let value = seconds * 1e9
        nanoseconds = value >= 9.2e18 ? .max : value <= -9.2e18 ? .min : value.isNaN ? 0 : Int64(value)
    }

    package var milliseconds: Int64 { nanoseconds / 1_000_000 }
    package var seconds: Double { Double(nanoseconds) / 1e9 }

    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.nanoseconds < b.nanoseconds }
    package static func + (a: Timestamp, b: Span) -> Timestamp { .init(nanoseconds: a.nanoseconds &+ b.nanoseconds) }
    package static func - (a: Timestamp, b: Span) -> Timestamp { .init(nanoseconds: a.nanoseconds &- b.nanoseconds) }
    package static func - (a: Timestamp, b: Timestamp) -> Span { .init(nanoseconds: a.nanoseconds &- b.nanoseconds) }

    /// A length of time in nanoseconds.
    package struct Span: Hashable, Comparable, Sendable, BitwiseCopyable {
        package var nanoseconds: Int64
        package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
        package init(seconds: Double) { nanoseconds = Timestamp(seconds: seconds).nanoseconds }
        package var seconds: Double { Double(nanoseconds) / 1e9 }
        package static func < (a: Span, b: Span) -> Bool { a.nanoseconds < b.nanoseconds }
    }
}

/// A half-open stretch of event time, `from` included, `to` excluded.
package struct TimeRange: Hashable, Sendable, BitwiseCopyable {
    package var from: Timestamp
    package var to: Timestamp
    package init(from: Timestamp, to: Timestamp) {
        self.from = from
        self.to = max(from, to)
    }
    package var length: Timestamp.Span { to - from }
}

extension Int64 {
    fileprivate func multipliedSaturating(by factor: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? (self < 0 ? .min : .max) : product
    }
}
