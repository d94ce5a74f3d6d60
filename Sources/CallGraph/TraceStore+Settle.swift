package import MeshModel

extension TraceStore {
    /// Puts together every trace that got spans since: its summary and calls. What that changes of the calls is in `callChanges`.
    /// - Parameter most: so many at once, for whoever has to make room between them.
    /// - Returns: false where some are left.
    @discardableResult
    package mutating func settle(most: Int = .max) -> Bool {
        let count = min(most, dirty.count)
        for place in dirty.prefix(count).map(Int.init) { settle(place) }
        if count == dirty.count { dirty.removeAll(keepingCapacity: true) } else { dirty.removeFirst(count) }
        guard dirty.isEmpty else { return false }
        if heldBytes + resourceBytes > budgetBytes { evict() }
        return true
    }

    mutating func settle(_ place: Int) {
        guard var trace = traces[place], trace.isDirty else { return }
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
        for call in trace.calls { callChanges.append(CallChange(call: call, isTakenBack: true)) }
        for call in assembly.calls { callChanges.append(CallChange(call: call, isTakenBack: false)) }
        trace.calls = assembly.calls
        stamps += 1
        trace.stamp = stamps
        heldBytes += trace.held - before
        if trace.isProtected { protectedBytes += trace.held - before }
        traces[place] = trace
    }

    /// What became of calls since this was asked last.
    package mutating func takeCallChanges(_ body: (CallChange) -> Void) {
        for change in callChanges { body(change) }
        callChanges.removeAll(keepingCapacity: callChanges.count < 1 << 16)
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
