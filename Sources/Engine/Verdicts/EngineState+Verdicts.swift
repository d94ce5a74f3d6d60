import CallGraph
import Diagnosis
import MeshModel
import Panels

/// What was found, in words and names.
extension EngineState {
    /// Of the mesh: one for each origin of failures, the worst first; then of what is not as in the baseline.
    static let mostVerdicts = 50

    /// Why one service fails: the origin that explains most, and the others as alternatives.
    mutating func verdict(on service: ResolvedEntity, _ findings: Findings, _ frame: Frame) -> Verdict {
        let causes = findings.all.filter { !$0.isAbsorbed }
        var verdict: Verdict
        if let first = causes.first {
            var facts = HopFacts()
            verdict = self.verdict(first, findings, &facts, of: service, frame)
            verdict.course = course(first, findings, frame)
            verdict.alternatives = causes.dropFirst().prefix(10).map { .init(origin: origin(completed($0, findings.reading, frame), findings, frame), share: findings.share($0) ?? 0) }
        } else {
            verdict = Verdict(service: named(service), kind: .healthy, predicate: frame.predicate)
            (verdict.requests, verdict.failures) = (findings.requests, findings.failures)
            verdict.evidence.kinds = findings.reading.evidence
        }
        judge(&verdict, findings)
        if !verdict.isFailure, let change = change(on: service, frame), change.kind == .latency || verdict.kind != .healthy { return change }
        if !verdict.isFailure {
            var facts = HopFacts()
            if let slow = slowVerdicts(service, findings, &facts, frame).first { return slow }
        }
        for denial in findings.all where denial.key.isDenial && denial.path.contains(service) {
            verdict.remarks.append("\(denial.key.caller.map { named($0).displayName } ?? "?") → \(named(denial.key.service).displayName) is denied by policy: a path of its own")
        }
        return verdict
    }

    /// Fewer than twenty requests say little, whatever came of them.
    private func judge(_ verdict: inout Verdict, _ findings: Findings) {
        if verdict.requests == 0 {
            verdict.kind = .notEnoughEvidence
            verdict.remarks.insert(findings.denied > 0 ? "every request to it was denied by policy" : "no request to it in this window", at: 0)
        } else if verdict.requests < GoldenSignals.smallSample {
            verdict.kind = .notEnoughEvidence
            verdict.remarks.insert("\(Health.whole(verdict.failures)) of \(Health.whole(verdict.requests)) requests failed: fewer than \(Int(GoldenSignals.smallSample)) are no share", at: 0)
        } else if Wilson(verdict.failures, of: verdict.requests).low <= Health.warningShare {
            verdict.kind = .healthy
            if verdict.failures > 0 {
                verdict.remarks.insert("\(Health.whole(verdict.failures)) of \(Health.whole(verdict.requests)) requests failed: that may be less than 0.1 %", at: 0)
            }
        }
    }

    mutating func service(of key: EntityKey, _ frame: Frame) -> ResolvedEntity? {
        let fold = fold(.service, frame)
        func isIt(_ entity: ResolvedEntity) -> Bool {
            guard entity.kind != .external || !entity.service.isEmpty else { return false }
            return symbols.string(entity.service) == key.name && (key.namespace.isEmpty || entity.namespace.isEmpty || symbols.string(entity.namespace) == key.namespace)
        }
        if let node = fold.nodes.first(where: { isIt($0.entity) }) { return node.entity }
        guard hasSpans else { return nil }
        return spanFold(frame).nodes(.service).first { isIt($0.entity) }?.entity
    }

    // MARK: - One finding

    mutating func verdict(_ finding: OriginFinding, _ findings: Findings, _ facts: inout HopFacts, of service: ResolvedEntity?, _ frame: Frame) -> Verdict {
        let finding = completed(finding, findings.reading, frame)
        var verdict = Verdict(service: named(service ?? finding.path.first ?? finding.key.service), kind: finding.key.caller == nil ? .errors : .edge, predicate: frame.predicate)
        verdict.origin = origin(finding, findings, frame)
        (verdict.requests, verdict.failures) = (findings.requests, findings.failures)
        (verdict.share, verdict.interval) = (findings.share(finding), findings.interval(finding))
        verdict.path = hops(finding, findings, &facts, frame)
        verdict.evidence = backing(finding, findings, frame)
        verdict.onset = onset(finding, findings, frame)
        verdict.remarks = remarks(finding, findings)
        return verdict
    }

    private func remarks(_ finding: OriginFinding, _ findings: Findings) -> [String] {
        var remarks: [String] = []
        if finding.isInCircle { remarks.append("several that fail call each other in a circle: any of them may be the first") }
        if findings.incompleteTraces > 0, !finding.key.isDenial {
            remarks.append("\(findings.incompleteTraces) more failing traces miss spans, and are left out")
        }
        if let hidden = hiddenErrors(finding, findings) { remarks.append(hidden) }
        if finding.isOpen, finding.traces == 0 { remarks.append("somebody on the way gets by without some of the errors it receives, and counts do not tell whose: it may be another") }
        guard !finding.isAbsorbed, findings.failingTraces > 0, let metrics = findings.metricsInterval(finding) ?? (findings.reading.evidence.isDisjoint(with: [.metricsClient, .metricsServer]) ? nil : .init(low: 0, high: 0)) else { return remarks }
        let traces = Wilson(Double(finding.traces), of: Double(findings.failingTraces))
        if finding.traces == 0 {
            remarks.append("no trace shows it: \(findings.failingTraces) failing ones begin elsewhere")
        } else if traces.low > metrics.high || traces.high < metrics.low {
            remarks.append("traces and metrics disagree: \(Self.percent(traces.low, traces.high)) of failures by traces, \(Self.percent(metrics.low, metrics.high)) by metrics")
        }
        return remarks
    }

