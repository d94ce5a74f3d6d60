package import CallGraph
package import MeshModel

/// Where one trace's failures begin (reference: error spans less all ancestors of error spans, kept apart by whether an unbroken chain
/// of errors leads from there to the entry).
package struct TraceOrigin: Sendable {
    /// Place of the span.
    package var span: Int
    /// Who fails: a party of the store. Of a call that failed on the way, the one called.
    package var party: Int32
    /// Of a call that failed on the way, the caller; −1: the party itself fails.
    package var caller: Int32 = -1
    package var fault = FaultClass.own
    /// The entry fails because of it; else somebody on the way got by without.
    package var reachesEntry: Bool
    /// Parties from the entry to the one that fails, each hop once; of a call that failed on the way, to its caller.
    package var path: [Int32]
    package var at: Timestamp
    package var code: UInt16
    package var grpcStatus: UInt8
    package var flags: Symbol
    package var operation: Symbol
    /// Somebody answered whose other requests have spans, and this one has none: they were lost, and with them where it began.
    package var isCutOff = false
}

/// What a trace says of failures from one of its spans down.
package struct TraceOrigins: Sendable {
    package private(set) var origins: [TraceOrigin] = []
    /// Calls that policy refused: the same, with the refused caller.
    package private(set) var denials: [TraceOrigin] = []

    /// - Parameters:
    ///   - entry: place of the span to begin at.
    ///   - flagClass: of response flags as they are written.
    package init(of assembly: Assembly, from entry: Int, _ parties: Parties, _ predicate: ErrorPredicate, flagClass: [Symbol: FaultClass]) {
        var walk = OriginWalk(assembly, predicate)
        walk.go(from: entry)
        let reader = OriginReader(assembly: assembly, parties: parties, entry: entry, flagClass: flagClass)
        for place in walk.causes { origins.append(reader.origin(place, reachesEntry: true)) }
        for place in walk.absorbed { origins.append(reader.origin(place, reachesEntry: false)) }
        for place in walk.denied { denials.append(reader.denial(place)) }
    }
}

/// Which spans failures begin at.
private struct OriginWalk {
    let assembly: Assembly
    let predicate: ErrorPredicate
    /// Error spans that an unbroken chain of errors leads to, and none further.
    var causes: [Int] = []
    /// Error spans below which there are none, and that nobody above fails for.
    var absorbed: [Int] = []
    var denied: [Int] = []

    init(_ assembly: Assembly, _ predicate: ErrorPredicate) { (self.assembly, self.predicate) = (assembly, predicate) }

    /// Policy refused it, or the call it stands for.
    private var isRefused: [Bool] = []
    private func isError(_ place: Int) -> Bool { !isRefused[place] && assembly.spans[place].isError(predicate) }

    /// It says nothing of how a request ended: errors pass through it.
    private func isTransparent(_ place: Int) -> Bool {
        let span = assembly.spans[place]
        return span.code == Meaning.untoldCode && span.grpcStatus == 255 && span.status == .unset
    }

    mutating func go(from entry: Int) {
        // In the order of a walk: who is above stands before.
        let inside = subtree(of: entry)
        markRefused(inside)
        /// By span: an error it passes on or stands for; errors further down that are so, and any at all.
        var connected = [Bool](repeating: false, count: assembly.spans.count), passesOn = connected, hasError = connected
        for place in inside {
            let above = Int(assembly.parent[place])
            let isFollowed = place == entry || connected[above]
            connected[place] = isFollowed && (isError(place) || place != entry && isTransparent(place))
            if assembly.isDenied(place) { denied.append(place) }
        }
        for place in inside.reversed() {
            let error = isError(place)
            if error, connected[place], !passesOn[place] { causes.append(place) }
            if error, !connected[place], !hasError[place] { absorbed.append(place) }
            guard place != entry else { continue }
            let above = Int(assembly.parent[place])
            if connected[place], error || passesOn[place] { passesOn[above] = true }
            if error || hasError[place] { hasError[above] = true }
        }
        causes.reverse()
        absorbed.reverse()
    }

    private mutating func markRefused(_ inside: [Int]) {
        isRefused = [Bool](repeating: false, count: assembly.spans.count)
        for place in inside.reversed() {
            let span = assembly.spans[place]
            isRefused[place] = assembly.isDenied(place)
                || assembly.isOutgoing(place) && (span.code == 403 || span.grpcStatus == 7) && assembly.children(of: place).contains { isRefused[$0] }
        }
    }

    private func subtree(of entry: Int) -> [Int] {
        var found: [Int] = [], stack = [entry]
        while let place = stack.popLast() {
            found.append(place)
            stack += Array(assembly.children(of: place)).reversed()
        }
        return found
    }
}

