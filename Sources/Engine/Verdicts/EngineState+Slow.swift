import Diagnosis
import MeshModel
import Panels

/// Who got slower within what the proxies' slots hold, by counts alone.
extension EngineState {
    /// Entries looked at, the busiest; and of those that got slower the ones that are followed down.
    private static let mostSlowEntries = 64, mostFollowed = 4
    /// Of what an entry's requests take longer: less is no origin, and less than that none beside another.
    private static let leastSlowShare = 0.3, leastOtherShare = 0.1

    /// - Parameter service: who is asked about; nil: the mesh's entries.
    mutating func slowVerdicts(_ service: ResolvedEntity?, _ findings: Findings, _ facts: inout HopFacts, _ frame: Frame) -> [Verdict] {
        guard targets.contains(where: { !$0.histograms.isEmpty }) else { return [] }
        let fold = fold(.service, frame)
        var reader = SlowReader(), slowed: [(entry: Int, slot: Int, weight: Double)] = []
        for entry in slowCandidates(service, fold) {
            guard let times = reader.times(of: entry, fold, self, frame), let slot = SlowOnset.of(times), reader.isAnySlower(of: entry, at: slot, fold, self, frame) else { continue }
            let change = TimesChange(times, at: slot)
            slowed.append((entry, slot, change.longer * change.after.requests))
        }
        // The one that costs all requests together most comes first.
        slowed.sort { ($1.weight, $0.entry) < ($0.weight, $1.entry) }
        var verdicts: [Verdict] = []
        for (entry, slot, _) in slowed.prefix(Self.mostFollowed) {
            let path = SlowPath(from: entry, at: slot, fold, &reader, self, frame), causes = path.mesh.causes, longer = path.mesh.services[0].change?.longer ?? 0
            guard longer > 0 else { continue }
            for (place, cause) in causes.enumerated() where cause.milliseconds >= Self.leastSlowShare * longer {
                guard cause.caller != nil || reader.isAnySlower(of: path.nodes[cause.service], at: slot, fold, self, frame) else { continue }
                let verdict = slow(path, causes, place, longer, fold, &reader, findings, &facts, frame)
                if !verdicts.contains(where: { $0.origin?.entity.asService == verdict.origin?.entity.asService && $0.origin?.caller == verdict.origin?.caller }) { verdicts.append(verdict) }
            }
        }
        return verdicts
    }

