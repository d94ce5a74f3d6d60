public import MeshModel

/// Which spans are a request's two ends. A proxy writes up to four spans for one: what its listener saw at the caller, what its router
/// sent, and both again at the callee. They are one call.
extension Assembly {
    mutating func classify(_ parties: inout Parties) {
        for place in spans.indices where spans[place].isProxy && !spans[place].upstreamCluster.isEmpty {
            guard parties.cluster(spans[place].upstreamCluster).isInbound else { continue }
            marks[place].insert(.local)
            parties.noteSidecar(party[place])
        }
        for place in order.map(Int.init) {
            let span = spans[place], above = Int(parent[place])
            let isElsewhere = above >= 0 && !parties.isSame(party[above], party[place])
            let isBelowSent = above >= 0 && marks[above].contains(.outgoing)
            var comes = false, goes = false
            switch (span.kind, span.isProxy) {
            case (.server, true):
                comes = marks[place].contains(.local) || (above >= 0 ? isElsewhere || isBelowSent && spans[above].isProxy : !parties.isSidecar[Int(party[place])])
                goes = !marks[place].contains(.local) && (!comes || !span.upstreamCluster.isEmpty)
            case (.client, true):
                (comes, goes) = (isElsewhere, !marks[place].contains(.local))
            case (.client, false), (.producer, _):
                (comes, goes) = (isElsewhere, true)
            case (.server, false), (.consumer, _):
                comes = above < 0 || isElsewhere || isBelowSent
            case (.internal, _):
                comes = isElsewhere
            case (.unspecified, _):
                (comes, goes) = (isElsewhere, !span.peer.isEmpty)
            }
            if comes { marks[place].insert(.incoming) }
            if goes { marks[place].insert(.outgoing) }
            let isRefusal = span.code == 403 || span.grpcStatus == 7
            if comes, span.isProxy, isRefusal, firstChild[place] < 0 { marks[place].insert(.denied) }
        }
    }

    mutating func findCalls(_ parties: inout Parties) {
        var callOf: [Int32] = []
        for place in order.map(Int.init) where marks[place].contains(.incoming) { arrive(place, &callOf, &parties) }
        for place in order.map(Int.init) where marks[place].contains(.outgoing) && !marks[place].contains(.served) { depart(place, &parties) }
    }

    /// Whether it is a proxy's part of the request that its parent already is.
    private func continues(_ place: Int, _ parties: Parties) -> Bool {
        let above = Int(parent[place])
        return spans[place].isProxy && above >= 0 && !marks[place].contains(.incoming) && marks[above].contains(.outgoing)
            && parties.isSame(party[above], party[place])
    }

    private func isViaQueue(_ place: Int) -> Bool { spans[place].kind == .consumer && spans[place].peerKind == .queue && !spans[place].peer.isEmpty }

    private mutating func arrive(_ place: Int, _ callOf: inout [Int32], _ parties: inout Parties) {
        let span = spans[place], above = Int(parent[place])
        let viaQueue = isViaQueue(place)
        var head = -1, listener = -1
        if above >= 0, marks[above].contains(.outgoing), !viaQueue {
            head = above
            marks[head].insert(.served)
            while continues(head, parties) {
                head = Int(parent[head])
                marks[head].insert(.served)
                if spans[head].isProxy { listener = head }
            }
        }
        let server = CallSide(span, isDenied: marks[place].contains(.denied))
        // A proxy of one span a side has one for all attempts.
        let request = listener >= 0 ? listener : head >= 0 && spans[head].kind == .client && span.kind == .server ? head : -1
        if request >= 0 {
            if callOf.isEmpty { callOf = [Int32](repeating: -1, count: spans.count) }
            let known = Int(callOf[request])
            if known >= 0, follows(place, known, request == listener, parties) {
                addAttempt(known, server, place, by: spans[above].upstreamCluster, &parties)
                return
            }
            callOf[request] = Int32(calls.count)
        }
        var source = above >= 0 ? party[head >= 0 ? head : above] : marks[place].contains(.orphan) ? Parties.unknown : Parties.outside
        if viaQueue { source = parties.peer(of: span, caller: source) }
        var call = Call(source: source, destination: party[place], start: at(head >= 0 ? head : place))
        call.server = server
        if head >= 0 {
            call.client = clientSide(head, above, isDenied: server.isDenied)
            if parties[party[place]].version.isEmpty { call.destination = parties.versioned(party[place], by: spans[above].upstreamCluster) }
        } else if marks[place].contains(.orphan) {
            oddities[.noClientHalf] += 1
        }
        call.isMessaging = span.kind == .consumer
        add(call, arrival: place, departure: head)
    }

