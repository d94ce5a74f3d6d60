import MeshModel
import Panels

extension EngineState {
    mutating func answer(_ queries: [PanelQuery], at time: FrameTime) -> FrameData {
        settle()
        let now = time.now ?? newest
        // What stands ready is the newest instant over one window; anything else is read back from the store.
        if time.windowSeconds.isFinite, now < newest || time.windowSeconds != windowSeconds { return answerFromPast(queries, at: time, now: now) }
        return answerStanding(queries, at: time, now: now)
    }

    mutating func answerStanding(_ queries: [PanelQuery], at time: FrameTime, now: Timestamp) -> FrameData {
        let mode: CountMode = time.windowSeconds.isFinite ? .window : .wholeRun
        let window = TimeRange(from: now - Timestamp.Span(seconds: min(time.windowSeconds, 1e8)), to: now)
        for index in targets.indices { targets[index].advance(to: grid.slot(of: now)) }
        var frame = Frame(now: now, window: window, mode: mode, predicate: time.predicate)
        frame.folds = targets.map { target in
            target.fold(mode, window: window) { id in id < 0 ? id : directory.serviceID(of: id) }
        }
        var data = FrameData(now: now, window: window, version: version)
        for query in queries {
            switch query {
            case .mesh: data.mesh = mesh(&frame)
            case .entities(let level): data.entities[level] = entityRows(level, &frame)
            case .edges(let level): data.edges[level] = edgeRows(level, &frame)
            case .detail(let key): data.details[key] = detail(key, &frame)
            case .sources: data.sources = targets.map(\.source)
            }
        }
        data.stats = statistics
        return data
    }

    /// What the answers of one frame share.
    struct Frame {
        var now: Timestamp
        var window: TimeRange
        var mode: CountMode
        var predicate: ErrorPredicate
        var folds: [TargetFold] = []
        var levels: [EntityLevel: FleetFold] = [:]

        init(now: Timestamp, window: TimeRange, mode: CountMode, predicate: ErrorPredicate) {
            self.now = now
            self.window = window
            self.mode = mode
            self.predicate = predicate
        }
    }

    func fold(_ level: EntityLevel, _ frame: inout Frame) -> FleetFold {
        if let known = frame.levels[level] { return known }
        let fold = FleetFold(frame.folds, targets: targets, directory: directory, level: level)
        frame.levels[level] = fold
        return fold
    }

    // MARK: - Rows

    func entityRows(_ level: EntityLevel, _ frame: inout Frame) -> [EntityRow] {
        let fold = fold(level, &frame)
        var rows: [EntityRow] = []
        rows.reserveCapacity(fold.nodes.count)
        for (entity, node) in fold.nodes where entity.kind == .workload && !isNameless(entity, level) {
            rows.append(row(entity, node, level, frame))
        }
        return rows.sorted { $0.key < $1.key }
    }

    func isNameless(_ entity: ResolvedEntity, _ level: EntityLevel) -> Bool {
        switch level {
        case .service, .version: entity.service.isEmpty
        case .workload: entity.workload.isEmpty && entity.service.isEmpty
        case .pod: entity.pod.isEmpty
        case .namespace: entity.namespace.isEmpty
        case .node: entity.node.isEmpty
        }
    }

    func row(_ entity: ResolvedEntity, _ node: FleetFold.Node, _ level: EntityLevel, _ frame: Frame) -> EntityRow {
        let names = FlagNames(symbols: symbols)
        let signals = node.sums.golden(frame.predicate, names: names)
        let versions = node.versions.map { VersionRow(version: symbols.string($0.key), signals: $0.value.golden(frame.predicate, names: names)) }
            .sorted { $0.version < $1.version }
        let (stale, seconds) = staleness(node.targets, frame.now)
        let (state, reason) = Health.judge(signals, versions: versions, stale: stale, staleFor: seconds, predicate: frame.predicate, deniedCounts: false)
        let trend = frame.mode == .window ? trends(of: node.targets, own: node.hasOwn, entity: entity, level: level, frame) : ([], [])
        return EntityRow(key: key(entity, level), entity: named(entity), signals: signals, versions: versions, pods: node.pods.count,
                         state: state, reason: reason, stale: stale, trend: trend.0, errorTrend: trend.1)
    }

