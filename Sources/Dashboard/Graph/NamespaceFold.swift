import MeshModel
import Panels

/// Calls in which some namespaces stand as one box each.
struct NamespaceFold {
    let edges: [EdgeRow]
    let rows: [EntityRow]
    /// Of each folded namespace: who is in it.
    let members: [Entity: Int]
    /// Pairs that call each other inside of one.
    let inside: Int

    /// - Parameters:
    ///   - folded: names of namespaces.
    ///   - namespaces: calls and rows at the level of namespaces: what they know (quantiles) is taken from there.
    init(_ edges: [EdgeRow], _ rows: [EntityRow], folded: Set<String>, namespaces: (edges: [EdgeRow], rows: [EntityRow])) {
        func end(_ entity: Entity) -> Entity { Self.box(of: entity, folded) ?? entity }
        var kept: [EdgeRow] = [], summed: [Call: EdgeRow] = [:], order: [Call] = [], within: Set<Pair> = []
        for edge in edges {
            let pair = Pair(source: end(edge.source), target: end(edge.destination)), call = Call(pair: pair, protocol: edge.protocol)
            if pair.source == edge.source, pair.target == edge.destination {
                kept.append(edge)
            } else if pair.source == pair.target {
                within.insert(Pair(source: edge.source, target: edge.destination))
            } else if let known = summed[call] {
                summed[call] = known.adding(edge)
            } else {
                order.append(call)
                var first = edge
                (first.source, first.destination) = (pair.source, pair.target)
                summed[call] = first
            }
        }
        // Of two namespaces there is one row, whatever they speak: all of their calls are in it, and it is taken once.
        let whole = Dictionary(namespaces.edges.map { (Pair(source: $0.source, target: $0.destination), $0) }) { first, _ in first }
        var taken = Set<Pair>()
        self.edges = kept + order.compactMap { call in
            guard let row = whole[call.pair] else { return summed[call] }
            return taken.insert(call.pair).inserted ? row : nil
        }
        var members: [Entity: Int] = [:]
        for row in rows { if let box = Self.box(of: row.entity, folded) { members[box, default: 0] += 1 } }
        self.members = members
        self.rows = rows.filter { Self.box(of: $0.entity, folded) == nil } + namespaces.rows.filter { members[$0.entity] != nil }
        inside = within.count
    }

    /// The box an entity is in, if its namespace is folded.
    static func box(of entity: Entity, _ folded: Set<String>) -> Entity? {
        guard entity.kind == .workload, let namespace = entity.namespace, folded.contains(namespace) else { return nil }
        return Entity(cluster: entity.cluster, namespace: namespace)
    }

    private struct Pair: Hashable {
        var source: Entity
        var target: Entity
    }

    private struct Call: Hashable {
        var pair: Pair
        var `protocol`: String
    }
}

extension EdgeRow {
    /// Both together. What is no count (quantiles) is not known of a sum.
    func adding(_ other: EdgeRow) -> EdgeRow {
        var sum = self
        sum.signals = signals.adding(other.signals)
        sum.client = client.flatMap { mine in other.client.map { mine.adding($0) } }
        sum.server = server.flatMap { mine in other.server.map { mine.adding($0) } }
        (sum.versions, sum.spans, sum.principals, sum.disagreements) = ([], nil, [], [])
        if other.state > state { (sum.state, sum.reason) = (other.state, other.reason) }
        sum.stale = stale && other.stale
        sum.trend = trend.count == other.trend.count ? zip(trend, other.trend).map { $0 + $1 } : []
        return sum
    }
}

extension GoldenSignals {
    /// Counts of both. Quantiles are not known of a sum, and a share of mTLS is weighed by requests.
    func adding(_ other: GoldenSignals) -> GoldenSignals {
        var sum = self
        sum.addCalls(of: other)
        sum.attempts = Self.sum(attempts, other.attempts)
        sum.latency = nil
        (sum.bytesIn, sum.bytesOut) = (Self.sum(bytesIn, other.bytesIn), Self.sum(bytesOut, other.bytesOut))
        (sum.connectionsActive, sum.connectionsOpened) = (Self.sum(connectionsActive, other.connectionsActive), Self.sum(connectionsOpened, other.connectionsOpened))
        sum.retries = Self.sum(retries, other.retries)
        sum.turnedAway = Self.sum(turnedAway, other.turnedAway)
        sum.hasOpenBreaker = hasOpenBreaker || other.hasOpenBreaker
        if security != other.security { sum.security = .unknown }
        sum.mutualShare = nil
        if let mine = mutualShare, let its = other.mutualShare, sum.requests > 0 { sum.mutualShare = (mine * requests + its * other.requests) / sum.requests }
        sum.evidence.formUnion(other.evidence)
        if let first = from, let second = other.from { sum.from = min(first, second) } else { sum.from = nil }
        if let first = to, let second = other.to { sum.to = max(first, second) }
        return sum
    }

    private static func sum(_ a: Double?, _ b: Double?) -> Double? { a.flatMap { a in b.map { a + $0 } } }
}
