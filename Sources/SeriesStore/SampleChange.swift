/// What one row of a target's log changed of one series: every series that is not named stood still.
public struct SampleChange: BitwiseCopyable, Sendable, Equatable {
    public var ordinal: UInt32
    /// Whether the row before had a sample of it.
    public var wasPresent: Bool
    /// False: the series is stale from this row on; `new` is then `old`.
    public var isPresent: Bool
    /// The newest sample before, however long ago; 0 where there never was one: a counter is born at 0.
    public var old: Double
    public var new: Double

    public init(ordinal: UInt32, wasPresent: Bool, isPresent: Bool, old: Double, new: Double) {
        self.ordinal = ordinal
        self.wasPresent = wasPresent
        self.isPresent = isPresent
        self.old = old
        self.new = new
    }

    /// Bit by bit: NaN equals the same NaN, and 0 differs from −0.
    public static func == (a: Self, b: Self) -> Bool {
        a.ordinal == b.ordinal && a.wasPresent == b.wasPresent && a.isPresent == b.isPresent && a.old.bitPattern == b.old.bitPattern
            && a.new.bitPattern == b.new.bitPattern
    }
}
