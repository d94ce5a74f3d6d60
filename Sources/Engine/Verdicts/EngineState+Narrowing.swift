import CallGraph
import Diagnosis
import MeshModel
import Panels

/// Which version, pod and machine of a service it is, where it is only some.
extension EngineState {
    private struct Member {
        var entity: ResolvedEntity
        var part: Contrast.Part
    }

    /// The service, with the version, pod and node that fail where the others do not; of a service of one pod, that one.
    mutating func narrowed(_ finding: OriginFinding, _ findings: Findings, _ frame: Frame) -> ResolvedEntity {
        var members = finding.groups.isEmpty ? [] : membersInTraces(finding, findings)
        if members.allSatisfy({ $0.entity.pod.isEmpty }) {
            let told = membersInMetrics(finding.key.service, findings.reading, frame)
            if !told.isEmpty || members.isEmpty { members = told }
        }
        var found = finding.key.service
        found.version = worst(members, \.version) ?? .empty
        if !found.version.isEmpty { members.removeAll { $0.entity.version != found.version } }
        found.pod = worst(members, \.pod) ?? .empty
        if let pod = members.first(where: { !found.pod.isEmpty && $0.entity.pod == found.pod }) {
            (found.node, found.workload) = (pod.entity.node, pod.entity.workload)
        } else {
            found.node = worst(members, \.node) ?? .empty
        }
        return found
    }

    private func worst(_ members: [Member], _ name: KeyPath<ResolvedEntity, Symbol>) -> Symbol? {
        var names: [Symbol] = [], parts: [Contrast.Part] = []
        for member in members where !member.entity[keyPath: name].isEmpty {
            let symbol = member.entity[keyPath: name]
            if let place = names.firstIndex(of: symbol) {
                parts[place].trials += member.part.trials
                parts[place].hits += member.part.hits
            } else {
                names.append(symbol)
                parts.append(member.part)
            }
        }
        return Contrast.worst(parts).map { names[$0] }
    }

    /// Its pods, by their own proxies' word; where none is read, its versions by its callers'.
    private mutating func membersInMetrics(_ service: ResolvedEntity, _ services: ServiceReading, _ frame: Frame) -> [Member] {
        let fold = fold(.service, frame)
        guard let place = services.place(of: service), services.foldNodes[Int(place)] >= 0 else { return [] }
        func member(_ entity: ResolvedEntity, _ sums: SignalSums, isCaller: Bool) -> Member {
            let counts = sums.counts(frame.predicate, isCaller: isCaller)
            return Member(entity: entity, part: .init(trials: counts.requests - counts.denied, hits: counts.errors))
        }
        let node = Int(services.foldNodes[Int(place)])
        let pods = pods(of: fold.nodes[node])
        guard pods.isEmpty else { return pods.map { member($0.entity, $0.sums, isCaller: false) } }
        return fold.nodes[node].versions.map { version, sums in
            var entity = service
            entity.version = version
            return member(entity, sums, isCaller: true)
        }
    }

    /// What the proxies of each pod of a service say it answered. The level of pods says the same, and is not brought up to date for it.
    func pods(of node: borrowing LevelFold.Node) -> [(entity: ResolvedEntity, sums: SignalSums)] {
        var pods: [(entity: ResolvedEntity, sums: SignalSums)] = []
        for index in node.targets.map(Int.init) where targets[index].folded.hasOwn && targets[index].entity >= 0 {
            let pod = directory[targets[index].entity].folded(to: .pod)
            if let known = pods.firstIndex(where: { $0.entity == pod }) { pods[known].sums.merge(targets[index].folded.own) } else { pods.append((pod, targets[index].folded.own)) }
        }
        return pods
    }

    private func membersInTraces(_ finding: OriginFinding, _ findings: Findings) -> [Member] {
        guard let service = finding.groups.first?.key.service, let names = findings.names else { return [] }
        var trials: [Int32: Int] = [:], hits: [Int32: Int] = [:]
        for group in finding.groups {
            for (party, count) in group.parties { hits[party, default: 0] += count }
            for (party, count) in group.passing where traces.parties.service(of: party) == service { trials[party, default: 0] += count }
        }
        let members = findings.parties[service] ?? []
        for entry in findings.paths?.entries ?? [] {
            for party in members where entry.passing[party] > 0 { trials[party, default: 0] += entry.passing[party] }
        }
        let parties = Set(trials.keys).union(hits.keys).filter { !traces.parties[$0].version.isEmpty || !traces.parties[$0].pod.isEmpty }
        return parties.sorted().map { party in
            let count = hits[party] ?? 0
            return Member(entity: directory.met(names.entity(party)), part: .init(trials: Double(max(count, trials[party] ?? 0)), hits: Double(count)))
        }
    }

    // MARK: - Evidence

    mutating func backing(_ finding: OriginFinding, _ findings: Findings, _ frame: Frame) -> Verdict.Backing {
        var backing = Verdict.Backing()
        backing.kinds = findings.reading.evidence
        backing.requests = findings.requests
        guard let paths = findings.paths, let names = findings.names else { return backing }
        (backing.traces, backing.failingTraces, backing.goodTraces) = (finding.traces, findings.failingTraces, findings.goodTraces)
        if !finding.groups.isEmpty { backing.kinds.formUnion(.spans) }
        guard let newest = finding.groups.max(by: { $0.last < $1.last }) else { return backing }
        backing.sample = newest.sample
        guard !finding.isAbsorbed else { return backing }
        backing.passing = passing(finding, paths, findings.parties, names)
        return backing
    }

    /// Which pods and versions its traces pass that good ones do not.
    private func passing(_ finding: OriginFinding, _ paths: FailingPaths, _ parties: [Int32: [Int32]], _ names: SpanNames) -> [String] {
        func text(_ party: Int32) -> String? {
            let entity = directory.met(names.entity(party))
            if !entity.pod.isEmpty { return symbols.string(entity.pod) }
            return entity.version.isEmpty ? nil : "\(symbols.string(entity.service)) \(symbols.string(entity.version))"
        }
        var bad: [String: Int] = [:], good: [String: Int] = [:]
        let entries = Set(finding.groups.map(\.key.entry))
        // Versions and pods of the one that fails: others on the way are passed by all.
        let service = finding.groups[0].key.service
        for group in finding.groups {
            for (party, count) in group.passing where traces.parties.service(of: party) == service { if let name = text(party) { bad[name, default: 0] += count } }
        }
        for entry in entries {
            for party in parties[service] ?? [] where paths.entries[entry].passing[party] > 0 { if let name = text(party) { good[name, default: 0] += paths.entries[entry].passing[party] } }
        }
        let total = finding.traces, goods = entries.reduce(0) { $0 + paths.entries[$1].good }
        return bad.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3).map { name, count in
            let all = total == 1 ? "the one failing trace passes" : count >= total ? "all \(total) failing traces pass" : "\(min(count, total)) of \(total) failing traces pass"
            return "\(all) \(name), \(good[name] ?? 0) of \(goods) good ones do"
        }
    }
}
