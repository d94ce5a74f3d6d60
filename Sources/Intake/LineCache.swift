import MeshModel

/// Remembers one source's lines in the order of its page: the next scrape finds each series by comparing the hash of
/// the expected line at the expected place, without looking for its labels.
///
/// `entries` is the page's sequence, then series that were once seen and are absent now (they keep their ordinals).
struct LineCache: ~Copyable {
    struct Entry: BitwiseCopyable {
        var hash: UInt64
        /// Bytes of name and labels as written.
        var keyLength: UInt32
        var ordinal: UInt32
    }

    /// Stands for "known, and not kept": no profile maps it.
    static let dropped = UInt32.max
    /// Stands for a repetition of a series of the same page.
    static let repeated = UInt32.max - 1
    /// Stands for a new series of this page, resolved when the page ends.
    static let unresolved = UInt32.max - 2

    private(set) var entries: [Entry] = []
    /// How many of `entries` are the page's own sequence.
    private(set) var pageCount = 0
    private var slots: [UInt32] = []  // open addressing: index into entries + 1, 0 = free

    var bytes: Int { entries.capacity * MemoryLayout<Entry>.stride + slots.capacity * 4 }

    func find(hash: UInt64, keyLength: Int) -> Int? {
        guard !slots.isEmpty else { return nil }
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] != 0 {
            let index = Int(slots[slot]) - 1
            if entries[index].hash == hash, Int(entries[index].keyLength) == keyLength { return index }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Takes over a page's sequence; series of before that are not in it stay known behind it. Where those and the page would
    /// be more than `limit`, they are forgotten and announced anew should they return: a page that brings other series
    /// each time cannot grow the memory without end.
    mutating func replace(page: [Entry], limit: Int) {
        var kept = page
        var present = Set<UInt32>(minimumCapacity: page.count)
        for entry in page where entry.ordinal < Self.unresolved { present.insert(entry.ordinal) }
        for entry in entries where entry.ordinal < Self.unresolved && !present.contains(entry.ordinal) { kept.append(entry) }
        pageCount = page.count
        entries = kept.count <= max(limit, page.count) ? kept : page
        index()
    }

    private mutating func index() {
        var size = 64
        while size < entries.count * 2 { size *= 2 }
        slots = .init(repeating: 0, count: size)
        for (index, entry) in entries.enumerated() where entry.ordinal != Self.repeated {
            var slot = Int(truncatingIfNeeded: entry.hash) & (size - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = UInt32(index + 1)
        }
    }
}
