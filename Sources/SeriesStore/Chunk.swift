import MeshModel

/// A run of rows of one target that can be read by itself: its first row says what every series stood at. All series
/// share the rows' times.
struct Chunk {
    struct Row: BitwiseCopyable {
        var time: Timestamp
        /// Where its bytes end in `bytes`.
        var end: UInt32
        var isSilent: Bool
    }

    /// A chunk is closed when it has so many rows: ten minutes at 5 s. What a reader must go through before the row it wants.
    static let maxRows = 120
    static let maxBytes = 1 << 20

    private(set) var rows: [Row] = []
    private(set) var bytes: [UInt8] = []
    /// Series known when the chunk began.
    let seriesCount: Int
    /// Those without a sample on the first row.
    let absent: [UInt32]
    private(set) var samples = 0

    init(seriesCount: Int, absent: [UInt32]) {
        self.seriesCount = seriesCount
        self.absent = absent
    }

    var isFull: Bool { rows.count >= Self.maxRows || bytes.count >= Self.maxBytes }
    var first: Timestamp? { rows.first?.time }
    var last: Timestamp? { rows.last?.time }
    var footprint: Int { bytes.capacity + rows.capacity * MemoryLayout<Row>.stride + absent.capacity * 4 + MemoryLayout<Chunk>.stride }

    mutating func append(time: Timestamp, encoded: UnsafeBufferPointer<UInt8>, samples count: Int) {
        // Grows by a quarter, not twofold: most of what a store holds is chunks being written.
        if bytes.count + encoded.count > bytes.capacity { bytes.reserveCapacity(bytes.count + encoded.count + bytes.count / 4) }
        bytes.append(contentsOf: encoded)
        rows.append(Row(time: time, end: UInt32(bytes.count), isSilent: count == 0))
        samples += count
    }

    /// Gives back the room that growing left over.
    mutating func close() {
        bytes = bytes.withUnsafeBufferPointer { Array($0) }
        rows = rows.withUnsafeBufferPointer { Array($0) }
    }

    func bytes(of row: Int) -> Range<Int> { (row == 0 ? 0 : Int(rows[row - 1].end))..<Int(rows[row].end) }

    /// Last row at or before `time`; nil where all are later.
    func row(at time: Timestamp) -> Int? {
        let low = (0..<rows.count).firstPlace { rows[$0].time <= time }
        return low == 0 ? nil : low - 1
    }
}
