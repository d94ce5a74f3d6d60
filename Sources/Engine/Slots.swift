import MeshModel

/// The stretch of time the standing sums cover, cut into slots of equal length: slot n covers
/// [n × length, (n + 1) × length) since the epoch, and lies in ring place n mod count.
struct SlotGrid: Equatable, Sendable {
    /// Enough for a braille chart of 60 columns (two dots a column).
    static let count = 120

    let lengthNanoseconds: Int64

    init(windowSeconds: Double) {
        lengthNanoseconds = max(1_000_000, Timestamp.Span(seconds: windowSeconds).nanoseconds / Int64(Self.count))
    }

    var seconds: Double { Double(lengthNanoseconds) / 1e9 }
    func slot(of time: Timestamp) -> Int64 { time.nanoseconds.dividedDown(by: lengthNanoseconds).quotient }
    func start(of slot: Int64) -> Timestamp { Timestamp(nanoseconds: slot &* lengthNanoseconds) }
    static func place(_ slot: Int64) -> Int { Int(slot.dividedDown(by: Int64(count)).rest) }
}

/// How a stretch of time lies over the slots.
struct SlotShares {
    let first: Int64
    let last: Int64
    private let firstShare: Double
    private let lastShare: Double
    private let share: Double

    /// Between two scrapes, whole slots: a count stays whole where it can, and `covered` says what a slot's counts are of.
    init(evenly span: TimeRange, _ grid: SlotGrid) {
        last = grid.slot(of: span.to)
        first = min(grid.slot(of: span.from) + 1, last)
        share = 1 / Double(last - first + 1)
        (firstShare, lastShare) = (share, share)
    }

    /// By how much of it lies in each.
    init(_ span: TimeRange, _ grid: SlotGrid) {
        last = grid.slot(of: span.to)
        first = min(grid.slot(of: span.from), last)
        let seconds = span.length.seconds
        guard first < last, seconds > 0 else {
            (share, firstShare, lastShare) = (1, 1, 1)
            return
        }
        share = grid.seconds / seconds
        firstShare = (grid.start(of: first + 1) - span.from).seconds / seconds
        lastShare = (span.to - grid.start(of: last)).seconds / seconds
    }

    /// Of a slot from `first` to `last`.
    func share(of slot: Int64) -> Double { slot == first ? firstShare : slot == last ? lastShare : share }
}
