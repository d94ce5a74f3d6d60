import CallGraph
import MeshModel
import Panels

/// Rows made of spans, for those of whom no metrics tell.
extension EngineState {
    mutating func spanFold(_ frame: Frame) -> SpanFold {
        settleTraces()
        let terms = TraceFrames.Terms(version: traces.stamps, window: frame.window, predicate: .server)
        if let known = traceFrames.fold, known.terms == terms { return known.fold }
        let fold = SpanFold(spanSeries, traces, window: frame.window, newest: min(newest, frame.window.to))
        traceFrames.fold = (terms, fold)
        return fold
    }

    /// `rows` of metrics stay as they are; in the order of their keys.
    mutating func addSpanRows(to rows: [EntityRow], _ level: EntityLevel, _ frame: Frame) -> [EntityRow] {
        guard hasSpans else { return rows }
        let fold = spanFold(frame)
        let known = KnownRows(rows)
        var added: [EntityRow] = []
        for node in fold.nodes(level) where !isNameless(node.entity, level) {
            let key = key(node.entity, level)
            guard !known.has(key) else { continue }
            let signals = golden(node.tally.answered, attempts: nil, fold.range, frame.predicate)
            let versions = node.versions.map { VersionRow(version: symbols.string($0.key), signals: golden($0.value.answered, attempts: nil, fold.range, frame.predicate)) }
                .sorted { $0.version < $1.version }
            let (state, reason) = Health.judge(signals, versions: versions, staleFor: nil, predicate: frame.predicate, deniedCounts: false)
            added.append(EntityRow(key: key, entity: named(node.entity), signals: signals, versions: versions, pods: node.pods.count, state: state, reason: reason))
        }
        return added.isEmpty ? rows : (rows + added).sorted { $0.key < $1.key }
    }

    mutating func addSpanEdges(to rows: [EdgeRow], _ level: EntityLevel, _ frame: Frame) -> [EdgeRow] {
        guard hasSpans else { return rows }
        let fold = spanFold(frame)
        let known = Dictionary(rows.indices.map { (EdgeNames(rows[$0].source, rows[$0].destination), $0) }, uniquingKeysWith: { first, _ in first })
        var rows = rows
        var added: [EdgeRow] = [], called = Set<EdgeNames>()
        for edge in fold.edges(level) {
            let source = named(edge.source), destination = named(edge.destination)
            let row = spanEdge(edge, source, destination, fold.range, frame.predicate)
            if source.kind == .workload { called.insert(EdgeNames(destination, destination)) }
            if let place = known[EdgeNames(source, destination)] { rows[place].complete(from: row) } else { added.append(row) }
        }
        // Who counts what it answers, and not for whom, has callers from nowhere: spans know from where.
        let count = rows.count
        rows.removeAll { row in
            row.source.kind == .external && row.client == nil && called.contains(EdgeNames(row.destination, row.destination))
                && !row.signals.evidence.contains(.spans)
        }
        return added.isEmpty && rows.count == count ? rows : (rows + added).sorted { Self.order($0) < Self.order($1) }
    }

    func spanEdge(_ edge: SpanFold.Edge, _ source: Entity, _ destination: Entity, _ range: TimeRange, _ predicate: ErrorPredicate) -> EdgeRow {
        let tally = edge.tally
        let signals = golden(tally.seen, attempts: tally.attempts, range, predicate)
        let versions = edge.versions.map { VersionRow(version: symbols.string($0.key), signals: golden($0.value.seen, attempts: nil, range, predicate)) }
            .sorted { $0.version < $1.version }
        let (state, reason) = Health.judge(signals, versions: versions, staleFor: nil, predicate: predicate, deniedCounts: true)
        let name = tally.isGRPC ? "grpc" : tally.isHTTP ? "http" : tally.isMessaging ? "messaging" : "unknown"
        return EdgeRow(source: source, destination: destination, protocol: name, signals: signals,
                       client: tally.client.requests > 0 ? golden(tally.client, attempts: tally.attempts, range, predicate) : nil,
                       server: tally.server.requests > 0 ? golden(tally.server, attempts: nil, range, predicate) : nil, versions: versions, state: state, reason: reason)
    }

    func golden(_ side: SideTally, attempts: Int?, _ range: TimeRange, _ predicate: ErrorPredicate) -> GoldenSignals {
        var signals = GoldenSignals()
        signals.requests = Double(side.requests)
        signals.errors = Double(side.errors(predicate))
        signals.denied = Double(side.denied)
        signals.attempts = attempts.map(Double.init)
        if side.durations.count > 0 {
            let all = side.durations
            signals.latency = LatencySummary(p50: all.quantile(0.5), p95: all.quantile(0.95), p99: all.quantile(0.99),
                                             meanMilliseconds: all.milliseconds / Double(all.count), count: Double(all.count))
        }
        signals.codes = side.codes.map { .init(code: $0.key, count: Double($0.value)) }.sorted { $0.code < $1.code }
        signals.flags = FlagNames(symbols: symbols).split(side.flags.mapValues(Double.init))
        signals.evidence = .spans
        (signals.from, signals.to) = (range.from, range.to)
        return signals
    }
}

/// Which rows metrics have, by name: spans may not name a cluster or a namespace where metrics do.
private struct KnownRows {
    private var namespaces: [String: Set<String>] = [:]

    init(_ rows: [EntityRow]) {
        for row in rows { namespaces[row.key.name + "\u{1}" + row.key.version, default: []].insert(row.key.namespace) }
    }

    func has(_ key: EntityKey) -> Bool {
        guard let known = namespaces[key.name + "\u{1}" + key.version] else { return false }
        return key.namespace.isEmpty || known.contains(key.namespace) || known.contains("")
    }
}

private struct EdgeNames: Hashable {
    var source: [String?]
    var destination: [String?]

    init(_ source: Entity, _ destination: Entity) {
        func names(_ entity: Entity) -> [String?] { [entity.kind.rawValue, entity.namespace, entity.service, entity.workload, entity.version, entity.pod, entity.node] }
        (self.source, self.destination) = (names(source), names(destination))
    }
}

extension EdgeRow {
    /// The side that metrics do not tell of, as spans do; what both tell stays apart and is never added.
    fileprivate mutating func complete(from spans: EdgeRow) {
        guard client == nil || server == nil else { return }
        if client == nil, let side = spans.client { (client, signals.evidence) = (side, signals.evidence.union(.spans)) }
        if server == nil, let side = spans.server { (server, signals.evidence) = (side, signals.evidence.union(.spans)) }
    }
}
