import MeshModel

/// Lines of a page whose series was not known before: kept as bytes until the page ends, then all are named under
/// one lock.
struct PendingSeries {
    struct Item {
        var bytes: Range<Int>
        var keyEnd: Int
        var type: Range<Int>
        var value: Double
        /// Where the series stands in the page's sequence.
        var place: Int
    }

    private(set) var items: [Item] = []
    private(set) var bytes: [UInt8] = []
    private var hashes = Set<UInt64>()
    private var lastType: Range<Int> = 0..<0

    mutating func removeAll() {
        // A first page is large, those after it bring little: give the room back.
        items = []
        bytes = []
        hashes = []
        lastType = 0..<0
    }

    /// False when the page had this series already.
    mutating func add(line: UnsafeRawBufferPointer, keyEnd: Int, hash: UInt64, typeLine: [UInt8], value: Double, place: Int) -> Bool {
        guard hashes.insert(hash).inserted else { return false }
        if typeLine.isEmpty {
            lastType = 0..<0
        } else if !bytes[lastType].elementsEqual(typeLine) {
            lastType = bytes.count..<bytes.count + typeLine.count
            bytes.append(contentsOf: typeLine)
        }
        let start = bytes.count
        bytes.append(contentsOf: line)
        items.append(Item(bytes: start..<bytes.count, keyEnd: keyEnd, type: lastType, value: value, place: place))
        return true
    }
}