/// What an origin's span and those above it say.
private struct OriginReader {
    let assembly: Assembly
    let parties: Parties
    let entry: Int
    let flagClass: [Symbol: FaultClass]

    func origin(_ place: Int, reachesEntry: Bool) -> TraceOrigin {
        let span = assembly.spans[place]
        var origin = TraceOrigin(span: place, party: assembly.party[place], reachesEntry: reachesEntry, path: path(to: place), at: assembly.at(place),
                                 code: span.code, grpcStatus: span.grpcStatus, flags: span.flags, operation: operation(of: place))
        let named = span.flags.isEmpty ? nil : flagClass[span.flags]
        guard assembly.isOutgoing(place), !assembly.isLocal(place) else {
            if named == .callerGaveUp || span.code == 0, let waited = whoDidNotWait(above: place) {
                var origin = self.origin(waited, reachesEntry: reachesEntry)
                if assembly.spans[waited].flags.isEmpty { origin.fault = .timeout }
                return origin
            }
            // It came in and was answered here: by the application, or by its proxy in its stead.
            origin.fault = named ?? .own
            return origin
        }
        let called = callee(of: place)
        if assembly.isServed(place) {
            // It arrived, and was answered well or is still being answered: the caller did not wait.
            (origin.party, origin.caller) = (called ?? origin.party, origin.party)
            origin.fault = named ?? (outlives(place) ? .timeout : .connection)
        } else if let named {
            (origin.party, origin.caller, origin.fault) = (called ?? Parties.unknown, origin.party, named)
        } else if let called, called != Parties.unknown {
            let isAnswer = span.code != 0 && (span.code != Meaning.untoldCode || span.grpcStatus != 255)
            if span.code == 0 || parties.speaks(called) && !isAnswer {
                (origin.caller, origin.fault) = (origin.party, .unanswered)
            } else {
                // Nobody there writes spans, mostly: what came back is its answer.
                origin.path.append(called)
                origin.isCutOff = parties.speaks(called)
            }
            origin.party = called
        }
        return origin
    }

    /// What ended without an answer here, because its caller had given up: the caller's span, if it ended first.
    private func whoDidNotWait(above place: Int) -> Int? {
        var at = Int(assembly.parent[place])
        while at >= 0, at != entry, parties.service(of: assembly.party[at]) == parties.service(of: assembly.party[place]) { at = Int(assembly.parent[at]) }
        guard at >= 0, assembly.isOutgoing(at), parties.service(of: assembly.party[at]) != parties.service(of: assembly.party[place]) else { return nil }
        return at
    }

    func denial(_ place: Int) -> TraceOrigin {
        var denial = origin(place, reachesEntry: false)
        let above = Int(assembly.parent[place])
        denial.caller = above >= 0 ? assembly.party[above] : Parties.outside
        denial.fault = .policy
        if denial.path.count > 1 { denial.path.removeLast() }
        return denial
    }

    /// Who the request went to, by the call it is part of.
    private func callee(of place: Int) -> Int32? {
        var at = place
        while at >= 0, parties.service(of: assembly.party[at]) == parties.service(of: assembly.party[place]) {
            if let call = assembly.departures.firstIndex(of: Int32(at)) { return assembly.calls[call].destination }
            at = Int(assembly.parent[at])
        }
        return nil
    }

    /// Something below it goes on after it ended.
    private func outlives(_ place: Int) -> Bool {
        let end = assembly.at(place) + assembly.spans[place].duration
        return assembly.children(of: place).contains { assembly.at($0) + assembly.spans[$0].duration > end }
    }

    private func path(to place: Int) -> [Int32] {
        var path: [Int32] = [], at = place
        while at >= 0 {
            let party = assembly.party[at]
            if let last = path.last, parties.service(of: last) == parties.service(of: party) {
                // Of a hop's spans some name more than others.
                if parties[last].pod.isEmpty { path[path.count - 1] = party }
            } else {
                path.append(party)
            }
            if at == entry { break }
            at = Int(assembly.parent[at])
        }
        return path.reversed()
    }

    /// What was asked of the one that fails: the name of the outermost of its spans of this request.
    private func operation(of place: Int) -> Symbol {
        var at = place
        while at != entry, !assembly.isIncoming(at), assembly.parent[at] >= 0,
              parties.service(of: assembly.party[Int(assembly.parent[at])]) == parties.service(of: assembly.party[at]) { at = Int(assembly.parent[at]) }
        return assembly.spans[at].name
    }
}
