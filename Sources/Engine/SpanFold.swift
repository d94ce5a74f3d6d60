import CallGraph
import MeshModel
import Panels

/// Who called whom within a window, as traces told it. Made anew from the slots when spans came or the window moved.
struct SpanFold {
    /// With their numbers in the store.
    private(set) var pairs: [(number: Int, source: ResolvedEntity, destination: ResolvedEntity, tally: PairTally)] = []
    /// What its counts cover.
    private(set) var range: TimeRange

    /// - Parameter met: whom metrics mean by such a one.
    init(_ series: inout SpanSeries, _ store: borrowing TraceStore, window: TimeRange, newest: Timestamp, met: (ResolvedEntity) -> ResolvedEntity) {
        let tallies = series.tally(window, of: store)
        let first = series.counts(since: window.from) ?? window.from
        range = TimeRange(from: min(max(window.from, first), window.to), to: min(window.to, max(series.latest, newest)))
        let names = SpanNames(store.parties)
        // Of attempts alone nobody sees a call, and the callee answers.
        for (index, tally) in tallies.enumerated() where tally.seen.requests > 0 || tally.answered.requests > 0 {
            let ends = store.pairEnds[index]
            pairs.append((index, met(names.entity(ends.source)), met(names.entity(ends.destination)), tally))
        }
    }

    struct Edge {
        var source: ResolvedEntity
        var destination: ResolvedEntity
        var tally: PairTally
        var versions: [Symbol: PairTally] = [:]
        /// Of it, the calls that nothing but spans tells of.
        var untold = PairTally()
    }

    /// - Parameter isTold: whether metrics tell of the calls of such a pair.
    func edges(_ level: EntityLevel, isTold: (ResolvedEntity, ResolvedEntity) -> Bool = { _, _ in false }) -> [Edge] {
        struct Key: Hashable { var source: ResolvedEntity, destination: ResolvedEntity }
        var places: [Key: Int] = [:]
        var edges: [Edge] = []
        for pair in pairs {
            let key = Key(source: pair.source.folded(to: level), destination: pair.destination.folded(to: level))
            let place = places[key] ?? edges.count
            if place == edges.count {
                places[key] = place
                edges.append(Edge(source: key.source, destination: key.destination, tally: PairTally()))
            }
            edges[place].tally.merge(pair.tally)
            if !isTold(pair.source, pair.destination) { edges[place].untold.merge(pair.tally) }
            if pair.tally.seen.requests > 0 { edges[place].versions.add(pair.destination.version, pair.tally) }
        }
        edges.removeAll { $0.tally.seen.requests <= 0 }
        return edges
    }

    struct Node {
        var entity: ResolvedEntity
        var tally = PairTally()
        var versions: [Symbol: PairTally] = [:]
        var pods = Set<Symbol>()
        /// Seen calls to others.
        var calls = 0
    }

    /// Who is called, and who calls.
    func nodes(_ level: EntityLevel) -> [Node] {
        var places: [ResolvedEntity: Int] = [:]
        var nodes: [Node] = []
        func place(_ entity: ResolvedEntity) -> Int {
            let folded = entity.folded(to: level)
            let place = places[folded] ?? nodes.count
            if place == nodes.count {
                places[folded] = place
                nodes.append(Node(entity: folded))
            }
            if !entity.pod.isEmpty { nodes[place].pods.insert(entity.pod) }
            return place
        }
        for pair in pairs {
            if pair.source.kind == .workload {
                let source = place(pair.source)
                nodes[source].calls += pair.tally.seen.requests
            }
            guard pair.destination.kind == .workload else { continue }
            let node = place(pair.destination)
            nodes[node].tally.merge(pair.tally)
            nodes[node].versions.add(pair.destination.version, pair.tally)
        }
        return nodes
    }
}

/// Whom parties of the store stand for.
struct SpanNames {
    private let parties: Parties
    private var namespaceOf: [Symbol: Symbol] = [:]
    private var ambiguous = Set<Symbol>()

    init(_ parties: Parties) {
        self.parties = parties
        for party in parties.all where party.kind == .workload && !party.service.isEmpty && !party.namespace.isEmpty {
            if let known = namespaceOf[party.service], known != party.namespace { ambiguous.insert(party.service) }
            namespaceOf[party.service] = party.namespace
        }
    }

    func entity(_ number: Int32) -> ResolvedEntity {
        let party = parties[number]
        var entity = ResolvedEntity(kind: party.kind, cluster: party.cluster, namespace: party.namespace, service: party.service, workload: party.workload,
                                    version: party.version, pod: party.pod, node: party.node)
        if entity.kind == .workload, entity.service.isEmpty { entity.service = party.workload.isEmpty ? party.pod : party.workload }
        if entity.namespace.isEmpty, entity.kind == .workload, !ambiguous.contains(entity.service), let namespace = namespaceOf[entity.service] {
            entity.namespace = namespace
        }
        if entity.namespace.isEmpty { entity.kind = parties.kind(of: number) }
        return entity
    }
}

extension [Symbol: PairTally] {
    mutating func add(_ version: Symbol, _ more: PairTally) {
        guard !version.isEmpty else { return }
        self[version, default: PairTally()].merge(more)
    }
}
