package import MeshModel

extension TraceStore {
    /// Puts together every trace that got spans since: its summary and calls.
    package mutating func settle() {
        for place in dirty.map(Int.init) {
            guard var trace = traces[place], trace.isDirty else { continue }
            traces[place] = nil
            let before = trace.held
            var assembly = Assembly(trace.spans, resources: resources, parties: &parties)
            trace.isDirty = false
            let doubles = assembly.oddities[.duplicate]
            if doubles > 0 { drop(doubles, from: &trace, keeping: assembly.spans) }
            assembly.oddities[.late] = trace.late
            assembly.oddities[.duplicate] = 0
            oddities -= trace.oddities
            oddities += assembly.oddities
            oddities[.duplicate] += doubles
            trace.oddities = assembly.oddities
            trace.summary = assembly.summary(parties)
            for index in assembly.calls.indices { assembly.number(index, pair(assembly.calls[index])) }
            trace.calls = assembly.calls
            stamps += 1
            trace.stamp = stamps
            heldBytes += trace.held - before
            if trace.isProtected { protectedBytes += trace.held - before }
            traces[place] = trace
        }
        dirty.removeAll(keepingCapacity: true)
        if heldBytes + resourceBytes > budgetBytes { evict() }
    }

    private mutating func drop(_ doubles: Int, from trace: inout HeldTrace, keeping kept: [Span]) {
        var users: [Int32: Int] = [:]
        for span in trace.spans { users[span.resource, default: 0] += 1 }
        for span in kept { users[span.resource, default: 0] -= 1 }
        for (resource, count) in users where count > 0 { letGo(ofResource: resource, users: count) }
        trace.spans = kept
        spans -= doubles
    }

    private mutating func pair(_ call: Call) -> Int32 {
        let key = UInt64(UInt32(call.source)) << 32 | UInt64(UInt32(call.destination))
        if let known = pairs[key] { return known }
        let number = Int32(pairEnds.count)
        pairs[key] = number
        pairEnds.append((call.source, call.destination))
        return number
    }

    /// One trace opened.
    package mutating func assembly(of id: TraceID) -> Assembly? {
        guard let place = places[id], let trace = traces[Int(place)] else { return nil }
        return Assembly(trace.spans, resources: resources, parties: &parties)
    }
}

extension Assembly {
    mutating func number(_ index: Int, _ pair: Int32) { calls[index].pair = pair }
}
