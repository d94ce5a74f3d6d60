import CallGraph
import MeshModel
import Panels
import WireFormats

/// Attributes stay bytes until someone asks: traces are searched on demand, a slice at a time, and what was found is kept.
extension EngineState {
    private static let sliceBytes = 4 << 20
    private static let sliceTraces = 4000

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
                let found = searched[place, traces.traces[place]?.stamp ?? 0]
                if let found { (column.searched, column.cut) = (column.searched + 1, column.cut + (found.isCut ? 1 : 0)) }
                column.values.append(found?.values)
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
            let others = traceFrames.searched.values.reduce(0) { $0 + $1.bytes }
            defer { traceFrames.searched[key] = searched }
            if searched.list != list.terms {
                (searched.list, searched.next) = (list.terms, 0)
                searched.forget { traces.traces[$0]?.stamp }
            }
            if searched.found.count < traces.traces.count {
                searched.found.append(contentsOf: repeatElement(nil, count: traces.traces.count - searched.found.count))
            }
            while searched.next < list.places.count {
                let place = list.places[searched.next]
                guard let trace = traces.traces[place], searched[place, trace.stamp] == nil else {
                    searched.next += 1
                    continue
                }
                var reading = searched.takeReading(place, trace.stamp) ?? .init(place: place, stamp: trace.stamp, messages: traces.reading(of: trace))
                let left = reading.messages.left
                let isThrough = read(&reading, most: Self.sliceBytes - bytes, search, &resources, &scratch)
                (bytes, count) = (bytes + left - reading.messages.left, count + 1)
                if isThrough {
                    searched.keep(reading, room: budgetBytes / 32 - others)
                    searched.next += 1
                } else {
                    searched.reading = reading
                }
                guard isThrough, bytes < Self.sliceBytes, count < Self.sliceTraces else {
                    tellMore()
                    return true
                }
            }
        }
        if count > 0 { tellMore() }
        return false
    }

    /// - Returns: false where there is more of the trace.
    private func read(_ reading: inout SearchedAttribute.Reading, most: Int, _ search: AttributeSearch, _ resources: inout [Int32: [String]], _ scratch: inout [UInt8]) -> Bool {
        var found = reading.found, owners = reading.owners
        let isThrough = traces.read(&reading.messages, most: most, &scratch) { span, message in
            if owners.last != span.resource { owners.append(span.resource) }
            if search.isWorthReading(message) { search.values(inSpan: message) { found.add($0) } }
        }
        if isThrough {
            for owner in owners { for value in values(ofResource: owner, search, &resources) { found.add(value) } }
        }
        (reading.found, reading.owners) = (found, owners)
        return isThrough
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
