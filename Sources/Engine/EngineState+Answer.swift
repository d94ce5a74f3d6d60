import CallGraph
import MeshModel
import Panels

extension EngineState {
    mutating func answer(_ queries: [PanelQuery], at time: FrameTime) -> FrameData {
        settle()
        let now = time.now ?? newest
        // What stands ready is the newest instant over one window; anything else is read back from the store.
        if !isStanding(time, now) { return answerFromPast(queries, at: time, now: now) }
        return answerStanding(queries, at: time, now: now)
    }

    /// Brings what is standing up to date for a frame of that time.
    mutating func begun(_ time: FrameTime, _ now: Timestamp) -> Frame {
        let mode: CountMode = time.windowSeconds.isFinite ? .window : .wholeRun
        var window = TimeRange(from: now - Timestamp.Span(seconds: min(time.windowSeconds, 1e8)), to: now)
        // Where spans alone tell, the whole run began with the first of them.
        if mode == .wholeRun, hasSpans, glances.allSatisfy({ $0.scrapes == 0 }) {
            settleTraces()
            if let first = spanSeries.reachesBackTo, first < now { window.from = first }
        }
        let frame = Frame(now: now, windowSeconds: time.windowSeconds, window: window, mode: mode, predicate: time.predicate, head: grid.slot(of: now))
        hideGone(frame)
        refreshFolds(frame)
        return frame
    }

    mutating func answerStanding(_ queries: [PanelQuery], at time: FrameTime, now: Timestamp) -> FrameData {
        let frame = begun(time, now)
        isPending = false
        var data = FrameData(now: now, window: frame.window, version: version)
        for query in queries {
            switch query {
            case .mesh: data.mesh = mesh(frame)
            case .entities(let level): data.entities[level] = addSpanRows(to: fold(level, frame).rows, level, frame)
            case .edges(let level): data.edges[level] = addSpanEdges(to: edgeRows(level, frame), level, frame)
            case .detail(let key): data.details[key] = detail(key, frame) ?? spanDetail(key, frame)
            case .trends(let level, let keys):
                addTrends(level, keys, frame, to: &data)
                addSpanTrends(level, keys, frame, to: &data)
            case .callTrend(let source, let destination): data.callTrend = callTrend(source, destination, frame)
            case .sources: data.sources = listedSources(frame)
            case .traces, .attributes, .trace, .span: answerTraces(query, frame, to: &data)
            case .verdicts: data.verdicts = knownVerdicts(frame)
            case .why(let key): data.why[key] = knownVerdict(on: key, frame)
            case .latency(let key): data.latency = serviceLatency(key, frame)
            case .timeline: data.timeline = timeline(frame.predicate)
            case .comparison(let split): answerComparison(split, frame, to: &data)
            }
        }
        markSlow(frame, in: &data)
        data.stats = statistics
        if hasSpans { data.traceStats = traceStats }
        data.isPending = isPending
        return data
    }

    /// What the answers of one frame share.
    struct Frame {
        var now: Timestamp
        /// As asked for.
        var windowSeconds: Double
        var window: TimeRange
        var mode: CountMode
        var predicate: ErrorPredicate
        /// Slot of the charts' last place.
        var head: Int64
    }

    // MARK: - Rows

    func isNameless(_ entity: ResolvedEntity, _ level: EntityLevel) -> Bool {
        switch level {
        case .service, .version: entity.service.isEmpty
        case .app: entity.app.isEmpty
        case .workload: entity.workload.isEmpty && entity.service.isEmpty
        case .pod: entity.pod.isEmpty
        case .namespace: entity.namespace.isEmpty
        case .node: entity.node.isEmpty
        }
    }

