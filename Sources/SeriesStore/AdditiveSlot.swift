import MeshModel

/// What was added within one stretch of time.
public struct AdditiveSlot: Sendable {
    /// Seconds since the epoch.
    public let start: Int64
    public let length: Int64
    private var table: [UInt64: Int64] = [:]
    /// Ascending by series: the gap to the one before, and the value.
    private var encoded: [UInt8] = []
    private(set) var isOpen = false
    /// How often something was added.
    private(set) var changes = 0
    /// An entry of a table, with the room it leaves.
    private static let entryBytes = 32

    init(start: Int64, length: Int64) {
        self.start = start
        self.length = length
    }

    var bytes: Int { MemoryLayout<AdditiveSlot>.stride + encoded.capacity + (isOpen ? table.capacity * Self.entryBytes : 0) }

    /// - Returns: bytes by which it grew.
    mutating func add(_ value: Int64, to series: UInt64) -> Int {
        let before = bytes
        if !isOpen { reopen() }
        changes += 1
        table[series, default: 0].add(saturating: value)
        return bytes - before
    }

    private mutating func reopen() {
        var table: [UInt64: Int64] = [:]
        forEach { table[$0] = $1 }
        (self.table, encoded, isOpen) = (table, [], true)
    }

    /// - Returns: bytes by which it grew.
    mutating func close() -> Int {
        guard isOpen else { return 0 }
        let before = bytes
        let series = table.filter { $0.value != 0 }.sorted { $0.key < $1.key }
        var scratch = [UInt8](repeating: 0, count: series.count * 2 * Varint.maxBytes)
        var count = 0
        scratch.withUnsafeMutableBufferPointer { scratch in
            guard let base = scratch.baseAddress else { return }
            var above: UInt64 = 0
            for (key, value) in series {
                Varint.write(key &- above, to: base, at: &count)
                Varint.write(Varint.zigzag(value), to: base, at: &count)
                above = key
            }
        }
        (table, encoded, isOpen) = ([:], Array(scratch[..<count]), false)
        return bytes - before
    }

    public func forEach(_ body: (_ series: UInt64, _ value: Int64) -> Void) {
        if isOpen {
            for (series, value) in table where value != 0 { body(series, value) }
            return
        }
        encoded.withUnsafeBufferPointer { encoded in
            guard let base = encoded.baseAddress else { return }
            var place = 0
            var series: UInt64 = 0
            while place < encoded.count {
                series &+= Varint.read(base, at: &place)
                body(series, Varint.unzigzag(Varint.read(base, at: &place)))
            }
        }
    }
}
