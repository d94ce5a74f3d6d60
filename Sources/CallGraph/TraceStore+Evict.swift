public import MeshModel

/// Traces by their beginnings, the oldest on top.
struct StartHeap: Sendable {
    struct Entry: Sendable {
        var start: Timestamp
        var place: Int32
        var turn: UInt32
    }
    private var entries: [Entry] = []

    var bytes: Int { entries.capacity * MemoryLayout<Entry>.stride }

    /// Drops what is not wanted any more, where there are more entries than that.
    mutating func forget(beyond limit: Int, unless isWanted: (Entry) -> Bool) {
        guard entries.count > limit else { return }
        let all = entries
        entries = []
        for entry in all where isWanted(entry) { push(entry) }
    }

    mutating func push(_ entry: Entry) {
        entries.append(entry)
        var child = entries.count - 1
        while child > 0, entries[child].start < entries[(child - 1) / 2].start {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func pop() -> Entry? {
        guard let first = entries.first else { return nil }
        let last = entries.removeLast()
        guard !entries.isEmpty else { return first }
        entries[0] = last
        var above = 0
        while true {
            var least = above
            for child in [2 * above + 1, 2 * above + 2] where child < entries.count && entries[child].start < entries[least].start { least = child }
            guard least != above else { return first }
            entries.swapAt(above, least)
            above = least
        }
    }
}

/// How long traces took, in steps of an eighth of an octave: what is slow is said by those seen so far.
struct DurationCounts: Sendable {
    private var counts = [UInt32](repeating: 0, count: 64 * 8)
    private var all = 0

    private static func step(_ nanoseconds: Int64) -> Int {
        guard nanoseconds > 8 else { return 0 }
        let octave = 63 - nanoseconds.leadingZeroBitCount
        return octave * 8 + Int((nanoseconds >> Int64(octave - 3)) & 7)
    }

    /// - Returns: whether it is among the slowest hundredth.
    mutating func isSlow(_ nanoseconds: Int64) -> Bool {
        let step = Self.step(max(0, nanoseconds))
        counts[step] += 1
        all += 1
        var slower = 0
        for other in (step + 1)..<max(step + 1, counts.count) { slower += Int(counts[other]) }
        if all > 1 << 20 {
            all = 0
            for place in counts.indices {
                counts[place] /= 2
                all += Int(counts[place])
            }
        }
        return all > 100 && slower * 100 < all && Int(counts[step]) * 50 < all
    }
}

extension TraceStore {
    /// Lets go of whole traces until a little room is made.
    mutating func evict() {
        let goal = budgetBytes - budgetBytes / 64
        while bytes > goal {
            if let entry = oldest.pop() {
                guard let trace = traces[Int(entry.place)], trace.turn == entry.turn else { continue }
                let isWorthKeeping = durations.isSlow(trace.end.nanoseconds &- trace.start.nanoseconds) || trace.hasError
                guard isWorthKeeping else {
                    remove(Int(entry.place))
                    continue
                }
                traces[Int(entry.place)]?.isProtected = true
                protectedBytes += trace.held
                oldestProtected.push(entry)
                while protectedBytes > budgetBytes / 4, removeOldestProtected() {}
            } else if !removeOldestProtected() {
                return
            }
        }
    }

    private mutating func removeOldestProtected() -> Bool {
        while let entry = oldestProtected.pop() {
            guard let trace = traces[Int(entry.place)], trace.turn == entry.turn else { continue }
            remove(Int(entry.place))
            return true
        }
        return false
    }

    /// A trace none of whose spans could be kept.
    mutating func removeIfEmpty(_ place: Int) -> Bool {
        guard let trace = traces[place], trace.spanCount == 0 else { return false }
        heldBytes -= trace.held
        places[trace.id] = nil
        traces[place] = nil
        free.append(Int32(place))
        return true
    }

    private mutating func remove(_ place: Int) {
        // Its calls are counted, be it never seen.
        settle(place, isLeaving: true)
        hasCome(place)
        guard let trace = traces[place] else { return }
        heldBytes -= trace.held
        if trace.isProtected { protectedBytes -= trace.held }
        spans -= trace.spanCount
        evictedTraces += 1
        evictedSpans += trace.summary?.spans ?? trace.spanCount
        blocks.forEachSpan(of: trace.chain) { span, _ in letGo(ofResource: span.resource, users: 1) }
        var chain = trace.chain
        blocks.removeAll(&chain)
        places[trace.id] = nil
        if opened?.id == trace.id { opened = nil }
        stamps += 1
        stretches.remove(place, stamp: stamps)
        traces[place] = nil
        free.append(Int32(place))
        if evictedTraces == 1 || trace.end > evictedUpTo { evictedUpTo = trace.end }
    }

    /// Start of the oldest trace held: of those that were put together, at straightened clocks.
    public var reachesBackTo: Timestamp? {
        let known = stretches.oldest?.places.lazy.compactMap { traces[Int($0)]?.summary?.start }.min()
        let others = dirty.lazy.compactMap { traces[Int($0)].flatMap { $0.summary == nil && $0.spanCount > 0 ? $0.start : nil } }.min()
        return [known, others].compactMap(\.self).min()
    }
}
