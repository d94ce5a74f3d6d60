import Diagnosis
import Panels

/// Which of those that got slower are followed down, one after the other, and what was found so far.
struct SlowFollow {
    private(set) var verdicts: [Verdict] = []
    var states = SlowStates()
    /// On the ways that were followed: names, for numbers do not hold from one slice to the next.
    private var explained = Set<ResolvedEntity>()
    private var entries = Set<ResolvedEntity>()
    private var others = 0
    /// Nobody is left.
    private(set) var isOver = false

    /// Of entries that got slower, and of others.
    private static let mostFollowed = 4

    /// Of entries the one that costs all requests together most comes first; then the topmost of the others that no way explains.
    mutating func next(of slowed: [Slowed], _ teller: some TimesTeller) -> Slowed? {
        let fromOutside = Set(teller.entries)
        if entries.count < Self.mostFollowed,
           let entry = slowed.filter({ fromOutside.contains($0.node) && !entries.contains(teller.entity(of: $0.node)) }).min(by: Self.isWeightier) {
            entries.insert(teller.entity(of: entry.node))
            return entry
        }
        others += 1
        let next = others > Self.mostFollowed ? nil : Self.topmost(slowed.filter { !fromOutside.contains($0.node) && !explained.contains(teller.entity(of: $0.node)) }, teller)
        isOver = next == nil
        return next
    }

    mutating func explain(_ services: some Sequence<ResolvedEntity>) { explained.formUnion(services) }

    /// One of the same origin is there.
    func knows(_ verdict: Verdict) -> Bool { verdicts.contains { Self.hasSameOrigin($0, verdict) } }
    mutating func add(_ verdict: Verdict) { verdicts.append(verdict) }

    private static func hasSameOrigin(_ one: Verdict, _ other: Verdict) -> Bool {
        one.origin?.entity.asService == other.origin?.entity.asService && one.origin?.caller == other.origin?.caller
    }

    private static func isWeightier(_ one: Slowed, than other: Slowed) -> Bool { (other.weight, one.node) < (one.weight, other.node) }

    /// One whom none of the others calls; in a circle the weightiest.
    private static func topmost(_ slowed: [Slowed], _ teller: some TimesTeller) -> Slowed? {
        let called = Set(slowed.flatMap { slow in teller.calls(of: slow.node).map(\.callee).filter { $0 != slow.node } })
        let free = slowed.filter { !called.contains($0.node) }
        return (free.isEmpty ? slowed : free).min(by: isWeightier)
    }
}

/// All that a search of the mesh found, followed down: those of proxies, then those of whom spans alone tell. One at a time, in the engine's lock.
struct SlowFollowing {
    private let search: SlowSearch
    private var ofProxies = SlowFollow()
    private var ofSpans = SlowFollow()

    init(_ search: SlowSearch) { self.search = search }

    /// - Returns: whether there is more to do.
    mutating func goOn(_ state: inout EngineState, _ findings: Findings, _ facts: inout HopFacts, _ frame: EngineState.Frame) -> Bool {
        if search.areAnyOfProxies, !ofProxies.isOver {
            var proxies = ProxyTimes(state.fold(.service, frame))
            if state.followNext(of: search.ofProxies(proxies, frame), &proxies, &ofProxies, findings, &facts, frame) { return true }
        }
        guard search.areAnyOfSpans else { return false }
        var spans = SpanTimes(state.spanFold(frame))
        return state.followNext(of: search.ofSpans(spans, frame), &spans, &ofSpans, findings, &facts, frame)
    }

    /// Once all are followed.
    var found: (verdicts: [Verdict], states: SlowStates) {
        var all = ofProxies
        for verdict in ofSpans.verdicts where !all.knows(verdict) { all.add(verdict) }
        all.states.add(ofSpans.states)
        return (all.verdicts, all.states)
    }
}
