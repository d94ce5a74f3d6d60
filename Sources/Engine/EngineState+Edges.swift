import CallGraph
import MeshModel
import Panels

/// Who calls whom at a level, as metrics tell it.
extension EngineState {
    mutating func edgeRows(_ level: EntityLevel, _ frame: Frame) -> [EdgeRow] {
        let fold = fold(level, frame)
        var vantages = CallVantages(fold)
        var rows: [EdgeRow] = []
        for index in fold.edges.indices {
            if let row = edgeRow(fold, index, &vantages, frame) { rows.append(row) }
        }
        rows += outsideRows(level, frame)
        return Self.ordered(rows)
    }

    func edgeRow(_ fold: LevelFold, _ index: Int, _ vantages: inout CallVantages, _ frame: Frame) -> EdgeRow? {
        guard let facts = levels?.facts else { return nil }
        let edge = fold.edges[index], source = fold.nodes[Int(edge.source)], destination = fold.nodes[Int(edge.destination)]
        let sides = fold.sides(of: index, targets, facts, &vantages)
        // What one side tells of a call that is counted from the other is another edge's.
        if fold.level != .service, (sides.counted?.requests ?? 0) == 0, sides.counted?.hasBytes != true { return nil }
        guard var row = edgeRow(source.entity, destination.entity, sides, frame) else { return nil }
        let known = EdgeComparison.Facts(
            hasCallerProxy: !source.targets.isEmpty, hasCalleeProxy: !destination.targets.isEmpty,
            doesCalleeTellCallers: destination.edgesIn.contains { fold.edges[Int($0)].hasServerSide },
            clientSilence: silence(sides.clientTargets, frame),
            // Where the callee's proxies do not say whom they answer, they fall silent all the same.
            serverSilence: silence(sides.serverTargets.isEmpty ? destination.targets : sides.serverTargets, frame), interval: longestInterval(sides.targets))
        row.disagreements = EdgeComparison.ofMetrics(row, known)
        return row
    }

    /// Calls from outside, as a service's answers beyond its known callers tell of them; at any level the same calls.
    mutating func outsideRows(_ level: EntityLevel, _ frame: Frame) -> [EdgeRow] {
        let services = fold(.service, frame)
        let finest = FinestNames(targets, directory, level)
        var order: [ResolvedEntity] = [], sides: [ResolvedEntity: EdgeSides] = [:]
        for place in services.answersOutside.sorted() {
            let node = services.nodes[place]
            guard let more = services.outsideSides(of: node), let id = directory.id(of: node.entity) else { continue }
            var entity = finest.of(id)
            if level == .app { entity.app = directory.app(of: node.entity).isEmpty ? node.entity.service : directory.app(of: node.entity) }
            if sides[entity] == nil {
                order.append(entity)
                sides[entity] = more
            } else {
                sides[entity]?.merge(outside: more)
            }
        }
        return order.compactMap { entity in
            var outside = ResolvedEntity()
            (outside.kind, outside.cluster) = (.external, entity.cluster)
            return sides[entity].flatMap { edgeRow(outside, entity, $0, frame) }
        }
    }

    static func ordered(_ rows: [EdgeRow]) -> [EdgeRow] {
        let names = rows.map(order)
        return rows.indices.sorted { names[$0] < names[$1] }.map { rows[$0] }
    }

    private static func order(_ row: EdgeRow) -> String {
        func name(_ entity: Entity) -> String {
            [entity.service ?? entity.app, entity.namespace, entity.workload, entity.version, entity.pod, entity.node].map { $0 ?? "" }.joined(separator: "\u{1}")
        }
        return (row.source.kind == .workload ? "1" : "0") + name(row.source) + "\u{2}" + name(row.destination)
    }

    /// Configured peers that were never called are no edges.
    func edgeRow(_ source: ResolvedEntity, _ destination: ResolvedEntity, _ sides: EdgeSides, _ frame: Frame) -> EdgeRow? {
        let names = FlagNames(symbols: symbols)
        let server = sides.server
        let client = sides.client.map { $0.golden(frame.predicate, names: names, answers: true) }
        let callee = server.map { $0.golden(frame.predicate, names: names, answers: true) }
        // The caller's view counts if it saw any call: it alone sees those that never arrived.
        let seen = [client, callee].compactMap(\.self)
        let usesClient = (client?.requests ?? 0) > 0
        var signals: GoldenSignals
        if let counted = sides.counted {
            signals = counted.golden(frame.predicate, names: names, answers: true)
        } else {
            guard let first = seen.first(where: { $0.requests > 0 }) ?? seen.first(where: { ($0.bytesIn ?? 0) + ($0.bytesOut ?? 0) > 0 }) else { return nil }
            signals = first
        }
        signals.evidence = seen.reduce(into: []) { $0.formUnion($1.evidence) }
        if signals.mutualShare == nil || signals.security == .unknown, let callee, callee.mutualShare != nil {
            signals.mutualShare = callee.mutualShare
            signals.security = callee.security
        }
        if signals.denied == nil { signals.denied = callee?.denied }
        let versions = versionRows(sides.counted != nil ? sides.countedVersions : usesClient ? sides.clientVersions : sides.serverVersions, frame.predicate)
            .filter { $0.signals.requests > 0 }
        // Stale when every source of it is.
        let sources = sides.targets
        let stale = !sources.isEmpty && sources.allSatisfy { glances[Int($0)].isStale }
        let lastSample = stale ? newestSample(sources) : nil
        let (state, reason) = Health.judge(signals, versions: versions, staleFor: lastSample.map { (frame.now - $0).seconds }, predicate: frame.predicate,
                                           deniedCounts: true)
        let isHTTP = signals.requests > 0
        var row = EdgeRow(source: named(source), destination: named(destination),
                       protocol: sides.isGRPC ? "grpc" : isHTTP ? "http" : "tcp", signals: signals, client: client, server: callee,
                       versions: versions, state: state, reason: reason, stale: stale)
        row.lastSample = lastSample
        row.principals = principals((sides.client?.principals ?? []) + (server?.principals ?? []))
        return row
    }

    private func principals(_ pairs: [PrincipalPair]) -> [Principals] {
        guard !pairs.isEmpty else { return [] }
        func text(_ symbol: Symbol) -> String? { symbol.isEmpty ? nil : symbols.string(symbol) }
        return Set(pairs).map { Principals(source: text($0.source), destination: text($0.destination)) }
            .sorted { ($0.source ?? "", $0.destination ?? "") < ($1.source ?? "", $1.destination ?? "") }
    }

    /// Seconds since the newest page of any of them, where all fell silent.
    private func silence(_ indices: [Int32], _ frame: Frame) -> Double? {
        guard !indices.isEmpty, indices.allSatisfy({ glances[Int($0)].isStale }) else { return nil }
        return newestSample(indices).map { (frame.now - $0).seconds }
    }

    private func longestInterval(_ indices: [Int32]) -> Double { indices.reduce(0) { max($0, glances[Int($1)].intervalSeconds) } }
}
