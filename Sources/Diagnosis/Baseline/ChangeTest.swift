/// One way in which the later part of a group's rows is not as in the quiet time.
struct ChangeTest: Sendable {
    enum What: Hashable, Comparable, Sendable {
        /// It takes longer.
        case time
        case errors
        /// It makes exactly these calls, a set's number, more often than it did: it lost others.
        case calls(Int32)
    }
    struct ID: Hashable, Sendable {
        var group: RowGroup
        var what: What
        var whole: ID { ID(group: group.whole, what: what) }
    }
    var id: ID
    /// Nanoseconds: start of the later part.
    var first: Int64
    /// Standard errors.
    var z: Double
    /// Seconds beyond the usual, or rows.
    var excess: Double
    /// Rows of the later part; of these, those that are so.
    var count: Int
    var hits: Int
    /// Mean seconds of such rows, or share of rows that are so: in the quiet time and in the later part.
    var usual: Double
    var seen: Double
}
