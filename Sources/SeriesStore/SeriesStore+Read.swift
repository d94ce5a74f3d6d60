package import MeshModel

/// How much a cumulative series grew over a stretch of time.
package struct Increase: Equatable, Sendable {
    /// Sum of increases between neighbouring samples; after a reset the new value counts whole.
    package var value: Double
    /// First and last sample it spans; the sample before the stretch is the first where there is one.
    package var from: Timestamp
    package var to: Timestamp
    package var resets: Int

    package init(value: Double, from: Timestamp, to: Timestamp, resets: Int) {
        self.value = value
        self.from = from
        self.to = to
        self.resets = resets
    }

    package var perSecond: Double? { to > from ? value / (to - from).seconds : nil }
}

extension SeriesStore {
    /// Reads a target's rows: what stood at `from` (its newest row at or before it, or else its first), then every row up to `to`.
    /// The first row names everything that is present.
    package func forEachRow(of source: SourceID, from: Timestamp, to: Timestamp, _ body: (StoredRow) -> Void) {
        guard let target = target(source) else { return }
        var reader = RowReader()
        if target.raw.first.map({ $0 > from }) ?? true { reader.read(target.rolled.log.chunks, isRolled: true, from: from, to: to, body) }
        reader.read(target.raw.chunks, from: from, to: to, body)
    }

    /// One series' samples, the one standing at `from` first; nil where it has none (the proxy gave no page, or the series was not on it).
    package func samples(of ref: SeriesRef, from: Timestamp, to: Timestamp) -> [(time: Timestamp, value: Double?)] {
        var result: [(Timestamp, Double?)] = []
        var current: Double?
        forEachRow(of: ref.source, from: from, to: to) { row in
            if let change = Self.find(ref.ordinal, row.changes) { current = change.isPresent ? change.new : nil }
            result.append((row.time, current))
        }
        return result
    }

    /// - Returns: nil where fewer than two samples lie in the stretch.
    package func increase(of ref: SeriesRef, from: Timestamp, to: Timestamp) -> Increase? {
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
        var low = 0, high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].ordinal < ordinal { low = middle + 1 } else { high = middle }
        }
        return low < changes.count && changes[low].ordinal == ordinal ? changes[low] : nil
    }
}
