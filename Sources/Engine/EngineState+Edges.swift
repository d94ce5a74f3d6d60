import CallGraph
import MeshModel
import Panels

/// One row of who calls whom, as metrics tell it.
extension EngineState {
    func edgeRow(_ fold: LevelFold, _ index: Int, _ vantages: inout CallVantages, _ frame: Frame) -> EdgeRow? {
        guard let facts = levels?.facts else { return nil }
        return edgeRow(fold, index, ends(fold.nodes[Int(fold.edges[index].source)].entity, fold.nodes[Int(fold.edges[index].destination)].entity), facts, &vantages, frame)
    }

    func edgeRow(_ fold: LevelFold, _ index: Int, _ ends: EdgeEnds, _ facts: ServiceFacts, _ vantages: inout CallVantages, _ frame: Frame) -> EdgeRow? {
        let edge = fold.edges[index], source = fold.nodes[Int(edge.source)], destination = fold.nodes[Int(edge.destination)]
        let sides = fold.sides(of: index, targets, facts, &vantages)
        // What one side tells of a call that is counted from the other is another edge's.
        if fold.level != .service, (sides.counted?.requests ?? 0) == 0, sides.counted?.hasBytes != true { return nil }
        guard var row = edgeRow(ends, sides, frame) else { return nil }
        let known = EdgeComparison.Facts(
            hasCallerProxy: !source.targets.isEmpty, hasCalleeProxy: !destination.targets.isEmpty,
            doesCalleeTellCallers: destination.tellsCallers,
            clientSilence: silence(sides.clientTargets, frame),
            // Where the callee's proxies do not say whom they answer, they fall silent all the same.
            serverSilence: silence(sides.serverTargets.isEmpty ? destination.targets : sides.serverTargets, frame), interval: longestInterval(sides.targets))
        let found = EdgeComparison.ofMetrics(row, known)
        if !found.isEmpty { row.disagreements = found }
        return row
    }

    /// Calls from outside, as a service's answers beyond its known callers tell of them; at any level the same calls.
    mutating func outsideRows(_ level: EntityLevel, _ frame: Frame) -> [EdgeRow] {
        let services = fold(.service, frame)
        guard !services.answersOutside.isEmpty else { return [] }
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
            return sides[entity].flatMap { edgeRow(ends(outside, entity), $0, frame) }
        }
    }

    static func ordered(_ rows: [EdgeRow]) -> [EdgeRow] {
        let names = rows.map { order($0.ends) }
        return rows.indices.sorted { names[$0] < names[$1] }.map { rows[$0] }
    }

    /// What rows are ordered by: first who is not in the mesh.
    static func order(_ ends: EdgeEnds) -> String {
        func name(_ entity: Entity) -> String {
            [entity.service ?? entity.app, entity.namespace, entity.workload, entity.version, entity.pod, entity.node].map { $0 ?? "" }.joined(separator: "\u{1}")
        }
        return (ends.source.kind == .workload ? "1" : "0") + name(ends.source) + "\u{2}" + name(ends.destination)
    }

    func ends(_ source: ResolvedEntity, _ destination: ResolvedEntity) -> EdgeEnds { EdgeEnds(source: named(source), destination: named(destination)) }

    /// Configured peers that were never called are no edges.
    func edgeRow(_ ends: EdgeEnds, _ sides: EdgeSides, _ frame: Frame) -> EdgeRow? {
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
            .filter { $0.signals.requests > 0 || signals.requests == 0 && ($0.signals.bytesIn ?? 0) + ($0.signals.bytesOut ?? 0) > 0 }
        // Stale when every source of it is.
        let sources = sides.targets
        let stale = !sources.isEmpty && sources.allSatisfy { glances[Int($0)].isStale }
        let lastSample = stale ? newestSample(sources) : nil
        let (state, reason) = Health.judge(signals, versions: versions, staleFor: lastSample.map { (frame.now - $0).seconds }, predicate: frame.predicate,
                                           deniedCounts: true)
        let isHTTP = signals.requests > 0
        return EdgeRow(ends: ends, protocol: sides.isGRPC ? "grpc" : isHTTP ? "http" : "tcp", signals: signals, client: client, server: callee,
                       versions: versions, state: state, reason: reason, stale: stale, lastSample: lastSample,
                       principals: principals((sides.client?.principals ?? []) + (server?.principals ?? [])))
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
