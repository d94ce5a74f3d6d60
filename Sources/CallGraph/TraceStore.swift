public import MeshModel

/// A trace in memory: its spans, each with its message behind it, in blocks of their own, so that it goes as a whole.
public struct HeldTrace: Sendable {
    public let id: TraceID
    public internal(set) var spanCount = 0
    var chain = BlockChain()
    public internal(set) var start = Timestamp(nanoseconds: .max)
    public internal(set) var end = Timestamp(nanoseconds: .min)
    public internal(set) var summary: TraceSummary?
    public internal(set) var calls: [Call] = []
    /// Another number, another summary.
    public internal(set) var stamp: UInt64 = 0
    /// Spans of it came a moment ago and some that they speak of are missing: nothing is said of that yet, and its calls are not counted.
    public internal(set) var isArriving = false
    var arrived = Timestamp(nanoseconds: .min)
    var oddities = Oddities()
    var late = 0
    var hasError = false
    var isDirty = false
    var isProtected = false
    /// Its place was taken by another since.
    var turn: UInt32 = 0

    /// Its summary and what a list keeps of it, beside the tables of the store.
    static let restBytes = 768

    var held: Int { chain.bytes + calls.capacity * MemoryLayout<Call>.stride + Self.restBytes }
}

/// Traces by id, bounded by bytes. Whole traces go, the oldest first; a quarter of the budget is kept for those that fail and the
/// slowest ones.
///
/// One owner: a copy would share the spans.
public struct TraceStore {
    public var budgetBytes: Int
    let blocks = SpanBlocks()
    let symbols: SymbolTable
    public internal(set) var parties: Parties
    public internal(set) var traces: [HeldTrace?] = []
    public internal(set) var stretches = TraceStretches()
    var places: [TraceID: Int32] = [:]
    var free: [Int32] = []
    var dirty: [Int32] = []
    var oldest = StartHeap()
    var oldestProtected = StartHeap()
    var durations = DurationCounts()
    public internal(set) var resources: [HeldResource] = []
    var resourcePlaces: [ResourceKey: Int32] = [:]
    var freeResources: [Int32] = []
    var clocks: [Symbol: Int32] = [:]
    var turn: UInt32 = 0
    /// Grows with everything that is said of a trace.
    public internal(set) var stamps: UInt64 = 0
    /// Newest end of what was let go of: from there on everything is held.
    public internal(set) var evictedUpTo = Timestamp(nanoseconds: .min)

    public internal(set) var spans = 0
    public internal(set) var evictedTraces = 0
    public internal(set) var evictedSpans = 0
    public internal(set) var refusedSpans = 0
    public internal(set) var seenSpans = 0
    public internal(set) var oddities = Oddities()
    var heldBytes = 0
    var protectedBytes = 0
    var resourceBytes = 0
    var callChanges: [CallChange] = []
    /// Traces of which nothing came since then have come; nil: all that is held has.
    public var quietSince: Timestamp?
    var arriving: [Int32] = []
    var opened: OpenedTrace?
    public internal(set) var pairs: [UInt64: Int32] = [:]
    public internal(set) var pairEnds: [(source: Int32, destination: Int32)] = []
    public let mostPairs: Int
    /// Calls of pairs beyond the limit: counted for their services, or for all others.
    public internal(set) var foldedCalls = 0

    public init(symbols: SymbolTable, budgetBytes: Int) {
        self.symbols = symbols
        self.budgetBytes = budgetBytes
        // Who is told apart, and what a frame says of each pair, must leave room for the traces.
        parties = Parties(symbols: symbols, most: max(1 << 10, budgetBytes >> 14))
        mostPairs = max(1 << 11, budgetBytes >> 13)
    }

    struct ResourceKey: Hashable {
        var claim: EntityClaim
        var host: Symbol
        var bytes: [UInt8]
    }

    public var count: Int { places.count }
    /// All they take. What is allocated counts, filled or not.
    public var bytes: Int { heldBytes + resourceBytes + tableBytes }
    private var tableBytes: Int {
        let perPlace = traces.capacity * MemoryLayout<HeldTrace?>.stride + (free.capacity + dirty.capacity) * 4
        return perPlace + places.capacity * 32 + oldest.bytes + oldestProtected.bytes + stretches.bytes + parties.bytes + pairs.capacity * 32 + clocks.capacity * 16
    }

    public subscript(_ id: TraceID) -> HeldTrace? { places[id].flatMap { traces[Int($0)] } }

    // MARK: - Taking in

    /// - Returns: how many spans could not be kept: those of traces that alone would take half of the budget.
    public mutating func consume(_ batch: borrowing SpanBatch) -> Int {
        seenSpans += batch.spans.count
        let map = batch.resources.indices.map { take(batch.resources[$0], batch.bytes) }
        let spans = batch.spans, time = batch.time
        let refused = batch.bytes.withUnsafeBytes { take(spans, $0, map, at: time) }
        refusedSpans += refused
        release(map)
        // Nobody asked for a frame for long: places of traces that are gone are forgotten.
        if dirty.count > 2 * traces.count + 1024 { dirty = traces.indices.filter { traces[$0]?.isDirty == true }.map { Int32($0) } }
        oldest.forget(beyond: 2 * traces.count + 1024) { traces[Int($0.place)]?.turn == $0.turn }
        oldestProtected.forget(beyond: 2 * traces.count + 1024) { traces[Int($0.place)]?.turn == $0.turn }
        if bytes > budgetBytes { evict() }
        blocks.returnUnused()
        return refused
    }

