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
        if bytes > budgetBytes { evict() }
        return true
    }

    mutating func settle(_ place: Int) {
        guard var trace = traces[place], trace.isDirty else { return }
        traces[place] = nil
        let before = trace.held
        var assembly = Assembly(spans(of: trace), resources: resources, parties: &parties)
        trace.isDirty = false
        let doubles = assembly.oddities[.duplicate]
        if doubles > 0 { dropDoubles(from: &trace, keeping: assembly.spans) }
        assembly.oddities[.late] = trace.late
        assembly.oddities[.duplicate] = 0
        oddities -= trace.oddities
        oddities += assembly.oddities
        oddities[.duplicate] += doubles
        trace.oddities = assembly.oddities
        trace.summary = assembly.summary(parties)
        for index in assembly.calls.indices { assembly.number(index, pair(assembly.calls[index])) }
        if !trace.isArriving { tell(of: trace.calls, isTakenBack: true) }
        trace.calls = assembly.calls
        let wasArriving = trace.isArriving
        trace.isArriving = !assembly.isWhole && quietSince.map { trace.arrived > $0 } ?? false
        if !trace.isArriving { tell(of: trace.calls, isTakenBack: false) } else if !wasArriving { arriving.append(Int32(place)) }
        stamps += 1
        trace.stamp = stamps
        heldBytes += trace.held - before
        if trace.isProtected { protectedBytes += trace.held - before }
        traces[place] = trace
    }

    private mutating func tell(of calls: [Call], isTakenBack: Bool) {
        for call in calls { callChanges.append(CallChange(call: call, isTakenBack: isTakenBack)) }
    }

    /// Time goes on: what was still arriving has come, if it has been quiet since `quietSince`.
    /// - Returns: whether that changes what is said of any trace.
    package mutating func pass(quietSince: Timestamp) -> Bool {
        self.quietSince = quietSince
        guard !arriving.isEmpty else { return false }
        let before = stamps
        let candidates = arriving.filter { traces[Int($0)]?.isArriving == true }
        for place in candidates {
            guard let trace = traces[Int(place)], !trace.isDirty, trace.arrived <= quietSince else { continue }
            hasCome(Int(place))
        }
        arriving = candidates.filter { traces[Int($0)]?.isArriving == true }
        return stamps != before
    }

    /// What it tells counts from now on.
    mutating func hasCome(_ place: Int) {
        guard traces[place]?.isArriving == true else { return }
        stamps += 1
        traces[place]?.isArriving = false
        traces[place]?.stamp = stamps
        tell(of: traces[place]?.calls ?? [], isTakenBack: false)
    }

    /// Without those of traces that are still arriving.
    package var settledOddities: Oddities {
        var settled = oddities
        for place in arriving {
            if let trace = traces[Int(place)], trace.isArriving { settled -= trace.oddities }
        }
        return settled
    }

    /// What became of calls since this was asked last.
    package mutating func takeCallChanges(_ body: (CallChange) -> Void) {
        for change in callChanges { body(change) }
        callChanges.removeAll(keepingCapacity: callChanges.count < 1 << 16)
    }

    /// What stays is written anew, into the room that the rest leaves.
    private mutating func dropDoubles(from trace: inout HeldTrace, keeping kept: [Span]) {
        var rest = blocks.reader(trace.chain), chain = BlockChain(), old = trace.chain
        var next = 0
        spans -= trace.spanCount
        trace.spanCount = 0
        while let (span, message) = blocks.takeFirst(&rest, of: &old) {
            // Both are in the order they came in, and a message's place is its own.
            let isKept = next < kept.count && kept[next].bytes.start == span.bytes.start
            if isKept { next += 1 }
            if isKept, message.withUnsafeBytes({ blocks.append(span, $0, to: &chain) }) {
                trace.spanCount += 1
            } else {
                letGo(ofResource: span.resource, users: 1)
            }
        }
        trace.chain = chain
        spans += trace.spanCount
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
        return Assembly(spans(of: trace), resources: resources, parties: &parties)
    }
}

extension Assembly {
    /// Nothing of it speaks of spans that are not there.
    var isWhole: Bool { oddities[.parentMissing] == 0 && oddities[.noServerHalf] == 0 }

    mutating func number(_ index: Int, _ pair: Int32) { calls[index].pair = pair }
}