    /// Stale when every source of it is.
    func staleness(_ indices: [Int], _ now: Timestamp) -> (stale: Bool, seconds: Double) {
        guard !indices.isEmpty, indices.allSatisfy({ targets[$0].isStale(at: now) }) else { return (false, 0) }
        let last = indices.compactMap { targets[$0].lastTime }.max()
        return (true, last.map { (now - $0).seconds } ?? 0)
    }

    func edgeRows(_ level: EntityLevel, _ frame: inout Frame) -> [EdgeRow] {
        let fold = fold(level, &frame)
        var rows: [EdgeRow] = []
        for (key, edge) in fold.edges {
            if let row = edgeRow(key, edge, frame) { rows.append(row) }
        }
        return rows.sorted { Self.order($0) < Self.order($1) }
    }

    static func order(_ row: EdgeRow) -> String {
        func name(_ entity: Entity) -> String {
            [entity.service, entity.namespace, entity.version, entity.pod, entity.node].map { $0 ?? "" }.joined(separator: "\u{1}")
        }
        return (row.source.kind == .workload ? "1" : "0") + name(row.source) + "\u{2}" + name(row.destination)
    }

    /// Configured peers that were never called are no edges.
    func edgeRow(_ key: FleetFold.EdgeKey, _ edge: FleetFold.Edge, _ frame: Frame) -> EdgeRow? {
        let names = FlagNames(symbols: symbols)
        let client = edge.client.map { $0.golden(frame.predicate, names: names) }
        let server = edge.server.map { $0.golden(frame.predicate, names: names) }
        // The caller's view counts if it saw any call: it alone sees those that never arrived.
        let seen = [client, server].compactMap(\.self)
        guard var signals = seen.first(where: { $0.requests > 0 }) ?? seen.first(where: { ($0.bytesIn ?? 0) + ($0.bytesOut ?? 0) > 0 }) else { return nil }
        signals.evidence = seen.reduce(into: []) { $0.formUnion($1.evidence) }
        if signals.mutualShare == nil || signals.security == .unknown, let server, server.mutualShare != nil {
            signals.mutualShare = server.mutualShare
            signals.security = server.security
        }
        if signals.denied == nil { signals.denied = server?.denied }
        let usesClient = (client?.requests ?? 0) > 0
        let versions = (usesClient ? edge.clientVersions : edge.serverVersions)
            .map { VersionRow(version: symbols.string($0.key), signals: $0.value.golden(frame.predicate, names: names)) }
            .filter { $0.signals.requests > 0 }
            .sorted { $0.version < $1.version }
        let (stale, seconds) = staleness(Array(edge.targets), frame.now)
        let (state, reason) = Health.judge(signals, versions: versions, stale: stale, staleFor: seconds, predicate: frame.predicate, deniedCounts: true)
        let isHTTP = signals.requests > 0
        return EdgeRow(source: named(key.source), destination: named(key.destination),
                       protocol: edge.isGRPC ? "grpc" : isHTTP ? "http" : "tcp", signals: signals, client: client, server: server,
                       versions: versions, state: state, reason: reason, stale: stale)
    }

    // MARK: - Names

    func key(_ entity: ResolvedEntity, _ level: EntityLevel) -> EntityKey {
        let name: Symbol
        switch level {
        case .service, .version: name = entity.service
        case .workload: name = entity.workload.isEmpty ? entity.service : entity.workload
        case .pod: name = entity.pod
        case .namespace: name = entity.namespace
        case .node: name = entity.node
        }
        return EntityKey(level: level, cluster: symbols.string(entity.cluster), namespace: level == .namespace ? "" : symbols.string(entity.namespace),
                         name: symbols.string(name), version: level == .version ? symbols.string(entity.version) : "")
    }

    func named(_ entity: ResolvedEntity) -> Entity {
        func text(_ symbol: Symbol) -> String? { symbol.isEmpty ? nil : symbols.string(symbol) }
        return Entity(kind: Self.kind(entity.kind), cluster: text(entity.cluster), namespace: text(entity.namespace), service: text(entity.service),
                      workload: text(entity.workload), version: text(entity.version), pod: text(entity.pod), node: text(entity.node))
    }

    static func kind(_ kind: EntityClaim.Kind) -> Entity.Kind {
        switch kind {
        case .workload: .workload
        case .external: .external
        case .database: .database
        case .queue: .queue
        case .unknown: .unknown
        }
    }
}
