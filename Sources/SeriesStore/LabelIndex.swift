package import MeshModel

/// Names one series of the store.
package struct SeriesRef: Hashable, Sendable, BitwiseCopyable {
    package var source: SourceID
    package var ordinal: UInt32
    package init(source: SourceID, ordinal: UInt32) {
        self.source = source
        self.ordinal = ordinal
    }
}

/// What each series is called: name and labels as interned numbers, found by name, then by comparing numbers.
package struct LabelIndex: Sendable {
    private struct Record {
        var name: Symbol
        var firstLabel: UInt32
        var labelCount: UInt16
        var kind: SeriesKind
    }

    private struct Source {
        var records: [Record] = []  // by ordinal
        var labels: [Label] = []
    }

    /// One condition on a label; an empty value stands for "absent".
    package struct Matcher: Sendable {
        package var label: Symbol
        package var values: Set<Symbol>
        package var isNegated: Bool
        package init(label: Symbol, values: Set<Symbol>, isNegated: Bool = false) {
            self.label = label
            self.values = values
            self.isNegated = isNegated
        }
    }

    private var sources: [Source] = []  // by source number
    private var byName: [Symbol: [SeriesRef]] = [:]
    package private(set) var count = 0
    package private(set) var bytes = 0

    mutating func add(_ batch: borrowing Batch) {
        let place = Int(batch.source.raw)
        while sources.count <= place { sources.append(Source()) }
        bytes -= Self.bytes(of: sources[place])
        let entries = batch.entries
        sources[place].records.reserveCapacity(sources[place].records.count + entries.count)
        sources[place].labels.reserveCapacity(sources[place].labels.count + batch.labels.count)
        for entry in entries {
            let ordinal = Int(entry.ordinal)
            while sources[place].records.count <= ordinal {
                sources[place].records.append(Record(name: .empty, firstLabel: 0, labelCount: 0, kind: .unknown))
            }
            let first = UInt32(sources[place].labels.count)
            sources[place].labels.append(contentsOf: batch.labels[entry.labels])
            if !sources[place].records[ordinal].name.isEmpty { forget(SeriesRef(source: batch.source, ordinal: entry.ordinal)) }
            sources[place].records[ordinal] = Record(name: entry.name, firstLabel: first, labelCount: UInt16(clamping: entry.labels.count), kind: entry.kind)
            byName[entry.name, default: []].append(SeriesRef(source: batch.source, ordinal: entry.ordinal))
            count += 1
        }
        bytes += Self.bytes(of: sources[place]) + entries.count * MemoryLayout<SeriesRef>.stride
    }

    /// An ordinal that is announced again names another series.
    private mutating func forget(_ ref: SeriesRef) {
        guard let name = record(ref)?.name else { return }
        byName[name]?.removeAll { $0 == ref }
        count -= 1
    }

    private static func bytes(of source: Source) -> Int {
        source.records.capacity * MemoryLayout<Record>.stride + source.labels.capacity * MemoryLayout<Label>.stride
    }

    private func record(_ ref: SeriesRef) -> Record? {
        let source = Int(ref.source.raw), ordinal = Int(ref.ordinal)
        guard source < sources.count, ordinal < sources[source].records.count, !sources[source].records[ordinal].name.isEmpty else { return nil }
        return sources[source].records[ordinal]
    }

    // MARK: - Questions

    package func name(_ ref: SeriesRef) -> Symbol? { record(ref)?.name }
    package func kind(_ ref: SeriesRef) -> SeriesKind? { record(ref)?.kind }

    package func labels(_ ref: SeriesRef) -> ArraySlice<Label> {
        guard let record = record(ref) else { return [] }
        let first = Int(record.firstLabel)
        return sources[Int(ref.source.raw)].labels[first..<first + Int(record.labelCount)]
    }

    package func value(_ ref: SeriesRef, of label: Symbol) -> Symbol {
        labels(ref).first { $0.name == label }?.value ?? .empty
    }

    package func select(_ name: Symbol, _ matchers: [Matcher] = []) -> [SeriesRef] {
        (byName[name] ?? []).filter { ref in
            matchers.allSatisfy { $0.values.contains(value(ref, of: $0.label)) != $0.isNegated }
        }
    }

    package var names: [Symbol] { byName.filter { !$0.value.isEmpty }.map(\.key) }

    /// Whether each of a source's series only grows, by ordinal.
    func cumulative(_ source: SourceID) -> [Bool] {
        let place = Int(source.raw)
        return place < sources.count ? sources[place].records.map(\.kind.isCumulative) : []
    }
}