    /// Whether it is another attempt of a call's request. A listener has one request; under one client's span there may be several, at once or of other operations.
    private func follows(_ place: Int, _ call: Int, _ isOfListener: Bool, _ parties: Parties) -> Bool {
        guard parties.service(of: calls[call].destination) == parties.service(of: party[place]) else { return false }
        let last = Int(arrivals[call])
        return isOfListener || spans[last].name == spans[place].name && at(last) + spans[last].duration <= at(place)
    }

    /// The last attempt answered the request; what came before it is its callee's alone.
    private mutating func addAttempt(_ known: Int, _ server: CallSide, _ place: Int, by cluster: Symbol, _ parties: inout Parties) {
        var earlier = calls[known]
        (earlier.client, earlier.isAttempt, earlier.attempts, earlier.start) = (CallSide(), true, 1, at(Int(arrivals[known])))
        calls.append(earlier)
        arrivals.append(arrivals[known])
        departures.append(-1)
        calls[known].attempts += calls[known].attempts < .max ? 1 : 0
        (calls[known].server, arrivals[known]) = (server, Int32(place))
        calls[known].destination = parties[party[place]].version.isEmpty ? parties.versioned(party[place], by: cluster) : party[place]
        calls[known].client.isDenied = server.isDenied
    }

    /// A request nobody on the other side wrote of.
    private mutating func depart(_ place: Int, _ parties: inout Parties) {
        guard !continues(place, parties) else { return }
        var last = place, attempts = 1
        while true {
            let parts = children(of: last).filter { continues($0, parties) && !marks[$0].contains(.served) }
            guard let next = parts.last else { break }
            attempts = max(attempts, parts.count)
            last = next
        }
        // Clients within clients: the innermost is the request. Who took it from a queue is called by the queue: this call is the one to it.
        guard !children(of: last).contains(where: { marks[$0].contains(.outgoing) || marks[$0].contains(.incoming) && !isViaQueue($0) }) else { return }
        var peer = parties.peer(of: spans[last], caller: party[place])
        if peer == Parties.unknown { peer = parties.peer(of: spans[place], caller: party[place]) }
        // A proxy may know its own application by a plain name.
        guard !spans[place].isProxy || parties.service(of: peer) != parties.service(of: party[place]) else { return }
        if parties.speaks(peer) { oddities[.noServerHalf] += 1 }
        var call = Call(source: party[place], destination: peer, start: at(place))
        call.client = clientSide(place, last, isDenied: false)
        call.attempts = UInt16(clamping: attempts)
        call.isMessaging = spans[place].kind == .producer
        add(call, arrival: -1, departure: place)
    }

    private mutating func add(_ call: Call, arrival: Int, departure: Int) {
        calls.append(call)
        if !standsFor.isEmpty {
            // The caller's word, where it says anything.
            let sent = departure >= 0 ? standsFor[departure] : 0
            calls[calls.count - 1].standsFor = max(1, sent > 0 || arrival < 0 ? sent : standsFor[arrival])
        }
        arrivals.append(Int32(arrival))
        departures.append(Int32(departure))
    }

    /// What the caller waited is its outermost span's; what came back, the innermost one's where the outer does not tell.
    private func clientSide(_ outer: Int, _ inner: Int, isDenied: Bool) -> CallSide {
        var span = spans[outer]
        if span.code == Meaning.untoldCode { span.code = spans[inner].code }
        if span.grpcStatus == 255 { span.grpcStatus = spans[inner].grpcStatus }
        if span.flags.isEmpty { span.flags = spans[inner].flags }
        return CallSide(span, isDenied: isDenied)
    }

    /// Who decides for a whole trace may say so on one span alone (Jaeger's clients do on the root): those below it stand for as many.
    mutating func spreadSampling() {
        guard spans.contains(where: { $0.standsFor > 1 }) else { return }
        standsFor = spans.map(\.standsFor)
        for place in order.map(Int.init) where standsFor[place] == 0 && parent[place] >= 0 { standsFor[place] = standsFor[Int(parent[place])] }
    }

    /// When it began, clocks straightened.
    public func at(_ place: Int) -> Timestamp { Timestamp(nanoseconds: spans[place].start.nanoseconds &+ shift[place]) }
}
