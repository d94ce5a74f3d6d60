public import MeshModel

/// One row as it is read back.
public struct StoredRow: Sendable {
    public var time: Timestamp
    /// What it changed, ascending by ordinal.
    public var changes: [SampleChange]
    /// No series has a sample: the proxy gave no page.
    public var isSilent: Bool
    /// One of those kept a minute apart.
    public var isRolled: Bool
}

/// Reads rows back: first what stood at `from`, then each row up to `to` as what it changed.
struct RowReader {
    private var state = RowState()
    private var changes: [SampleChange] = []
    private var hasBegun = false

    /// - Parameters:
    ///   - chunks: of one log, read from the row that holds at `from` (or the first) up to `to`, both included. A second call goes on
    ///     where the first ended: the coarse log, then the fine one.
    ///   - body: the first row of all names everything that is present.
    mutating func read(_ chunks: [Chunk], isRolled: Bool = false, from: Timestamp, to: Timestamp, _ body: (StoredRow) -> Void) {
        // The chunk that holds the row at `from`: the last one that begins at or before it.
        let start = hasBegun ? 0 : chunks.lastIndex { ($0.first ?? from) <= from } ?? 0
        for chunk in chunks[start...] {
            guard let first = chunk.first, first <= to else { return }
            read(chunk, isRolled, from: from, to: to, body)
        }
    }

    private mutating func read(_ chunk: Chunk, _ isRolled: Bool, from: Timestamp, to: Timestamp, _ body: (StoredRow) -> Void) {
        let firstShown = hasBegun ? 0 : chunk.row(at: from) ?? 0
        for row in chunk.rows.indices {
            guard chunk.rows[row].time <= to else { return }
            changes.removeAll(keepingCapacity: true)
            if row == 0 {
                let keyframe = RowState(keyframeOf: chunk, scratch: &changes)
                if hasBegun { state.difference(to: keyframe, into: &changes) }
                state = keyframe
            } else {
                state.decode(chunk, row: row, into: &changes)
            }
            guard row >= firstShown else { continue }
            if !hasBegun {
                hasBegun = true
                changes.removeAll(keepingCapacity: true)
                state.everything(into: &changes)
            }
            body(StoredRow(time: chunk.rows[row].time, changes: changes, isSilent: chunk.rows[row].isSilent, isRolled: isRolled))
        }
    }
}

extension RowState {
    func value(_ ordinal: Int) -> Double { ordinal < values.count ? values[ordinal] : 0 }
    func isPresent(_ ordinal: Int) -> Bool { ordinal < present.count && present[ordinal] }

    init(keyframeOf chunk: Chunk, scratch: inout [SampleChange]) {
        self = RowState.blank(count: chunk.seriesCount, absent: chunk.absent)
        read(chunk, row: 0, into: &scratch)
        set(scratch)
        scratch.removeAll(keepingCapacity: true)
    }

    /// Goes on by one row; `changes` are its own.
    mutating func decode(_ chunk: Chunk, row: Int, into changes: inout [SampleChange]) {
        read(chunk, row: row, into: &changes)
        apply(changes)
    }

    private func read(_ chunk: Chunk, row: Int, into changes: inout [SampleChange]) {
        let range = chunk.bytes(of: row)
        chunk.bytes.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            RowCodec.decode(base + range.lowerBound, count: range.count, old: { value($0) }) { ordinal, isGone, value in
                changes.append(.init(ordinal: UInt32(ordinal), wasPresent: isPresent(ordinal), isPresent: !isGone, old: self.value(ordinal), new: value))
            }
        }
    }

    /// What leads from this state to another, ascending.
    func difference(to after: RowState, into changes: inout [SampleChange]) {
        for ordinal in 0..<max(count, after.count) {
            let was = isPresent(ordinal), old = value(ordinal)
            let isNow = after.isPresent(ordinal), new = after.value(ordinal)
            // A series without a sample keeps the value it had.
            guard isNow ? !was || old.bitPattern != new.bitPattern : was else { continue }
            changes.append(.init(ordinal: UInt32(ordinal), wasPresent: was, isPresent: isNow, old: old, new: isNow ? new : old))
        }
    }
}
