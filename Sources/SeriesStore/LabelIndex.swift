public import MeshModel

/// Names one series of the store.
public struct SeriesRef: Hashable, Sendable, BitwiseCopyable {
    public var source: SourceID
    public var ordinal: UInt32
    public init(source: SourceID, ordinal: UInt32) {
        self.source = source
        self.ordinal = ordinal
    }
}

/// What each series is called: name and labels as interned numbers, found by name, then by comparing numbers.
public struct LabelIndex: Sendable {
    private struct Record {
        var name: Symbol
        var firstLabel: UInt32
        var labelCount: UInt16
        var kind: SeriesKind
    }

    private struct Source {
        var records: [Record] = []  // by ordinal
        var labels: [Label] = []
        /// How many series of each name it has.
        var names: [Symbol: UInt32] = [:]

        /// With its part in the index of names.
        var bytes: Int {
            records.capacity * MemoryLayout<Record>.stride + labels.capacity * MemoryLayout<Label>.stride
                + names.count * 2 * (MemoryLayout<(Symbol, UInt32)>.stride + MemoryLayout<SourceID>.stride)
        }
    }

    /// One condition on a label; an empty value stands for "absent".
    public struct Matcher: Sendable {
        public var label: Symbol
        public var values: Set<Symbol>
        public var isNegated: Bool
        public init(label: Symbol, values: Set<Symbol>, isNegated: Bool = false) {
            self.label = label
            self.values = values
            self.isNegated = isNegated
        }
    }

    private var sources: [SourceID: Source] = [:]
    /// Which sources have series of a name: few per name, so that a source is taken out without a look at all others' series.
    private var byName: [Symbol: Set<SourceID>] = [:]
    public private(set) var count = 0
    public private(set) var bytes = 0

    mutating func add(_ batch: borrowing Batch) {
        let id = batch.source
        var source = sources.removeValue(forKey: id) ?? Source()
        bytes -= source.bytes
        let entries = batch.entries
        source.records.reserveCapacity(source.records.count + entries.count)
        source.labels.reserveCapacity(source.labels.count + batch.labels.count)
        for entry in entries {
            let ordinal = Int(entry.ordinal)
            while source.records.count <= ordinal { source.records.append(Record(name: .empty, firstLabel: 0, labelCount: 0, kind: .unknown)) }
            let first = UInt32(source.labels.count)
            source.labels.append(contentsOf: batch.labels[entry.labels])
            // An ordinal that is announced again names another series.
            if !source.records[ordinal].name.isEmpty { forget(source.records[ordinal].name, of: id, &source) }
            source.records[ordinal] = Record(name: entry.name, firstLabel: first, labelCount: UInt16(clamping: entry.labels.count), kind: entry.kind)
            if source.names[entry.name, default: 0] == 0 { byName[entry.name, default: []].insert(id) }
            source.names[entry.name, default: 0] += 1
            count += 1
        }
        bytes += source.bytes
        sources[id] = source
    }

    private mutating func forget(_ name: Symbol, of id: SourceID, _ source: inout Source) {
        count -= 1
        source.names[name, default: 1] -= 1
        if source.names[name] == 0 {
            source.names[name] = nil
            leave(name, id)
        }
    }

    private mutating func leave(_ name: Symbol, _ id: SourceID) {
        byName[name]?.remove(id)
        if byName[name]?.isEmpty ?? false { byName[name] = nil }
    }

    /// Everything of a source.
    mutating func remove(_ id: SourceID) {
        guard let source = sources.removeValue(forKey: id) else { return }
        bytes -= source.bytes
        for (name, series) in source.names {
            count -= Int(series)
            leave(name, id)
        }
    }

    func bytes(of id: SourceID) -> Int { sources[id]?.bytes ?? 0 }

    private func record(_ ref: SeriesRef) -> Record? {
        guard let source = sources[ref.source], Int(ref.ordinal) < source.records.count, !source.records[Int(ref.ordinal)].name.isEmpty else { return nil }
        return source.records[Int(ref.ordinal)]
    }

    // MARK: - Questions

    public func name(_ ref: SeriesRef) -> Symbol? { record(ref)?.name }
    public func kind(_ ref: SeriesRef) -> SeriesKind? { record(ref)?.kind }

    public func labels(_ ref: SeriesRef) -> ArraySlice<Label> {
        guard let record = record(ref), let source = sources[ref.source] else { return [] }
        let first = Int(record.firstLabel)
        return source.labels[first..<first + Int(record.labelCount)]
    }

    public func value(_ ref: SeriesRef, of label: Symbol) -> Symbol {
        labels(ref).first { $0.name == label }?.value ?? .empty
    }

    public func select(_ name: Symbol, _ matchers: [Matcher] = []) -> [SeriesRef] {
        let ids = (byName[name] ?? []).sorted { $0.raw < $1.raw }
        return ids.flatMap { id in
            let records = sources[id]?.records ?? []
            return records.indices.filter { records[$0].name == name }.map { SeriesRef(source: id, ordinal: UInt32($0)) }
        }.filter { ref in matchers.allSatisfy { $0.values.contains(value(ref, of: $0.label)) != $0.isNegated } }
    }

    public var names: [Symbol] { Array(byName.keys) }

    /// Whether each of a source's series only grows, by ordinal.
    func cumulative(_ source: SourceID) -> [Bool] { sources[source]?.records.map(\.kind.isCumulative) ?? [] }
}
