import CallGraph
import Diagnosis
import MeshModel
import Panels

/// The way from whom is asked to where failures begin.
extension EngineState {
    /// Of a way longer than anyone reads, how calls ended, and all else but counts, is told of its last steps.
    private static let mostToldHops = 24
    private static let mostFailingPods = 5

    mutating func hops(_ finding: OriginFinding, _ findings: Findings, _ facts: inout HopFacts, _ frame: Frame) -> [Verdict.Hop] {
        var hops: [Verdict.Hop] = []
        let services = findings.reading, reading = services.reading
        let shares = latencyShares(finding.path, findings, &facts, frame)
        for (index, entity) in finding.path.enumerated() {
            var hop = Verdict.Hop(entity: index > 0 ? named(entity).asCallee : named(entity))
            let isTold = index + Self.mostToldHops >= finding.path.count
            if let node = services.place(of: entity) {
                let own = OwnErrors(of: node, in: reading)
                var seen = reading.nodes[Int(node)].entry ?? reading.answered(node)
                if index > 0, let edge = services.edge(from: finding.path[index - 1], to: entity) {
                    seen = reading.edges[Int(edge)].seen
                    hop.wire = reading.wireErrors(edge)
                    if isTold { hop.answers = row(ofEdge: edge, services, frame)?.signals.answers ?? [] }
                }
                (hop.requests, hop.errors, hop.denied) = (seen.requests, seen.errors, seen.denied)
                let share = own.errors > 0 ? own.likely / own.errors : 0
                hop.own = (seen.errors - hop.wire) * share
                hop.passedOn = max(0, seen.errors - hop.wire - hop.own)
                if isTold { hop.latency = latency(ofNode: node, services, &facts, frame) }
            }
            if isTold {
                (hop.latencyShare, hop.latencyTraces) = (shares.of[index], shares.traces)
                addMembers(of: entity, services, &facts, to: &hop, frame)
            }
            hops.append(hop)
        }
        return hops
    }

    // MARK: - Versions and pods

    private mutating func addMembers(of entity: ResolvedEntity, _ services: ServiceReading, _ facts: inout HopFacts, to hop: inout Verdict.Hop, _ frame: Frame) {
        gatherSpanMembers(&facts, frame)
        let symbols = symbols
        func named(_ member: HopFacts.Member) -> Verdict.Member {
            .init(name: symbols.string(member.name), requests: member.requests, errors: member.errors, isFailing: member.isFailing)
        }
        let known = services.known(entity)
        let told = membersInMetrics(of: known, services, frame)
        hop.versions = (told.versions.isEmpty ? facts.spanVersions[known] ?? [] : told.versions).filter { !$0.name.isEmpty }.map(named).sorted { $0.name < $1.name }
        let pods = told.pods.isEmpty ? facts.spanPods[known] ?? [] : told.pods
        (hop.pods, hop.podsFailing) = (pods.count, pods.count(where: \.isFailing))
        func share(_ pod: Verdict.Member) -> Double { pod.errors / pod.requests }
        hop.failingPods = Array(pods.filter(\.isFailing).map(named).sorted { (share($1), $0.name) < (share($0), $1.name) }.prefix(Self.mostFailingPods))
    }

    private mutating func membersInMetrics(of entity: ResolvedEntity, _ services: ServiceReading, _ frame: Frame) -> (versions: [HopFacts.Member], pods: [HopFacts.Member]) {
        let fold = fold(.service, frame)
        guard let place = services.place(of: entity), services.foldNodes[Int(place)] >= 0 else { return ([], []) }
        let node = Int(services.foldNodes[Int(place)]), isCaller = !fold.nodes[node].hasOwn
        return (fold.nodes[node].versions.map { HopFacts.Member(name: $0.version, $0.sums.counts(frame.predicate, isCaller: isCaller)) },
                pods(of: fold.nodes[node]).filter { !$0.entity.pod.isEmpty }.map { HopFacts.Member(name: $0.entity.pod, $0.sums.counts(frame.predicate, isCaller: false)) })
    }

    /// All there are, in one pass: ways share services.
    private mutating func gatherSpanMembers(_ facts: inout HopFacts, _ frame: Frame) {
        guard !facts.hasMembers else { return }
        facts.hasMembers = true
        guard hasSpans else { return }
        let spans = spanFold(frame)
        for node in spans.nodes(.service) where !node.versions.isEmpty {
            facts.spanVersions[node.entity] = node.versions.map { .init(name: $0.key, $0.value.answered, frame.predicate) }
        }
        for node in spans.nodes(.pod) where !node.entity.pod.isEmpty {
            facts.spanPods[node.entity.asService, default: []].append(.init(name: node.entity.pod, node.tally.answered, frame.predicate))
        }
    }
}
