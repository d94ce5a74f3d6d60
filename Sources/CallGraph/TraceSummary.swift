public import MeshModel

/// One line of a list of traces, in symbols and numbers.
public struct TraceSummary: Sendable {
    public var party: Int32
    public var operation: Symbol
    public var start: Timestamp
    public var end: Timestamp
    public var spans: Int
    /// Numbers of services in `Parties`, each once.
    public var services: [Int32]
    /// Spans in error, by `ErrorPredicate.allCases`.
    public var errors: [Int]
    /// Bit n: the entry call fails under the n-th predicate.
    public var failed: UInt8
    public var orphans: Int
    public var adjusted: Int
    public var code: UInt16?

    public func isFailed(_ predicate: ErrorPredicate) -> Bool { failed & predicate.bit != 0 }
    public func errors(_ predicate: ErrorPredicate) -> Int { zip(ErrorPredicate.allCases, errors).first { $0.0 == predicate }?.1 ?? 0 }
}

extension Assembly {
    public func summary(_ parties: Parties) -> TraceSummary? {
        guard !spans.isEmpty else { return nil }
        let entry = spans[root]
        var summary = TraceSummary(party: party[root], operation: entry.name, start: at(root), end: at(root), spans: spans.count, services: [],
                                   errors: [0, 0, 0], failed: 0, orphans: oddities[.parentMissing], adjusted: 0,
                                   code: entry.code == Meaning.untoldCode ? nil : entry.code)
        for (bit, predicate) in ErrorPredicate.allCases.enumerated() where entry.isError(predicate) && !marks[root].contains(.denied) {
            summary.failed |= 1 << UInt8(bit)
        }
        var seen = Set<Int32>()
        for place in spans.indices {
            let start = at(place)
            summary.start = min(summary.start, start)
            summary.end = max(summary.end, start + spans[place].duration)
            if shift[place] != 0 { summary.adjusted += 1 }
            let service = parties.service(of: party[place])
            if seen.insert(service).inserted { summary.services.append(service) }
            for (bit, predicate) in ErrorPredicate.allCases.enumerated() where spans[place].isError(predicate) { summary.errors[bit] += 1 }
        }
        return summary
    }
}
