import MeshModel

/// The spans of one trace by id: up to two a number, for Zipkin's server halves write their client's.
struct SpanIndex {
    private var first: [Int32]
    private var server: [Int32]
    private var keys: [UInt64]
    private let mask: Int

    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        first = [Int32](repeating: -1, count: size)
        server = first
        keys = [UInt64](repeating: 0, count: size)
        mask = size - 1
    }

    private func slot(_ id: SpanID) -> Int {
        var mixed = id.raw &* 0x9E37_79B9_7F4A_7C15
        mixed ^= mixed >> 32
        var slot = Int(truncatingIfNeeded: mixed) & mask
        while first[slot] >= 0 || server[slot] >= 0, keys[slot] != id.raw { slot = (slot + 1) & mask }
        return slot
    }

    /// The client half or the only one, and the server half.
    subscript(_ id: SpanID) -> (first: Int32, server: Int32) {
        let slot = slot(id)
        return keys[slot] == id.raw ? (first[slot], server[slot]) : (-1, -1)
    }

    enum Insertion { case placed, duplicate, idTaken }

    mutating func insert(_ place: Int, _ spans: [Span]) -> Insertion {
        let span = spans[place], slot = slot(span.id)
        keys[slot] = span.id.raw
        for held in [first[slot], server[slot]] where held >= 0 {
            if spans[Int(held)].kind == span.kind, spans[Int(held)].start == span.start { return .duplicate }
        }
        if span.isShared || span.kind == .server {
            guard server[slot] < 0 else { return .idTaken }
            server[slot] = Int32(place)
        } else {
            if first[slot] >= 0 {
                // Half of a half (Zipkin: an annotation sent apart) gives way to the client's.
                if span.kind == .client, spans[Int(first[slot])].kind == .unspecified { first[slot] = Int32(place) }
                return .idTaken
            }
            first[slot] = Int32(place)
        }
        return .placed
    }
}
