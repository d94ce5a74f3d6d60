/// A point in event time: nanoseconds since the Unix epoch, UTC.
public struct Timestamp: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var nanoseconds: Int64

    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    public init(milliseconds: Int64) { self.nanoseconds = milliseconds.multipliedSaturating(by: 1_000_000) }
    public init(seconds: Double) {
        let value = seconds * 1e9
        nanoseconds = value >= 9.2e18 ? .max : value <= -9.2e18 ? .min : value.isNaN ? 0 : Int64(value)
    }

    public var milliseconds: Int64 { nanoseconds / 1_000_000 }
    public var seconds: Double { Double(nanoseconds) / 1e9 }

    public static func < (a: Timestamp, b: Timestamp) -> Bool { a.nanoseconds < b.nanoseconds }
    public static func + (a: Timestamp, b: Span) -> Timestamp { .init(nanoseconds: a.nanoseconds &+ b.nanoseconds) }
    public static func - (a: Timestamp, b: Span) -> Timestamp { .init(nanoseconds: a.nanoseconds &- b.nanoseconds) }
    public static func - (a: Timestamp, b: Timestamp) -> Span { .init(nanoseconds: a.nanoseconds &- b.nanoseconds) }

    /// A length of time in nanoseconds.
    public struct Span: Hashable, Comparable, Sendable, BitwiseCopyable {
        public var nanoseconds: Int64
        public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
        public init(seconds: Double) { nanoseconds = Timestamp(seconds: seconds).nanoseconds }
        public var seconds: Double { Double(nanoseconds) / 1e9 }
        public static func < (a: Span, b: Span) -> Bool { a.nanoseconds < b.nanoseconds }
    }
}

/// A half-open stretch of event time, `from` included, `to` excluded.
public struct TimeRange: Hashable, Sendable, BitwiseCopyable {
    public var from: Timestamp
    public var to: Timestamp
    public init(from: Timestamp, to: Timestamp) {
        self.from = from
        self.to = max(from, to)
    }
    public var length: Timestamp.Span { to - from }
}

extension Int64 {
    fileprivate func multipliedSaturating(by factor: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? (self < 0 ? .min : .max) : product
    }
}
