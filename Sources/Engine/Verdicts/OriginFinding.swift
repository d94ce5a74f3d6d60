import CallGraph
import Diagnosis
import MeshModel
import Panels

/// Where failures begin, by whoever tells of it.
struct OriginFinding {
    struct Key: Hashable {
        var service: ResolvedEntity
        /// Of a call that fails on the way.
        var caller: ResolvedEntity?
        var isDenial: Bool
    }
    var key: Key
    /// nil: as the flags of its calls say, which are looked up when it is told (`completed`).
    var fault: FaultClass?
    /// Services from the entry on; empty: along the calls that most come by, when it is told.
    var path: [ResolvedEntity]
    /// Nobody at the entry fails for it.
    var isAbsorbed = false
    var isInCircle = false
    var isOpen = false
    /// Failures of the entry it explains, as metrics tell.
    var mass: BlameFlow.Mass?
    /// What traces tell: it may be of several entries.
    var groups: [FailingPaths.Group] = []
    /// Those that nobody at the entry fails for, where there are others that one does.
    var hidden: [FailingPaths.Group] = []
    var traces: Int { groups.reduce(0) { $0 + $1.traces } }
}

/// All that was found wrong, and of how much.
struct Findings {
    var reading: ServiceReading
    var paths: FailingPaths?
    /// And not of those alone that pass whom is asked about.
    var isOfAllTraces = false
    /// What `paths` are of.
    var walk = TraceWalk(nil)
    /// Of parties in `paths`: gathered once, of all there are.
    var names: SpanNames?
    /// By the number of a service, those of its versions and pods that `paths` knows.
    var parties: [Int32: [Int32]] = [:]
    /// Of services on the ways, as far as it was asked for.
    var facts = HopFacts()
    var all: [OriginFinding] = []
    /// Of the entries.
    var requests = 0.0
    var failures = 0.0
    /// Beside `requests`.
    var denied = 0.0
    var failingTraces: Int { paths?.entries.reduce(0) { $0 + $1.failing } ?? 0 }
    /// Failing ones that miss spans: where they begin to fail is not known.
    var incompleteTraces: Int { paths?.entries.reduce(0) { $0 + $1.incomplete } ?? 0 }
    var goodTraces: Int { paths?.entries.reduce(0) { $0 + $1.good } ?? 0 }

    /// No more traces of the window than that pass a service.
    func tracesPassing(_ service: Int32) -> Int {
        guard isOfAllTraces, let passed = paths?.passed else { return .max }
        return (parties[service] ?? []).reduce(0) { Int($1) < passed.count ? $0 + passed[Int($1)].traces : $0 }
    }

    /// What less than this share of failures, or fewer than one of them, begins with is not named.
    static let leastShare = 0.01
    /// By themselves, so much of its own requests must fail for certain for it to be named though nobody fails for it.
    static let absorbedShare = 0.01

    mutating func rank() {
        let shares = all.map { share($0) ?? -1 }
        let order = all.indices.sorted { (-shares[$0], all[$0].isAbsorbed ? 1 : 0, $0) < (-shares[$1], all[$1].isAbsorbed ? 1 : 0, $1) }
        all = order.map { all[$0] }
    }

    /// Of the entry's failures: as traces tell, where they do.
    func share(_ finding: OriginFinding) -> Double? {
        if finding.isAbsorbed { return nil }
        if finding.traces > 0, failingTraces > 0 { return min(1, Double(finding.traces) / Double(failingTraces)) }
        guard let mass = finding.mass, failures > 0 else { return nil }
        return min(1, mass.likely / failures)
    }

    func interval(_ finding: OriginFinding) -> Verdict.Interval? {
        if finding.isAbsorbed { return nil }
        if finding.traces > 0, failingTraces > 0 {
            let wilson = Wilson(Double(finding.traces), of: Double(failingTraces))
            return .init(low: wilson.low, high: wilson.high)
        }
        return metricsInterval(finding)
    }

    func metricsInterval(_ finding: OriginFinding) -> Verdict.Interval? {
        guard let mass = finding.mass, failures > 0 else { return nil }
        return .init(low: Wilson(min(failures, mass.low), of: failures).low, high: Wilson(min(failures, mass.high), of: failures).high)
    }
}

extension EngineState {
    /// What counts alone tell: traces are added, and then it is ranked.
    /// - Parameter service: whose failures are asked about; nil: those of the mesh's entries.
    mutating func findingsInCounts(of service: ResolvedEntity?, _ frame: Frame) -> Findings {
        var findings = Findings(reading: serviceReading(frame))
        let reading = findings.reading.reading
        let roots = service.map { findings.reading.place(of: $0).map { [$0] } ?? [] } ?? findings.reading.entries
        var entries: [(node: Int32, errors: Double)] = []
        for root in roots {
            let answered = service == nil ? reading.nodes[Int(root)].entry ?? reading.answered(root) : reading.answered(root)
            findings.requests += answered.requests - answered.denied
            findings.failures += answered.errors
            findings.denied += answered.denied
            if answered.errors > 0 { entries.append((root, answered.errors)) }
        }
        addOrigins(BlameFlow(from: entries, in: reading), to: &findings, frame)
        if service == nil { addAbsorbed(to: &findings, frame) }
        addDenials(to: &findings, below: service)
        return findings
    }

    private mutating func serviceReading(_ frame: Frame) -> ServiceReading {
        let fold = fold(.service, frame)
        var reading = ServiceReading(layout: fold.layout)
        guard let facts = levels?.facts else { return reading }
        reading.add(fold, targets, facts, frame.predicate)
        if hasSpans {
            let told = Set(fold.edges.filter { $0.requests > 0 }.map { CallOfServices(fold.nodes[Int($0.source)].entity.service, fold.nodes[Int($0.destination)].entity.service) })
            let outside = Set(fold.answersOutside.map { CallOfServices(.empty, fold.nodes[$0].entity.service) })
            reading.add(spanFold(frame), frame.predicate) { source, destination in
                let call = CallOfServices(source.service, destination.service)
                return told.contains(call) || outside.contains(call)
            }
        }
        return reading
    }

