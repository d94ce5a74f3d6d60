import CallGraph

/// What the listed traces hold under one key, as far as they were looked into. Values come from outside, and may be long and many: of each
/// trace the first of them are kept, and of all traces together no more than there is room for.
struct SearchedAttribute {
    struct Found {
        private static let mostValues = 64
        static let mostBytes = 1024
        var stamp: UInt64 = 0
        private(set) var values: [String] = []
        private(set) var bytes = 0
        /// There is more than `values`.
        private(set) var isCut = false

        mutating func add(_ value: String) {
            guard !values.contains(value) else { return }
            let room = Self.mostBytes - bytes
            guard values.count < Self.mostValues, room > 0 else {
                isCut = true
                return
            }
            var kept = value
            if value.utf8.count > room {
                isCut = true
                var end = value.utf8.index(value.startIndex, offsetBy: room)
                while end > value.startIndex, value.utf8[end] & 0xC0 == 0x80 { end = value.utf8.index(before: end) }
                kept = String(value[..<end])
                guard !kept.isEmpty, !values.contains(kept) else { return }
            }
            values.append(kept)
            bytes += kept.utf8.count
        }

        mutating func removeAll() {
            isCut = isCut || !values.isEmpty
            (values, bytes) = ([], 0)
        }
    }

    /// One trace that is not read to its end.
    struct Reading {
        let place: Int
        let stamp: UInt64
        var messages: MessageReading
        var found = Found()
        var owners: [Int32] = []
    }

    /// By the place of the trace in the store.
    var found: [Found?] = []
    /// What the values take.
    private(set) var bytes = 0
    /// Where in the list the search goes on, and in which list.
    var next = 0
    var list: TraceFrames.Terms?
    var reading: Reading?

    subscript(place: Int, stamp: UInt64) -> Found? {
        guard place < found.count, let known = found[place], known.stamp == stamp else { return nil }
        return known
    }

    mutating func takeReading(_ place: Int, _ stamp: UInt64) -> Reading? {
        defer { reading = nil }
        return reading.flatMap { $0.place == place && $0.stamp == stamp ? $0 : nil }
    }

    /// - Parameter room: what the values of all traces may take.
    mutating func keep(_ reading: Reading, room: Int) {
        var new = reading.found
        new.stamp = reading.stamp
        bytes -= found[reading.place]?.bytes ?? 0
        if bytes + new.bytes > room { new.removeAll() }
        bytes += new.bytes
        found[reading.place] = new
    }

    /// Traces that went or changed hold nothing any more.
    mutating func forget(_ stamp: (Int) -> UInt64?) {
        for place in found.indices {
            guard let known = found[place], stamp(place) != known.stamp else { continue }
            bytes -= known.bytes
            found[place] = nil
        }
    }
}
