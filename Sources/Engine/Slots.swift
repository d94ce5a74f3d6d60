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
    func slot(of time: Timestamp) -> Int64 { Self.floorDivide(time.nanoseconds, lengthNanoseconds) }
    func start(of slot: Int64) -> Timestamp { Timestamp(nanoseconds: slot &* lengthNanoseconds) }
    static func place(_ slot: Int64) -> Int { Int(slot - floorDivide(slot, Int64(count)) * Int64(count)) }

    private static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 { a >= 0 ? a / b : (a + 1) / b - 1 }
}
