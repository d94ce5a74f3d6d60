public import MeshModel

/// All samples of all targets, compressed in memory, bounded by bytes.
///
/// A target is a log of rows, one per scrape: all its series share the rows' times, and a row holds what changed since the row
/// before, so that a counter that stands still costs nothing (docs/decisions/series-store.md). Whole chunks of rows leave: into
/// the coarser log when they are older than `rawSeconds`, and for good, the oldest of all targets first, when the budget is spent.
/// A target that was retired leaves whole with its last row.
public struct SeriesStore: ~Copyable {
    public struct Limits: Sendable {
        /// Rows, newest values and the label index together.
        public var budgetBytes = 1 << 30
        /// Every row is kept this long; one a minute after that.
        public var rawSeconds = 3600.0
        public var rolledSeconds = 86_400.0
        public init() {}
    }

    struct Target {
        let source: SourceID
        var raw = RowLog()
        var rolled = RolledLog()
        /// Taken off its list: nothing more comes of it.
        var isGone = false

        var stateBytes: Int { raw.stateBytes + rolled.log.stateBytes + MemoryLayout<Target>.stride }
        var rowBytes: Int { raw.chunks.reduce(0) { $0 + $1.footprint } + rolled.log.chunks.reduce(0) { $0 + $1.footprint } }
        /// Newest row of the chunk that would leave first.
        var oldestChunkEnd: Timestamp? { rolled.log.chunks.first?.last ?? raw.chunks.first?.last }
        var first: Timestamp? { rolled.log.first ?? raw.first }
        /// Newest row that is still held.
        var last: Timestamp? { raw.chunks.last?.last ?? rolled.log.chunks.last?.last }
        var isEmpty: Bool { raw.chunks.isEmpty && rolled.log.chunks.isEmpty }
    }

    private(set) var limits: Limits
    /// What traces leave of the memory; less of it takes effect with the next batch.
    public var budgetBytes: Int {
        get { limits.budgetBytes }
        set { limits.budgetBytes = newValue }
    }
    /// Close together, in no order: `places` finds them.
    private(set) var targets: [Target] = []
    private(set) var places: [SourceID: Int] = [:]
    public private(set) var index = LabelIndex()
    /// What the newest `append` changed, ascending by ordinal; kept for the room.
    public private(set) var changes: [SampleChange] = []
    private var scratch = EncodeScratch()
    /// Bytes of the rows: what samples cost. The rest is per series: its newest value and its name.
    public private(set) var rowBytes = 0
    private var stateBytes = 0
    public private(set) var samplesHeld = 0
    public private(set) var samplesEvicted = 0
    private var newest = Timestamp(nanoseconds: .min)
    private var nextAging = Timestamp(nanoseconds: .min)
    private var dropped: [SourceID] = []

    public init(limits: Limits = Limits()) { self.limits = limits }

    public var bytes: Int { rowBytes + stateBytes + index.bytes }
    public var targetCount: Int { targets.count }

    /// Oldest row of all targets, at any resolution. Looked for when a chunk left, not when it is asked for.
    public private(set) var retainedFrom: Timestamp?

    private mutating func findOldest() {
        var oldest: Timestamp?
        for index in targets.indices {
            guard let first = targets[index].first else { continue }
            oldest = oldest.map { min($0, first) } ?? first
        }
        retainedFrom = oldest
    }

    // MARK: - Writing

    /// Takes a batch in; `changes` then says what it changed. A batch not newer than the one before is refused.
    /// - Returns: false for a refused batch.
    public mutating func append(_ batch: borrowing Batch) -> Bool {
        changes.removeAll(keepingCapacity: true)
        // A series is announced once, be its page refused or not.
        if !batch.entries.isEmpty { index.add(batch) }
        let place = place(of: batch.source)
        if let last = targets[place].raw.lastTime, batch.time <= last { return false }
        var target = takeOut(place)
        if target.isGone {
            target.isGone = false
            target.raw.resume()
        }
        rowBytes += target.raw.append(time: batch.time, ordinals: batch.ordinals, values: batch.values, changes: &changes, scratch: &scratch)
        putBack(&target, place)
        samplesHeld += batch.values.count
        newest = max(newest, batch.time)
        let before = samplesEvicted
        rollUp(place)
        if newest >= nextAging { age() }
        while bytes > limits.budgetBytes, evictOldest() {}
        if samplesEvicted != before { findOldest() } else { retainedFrom = retainedFrom.map { min($0, batch.time) } ?? batch.time }
        return true
    }

    /// The target's proxy gave no page at `time`: none of its series has a sample from then on; `changes` says which.
    /// - Returns: false where that was known already, or nothing was known at all.
    public mutating func markGap(_ source: SourceID, at time: Timestamp) -> Bool {
        guard let target = target(source), let last = target.raw.lastTime, last < time, !target.raw.isSilent else { return false }
        return append(Batch(source: source, time: time))
    }

    private mutating func place(of source: SourceID) -> Int {
        if let known = places[source] { return known }
        let place = targets.count
        places[source] = place
        targets.append(Target(source: source))
        stateBytes += targets[place].stateBytes
        return place
    }

    /// A target is taken out while it changes, so that nothing is copied; `putBack` ends it.
    private mutating func takeOut(_ place: Int) -> Target {
        var target = Target(source: targets[place].source)
        swap(&target, &targets[place])
        stateBytes -= target.stateBytes
        return target
    }

    private mutating func putBack(_ target: inout Target, _ place: Int) {
        stateBytes += target.stateBytes
        swap(&target, &targets[place])
    }

