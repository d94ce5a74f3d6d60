import CallGraph
import MeshModel
import Panels
import WireFormats

/// What the listed traces hold under one key, as far as they were looked into.
struct SearchedAttribute {
    /// By the place of the trace in the store.
    var values: [(stamp: UInt64, values: [String])?] = []
    /// Where in the list the search goes on, and in which list.
    var next = 0
    var list: TraceFrames.Terms?

    subscript(place: Int, stamp: UInt64) -> [String]? {
        guard place < values.count, let known = values[place], known.stamp == stamp else { return nil }
        return known.values
    }
}

/// Attributes stay bytes until someone asks: traces are searched on demand, a slice at a time, and what was found is kept.
extension EngineState {
    private static let sliceBytes = 4 << 20
    private static let sliceTraces = 4000
    /// Of a trace no more different values are kept.
    private static let mostValues = 64

    mutating func answerAttributes(_ keys: [String], to data: inout FrameData) {
        // What a filter no longer names is forgotten.
        traceFrames.searched = traceFrames.searched.filter { keys.contains($0.key) }
        guard let list = traceFrames.list, data.traces != nil else { return }
        for key in keys {
            let searched = traceFrames.searched[key, default: SearchedAttribute()]
            traceFrames.searched[key] = searched
            var column = AttributeColumn()
            column.values.reserveCapacity(list.places.count)
            for place in list.places {
                let values = searched[place, traces.traces[place]?.stamp ?? 0]
                if values != nil { column.searched += 1 }
                column.values.append(values)
            }
            data.attributes[key] = column
        }
    }

    /// Looks into some of the traces listed last.
    /// - Returns: whether there are more.
    mutating func searchSlice() -> Bool {
        guard let list = traceFrames.list else { return false }
        var bytes = 0, count = 0, scratch: [UInt8] = []
        for key in Array(traceFrames.searched.keys) {
            let search = AttributeSearch(key)
            var resources: [Int32: [String]] = [:]
            guard var searched = traceFrames.searched[key] else { continue }
            traceFrames.searched[key] = nil
            defer { traceFrames.searched[key] = searched }
            if searched.list != list.terms { (searched.list, searched.next) = (list.terms, 0) }
            if searched.values.count < traces.traces.count {
                searched.values.append(contentsOf: repeatElement(nil, count: traces.traces.count - searched.values.count))
            }
            while searched.next < list.places.count {
                let place = list.places[searched.next]
                searched.next += 1
                guard let trace = traces.traces[place], searched[place, trace.stamp] == nil else { continue }
                searched.values[place] = (trace.stamp, values(trace, search, &resources, &scratch))
                (bytes, count) = (bytes + trace.messageBytes, count + 1)
                guard bytes < Self.sliceBytes, count < Self.sliceTraces else {
                    version += 1
                    return true
                }
            }
        }
        if count > 0 { version += 1 }
        return false
    }

    private func values(_ trace: HeldTrace, _ search: AttributeSearch, _ resources: inout [Int32: [String]], _ scratch: inout [UInt8]) -> [String] {
        var found: [String] = []
        func add(_ value: String) { if found.count < Self.mostValues, !found.contains(value) { found.append(value) } }
        var owners: [Int32] = []
        traces.forEachMessage(of: trace, &scratch) { span, message in
            if owners.last != span.resource { owners.append(span.resource) }
            if search.isWorthReading(message) { search.values(inSpan: message, add) }
        }
        for owner in owners { values(ofResource: owner, search, &resources).forEach(add) }
        return found
    }

    private func values(ofResource number: Int32, _ search: AttributeSearch, _ resources: inout [Int32: [String]]) -> [String] {
        if let known = resources[number] { return known }
        var found: [String] = []
        traces.resources[Int(number)].bytes.withUnsafeBytes { bytes in
            if search.isWorthReading(bytes) { search.values(inResource: bytes) { found.append($0) } }
        }
        resources[number] = found
        return found
    }
}