    private mutating func take(_ spans: [Span], _ messages: UnsafeRawBufferPointer, _ map: [Int32], at time: Timestamp) -> Int {
        var last: (id: TraceID, place: Int)?
        var refused = 0
        var room = budgetBytes - resourceBytes - tableBytes
        for span in spans {
            let place = if let last, last.id == span.trace { last.place } else { self.place(of: span) }
            last = (span.trace, place)
            guard Int(span.resource) < map.count, add(span, resource: map[Int(span.resource)], to: place, messages, at: time) else {
                refused += 1
                if removeIfEmpty(place) { last = nil }
                continue
            }
            // A batch may be larger than what there is room for: the budget holds while it is taken in. Tables hardly grow with a span.
            if heldBytes > room {
                evict()
                last = nil
                room = budgetBytes - resourceBytes - tableBytes
            }
        }
        return refused
    }

    private mutating func place(of span: Span) -> Int {
        if let known = places[span.trace] { return Int(known) }
        turn &+= 1
        var trace = HeldTrace(id: span.trace)
        trace.turn = turn
        let place = free.popLast().map(Int.init) ?? traces.count
        if place == traces.count { traces.append(trace) } else { traces[place] = trace }
        places[span.trace] = Int32(place)
        oldest.push(.init(start: span.start, place: Int32(place), turn: turn))
        heldBytes += trace.held
        return place
    }

    private mutating func add(_ span: Span, resource: Int32, to place: Int, _ messages: UnsafeRawBufferPointer, at time: Timestamp) -> Bool {
        let count = Int(span.bytes.count), from = Int(span.bytes.start)
        guard from + count <= messages.count else { return false }
        var span = span
        span.resource = resource
        // One trace may not push out all others.
        let most = min(budgetBytes / 2, Int(UInt32.max))
        guard let growth = traces[place]?.add(span, UnsafeRawBufferPointer(rebasing: messages[from..<from + count]), in: blocks, at: time, most: most) ?? nil else { return false }
        if growth.isFirst { dirty.append(Int32(place)) }
        resources[Int(resource)].users += 1
        heldBytes += growth.bytes
        if growth.isProtected { protectedBytes += growth.bytes }
        spans += 1
        return true
    }

    // MARK: - Resources

    private mutating func take(_ resource: SpanResource, _ bytes: borrowing [UInt8]) -> Int32 {
        let from = Int(resource.bytes.start), end = from + Int(resource.bytes.count)
        let message = end <= bytes.count ? Array(bytes[from..<end]) : []
        let key = ResourceKey(claim: resource.claim, host: resource.host, bytes: message)
        if let known = resourcePlaces[key] {
            resources[Int(known)].users += 1
            return known
        }
        let party = parties.number(of: resource.claim)
        // Without a host, a pod is one clock, and so is a process nobody places.
        let host = resource.host.isEmpty ? resource.claim.pod : resource.host
        var clock = host.isEmpty ? -2 - party : clocks[host]
        if clock == nil {
            clock = Int32(clocks.count)
            clocks[host] = clock
        }
        var held = HeldResource(party: party, clock: clock ?? -1, bytes: message)
        held.users = 1
        let place = freeResources.popLast() ?? Int32(resources.count)
        if Int(place) == resources.count { resources.append(held) } else { resources[Int(place)] = held }
        resourcePlaces[key] = place
        resourceKeys[place] = key
        resourceBytes += message.count * 2 + 256
        return place
    }
    var resourceKeys: [Int32: ResourceKey] = [:]

    /// Resources live as long as spans of theirs do; a batch holds them while it is taken in.
    private mutating func release(_ map: [Int32]) {
        for place in map { letGo(ofResource: place, users: 1) }
    }

    mutating func letGo(ofResource place: Int32, users: Int) {
        resources[Int(place)].users -= users
        guard resources[Int(place)].users == 0, let key = resourceKeys.removeValue(forKey: place) else { return }
        resourcePlaces[key] = nil
        resourceBytes -= key.bytes.count * 2 + 256
        resources[Int(place)].bytes = []
        freeResources.append(place)
    }
}

extension HeldTrace {
    struct Growth {
        var bytes: Int
        /// Since it was put together last.
        var isFirst: Bool
        var isProtected: Bool
    }

    /// All that a span changes of its trace, in place: a trace is not copied for it.
    /// - Parameter most: bytes that it may take.
    /// - Returns: nil where it would take more, or the system has no more memory.
    mutating func add(_ span: Span, _ message: UnsafeRawBufferPointer, in blocks: SpanBlocks, at time: Timestamp, most: Int) -> Growth? {
        let before = held
        guard before + message.count + MemoryLayout<Span>.stride < most, blocks.append(span, message, to: &chain) else { return nil }
        let growth = Growth(bytes: held - before, isFirst: !isDirty, isProtected: isProtected)
        spanCount += 1
        start = min(start, span.start)
        end = max(end, span.end)
        hasError = hasError || span.isError(.server)
        if arrived.nanoseconds > .min, time.nanoseconds &- arrived.nanoseconds > 30_000_000_000 { late += 1 }
        arrived = max(arrived, time)
        isDirty = true
        return growth
    }
}
