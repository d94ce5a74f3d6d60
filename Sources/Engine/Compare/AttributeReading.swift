import CallGraph
import Diagnosis
import MeshModel
import Panels
import WireFormats

/// Traces whose attributes are counted, a slice at a time; those looked at before the others.
struct AttributeReading {
    var counts = AttributeCounts(seed: .random(in: 0 ... .max))
    fileprivate var traces: [(place: Int32, stamp: UInt64)] = []
    fileprivate var selected = 0
    fileprivate var next = 0
    /// The trace that is read, and where its spans' resources are.
    fileprivate var messages: MessageReading?
    fileprivate var owners: [Int32] = []
    fileprivate var scratch: [UInt8] = []
}

extension EngineState {
    /// Of either set the newest so many are read.
    private static let mostCompared = 2000
    /// Of the second window: fewer are nothing to hold failing ones against.
    private static let fewestGood = 20
    private static let sliceBytes = 512 << 10

    /// Which traces' attributes are to be compared: nothing is read yet.
    mutating func attributeReading(_ plan: ComparisonPlan, _ sample: inout Comparison.Sample) -> AttributeReading? {
        guard hasSpans else { return nil }
        settleTraces()
        var failing: [Begun] = [], good: [Begun] = [], before: [Begun] = []
        for (place, trace) in traces.traces.enumerated() {
            guard let trace, let summary = trace.summary, !trace.isArriving else { continue }
            let hasFailed = summary.isFailed(plan.predicate)
            let begun = Begun(start: summary.start, place: Int32(place))
            if summary.start >= plan.after.from, summary.start <= plan.after.to {
                if hasFailed { failing.append(begun) } else { good.append(begun) }
            } else if summary.start >= plan.before.from, summary.start < plan.after.from, !hasFailed {
                before.append(begun)
            }
        }
        var selected = failing
        sample.kind = .failing
        if failing.isEmpty {
            sample.kind = .slow
            (selected, good) = slow(good, before)
        } else if good.count < Self.fewestGood {
            (good, sample.isAgainstBefore) = (before, true)
        }
        (sample.selected, sample.others) = (selected.count, good.count)
        guard !selected.isEmpty, !good.isEmpty else {
            if selected.isEmpty { sample.kind = .none }
            return nil
        }
        if max(selected.count, good.count) > Self.mostCompared { sample.cutTo = Self.mostCompared }
        var reading = AttributeReading()
        let chosen = Self.newest(selected), others = Self.newest(good)
        reading.selected = chosen.count
        reading.traces = (chosen + others).map { ($0.place, traces.traces[Int($0.place)]?.stamp ?? 0) }
        sample.toRead = reading.traces.count
        return reading
    }

    private struct Begun {
        var start: Timestamp
        var place: Int32
    }

    private static func newest(_ all: [Begun]) -> ArraySlice<Begun> {
        all.count <= mostCompared ? all[...] : all.sorted { ($1.start, $0.place) < ($0.start, $1.place) }.prefix(mostCompared)
    }

    /// Traces slower than 19 of 20 of the same entry were before, and the others of these entries; none where they are no more than a twentieth for certain.
    private func slow(_ after: [Begun], _ before: [Begun]) -> ([Begun], [Begun]) {
        struct Entry: Hashable { var party: Int32, operation: Symbol }
        func entry(_ begun: Begun) -> (Entry, Double)? {
            traces.traces[Int(begun.place)]?.summary.map { (Entry(party: traces.parties.service(of: $0.party), operation: $0.operation), ($0.end - $0.start).seconds) }
        }
        var durations: [Entry: [Double]] = [:]
        for begun in before { if let (entry, seconds) = entry(begun) { durations[entry, default: []].append(seconds) } }
        let limits = durations.compactMapValues { all in Double(all.count) >= WindowChange.fewest ? all.sorted()[min(all.count - 1, all.count * 19 / 20)] : nil }
        var slow: [Begun] = [], rest: [Begun] = []
        for begun in after {
            guard let (entry, seconds) = entry(begun), let limit = limits[entry] else { continue }
            if seconds > limit { slow.append(begun) } else { rest.append(begun) }
        }
        return Wilson(Double(slow.count), of: Double(slow.count + rest.count)).low > 0.05 ? (slow, rest) : ([], [])
    }