    func target(_ source: SourceID) -> Target? { places[source].map { targets[$0] } }

    // MARK: - Leaving

    private mutating func rollUp(_ place: Int, keepingOpen: Bool = true) {
        let rawStart = newest - Timestamp.Span(seconds: limits.rawSeconds)
        let rolledStart = newest - Timestamp.Span(seconds: limits.rolledSeconds)
        let open = keepingOpen ? 1 : 0
        let isOld = targets[place].raw.chunks.count > open && targets[place].raw.chunks[0].last.map { $0 < rawStart } ?? false
        let isTooOld = targets[place].rolled.log.chunks.first?.last.map { $0 < rolledStart } ?? false
        guard isOld || isTooOld else { return }
        var target = takeOut(place)
        while target.raw.chunks.count > open, let last = target.raw.chunks[0].last, last < rawStart {
            let chunk = target.raw.removeFirst()
            guard last >= rolledStart else {
                drop(chunk)
                continue
            }
            rowBytes -= chunk.footprint
            samplesHeld -= chunk.samples
            let (growth, kept) = target.rolled.take(chunk, isCumulative: index.cumulative(target.source), scratch: &scratch)
            rowBytes += growth
            samplesHeld += kept
            samplesEvicted += chunk.samples - kept
        }
        while let last = target.rolled.log.chunks.first?.last, last < rolledStart { drop(target.rolled.removeFirst()) }
        putBack(&target, place)
    }

    /// What gets no page any more grows old, too: once a minute all targets are looked at. Of one that is gone, everything is given
    /// back with its last row.
    private mutating func age() {
        nextAging = newest + Timestamp.Span(seconds: Self.agingSeconds)
        let rawStart = newest - Timestamp.Span(seconds: limits.rawSeconds)
        for place in targets.indices.reversed() {
            if let last = targets[place].last, last < rawStart { rollUp(place, keepingOpen: false) }
            if targets[place].isGone, targets[place].isEmpty { forget(place) }
        }
    }

    private static let agingSeconds = 60.0

    /// Targets that are gone together hold no more than a quarter of the budget: they leave first beyond it, longest silent first and
    /// whole, since what is known of their series cannot be thinned out. Up to there the oldest chunk of all leaves, whosever it is,
    /// so that what ended a moment ago can still be looked at.
    private mutating func evictOldest() -> Bool {
        let room = limits.budgetBytes / 4
        if goneBytes > room {
            // A few at once, so that whoever hears of it has less to do.
            repeat {
                guard let place = longestGone() else { break }
                forget(place)
            } while goneBytes > room && bytes > limits.budgetBytes - limits.budgetBytes / 64
            return true
        }
        var oldest: (place: Int, end: Timestamp)?
        for place in targets.indices {
            guard let end = targets[place].oldestChunkEnd, end < oldest?.end ?? Timestamp(nanoseconds: .max) else { continue }
            oldest = (place, end)
        }
        guard let place = oldest?.place else {
            guard let place = longestGone() else { return false }
            forget(place)
            return true
        }
        var target = takeOut(place)
        drop(target.rolled.log.chunks.isEmpty ? target.raw.removeFirst() : target.rolled.removeFirst())
        putBack(&target, place)
        if targets[place].isGone, targets[place].isEmpty { forget(place) }
        return true
    }

    private func longestGone() -> Int? {
        let gone = targets.indices.filter { targets[$0].isGone }
        return gone.min { (targets[$0].last ?? Timestamp(nanoseconds: .min)) < (targets[$1].last ?? Timestamp(nanoseconds: .min)) }
    }

    /// Everything held of targets that are gone.
    private var goneBytes: Int {
        targets.reduce(0) { $0 + ($1.isGone ? $1.stateBytes + $1.rowBytes + index.bytes(of: $1.source) : 0) }
    }

    private mutating func drop(_ chunk: Chunk) {
        rowBytes -= chunk.footprint
        samplesHeld -= chunk.samples
        samplesEvicted += chunk.samples
    }

    /// The target was taken off its list: nothing more will come of it, and its room is the first to be given back.
    public mutating func retire(_ source: SourceID) {
        guard let place = places[source], !targets[place].isGone else { return }
        var target = takeOut(place)
        target.isGone = true
        rowBytes += target.raw.end()
        putBack(&target, place)
        if targets[place].isEmpty { forget(place) }
    }

    /// Gives back everything of a source: rows, newest values, names.
    public mutating func forget(_ source: SourceID) {
        guard let place = places[source] else { return index.remove(source) }
        forget(place)
        findOldest()
    }

    private mutating func forget(_ place: Int) {
        let target = takeOut(place)
        for chunk in target.rolled.log.chunks { drop(chunk) }
        for chunk in target.raw.chunks { drop(chunk) }
        index.remove(target.source)
        places[target.source] = nil
        dropped.append(target.source)
        targets.swapAt(place, targets.count - 1)
        targets.removeLast()
        if place < targets.count { places[targets[place].source] = place }
    }

    /// Sources of which nothing is held any more, since this was asked last.
    public mutating func takeDropped() -> [SourceID] {
        defer { dropped = [] }
        return dropped
    }

    /// Something is known of it.
    public func holds(_ source: SourceID) -> Bool { places[source] != nil }

    /// No row of it is left, although its newest values and names are still known.
    public func isSpent(_ source: SourceID) -> Bool { places[source].map { targets[$0].isEmpty } ?? false }
}
