import CallGraph
import MeshModel
import Panels

/// Who calls whom as spans tell it, beside what metrics do.
extension EngineState {
    /// Each call counts once: from metrics where they tell of it, at every level; what spans tell of the same stands beside that.
    /// - Parameter picks: the edges of spans it is asked for.
    mutating func addSpanEdges(to rows: [EdgeRow], _ level: EntityLevel, _ frame: Frame, where picks: (Entity, Entity) -> Bool = { _, _ in true }) -> [EdgeRow] {
        guard hasSpans else { return rows }
        let fold = spanFold(frame)
        let known = Dictionary(rows.indices.map { (EdgeNames(rows[$0].source, rows[$0].destination), $0) }, uniquingKeysWith: { first, _ in first })
        let told = level == .service ? Set(known.filter { rows[$0.value].signals.requests > 0 }.keys) : toldCalls(frame)
        let edges = fold.edges(level) { told.contains(EdgeNames(named($0.asService), named($1.asService))) }
        let speakers = SpanSpeakers(edges)
        var rows = rows, added: [EdgeRow] = [], called = Set<EdgeNames>()
        for edge in edges {
            let source = named(edge.source), destination = named(edge.destination)
            guard picks(source, destination) else { continue }
            if source.kind == .workload { called.insert(EdgeNames(destination, destination)) }
            var row = spanEdge(edge, source, destination, fold.range, frame.predicate, speakers)
            let untold = edge.untold.seen.requests == edge.tally.seen.requests ? row.signals
                : golden(edge.untold.seen, attempts: edge.untold.attempts, fold.range, frame.predicate, answers: true)
            if let place = known[EdgeNames(source, destination)] {
                rows[place].complete(from: row)
                if untold.requests > 0 {
                    rows[place].signals.count(untold)
                    let judged = Health.judge(rows[place].signals, versions: rows[place].versions, staleFor: nil, predicate: frame.predicate, deniedCounts: true)
                    if judged.state > rows[place].state { (rows[place].state, rows[place].reason) = judged }
                }
            } else if untold.requests > 0 {
                row.signals = untold
                added.append(row)
            }
        }
        // Who counts what it answers, and not for whom, has callers from nowhere: spans know from where.
        rows.removeAll { row in
            row.source.kind == .external && row.client == nil && called.contains(EdgeNames(row.destination, row.destination))
                && !row.signals.evidence.contains(.spans)
        }
        let share = EdgeComparison.spanShare(rows)
        for place in rows.indices { rows[place].disagreements += EdgeComparison.ofSpans(rows[place], share: share) }
        return Self.ordered(rows + added)
    }

    /// Calls between services that metrics count.
    private mutating func toldCalls(_ frame: Frame) -> Set<EdgeNames> {
        let fold = fold(.service, frame)
        var told = Set<EdgeNames>()
        for edge in fold.edges where edge.requests > 0 {
            told.insert(EdgeNames(named(fold.nodes[Int(edge.source)].entity), named(fold.nodes[Int(edge.destination)].entity)))
        }
        var outside = Entity(kind: .external)
        for place in fold.answersOutside {
            let service = named(fold.nodes[place].entity)
            outside.cluster = service.cluster
            told.insert(EdgeNames(outside, service))
        }
        return told
    }

    func spanEdge(_ edge: SpanFold.Edge, _ source: Entity, _ destination: Entity, _ range: TimeRange, _ predicate: ErrorPredicate,
                  _ speakers: SpanSpeakers? = nil) -> EdgeRow {
        let tally = edge.tally
        let signals = golden(tally.seen, attempts: tally.attempts, range, predicate, answers: true)
        let versions = edge.versions.map { VersionRow(version: symbols.string($0.key), signals: golden($0.value.seen, attempts: nil, range, predicate)) }
            .sorted { $0.version < $1.version }
        let (state, reason) = Health.judge(signals, versions: versions, staleFor: nil, predicate: predicate, deniedCounts: true)
        let name = tally.isGRPC ? "grpc" : tally.isHTTP ? "http" : tally.isMessaging ? "messaging" : "unknown"
        let sides = SpanSides(seen: signals, client: tally.client.requests > 0 ? golden(tally.client, attempts: tally.attempts, range, predicate, answers: true) : nil,
                              server: tally.server.requests > 0 ? golden(tally.server, attempts: nil, range, predicate, answers: true) : nil)
        var row = EdgeRow(source: source, destination: destination, protocol: name, signals: signals, client: sides.client, server: sides.server,
                          versions: versions, state: state, reason: reason)
        row.spans = sides
        if let speakers { row.disagreements = EdgeComparison.ofHalves(row, callerWrites: speakers.has(edge.source), calleeWrites: speakers.has(edge.destination)) }
        return row
    }
}

/// Who wrote spans of either half of a call.
struct SpanSpeakers {
    private var all = Set<ResolvedEntity>()

    init(_ edges: [SpanFold.Edge]) {
        for edge in edges {
            if edge.tally.client.requests > 0 { all.insert(edge.source) }
            if edge.tally.server.requests > 0 { all.insert(edge.destination) }
        }
    }

    func has(_ entity: ResolvedEntity) -> Bool { all.contains(entity) }
}

/// Two ends by all their names but the cluster's, which spans do not tell.
private struct EdgeNames: Hashable {
    var source: [String?]
    var destination: [String?]

    init(_ source: Entity, _ destination: Entity) {
        func names(_ entity: Entity) -> [String?] {
            [entity.kind.rawValue, entity.namespace, entity.service, entity.workload, entity.version, entity.pod, entity.node, entity.app]
        }
        (self.source, self.destination) = (names(source), names(destination))
    }
}

extension EdgeRow {
    /// What spans tell, beside what metrics do; and the side that metrics do not tell of. What both tell stays apart and is never added.
    fileprivate mutating func complete(from spans: EdgeRow) {
        self.spans = spans.spans
        signals.evidence.formUnion(.spans)
        if client == nil { client = spans.client }
        if server == nil { server = spans.server }
        disagreements += spans.disagreements
    }
}

extension GoldenSignals {
    /// Further calls, of which nothing but spans tells. Their durations are steps of another kind, and stay out.
    fileprivate mutating func count(_ more: GoldenSignals) {
        requests += more.requests
        errors += more.errors
        denied = SignalSums.sum(denied, more.denied)
        for code in more.codes {
            if let place = codes.firstIndex(where: { $0.code == code.code }) { codes[place].count += code.count } else { codes.append(code) }
        }
        codes.sort { $0.code < $1.code }
        for flag in more.flags {
            if let place = flags.firstIndex(where: { $0.flag == flag.flag }) { flags[place].count += flag.count } else { flags.append(flag) }
        }
        answers += more.answers
        sortAnswers()
    }
}
