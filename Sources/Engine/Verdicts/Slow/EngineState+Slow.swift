import Diagnosis
import MeshModel
import Panels

/// Who got slower within the window, by counts alone: as proxies' slots tell it, of entries of which they tell nothing as spans do.
extension EngineState {
    /// Of what an entry's requests take longer: less is no origin, and less than that none beside another.
    private static let leastSlowShare = 0.3, leastOtherShare = 0.1
    /// More cannot each be as much of it.
    private static let mostCauses = 3

    /// Of one service that is asked about.
    mutating func slowVerdicts(_ service: ResolvedEntity, _ findings: Findings, _ facts: inout HopFacts, _ frame: Frame) -> [Verdict] {
        var proxies = ProxyTimes(fold(.service, frame)), found = SlowFollow()
        if let node = proxies.node(of: service), proxies.tells(of: service, self) || !hasTimesOfSpans(frame) {
            if let slowed = proxies.slowed([node], among: 1, self, frame).first { follow(slowed, &proxies, &found, findings, &facts, frame) }
            return found.verdicts
        }
        guard hasTimesOfSpans(frame) else { return [] }
        var spans = SpanTimes(spanFold(frame))
        if let node = spans.node(of: service), let slowed = spans.slowed([node], among: 1, self, frame).first { follow(slowed, &spans, &found, findings, &facts, frame) }
        return found.verdicts
    }

    /// Whole runs of spans are gone through trace by trace (`Slowdown`), and so are those that have a baseline.
    func hasTimesOfSpans(_ frame: Frame) -> Bool { hasSpans && baseline == nil && frame.mode == .window }

    /// - Returns: false where nobody is left that is worth being followed.
    mutating func followNext(of slowed: [Slowed], _ teller: inout some TimesTeller, _ found: inout SlowFollow, _ findings: Findings, _ facts: inout HopFacts, _ frame: Frame) -> Bool {
        guard let next = found.next(of: slowed, teller) else { return false }
        follow(next, &teller, &found, findings, &facts, frame)
        return true
    }

    private mutating func follow(_ slowed: Slowed, _ teller: inout some TimesTeller, _ found: inout SlowFollow, _ findings: Findings, _ facts: inout HopFacts, _ frame: Frame) {
        found.explain([teller.entity(of: slowed.node)])
        let path = SlowPath(from: slowed.node, at: slowed.slot, &teller, self, frame), longer = path.mesh.services[0].change?.longer ?? 0
        guard longer > 0, teller.isSlowerWithin(slowed.node, at: slowed.slot, self, frame) else { return }
        found.states.add(path, &teller, self, frame)
        let causes = path.mesh.causes
        for (place, cause) in causes.enumerated().prefix(Self.mostCauses) where cause.milliseconds >= Self.leastSlowShare * longer {
            guard cause.caller != nil || teller.isSlowerWithin(path.nodes[cause.service], at: slowed.slot, self, frame) else { continue }
            found.explain((cause.path + [cause.service]).map { teller.entity(of: path.nodes[$0]) })
            let verdict = slow(path, causes, place, longer, &teller, findings, &facts, frame)
            if !found.knows(verdict) { found.add(backed(verdict, cause, path, teller, findings, &facts, frame)) }
        }
    }

    // MARK: - In words

    private mutating func slow(_ path: SlowPath, _ causes: [SlowMesh.Cause], _ place: Int, _ longer: Double, _ teller: inout some TimesTeller,
                               _ findings: Findings, _ facts: inout HopFacts, _ frame: Frame) -> Verdict {
        let cause = causes[place]
        func entity(_ place: Int) -> ResolvedEntity { teller.entity(of: path.nodes[place]) }
        var verdict = Verdict(service: named(entity(0)), kind: .latency, predicate: frame.predicate)
        var origin = origin(cause, path, teller)
        let node = path.nodes[cause.service]
        if cause.caller == nil { origin.entity = named(narrowed(node, path, &teller, frame)) }
        verdict.origin = origin
        let entry = path.mesh.services[0].change
        verdict.requests = entry?.after.requests.rounded() ?? 0
        var finding = OriginFinding(key: .init(service: entity(cause.service), caller: cause.caller.map(entity), isDenial: false), fault: .own, path: cause.path.map(entity))
        // From where requests come in, though these do not all take longer.
        if let first = findings.reading.place(of: entity(0)) { finding.path = way(to: first, findings.reading) + finding.path.dropFirst() }
        verdict.path = hops(finding, findings, &facts, frame)
        verdict.onset = slowOnset(cause, node, path, &teller, frame)
        verdict.evidence.kinds = teller.evidence(ofCall: cause.caller != nil)
        verdict.evidence.requests = cause.change.after.requests.rounded()
        if let before = entry?.before.mean, let after = entry?.after.mean {
            verdict.evidence.passing = ["requests to \(verdict.service.displayName) take \(Verdict.number(after)) ms instead of \(Verdict.number(before)), "
                + "\(Verdict.number(min(cause.milliseconds, longer))) of these \(Verdict.number(longer)) ms for \(origin.name)"]
        }
        let total = causes.reduce(0) { $0 + $1.milliseconds }
        verdict.alternatives = causes.indices.filter { $0 != place && causes[$0].milliseconds >= Self.leastOtherShare * longer }.prefix(10).map {
            .init(origin: self.origin(causes[$0], path, teller), share: causes[$0].milliseconds / total)
        }
        return verdict
    }

