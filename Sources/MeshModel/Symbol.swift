import Synchronization

/// An interned string. 0 is the empty string, which is also "absent": in the Prometheus data model an empty
/// label value equals a missing label.
public struct Symbol: Hashable, Sendable, BitwiseCopyable {
    public var raw: UInt32
    public init(raw: UInt32) { self.raw = raw }
    public static let empty = Symbol(raw: 0)
    public var isEmpty: Bool { raw == 0 }
}

/// All strings of one process by dense number: names, label names and label values. Shared by everything that
/// names a series, so hot structures hold 4 bytes instead of a String. It only grows; what it holds is part
/// of the memory budget (`bytes`).
///
/// Cross the lock once per batch: `withLock { $0.intern(…) }` for many, the single-call forms for few.
public final class SymbolTable: Sendable {
    private let storage = Mutex(Storage())

    public init() {}

    public func withLock<Result>(_ body: (inout Storage) -> sending Result) -> sending Result { storage.withLock { body(&$0) } }
    public func intern(_ text: String) -> Symbol { storage.withLock { $0.intern(text) } }
    public func string(_ symbol: Symbol) -> String { storage.withLock { $0.string(symbol) } }
    public var count: Int { storage.withLock { $0.count } }
    public var bytes: Int { storage.withLock { $0.bytes } }

    /// Protects: arena, ends, slots. Open addressing over indices, the bytes live once in the arena.
    public struct Storage: Sendable {
        private var arena: [UInt8] = []
        private var ends: [UInt32] = [0]  // symbol s occupies arena[ends[s-1]..<ends[s]]; symbol 0 is empty
        private var hashes: [UInt32] = [0]
        private var slots: [UInt32] = .init(repeating: 0, count: 1024)  // 0 = free
        private let seed = UInt64.random(in: .min ... .max)

        /// Up to where texts of spans may fill it; senders of spans may invent names without end.
        public var mostBytesForSpans = 256 << 20

        public var count: Int { ends.count }
        public var bytes: Int { arena.capacity + ends.capacity * 4 + hashes.capacity * 4 + slots.capacity * 4 }

        public mutating func intern(_ text: String) -> Symbol {
            var text = text
            return text.withUTF8 { intern(UnsafeRawBufferPointer($0)) }
        }

        public mutating func intern(_ key: UnsafeRawBufferPointer) -> Symbol {
            guard !key.isEmpty else { return .empty }
            precondition(arena.count + key.count < Int(UInt32.max), "BUG: symbol table past 4 GiB; limits must stop this earlier")
            let hash = UInt32(truncatingIfNeeded: ByteHash.hash(key, seed: seed))
            var slot = Int(hash) & (slots.count - 1)
            while slots[slot] != 0 {
                let candidate = Int(slots[slot])
                if hashes[candidate] == hash, equals(candidate, key) { return Symbol(raw: UInt32(candidate)) }
                slot = (slot + 1) & (slots.count - 1)
            }
            let symbol = UInt32(ends.count)
            arena.append(contentsOf: key)
            ends.append(UInt32(arena.count))
            hashes.append(hash)
            slots[slot] = symbol
            if ends.count * 2 > slots.count { grow() }
            return Symbol(raw: symbol)
        }

        public func string(_ symbol: Symbol) -> String {
            guard !symbol.isEmpty else { return "" }
            return String(decoding: arena[Int(ends[Int(symbol.raw) - 1])..<Int(ends[Int(symbol.raw)])], as: UTF8.self)
        }

        private func equals(_ candidate: Int, _ key: UnsafeRawBufferPointer) -> Bool {
            let start = Int(ends[candidate - 1])
            guard Int(ends[candidate]) - start == key.count else { return false }
            return arena.withUnsafeBytes { ByteHash.equal($0.baseAddress.map { $0 + start }, key) }
        }

        private mutating func grow() {
            slots = .init(repeating: 0, count: slots.count * 2)
            for symbol in 1..<ends.count {
                var slot = Int(hashes[symbol]) & (slots.count - 1)
                while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
                slots[slot] = UInt32(symbol)
            }
        }
    }
}