    /// One failure that got through says little of how much does not.
    private func hiddenErrors(_ finding: OriginFinding, _ findings: Findings) -> String? {
        guard !finding.isAbsorbed, finding.key.caller == nil, let mass = finding.mass, let node = findings.reading.place(of: finding.key.service) else { return nil }
        let own = OwnErrors(of: node, in: findings.reading.reading).likely, hidden = own - mass.likely
        guard own >= GoldenSignals.smallSample, hidden > own / 2 else { return nil }
        return "\(named(finding.key.service).displayName) answered \(Health.whole(own)) errors, and nobody fails for \(Health.whole(hidden)) of them: tried again, or done without"
    }

    private static func percent(_ low: Double, _ high: Double) -> String { "\(Int((low * 100).rounded(.down)))–\(Int((high * 100).rounded(.up))) %" }

    private mutating func origin(_ finding: OriginFinding, _ findings: Findings, _ frame: Frame) -> Verdict.Origin {
        let culprit = finding.key.isDenial ? finding.key.service : narrowed(finding, findings, frame)
        var origin = Verdict.Origin(entity: named(culprit), caller: finding.key.caller.map { named($0) }, fault: finding.fault ?? .unanswered)
        origin.isAbsorbed = finding.isAbsorbed && !finding.key.isDenial
        let reading = findings.reading.reading
        if let caller = finding.key.caller {
            if let edge = findings.reading.edge(from: caller, to: finding.key.service) {
                (origin.requests, origin.errors) = (reading.edges[Int(edge)].seen.requests, finding.key.isDenial ? 0 : reading.wireErrors(edge))
            }
        } else if let node = findings.reading.place(of: finding.key.service) {
            (origin.requests, origin.errors) = (reading.answered(node).requests, OwnErrors(of: node, in: reading).likely)
        }
        origin.answers = finding.groups.isEmpty ? answers(finding, findings, frame) : answers(finding.groups, isDenial: finding.key.isDenial)
        origin.operation = finding.groups.flatMap(\.operations).reduce(into: [:]) { $0[$1.key, default: 0] += $1.value }
            .max { ($0.value, $1.key.raw) < ($1.value, $0.key.raw) }.map { symbols.string($0.key) }
        if !finding.groups.isEmpty {
            // Attempts that were tried again are spans of their own, and no calls.
            origin.errors = max(origin.errors, origin.answers.reduce(0) { $0 + $1.errors })
            origin.requests = max(origin.requests == 0 ? Double(findings.failingTraces + findings.goodTraces) : origin.requests, origin.errors)
        }
        return origin
    }

    /// What policy denies is no error.
    private func answers(_ groups: [FailingPaths.Group], isDenial: Bool) -> [GoldenSignals.Answer] {
        var counts: [FailingPaths.TraceAnswer: Int] = [:]
        for group in groups { counts.merge(group.answers) { $0 + $1 } }
        let names = FlagNames(symbols: symbols)
        return counts.map { names.answer(.init(code: $0.key.code, grpcStatus: $0.key.grpcStatus, flags: $0.key.flags, count: Double($0.value)), errors: isDenial ? 0 : Double($0.value)) }
            .sorted { ($1.count, $0.code ?? 0, $0.flags) < ($0.count, $1.code ?? 0, $1.flags) }
    }

    private mutating func answers(_ finding: OriginFinding, _ findings: Findings, _ frame: Frame) -> [GoldenSignals.Answer] {
        if let caller = finding.key.caller {
            guard let edge = findings.reading.edge(from: caller, to: finding.key.service), let row = row(ofEdge: edge, findings.reading, frame) else { return [] }
            if finding.key.isDenial { return row.signals.answers.filter { $0.code == 403 || $0.grpcStatus == 7 } }
            return row.signals.answers.filter { $0.errors > 0 }
        }
        guard let node = findings.reading.place(of: finding.key.service) else { return [] }
        let place = findings.reading.foldNodes[Int(node)]
        guard place >= 0 else {
            return findings.reading.reading.nodes[Int(node)].edgesIn.compactMap { row(ofEdge: $0, findings.reading, frame) }.flatMap { ($0.server ?? $0.signals).answers.filter { $0.errors > 0 } }
        }
        return fold(.service, frame).nodes[Int(place)].sums.golden(frame.predicate, names: FlagNames(symbols: symbols), answers: true).answers.filter { $0.errors > 0 }
    }

    func row(ofEdge edge: Int32, _ reading: ServiceReading, _ frame: Frame) -> EdgeRow? {
        switch reading.sources[Int(edge)] {
        case .fold(let index):
            guard let fold = levels?.folds[.service] else { return nil }
            var vantages = CallVantages(fold)
            return edgeRow(fold, index, &vantages, frame)
        case .spans(let place):
            let spans = reading.spanEdges[place]
            return spanEdge(spans, named(spans.source), named(spans.destination), frame.window, frame.predicate)
        }
    }
}
