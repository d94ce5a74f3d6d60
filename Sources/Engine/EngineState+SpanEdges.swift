import CallGraph
import MeshModel
import Panels

/// Who calls whom as spans tell it, beside what metrics do.
extension EngineState {
    /// Each call counts once: from metrics where they tell of it, at every level; what spans tell of the same stands beside that.
    /// - Parameter picks: the edges of spans it is asked for; nil: all. What spans leave out of some is held against all alone.
    mutating func addSpanEdges(to rows: [EdgeRow], _ level: EntityLevel, _ frame: Frame, where picks: ((Entity, Entity) -> Bool)? = nil) -> [EdgeRow] {
        guard hasSpans else { return rows }
        let fold = spanFold(frame)
        let known = Dictionary(rows.indices.map { (EdgeNames(rows[$0].source, rows[$0].destination), $0) }, uniquingKeysWith: { first, _ in first })
        let told = level == .service ? Set(known.filter { rows[$0.value].signals.requests > 0 }.keys) : toldCalls(frame)
        let edges = fold.edges(level) { told.contains(EdgeNames(named($0.asService), named($1.asService))) }
        let speakers = SpanSpeakers(edges)
        var rows = rows, added: [EdgeRow] = [], answered: [EdgeNames: GoldenSignals] = [:]
        for edge in edges {
            let source = named(edge.source), destination = named(edge.destination)
            guard picks?(source, destination) ?? true else { continue }
            var row = spanEdge(edge, source, destination, fold.range, frame.predicate, speakers)
            if source.kind == .workload { answered[EdgeNames(destination, destination), default: GoldenSignals(over: fold.range)].addCalls(of: row.signals) }
            let untold = edge.untold.seen.requests == edge.tally.seen.requests ? row.signals
                : golden(edge.untold.seen, attempts: edge.untold.attempts, fold.range, frame.predicate, answers: true)
            if let place = known[EdgeNames(source, destination)] {
                rows[place].complete(from: row)
                if untold.requests > 0 {
                    // Their durations are steps of another kind, and stay out.
                    rows[place].signals.addCalls(of: untold)
                    let judged = Health.judge(rows[place].signals, versions: rows[place].versions, staleFor: nil, predicate: frame.predicate, deniedCounts: true)
                    if judged.state > rows[place].state { (rows[place].state, rows[place].reason) = judged }
                }
            } else if untold.requests > 0 {
                row.signals = untold
                added.append(row)
            }
        }
        rows = rows.compactMap { row in
            guard row.source.kind == .external, row.client == nil, !row.signals.evidence.contains(.spans), let told = answered[EdgeNames(row.destination, row.destination)] else { return row }
            return row.without(told, frame.predicate)
        }
        guard picks == nil else { return Self.ordered(rows + added) }
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
    /// Who counts what it answers, and not for whom, has callers from nowhere: spans know from where. What they do not account for (they may
    /// be sampled, and not say so) still came from somewhere; nil where that is no more than the ends of a scrape.
    fileprivate func without(_ told: GoldenSignals, _ predicate: ErrorPredicate) -> EdgeRow? {
        guard signals.beyond(\.requests, of: told) > max(5, signals.requests * 0.05) else { return nil }
        var rest = self
        let factor = if let own = signals.seconds, let others = told.seconds { own / others } else { 1.0 }
        rest.signals.subtractCalls(of: told, times: factor)
        // They cannot be told apart.
        (rest.signals.latency, rest.signals.bytesIn, rest.signals.bytesOut, rest.versions) = (nil, nil, nil, [])
        rest.server = rest.signals
        (rest.state, rest.reason) = stale ? (state, reason) : Health.judge(rest.signals, staleFor: nil, predicate: predicate, deniedCounts: true)
        return rest
    }

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
    /// No calls yet.
    fileprivate init(over range: TimeRange) {
        self.init()
        (from, to) = (range.from, range.to)
    }
}