    /// Spans may not name the namespace that metrics do.
    private struct CallOfServices: Hashable {
        var source: Symbol
        var destination: Symbol
        init(_ source: Symbol, _ destination: Symbol) { (self.source, self.destination) = (source, destination) }
    }

    // MARK: - Metrics

    private mutating func addOrigins(_ flow: BlameFlow, to findings: inout Findings, _ frame: Frame) {
        for origin in flow.origins where origin.mass.likely >= max(1, Findings.leastShare * flow.total) {
            let path = origin.path.map { findings.reading.entities[Int($0)] }
            var finding: OriginFinding
            switch origin.place {
            case .node(let node):
                finding = OriginFinding(key: .init(service: findings.reading.entities[Int(node)], caller: nil, isDenial: false), fault: .own, path: path)
            case .edge(let edge):
                let known = findings.reading.reading.edges[Int(edge)]
                finding = OriginFinding(key: .init(service: findings.reading.entities[Int(known.destination)], caller: findings.reading.entities[Int(known.source)], isDenial: false),
                                        fault: nil, path: path)
            }
            finding.mass = origin.mass
            (finding.isInCircle, finding.isOpen) = (origin.isInCircle, origin.isOpen)
            findings.all.append(finding)
        }
    }

    /// What fails by itself, though no entry fails for it.
    private mutating func addAbsorbed(to findings: inout Findings, _ frame: Frame) {
        let reading = findings.reading.reading
        let named = Set(findings.all.map(\.key))
        for node in reading.nodes.indices.map({ Int32($0) }) {
            let own = OwnErrors(of: node, in: reading), requests = reading.answered(node).requests
            guard own.likely >= 1, Wilson(own.likely, of: requests).low > Findings.absorbedShare else { continue }
            let key = OriginFinding.Key(service: findings.reading.entities[Int(node)], caller: nil, isDenial: false)
            guard !named.contains(key) else { continue }
            findings.all.append(OriginFinding(key: key, fault: .own, path: [], isAbsorbed: true))
        }
        for edge in reading.edges.indices.map({ Int32($0) }) {
            let known = reading.edges[Int(edge)], wire = reading.wireErrors(edge)
            guard wire >= 1, Wilson(wire, of: known.seen.requests).low > Findings.absorbedShare else { continue }
            let key = OriginFinding.Key(service: findings.reading.entities[Int(known.destination)], caller: findings.reading.entities[Int(known.source)], isDenial: false)
            guard !named.contains(key) else { continue }
            findings.all.append(OriginFinding(key: key, fault: nil, path: [], isAbsorbed: true))
        }
    }

    private mutating func addDenials(to findings: inout Findings, below service: ResolvedEntity?) {
        let reading = findings.reading.reading
        for edge in reading.edges where (edge.client?.denied ?? edge.server?.denied ?? 0) > 0 {
            let caller = findings.reading.entities[Int(edge.source)]
            let path = way(to: edge.source, findings.reading)
            if let service, !path.contains(service) { continue }
            let key = OriginFinding.Key(service: findings.reading.entities[Int(edge.destination)], caller: caller, isDenial: true)
            findings.all.append(OriginFinding(key: key, fault: .policy, path: path, isAbsorbed: true))
        }
    }

    /// With all that is looked up for those alone that are told.
    func completed(_ finding: OriginFinding, _ services: ServiceReading, _ frame: Frame) -> OriginFinding {
        var finding = finding
        if finding.path.isEmpty, let end = services.place(of: finding.key.caller ?? finding.key.service) { finding.path = way(to: end, services) }
        if finding.fault == nil, let caller = finding.key.caller { finding.fault = services.edge(from: caller, to: finding.key.service).map { fault(onTheWayOf: $0, services, frame) } }
        return finding
    }

    /// From an entry by the calls that most come by.
    func way(to node: Int32, _ services: ServiceReading) -> [ResolvedEntity] {
        let reading = services.reading
        var path = [node], at = node, passed: Set = [node]
        while (reading.nodes[Int(at)].entry?.requests ?? 0) == 0 {
            let callers = reading.nodes[Int(at)].edgesIn.filter { !passed.contains(reading.edges[Int($0)].source) }
            guard let most = callers.max(by: { reading.edges[Int($0)].seen.requests < reading.edges[Int($1)].seen.requests }) else { break }
            at = reading.edges[Int(most)].source
            path.append(at)
            passed.insert(at)
        }
        return path.reversed().map { services.entities[Int($0)] }
    }

    /// By the flags of the caller's proxy, the most frequent; where it writes none, by the codes it answers itself.
    private func fault(onTheWayOf edge: Int32, _ services: ServiceReading, _ frame: Frame) -> FaultClass {
        let row = row(ofEdge: edge, services, frame), failed = (row?.client ?? row?.signals)?.answers.filter { $0.errors > 0 } ?? []
        if let known = failed.lazy.flatMap({ $0.flags.split(separator: ",") }).compactMap({ FaultClass(flag: $0) }).first { return known }
        switch failed.first?.code {
        case 504: return .timeout
        case 502, 503: return .connection
        default: return .unanswered
        }
    }
}

extension ResolvedEntity {
    /// Who names no namespace or cluster may be the one that does.
    func isNamed(as other: ResolvedEntity) -> Bool {
        service == other.service && kind == other.kind && (namespace == other.namespace || namespace.isEmpty || other.namespace.isEmpty)
    }
}
