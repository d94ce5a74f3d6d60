import MeshModel

/// Rows of one target thinned to one a minute. No value is changed by that: where a cumulative series falls (its proxy
/// restarted) the rows on both sides stay, so that increases between any two kept rows are exact.
public struct RolledLog: Sendable {
    public static let stepSeconds = 60.0
    private static let stepNanoseconds: Int64 = 60_000_000_000

    private(set) var log = RowLog()

    /// - Parameter isCumulative: by ordinal.
    /// - Returns: bytes by which the log grew, and samples it kept.
    mutating func take(_ chunk: Chunk, isCumulative: [Bool], scratch: inout EncodeScratch) -> (growth: Int, kept: Int) {
        var rows = RowLog.Thinning()
        var growth = 0, kept = 0
        var reader = RowReader()
        reader.read([chunk], from: Timestamp(nanoseconds: .min), to: Timestamp(nanoseconds: .max)) { row in
            let time = row.time, changes = row.changes
            // The first row names everything as new: what it stood at before is in the log.
            let before = rows.hasBegun ? nil : log.state
            var isReset = false, vanishes = false
            for change in changes {
                vanishes = vanishes || !change.isPresent
                guard change.isPresent, Int(change.ordinal) < isCumulative.count, isCumulative[Int(change.ordinal)] else { continue }
                isReset = isReset || change.new < before?.value(Int(change.ordinal)) ?? change.old
            }
            // The last value before an absence is what the series goes on from.
            if rows.isUnwritten, isReset || vanishes || Self.step(time) != Self.step(rows.time) { growth += write(&rows, &kept, &scratch) }
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
        return nanoseconds >= 0 ? nanoseconds / stepNanoseconds : (nanoseconds + 1) / stepNanoseconds - 1
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