    /// The row as it is now; who it is stays.
    func filled(_ row: EntityRow, _ fold: LevelFold, _ node: Int, now: Timestamp, _ predicate: ErrorPredicate) -> EntityRow {
        let stale = fold.nodes[node].wasStale
        let signals = fold.nodes[node].sums.golden(predicate, names: FlagNames(symbols: symbols))
        // The only version of the only proxy counts what its service counts.
        let versions = fold.nodes[node].versions.count == 1 && fold.nodes[node].targets.count == 1
            ? [VersionRow(version: symbols.string(fold.nodes[node].versions[0].version), signals: signals)]
            : versionRows(fold.nodes[node].versions, predicate)
        let lastSample = stale ? newestSample(fold.nodes[node].targets) : nil
        var (state, reason) = Health.judge(signals, versions: versions, staleFor: lastSample.map { (now - $0).seconds },
                                           predicate: predicate, deniedCounts: false, calls: fold.calls(node))
        if stale, fold.nodes[node].targets.allSatisfy({ glances[Int($0)].isGone }) { (state, reason) = Health.gone(state, reason) }
        return EntityRow(row.identity, signals: signals, versions: versions, pods: row.pods, state: state, reason: reason, stale: stale,
                         lastSample: lastSample)
    }

    func versionRows(_ versions: [(version: Symbol, sums: SignalSums)], _ predicate: ErrorPredicate) -> [VersionRow] {
        let names = FlagNames(symbols: symbols)
        return versions.map { VersionRow(version: symbols.string($0.version), signals: $0.sums.golden(predicate, names: names)) }
            .sorted { $0.version < $1.version }
    }

    /// Trends are drawn for the rows a screen shows, and made for those alone.
    private mutating func addTrends(_ level: EntityLevel, _ keys: [EntityKey], _ frame: Frame, to data: inout FrameData) {
        guard frame.mode == .window else { return }
        let fold = fold(level, frame)
        for key in keys {
            guard let place = Self.place(of: key, in: fold.rows) else { continue }
            let (rates, errors) = trends(of: fold.nodes[Int(fold.nodeOfRow[place])], frame)
            data.trends[key] = Trend(rates: rates, errors: errors)
        }
    }

    /// Rows stand in the order of their keys.
    static func place(of key: EntityKey, in rows: [EntityRow]) -> Int? {
        let low = (0..<rows.count).firstPlace { rows[$0].key < key }
        return low < rows.count && rows[low].key == key ? low : nil
    }

    /// The newest sample of any of them.
    func newestSample(_ indices: [Int32]) -> Timestamp? { indices.compactMap { targets[Int($0)].lastTime }.max() }

    // MARK: - Names

    func namedSource(_ target: TargetState) -> SourceState {
        var source = target.source
        if target.entity >= 0 {
            let pod = symbols.string(directory[target.entity].pod)
            // An address that stands in the URL tells nothing more.
            source.proxy = source.name.contains(pod) ? "" : pod
        }
        return source
    }

    func key(_ entity: ResolvedEntity, _ level: EntityLevel) -> EntityKey {
        let name: Symbol
        switch level {
        case .service, .version: name = entity.service
        case .workload: name = entity.workload.isEmpty ? entity.service : entity.workload
        case .pod: name = entity.pod
        case .app: name = entity.app
        case .namespace: name = entity.namespace
        case .node: name = entity.node
        }
        return EntityKey(level: level, cluster: symbols.string(entity.cluster), namespace: level == .namespace ? "" : symbols.string(entity.namespace),
                         name: symbols.string(name), version: level == .version ? symbols.string(entity.version) : "")
    }

    func named(_ entity: ResolvedEntity) -> Entity {
        func text(_ symbol: Symbol) -> String? { symbol.isEmpty ? nil : symbols.string(symbol) }
        return Entity(kind: Self.kind(entity.kind), cluster: text(entity.cluster), namespace: text(entity.namespace), service: text(entity.service),
                      workload: text(entity.workload), version: text(entity.version), pod: text(entity.pod), node: text(entity.node),
                      app: entity.service.isEmpty ? text(entity.app) : nil)
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