    /// With what traces tell, and what was rolled out on the way.
    private mutating func backed(_ verdict: Verdict, _ cause: SlowMesh.Cause, _ path: SlowPath, _ teller: some TimesTeller, _ findings: Findings, _ facts: inout HopFacts, _ frame: Frame) -> Verdict {
        func entity(_ place: Int) -> ResolvedEntity { teller.entity(of: path.nodes[place]) }
        var verdict = verdict
        addTraces(to: &verdict, of: entity(cause.service), caller: cause.caller.map(entity), findings, &facts, frame)
        guard let time = verdict.onset else { return verdict }
        let onset = Verdict.Event(time: time, kind: .slows, entity: named(entity(cause.service)), caller: verdict.origin?.caller)
        verdict.course = course(onset, along: cause.path.map(entity) + (cause.caller == nil ? [] : [entity(cause.service)]), findings, frame)
        return verdict
    }

    private func origin(_ cause: SlowMesh.Cause, _ path: SlowPath, _ teller: some TimesTeller) -> Verdict.Origin {
        let called = named(teller.entity(of: path.nodes[cause.service])), caller = cause.caller.map { named(teller.entity(of: path.nodes[$0])) }
        var origin = Verdict.Origin(entity: called, caller: caller, fault: .own)
        origin.slowerMilliseconds = cause.milliseconds
        origin.requests = cause.change.after.requests.rounded()
        var change = Verdict.Change(part: caller == nil ? .own : .wire, operation: "", usual: cause.change.before.mean ?? 0, seen: cause.change.after.mean ?? 0,
                                    calls: Health.whole(origin.requests), hits: Health.whole(origin.requests), z: cause.change.z)
        (change.caller, change.callee) = (caller, called)
        change.isWithCalls = caller == nil && !teller.calls(of: path.nodes[cause.service]).isEmpty
        origin.changes = [change]
        return origin
    }

    /// When it itself got slower; where that cannot be told, when the entry did.
    private func slowOnset(_ cause: SlowMesh.Cause, _ node: Int, _ path: SlowPath, _ teller: inout some TimesTeller, _ frame: Frame) -> Timestamp {
        let slot = teller.slot(of: node, call: cause.caller.flatMap { path.call(from: $0, to: cause.service) }, self, frame) ?? path.slot
        return grid.start(of: frame.head - Int64(SlotGrid.count - 1 - slot))
    }

    // MARK: - Which of several

    /// The version, or the one pod, of a service that alone got slower; of a service of one pod, that one. Who was not there before is held against all of it.
    private func narrowed(_ node: Int, _ path: SlowPath, _ teller: inout some TimesTeller, _ frame: Frame) -> ResolvedEntity {
        var found = teller.entity(of: node)
        // Who is known by its callers alone has no name.
        let all = Set(teller.pods(of: node, at: path.slot, self, frame).map(\.pod).filter { !$0.pod.isEmpty })
        let slower = Set(teller.slower(of: node, at: path.slot, self, frame).map(\.pod)).intersection(all)
        if slower.count < all.count, let version = slower.first?.version, !version.isEmpty, all.filter({ $0.version == version }) == slower { found.version = version }
        guard let pod = slower.count == 1 ? slower.first : all.count == 1 ? all.first : nil else { return found }
        (found.pod, found.node, found.workload) = (pod.pod, pod.node, pod.workload)
        return found
    }
}
