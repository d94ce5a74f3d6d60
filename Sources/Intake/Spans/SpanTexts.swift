import MeshModel

/// The symbols of texts that spans repeat (names, clusters, pods), found without the table's lock. A text is known by all 64 bits of
/// a hash that no sender can know.
struct SpanTexts: ~Copyable {
    /// The longest text that is interned; what is longer is cut.
    static let longest = 4096
    /// What one decoder may add to the symbols; all of them stop at `mostBytesForSpans`. Symbols are never given back: names with an id in
    /// each would fill the memory.
    static let mostBytes = 64 << 20
    private static let mostSlots = 1 << 17

    private struct Slot {
        var hash: UInt64 = 0
        var symbol = Symbol.empty
    }

    private let symbols: SymbolTable
    private let seed: UInt64
    private var slots = [Slot](repeating: Slot(), count: 1024)
    private var used = 0
    private var bytes = 0
    /// Texts that came after the limits were reached; all of them are one, `…`.
    private(set) var refused = 0

    init(symbols: SymbolTable, seed: UInt64) {
        self.symbols = symbols
        self.seed = seed
    }

    @inline(__always)
    mutating func symbol(_ text: UnsafeRawBufferPointer) -> Symbol {
        guard let base = text.baseAddress, !text.isEmpty else { return .empty }
        let hash = ByteHash.hash(base, min(text.count, Self.longest), seed: seed)
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot].symbol.raw != 0 {
            if slots[slot].hash == hash { return slots[slot].symbol }
            slot = (slot + 1) & mask
        }
        return learn(text, hash)
    }

    mutating func symbol(_ text: String) -> Symbol {
        var text = text
        return text.withUTF8 { symbol(UnsafeRawBufferPointer($0)) }
    }

    func string(_ symbol: Symbol) -> String { symbols.string(symbol) }

    private mutating func learn(_ text: UnsafeRawBufferPointer, _ hash: UInt64) -> Symbol {
        let kept = Self.cut(text)
        let mayAdd = bytes < Self.mostBytes
        let symbol = symbols.withLock { table in
            mayAdd && table.bytes < table.mostBytesForSpans ? table.intern(kept) : .empty
        }
        guard !symbol.isEmpty else {
            refused += 1
            return symbols.intern("…")
        }
        bytes += kept.count
        if used * 2 >= slots.count { grow() }
        insert(Slot(hash: hash, symbol: symbol))
        return symbol
    }

    /// Texts beyond the last size are forgotten and asked for again: the cache stays within 2 MB.
    private mutating func grow() {
        let old = slots
        let isFull = old.count >= Self.mostSlots
        slots = .init(repeating: Slot(), count: isFull ? 1024 : old.count * 2)
        used = 0
        if isFull { return }
        for slot in old where !slot.symbol.isEmpty { insert(slot) }
    }

    private mutating func insert(_ entry: Slot) {
        var slot = Int(truncatingIfNeeded: entry.hash) & (slots.count - 1)
        while !slots[slot].symbol.isEmpty { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = entry
        used += 1
    }

    /// Not in the middle of a character.
    private static func cut(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard text.count > longest else { return text }
        var end = longest
        while end > longest - 4, text[end] & 0xC0 == 0x80 { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: text[..<end])
    }
}