    // MARK: - Reading

    /// - Returns: whether there are more.
    mutating func compareSlice() -> Bool {
        guard var reading = comparison.reading.take() else { return false }
        var left = Self.sliceBytes
        while reading.next < reading.traces.count, left > 0 { left -= read(&reading, most: left) }
        comparison.made?.comparison.sample.read = reading.next
        tellMore()
        guard reading.next >= reading.traces.count else {
            comparison.reading = reading
            return true
        }
        let names = SpanNames(traces.parties)
        let attributes = reading.counts.excesses().map { Comparison.Attribute(service: named(directory.met(names.entity($0.service)).asService), $0) }
        comparison.made?.comparison.attributes = attributes
        return false
    }

    /// - Returns: bytes that were read of the trace whose turn it is, 1 at least.
    private func read(_ reading: inout AttributeReading, most: Int) -> Int {
        let (place, stamp) = reading.traces[reading.next]
        // It went, or spans of it came since: of those few nothing is counted.
        guard let trace = traces.traces[Int(place)], trace.stamp == stamp else {
            (reading.messages, reading.next) = (nil, reading.next + 1)
            return 1
        }
        if reading.messages == nil {
            reading.counts.begin(isSelected: reading.next < reading.selected)
            reading.owners.removeAll(keepingCapacity: true)
        }
        var messages = reading.messages ?? traces.reading(of: trace), scratch = reading.scratch, counts = reading.counts, owners = reading.owners
        (reading.scratch, reading.counts, reading.owners) = ([], AttributeCounts(seed: 0), [])
        let before = messages.left
        let isThrough = traces.read(&messages, most: most, &scratch) { span, message in
            let service = traces.parties.service(of: traces.resources[Int(span.resource)].party)
            counts.pass(service)
            counts.add("operation", symbols.string(span.name), of: service)
            AttributeWalk.ofSpan(message) { counts.add($0, of: service) }
            if !owners.contains(span.resource) { owners.append(span.resource) }
        }
        if isThrough { for owner in owners { count(ofResource: owner, into: &counts) } }
        (reading.scratch, reading.counts, reading.owners) = (scratch, counts, owners)
        reading.messages = isThrough ? nil : messages
        if isThrough { reading.next += 1 }
        return max(1, before - messages.left)
    }

    private func count(ofResource number: Int32, into counts: inout AttributeCounts) {
        let resource = traces.resources[Int(number)], party = traces.parties[resource.party], service = traces.parties.service(of: resource.party)
        for (key, symbol) in [("version", party.version), ("pod", party.pod), ("node", party.node)] where !symbol.isEmpty { counts.add(key, symbols.string(symbol), of: service) }
        resource.bytes.withUnsafeBytes { AttributeWalk.ofResource($0) { counts.add($0, of: service) } }
    }
}

extension AttributeCounts {
    /// Numbers with a fraction are measured, lists are long: texts, whole numbers and truths are compared.
    fileprivate mutating func add(_ attribute: AttributeReader, of service: Int32) {
        func name() -> AttributeExcess.Name { .init(AttributeText.text(attribute.key), AttributeText.text(attribute)) }
        switch attribute.kind {
        case .string: add(attribute.key, attribute.bytes, kind: attribute.kind.rawValue, of: service, name: name)
        case .bool, .int: withUnsafeBytes(of: attribute.bits) { add(attribute.key, $0, kind: attribute.kind.rawValue, of: service, name: name) }
        case .none, .double, .array, .list, .bytes: break
        }
    }

    /// What is no attribute of the span, and tells as much.
    fileprivate mutating func add(_ key: String, _ value: String, of service: Int32) {
        var name = key, text = value
        name.withUTF8 { name in
            text.withUTF8 { text in
                add(UnsafeRawBufferPointer(name), UnsafeRawBufferPointer(text), kind: .max, of: service) { .init(key, value, isAttribute: false) }
            }
        }
    }
}
