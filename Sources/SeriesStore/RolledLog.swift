import MeshModel

/// Rows of one target thinned to one a minute. No value is changed by that: where a cumulative series falls (its proxy
/// restarted) the rows on both sides stay, so that increases between any two kept rows are exact.
struct RolledLog {
    static let stepNanoseconds: Int64 = 60_000_000_000

    private(set) var log = RowLog()

    /// - Parameter isCumulative: by ordinal.
    /// - Returns: bytes by which the log grew, and samples it kept.
    mutating func take(_ chunk: Chunk, isCumulative: [Bool], scratch: inout EncodeScratch) -> (growth: Int, kept: Int) {
        var rows = RowLog.Thinning()
        var growth = 0, kept = 0
        var reader = RowReader()
        reader.read([chunk], from: Timestamp(nanoseconds: .min), to: Timestamp(nanoseconds: .max)) { row in
            let time = row.time, changes = row.changes
            let isReset = rows.hasBegun && changes.contains { change in
                change.wasPresent && change.isPresent && change.new < change.old && Int(change.ordinal) < isCumulative.count && isCumulative[Int(change.ordinal)]
            }
            if rows.isUnwritten, isReset || Self.step(time) != Self.step(rows.time) { growth += write(&rows, &kept, &scratch) }
            rows.take(time, changes)
            if isReset { growth += write(&rows, &kept, &scratch) }
        }
        if rows.isUnwritten { growth += write(&rows, &kept, &scratch) }
        return (growth, kept)
    }

    mutating func removeFirst() -> Chunk { log.removeFirst() }

    private mutating func write(_ rows: inout RowLog.Thinning, _ kept: inout Int, _ scratch: inout EncodeScratch) -> Int {
        var changes: [SampleChange] = []
        log.state.difference(to: rows.state, into: &changes)
        rows.isUnwritten = false
        let growth = log.append(time: rows.time, changes: changes, scratch: &scratch)
        kept += log.presentCount
        return growth
    }

    private static func step(_ time: Timestamp) -> Int64 {
        let nanoseconds = time.nanoseconds
        return nanoseconds >= 0 ? nanoseconds / stepNanoseconds : -((-nanoseconds + stepNanoseconds - 1) / stepNanoseconds)
    }
}

extension RowLog {
    /// The row being looked at while a chunk is thinned.
    struct Thinning {
        var state = RowState()
        var time = Timestamp(nanoseconds: 0)
        var isUnwritten = false
        var hasBegun = false

        mutating func take(_ time: Timestamp, _ changes: [SampleChange]) {
            state.apply(changes)
            self.time = time
            isUnwritten = true
            hasBegun = true
        }
    }
}
