package import MeshModel

/// All samples of all targets, compressed in memory, bounded by bytes.
///
/// A target is a log of rows, one per scrape: all its series share the rows' times, and a row holds what changed since the row
/// before, so that a counter that stands still costs nothing (docs/decisions/series-store.md). Whole chunks of rows leave: into
/// the coarser log when they are older than `rawSeconds`, and for good, the oldest of all targets first, when the budget is spent.
package struct SeriesStore: ~Copyable {
    package struct Limits: Sendable {
        /// Rows, newest values and the label index together.
        package var budgetBytes = 1 << 30
        /// Every row is kept this long; one a minute after that.
        package var rawSeconds = 3600.0
        package var rolledSeconds = 86_400.0
        package init() {}
    }

    struct Target {
        var raw = RowLog()
        var rolled = RolledLog()

        var stateBytes: Int { raw.stateBytes + rolled.log.stateBytes }
        /// Newest row of the chunk that would leave first.
        var oldestChunkEnd: Timestamp? { rolled.log.chunks.first?.last ?? raw.chunks.first?.last }
        var first: Timestamp? { rolled.log.first ?? raw.first }
    }

    private let limits: Limits
    private(set) var targets: [Target?] = []  // by source number
    package private(set) var index = LabelIndex()
    /// What the newest `append` changed, ascending by ordinal; kept for the room.
    package private(set) var changes: [SampleChange] = []
    private var scratch = EncodeScratch()
    /// Bytes of the rows: what samples cost. The rest is per series: its newest value and its name.
    package private(set) var rowBytes = 0
    private var stateBytes = 0
    package private(set) var samplesHeld = 0
    package private(set) var samplesEvicted = 0
    private var newest = Timestamp(nanoseconds: .min)

    package init(limits: Limits = Limits()) { self.limits = limits }

    package var bytes: Int { rowBytes + stateBytes + index.bytes }

    /// Oldest row of all targets, at any resolution. Looked for when a chunk left, not when it is asked for.
    package private(set) var retainedFrom: Timestamp?

    private mutating func findOldest() {
        var oldest: Timestamp?
        for index in targets.indices {
            guard let first = targets[index]?.first else { continue }
            oldest = oldest.map { min($0, first) } ?? first
        }
        retainedFrom = oldest
    }

    // MARK: - Writing

    /// Takes a batch in; `changes` then says what it changed. A batch not newer than the one before is refused.
    /// - Returns: false for a refused batch.
    package mutating func append(_ batch: borrowing Batch) -> Bool {
        let place = Int(batch.source.raw)
        while targets.count <= place { targets.append(nil) }
        changes.removeAll(keepingCapacity: true)
        // A series is announced once, be its page refused or not.
        if !batch.entries.isEmpty { index.add(batch) }
        var target = targets[place] ?? Target()
        if let last = target.raw.lastTime, batch.time <= last { return false }
        // Taken out while it changes, so that nothing is copied.
        targets[place] = nil
        stateBytes -= target.stateBytes
        rowBytes += target.raw.append(time: batch.time, ordinals: batch.ordinals, values: batch.values, changes: &changes, scratch: &scratch)
        samplesHeld += batch.values.count
        newest = max(newest, batch.time)
        let before = samplesEvicted
        rollUp(&target, batch.source)
        stateBytes += target.stateBytes
        targets[place] = target
        while bytes > limits.budgetBytes, evictOldest() {}
        if samplesEvicted != before { findOldest() } else { retainedFrom = retainedFrom.map { min($0, batch.time) } ?? batch.time }
        return true
    }

    /// The target's proxy gave no page at `time`: none of its series has a sample from then on; `changes` says which.
    /// - Returns: false where that was known already, or nothing was known at all.
    package mutating func markGap(_ source: SourceID, at time: Timestamp) -> Bool {
        guard let target = target(source), let last = target.raw.lastTime, last < time, !target.raw.isSilent else { return false }
        return append(Batch(source: source, time: time))
    }

    // MARK: - Leaving

    private mutating func rollUp(_ target: inout Target, _ source: SourceID) {
        let rawStart = newest - Timestamp.Span(seconds: limits.rawSeconds)
        while target.raw.chunks.count > 1, let last = target.raw.chunks[0].last, last < rawStart {
            let chunk = target.raw.removeFirst()
            rowBytes -= chunk.footprint
            samplesHeld -= chunk.samples
            let (growth, kept) = target.rolled.take(chunk, isCumulative: index.cumulative(source), scratch: &scratch)
            rowBytes += growth
            samplesHeld += kept
            samplesEvicted += chunk.samples - kept
        }
        let rolledStart = newest - Timestamp.Span(seconds: limits.rolledSeconds)
        while let last = target.rolled.log.chunks.first?.last, last < rolledStart { drop(target.rolled.removeFirst()) }
    }

    private mutating func evictOldest() -> Bool {
        var oldest: (place: Int, end: Timestamp)?
        for (place, target) in targets.enumerated() {
            guard let end = target?.oldestChunkEnd, end < oldest?.end ?? Timestamp(nanoseconds: .max) else { continue }
            oldest = (place, end)
        }
        guard let place = oldest?.place, var target = targets[place] else { return false }
        targets[place] = nil
        drop(target.rolled.log.chunks.isEmpty ? target.raw.removeFirst() : target.rolled.removeFirst())
        targets[place] = target
        return true
    }

    private mutating func drop(_ chunk: Chunk) {
        rowBytes -= chunk.footprint
        samplesHeld -= chunk.samples
        samplesEvicted += chunk.samples
    }

    func target(_ source: SourceID) -> Target? {
        let place = Int(source.raw)
        return place < targets.count ? targets[place] : nil
    }
}
