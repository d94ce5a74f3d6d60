import Glibc
import MeshModel

/// Rows of one target, oldest first, at one resolution: closed chunks and the one being written.
struct RowLog {
    private(set) var chunks: [Chunk] = []
    /// What the newest row left the series at.
    private(set) var state = RowState()
    private var lastOrdinals: [UInt32] = []
    private(set) var presentCount = 0
    private(set) var lastTime: Timestamp?
    private var isOpen = false

    var first: Timestamp? { chunks.first?.first }
    /// The newest row has no sample at all.
    var isSilent: Bool { presentCount == 0 }
    /// Bytes of what cannot be evicted: the newest values and their order.
    var stateBytes: Int { state.bytes + lastOrdinals.capacity * 4 }

    /// Adds one row; leaves in `changes` what it changed, ascending.
    /// - Returns: bytes by which the log grew or shrank.
    mutating func append(time: Timestamp, ordinals: [UInt32], values: [Double], changes: inout [SampleChange], scratch: inout EncodeScratch) -> Int {
        changes.removeAll(keepingCapacity: true)
        if Self.equal(ordinals, lastOrdinals) {
            state.takeSame(ordinals: ordinals, values: values, changes: &changes)
        } else {
            state.take(ordinals: ordinals, values: values, changes: &changes)
            presentCount = state.presentCount
            lastOrdinals = ordinals.withUnsafeBufferPointer { Array($0) }
        }
        return write(time, changes, &scratch)
    }

    /// Adds a row of another log: what it changed since this log's newest row.
    mutating func append(time: Timestamp, changes: [SampleChange], scratch: inout EncodeScratch) -> Int {
        state.apply(changes)
        presentCount = state.presentCount
        return write(time, changes, &scratch)
    }

    /// Whole pages of numbers are compared at memory's speed, not one by one.
    private static func equal(_ a: [UInt32], _ b: [UInt32]) -> Bool {
        guard a.count == b.count else { return false }
        return a.withUnsafeBytes { a in b.withUnsafeBytes { b in
            guard let first = a.baseAddress, let second = b.baseAddress else { return true }
            return memcmp(first, second, a.count) == 0
        } }
    }

    private mutating func write(_ time: Timestamp, _ changes: [SampleChange], _ scratch: inout EncodeScratch) -> Int {
        var growth = 0
        if isOpen, chunks[chunks.count - 1].isFull { growth += close() }
        let begins = !isOpen
        if begins {
            chunks.append(Chunk(seriesCount: state.count, absent: presentCount == state.count ? [] : state.absent))
            isOpen = true
            scratch.keyframe.removeAll(keepingCapacity: true)
            state.keyframe(into: &scratch.keyframe)
        } else {
            growth -= chunks[chunks.count - 1].footprint
        }
        lastTime = time
        let samples = presentCount
        let index = chunks.count - 1
        if begins {
            scratch.encode(scratch.keyframe) { chunks[index].append(time: time, encoded: $0, samples: samples) }
        } else {
            scratch.encode(changes) { chunks[index].append(time: time, encoded: $0, samples: samples) }
        }
        return growth + chunks[index].footprint
    }

    /// - Returns: bytes gained (negative: given back).
    private mutating func close() -> Int {
        let before = chunks[chunks.count - 1].footprint
        chunks[chunks.count - 1].close()
        isOpen = false
        return chunks[chunks.count - 1].footprint - before
    }

    /// No row is expected any more: room to write them in is given back. What a row says stands in the chunks.
    /// - Returns: bytes gained (negative: given back).
    mutating func end() -> Int {
        let growth = isOpen ? close() : 0
        (state, lastOrdinals, presentCount) = (RowState(), [], 0)
        return growth
    }

    /// A row came after all: the state is read back from the newest chunk.
    mutating func resume() {
        guard let chunk = chunks.last else { return }
        var changes: [SampleChange] = []
        state = RowState(keyframeOf: chunk, scratch: &changes)
        for row in chunk.rows.indices.dropFirst() {
            changes.removeAll(keepingCapacity: true)
            state.decode(chunk, row: row, into: &changes)
        }
        presentCount = state.presentCount
    }

    /// Takes the oldest chunk off. The next row begins a new chunk if the one being written went.
    mutating func removeFirst() -> Chunk {
        if chunks.count == 1 { isOpen = false }
        return chunks.removeFirst()
    }
}

/// Room to encode in, shared by all logs of a store.
struct EncodeScratch {
    var keyframe: [SampleChange] = []
    private var bytes: [UInt8] = []

    mutating func encode(_ changes: [SampleChange], _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        let room = changes.count * RowCodec.maxBytesPerChange
        if bytes.count < room { bytes = .init(repeating: 0, count: room * 2) }
        bytes.withUnsafeMutableBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return body(.init(start: nil, count: 0)) }
            let count = changes.withUnsafeBufferPointer { RowCodec.encode($0, to: base) }
            body(UnsafeBufferPointer(start: base, count: count))
        }
    }
}
