public import MeshModel

extension TraceStore {
    /// Puts together every trace that got spans since: its summary and calls. What that changes of the calls is in `callChanges`.
    /// - Parameter most: so many at once, for whoever has to make room between them.
    /// - Returns: false where some are left.
    @discardableResult
    public mutating func settle(most: Int = .max) -> Bool {
        let count = min(most, dirty.count)
        for place in dirty.prefix(count).map(Int.init) { settle(place) }
        if count == dirty.count { dirty.removeAll(keepingCapacity: true) } else { dirty.removeFirst(count) }
        guard dirty.isEmpty else { return false }
        if bytes > budgetBytes { evict() }
        return true
    }

    /// - Parameter isLeaving: it is let go of next: copies of spans in it are not worth being taken out.
    mutating func settle(_ place: Int, isLeaving: Bool = false) {
        guard var trace = traces[place], trace.isDirty else { return }
        traces[place] = nil
        let before = trace.held
        var assembly = Assembly(spans(of: trace), resources: resources, parties: &parties)
        trace.isDirty = false
        let doubles = assembly.oddities[.duplicate]
        if doubles > 0, !isLeaving { dropDoubles(from: &trace, keeping: assembly.spans) }
        assembly.oddities[.late] = trace.late
        assembly.oddities[.duplicate] = 0
        oddities -= trace.oddities
        oddities += assembly.oddities
        oddities[.duplicate] += doubles
        trace.oddities = assembly.oddities
        trace.summary = assembly.summary(parties)
        for index in assembly.calls.indices { assembly.number(index, pair(assembly.calls[index])) }
        let wasArriving = trace.isArriving
        trace.isArriving = !assembly.isWhole && quietSince.map { trace.arrived > $0 } ?? false
        tell(wasArriving ? [] : trace.calls, became: trace.isArriving ? [] : assembly.calls)
        if trace.isArriving, !wasArriving { arriving.append(Int32(place)) }
        trace.calls = assembly.calls
        stamps += 1
        trace.stamp = stamps
        heldBytes += trace.held - before
        if trace.isProtected { protectedBytes += trace.held - before }
        if let summary = trace.summary { stretches.put(place, summary, stamp: stamps) } else { stretches.remove(place, stamp: stamps) }
        traces[place] = trace
        // What is looked at is shown from this very assembly.
        if let last = opened, last.id == trace.id {
            opened = last.isAskedFor && doubles == 0 ? OpenedTrace(id: trace.id, assembly: assembly) : nil
        }
    }

    /// What is not as it was is taken back and told anew: of a long trace that grows, little. Both are in the order of one walk, so that
    /// what came is found within a few steps; where it is not, more is told than needed, and adds up to the same.
    private mutating func tell(_ before: [Call], became after: [Call]) {
        var next = 0
        for call in before {
            let end = min(next + Self.stepsAhead, after.count)
            guard let same = after[next..<max(next, end)].firstIndex(of: call) else {
                callChanges.append(CallChange(call: call, isTakenBack: true))
                continue
            }
            while next < same {
                callChanges.append(CallChange(call: after[next], isTakenBack: false))
                next += 1
            }
            next = same + 1
        }
        for call in after[next...] { callChanges.append(CallChange(call: call, isTakenBack: false)) }
    }

    private static let stepsAhead = 32

    /// Time goes on: what was still arriving has come, if it has been quiet since `quietSince`.
    /// - Returns: whether that changes what is said of any trace.
    public mutating func pass(quietSince: Timestamp) -> Bool {
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
        if let summary = traces[place]?.summary { stretches.put(place, summary, stamp: stamps) }
        tell([], became: traces[place]?.calls ?? [])
    }

    /// Without those of traces that are still arriving.
    public var settledOddities: Oddities {
        var settled = oddities
        for place in arriving {
            if let trace = traces[Int(place)], trace.isArriving { settled -= trace.oddities }
        }
        return settled
    }

    /// What became of calls since this was asked last.
    public mutating func takeCallChanges(_ body: (CallChange) -> Void) {
        // By time: what counts for one stretch of time comes together, in whatever order traces were put together.
        if callChanges.count > 64 { callChanges.sort { $0.call.start < $1.call.start } }
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
        if let known = pair(call.source, call.destination, most: mostPairs) { return known }
        foldedCalls += 1
        if let known = pair(parties.service(of: call.source), parties.service(of: call.destination), most: 2 * mostPairs) { return known }
        let others = parties.numberOfOthers()
        return pair(others, others, most: .max) ?? 0
    }

    private mutating func pair(_ source: Int32, _ destination: Int32, most: Int) -> Int32? {
        let key = UInt64(UInt32(source)) << 32 | UInt64(UInt32(destination))
        if let known = pairs[key] { return known }
        guard pairEnds.count < most else { return nil }
        let number = Int32(pairEnds.count)
        pairs[key] = number
        pairEnds.append((source, destination))
        return number
    }

    /// One trace opened. It is put together anew only when spans of it came, and then once, for its summary as for this.
    public mutating func assembly(of id: TraceID) -> Assembly? {
        guard let place = places[id], let trace = traces[Int(place)] else { return nil }
        if !trace.isDirty, opened?.id == id {
            opened?.isAskedFor = true
            if let opened { return opened.assembly }
        }
        let assembly = assembled(trace)
        opened = trace.isDirty ? nil : OpenedTrace(id: id, isAskedFor: true, assembly: assembly)
        return assembly
    }

    /// One of many that are gone through: it is not kept as the one that is looked at.
    public mutating func assembled(_ trace: HeldTrace) -> Assembly {
        var assembly = Assembly(spans(of: trace), resources: resources, parties: &parties)
        assembly.oddities[.late] = trace.late
        return assembly
    }
}

/// The trace that is looked at, as it was put together last.
struct OpenedTrace: Sendable {
    var id: TraceID
    /// Since it was put together: where nobody asked, it is not looked at any more.
    var isAskedFor = false
    var assembly: Assembly
}

extension Assembly {
    /// Nothing of it speaks of spans that are not there.
    var isWhole: Bool { oddities[.parentMissing] == 0 && oddities[.noServerHalf] == 0 }

    mutating func number(_ index: Int, _ pair: Int32) { calls[index].pair = pair }
}