    private func slowCandidates(_ service: ResolvedEntity?, _ fold: borrowing LevelFold) -> [Int] {
        if let service { return fold.node(of: service).map { [$0] } ?? [] }
        var entries = fold.answersOutside.union(fold.entryEdges.map { Int(fold.edges[$0].destination) })
        if entries.isEmpty { entries = Set(fold.nodes.indices.filter { fold.nodes[$0].edgesIn.isEmpty && !fold.nodes[$0].edgesOut.isEmpty }) }
        let requests = entries.map { ($0, fold.nodes[$0].sums.requests) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
        return requests.prefix(Self.mostSlowEntries).map(\.0)
    }

    // MARK: - In words

    private mutating func slow(_ path: SlowPath, _ causes: [SlowMesh.Cause], _ place: Int, _ longer: Double, _ fold: borrowing LevelFold, _ reader: inout SlowReader,
                               _ findings: Findings, _ facts: inout HopFacts, _ frame: Frame) -> Verdict {
        let cause = causes[place]
        func entity(_ place: Int) -> ResolvedEntity { fold.nodes[path.nodes[place]].entity }
        var verdict = Verdict(service: named(entity(0)), kind: .latency, predicate: frame.predicate)
        var origin = origin(cause, path, fold)
        let node = path.nodes[cause.service]
        if cause.caller == nil { origin.entity = named(narrowed(node, path, fold, &reader, frame)) }
        verdict.origin = origin
        let entry = path.mesh.services[0].change
        verdict.requests = entry?.after.requests.rounded() ?? 0
        let finding = OriginFinding(key: .init(service: entity(cause.service), caller: cause.caller.map(entity), isDenial: false), fault: .own, path: cause.path.map(entity))
        verdict.path = hops(finding, findings, &facts, frame)
        verdict.onset = slowOnset(cause, node, path, fold, &reader, frame)
        verdict.evidence.kinds = cause.caller == nil ? .metricsServer : [.metricsClient, .metricsServer]
        verdict.evidence.requests = cause.change.after.requests.rounded()
        if let before = entry?.before.mean, let after = entry?.after.mean {
            verdict.evidence.passing = ["requests to \(verdict.service.displayName) take \(Verdict.number(after)) ms instead of \(Verdict.number(before)), "
                + "\(Verdict.number(min(cause.milliseconds, longer))) of these \(Verdict.number(longer)) ms for \(origin.name)"]
        }
        let total = causes.reduce(0) { $0 + $1.milliseconds }
        verdict.alternatives = causes.indices.filter { $0 != place && causes[$0].milliseconds >= Self.leastOtherShare * longer }.prefix(10).map {
            .init(origin: self.origin(causes[$0], path, fold), share: causes[$0].milliseconds / total)
        }
        return verdict
    }

    private func origin(_ cause: SlowMesh.Cause, _ path: SlowPath, _ fold: borrowing LevelFold) -> Verdict.Origin {
        let called = named(fold.nodes[path.nodes[cause.service]].entity), caller = cause.caller.map { named(fold.nodes[path.nodes[$0]].entity) }
        var origin = Verdict.Origin(entity: called, caller: caller, fault: .own)
        origin.slowerMilliseconds = cause.milliseconds
        origin.requests = cause.change.after.requests.rounded()
        var change = Verdict.Change(part: caller == nil ? .own : .wire, operation: "", usual: cause.change.before.mean ?? 0, seen: cause.change.after.mean ?? 0,
                                    calls: Health.whole(origin.requests), hits: Health.whole(origin.requests), z: cause.change.z)
        (change.caller, change.callee) = (caller, called)
        origin.changes = [change]
        return origin
    }

    /// When it itself got slower; where that cannot be told, when the entry did.
    private mutating func slowOnset(_ cause: SlowMesh.Cause, _ node: Int, _ path: SlowPath, _ fold: borrowing LevelFold, _ reader: inout SlowReader, _ frame: Frame) -> Timestamp {
        var times = reader.times(of: node, fold, self, frame)
        if let caller = cause.caller, let edge = fold.nodes[path.nodes[caller]].edgesOut.first(where: { Int(fold.edges[Int($0)].destination) == node }) {
            times = reader.times(ofCall: Int(edge), fold, self, frame)
        }
        let slot = times.flatMap { SlowOnset.of($0) } ?? path.slot
        return grid.start(of: frame.head - Int64(SlotGrid.count - 1 - slot))
    }

    // MARK: - Which of several

    /// The version, or the one pod, of a service that alone got slower; of a service of one pod, that one. Who was not there before is held against all of it.
    private func narrowed(_ node: Int, _ path: SlowPath, _ fold: borrowing LevelFold, _ reader: inout SlowReader, _ frame: Frame) -> ResolvedEntity {
        var found = fold.nodes[node].entity
        guard fold.nodes[node].hasOwn else { return found }
        func pods(_ members: [SlotTimesOfTarget]) -> Set<ResolvedEntity> {
            Set(members.map { targets[Int($0.target)].entity }.filter { $0 >= 0 }.map { directory[$0].folded(to: .pod) })
        }
        let all = pods(reader.members(of: node, fold, self, frame)), slower = pods(reader.slower(of: node, at: path.slot, fold, self, frame))
        if slower.count < all.count, let version = slower.first?.version, !version.isEmpty, all.filter({ $0.version == version }) == slower { found.version = version }
        guard let pod = slower.count == 1 ? slower.first : all.count == 1 ? all.first : nil else { return found }
        (found.pod, found.node, found.workload) = (pod.pod, pod.node, pod.workload)
        return found
    }
}
