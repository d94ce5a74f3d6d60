public import MeshModel

/// How much a cumulative series grew over a stretch of time.
public struct Increase: Equatable, Sendable {
    /// Sum of increases between neighbouring samples; after a reset the new value counts whole.
    public var value: Double
    /// First and last sample it spans; the sample before the stretch is the first where there is one.
    public var from: Timestamp
    public var to: Timestamp
    public var resets: Int

    public init(value: Double, from: Timestamp, to: Timestamp, resets: Int) {
        self.value = value
        self.from = from
        self.to = to
        self.resets = resets
    }

    public var perSecond: Double? { to > from ? value / (to - from).seconds : nil }
}

/// The rows of a store as they were at one moment.
public struct StoreSnapshot: Sendable {
    let targets: [SeriesStore.Target]
    let places: [SourceID: Int]

    /// As the store's own.
    public func forEachRow(of source: SourceID, from: Timestamp, to: Timestamp, _ body: (StoredRow) -> Void) {
        if let place = places[source] { targets[place].forEachRow(from: from, to: to, body) }
    }
}

extension SeriesStore.Target {
    func forEachRow(from: Timestamp, to: Timestamp, _ body: (StoredRow) -> Void) {
        var reader = RowReader()
        if raw.first.map({ $0 > from }) ?? true { reader.read(rolled.log.chunks, isRolled: true, from: from, to: to, body) }
        reader.read(raw.chunks, from: from, to: to, body)
    }
}

extension SeriesStore {
    /// Reads a target's rows: what stood at `from` (its newest row at or before it, or else its first), then every row up to `to`.
    /// The first row names everything that is present.
    public func forEachRow(of source: SourceID, from: Timestamp, to: Timestamp, _ body: (StoredRow) -> Void) {
        if let place = places[source] { targets[place].forEachRow(from: from, to: to, body) }
    }

    /// All rows as they are now, to be read beside the store while it goes on: chunks are shared until one is written to.
    public var snapshot: StoreSnapshot { StoreSnapshot(targets: targets, places: places) }

    /// One series' samples, the one standing at `from` first; nil where it has none (the proxy gave no page, or the series was not on it).
    public func samples(of ref: SeriesRef, from: Timestamp, to: Timestamp) -> [(time: Timestamp, value: Double?)] {
        var result: [(Timestamp, Double?)] = []
        var current: Double?
        forEachRow(of: ref.source, from: from, to: to) { row in
            if let change = Self.find(ref.ordinal, row.changes) { current = change.isPresent ? change.new : nil }
            result.append((row.time, current))
        }
        return result
    }

    /// - Returns: nil where fewer than two samples lie in the stretch.
    public func increase(of ref: SeriesRef, from: Timestamp, to: Timestamp) -> Increase? {
        var result: Increase?
        var last: Double?
        for (time, value) in samples(of: ref, from: from, to: to) {
            guard let value, value.isFinite else { continue }
            if let last {
                result?.value += value >= last ? value - last : value
                if value < last { result?.resets += 1 }
                result?.to = time
            } else {
                result = Increase(value: 0, from: time, to: time, resets: 0)
            }
            last = value
        }
        return result.flatMap { $0.to > $0.from ? $0 : nil }
    }

    private static func find(_ ordinal: UInt32, _ changes: [SampleChange]) -> SampleChange? {
        let low = (0..<changes.count).firstPlace { changes[$0].ordinal < ordinal }
        return low < changes.count && changes[low].ordinal == ordinal ? changes[low] : nil
    }
}
