import CallGraph
import Diagnosis
import MeshModel
import Panels

/// A mesh's services and calls as diagnosis reads them, and who they are.
struct ServiceReading {
    private(set) var reading = MeshReading()
    /// Of the fold that its places are in.
    let layout: Int
    private(set) var entities: [ResolvedEntity] = []
    /// Node of the fold of metrics; −1 for whom spans alone tell of.
    private(set) var foldNodes: [Int32] = []
    private var places: [ResolvedEntity: Int32] = [:]
    private var named: [Symbol: [Int32]] = [:]
    /// By edge: where its numbers are.
    private(set) var sources: [EdgeSource] = []
    enum EdgeSource {
        case fold(Int)
        /// Place in `spanEdges`: they are large, and there are few of them.
        case spans(Int)
    }
    private(set) var spanEdges: [SpanFold.Edge] = []
    private(set) var evidence: Evidence = []

    init(layout: Int) { self.layout = layout }

    func place(of entity: ResolvedEntity) -> Int32? { places[entity] ?? named[entity.service]?.first { entities[Int($0)].isNamed(as: entity) } }
    /// Whom metrics mean by such a one.
    func known(_ entity: ResolvedEntity) -> ResolvedEntity { place(of: entity).map { entities[Int($0)] } ?? entity }
    func edge(from source: ResolvedEntity, to destination: ResolvedEntity) -> Int32? {
        guard let from = place(of: source), let to = place(of: destination) else { return nil }
        return reading.nodes[Int(from)].edgesOut.first { reading.edges[Int($0)].destination == to }
    }

    /// Services that are called from outside; where nobody knows, those that nobody calls.
    var entries: [Int32] {
        let nodes = reading.nodes.indices.map { Int32($0) }
        let told = nodes.filter { (reading.nodes[Int($0)].entry?.requests ?? 0) > 0 }
        return told.isEmpty ? nodes.filter { reading.nodes[Int($0)].edgesIn.isEmpty && !reading.nodes[Int($0)].edgesOut.isEmpty } : told
    }

    private mutating func add(_ entity: ResolvedEntity, node: Int32 = -1, _ values: MeshReading.Node = .init()) -> Int32 {
        if let known = place(of: entity) { return known }
        let place = reading.add(values)
        places[entity] = place
        named[entity.service, default: []].append(place)
        entities.append(entity)
        foldNodes.append(node)
        return place
    }

    private mutating func reserve(nodes: Int, edges: Int) {
        reading.reserve(nodes: nodes, edges: edges)
        places.reserveCapacity(nodes)
        named.reserveCapacity(nodes)
        entities.reserveCapacity(nodes)
        foldNodes.reserveCapacity(nodes)
        sources.reserveCapacity(edges)
    }

    // MARK: - Metrics

    mutating func add(_ fold: LevelFold, _ targets: [TargetState], _ facts: ServiceFacts, _ predicate: ErrorPredicate) {
        // Nodes are large: they are looked at where they are.
        var placeOf = [Int32](repeating: -1, count: fold.nodes.count)
        let isRefusalError = SignalSums.isRefusalError(predicate)
        reserve(nodes: fold.nodes.count, edges: fold.edges.count)
        for index in fold.nodes.indices where fold.nodes[index].entity.kind != .external || !fold.nodes[index].entity.service.isEmpty {
            var values = MeshReading.Node(own: fold.nodes[index].hasOwn ? fold.nodes[index].sums.counts(predicate, isCaller: false) : nil)
            values.entry = fold.nodes[index].outside.map { $0.counts(predicate, isCaller: false) }
            placeOf[index] = add(fold.nodes[index].entity, node: Int32(index), values)
        }
        for index in fold.edges.indices {
            let destination = placeOf[Int(fold.edges[index].destination)], source = placeOf[Int(fold.edges[index].source)]
            guard destination >= 0 else { continue }
            var client: MeshReading.Counts?, server: MeshReading.Counts?, waypoint: MeshReading.Counts?
            for part in fold.edges[index].parts {
                // Field by field, for the same reason.
                let target = Int(part.target), relation = Int(part.relation)
                guard targets[target].folded.relations[relation].requests > 0 else { continue }
                var counts = MeshReading.Counts(requests: targets[target].folded.relations[relation].requests, errors: targets[target].folded.relations[relation].errors)
                counts.denied = (targets[target].folded.relations[relation].refused * Double(facts.deniedShare(fold.edges[index].service) ?? 0)).rounded()
                if isRefusalError { counts.errors -= counts.denied }
                switch targets[target].folded.relations[relation].vantage {
                case .client:
                    if targets[target].folded.relations[relation].errors > 0 { counts.onTheWay = targets[target].folded.relations[relation].sums.errorsOnTheWay(predicate) }
                    client = (client ?? .init()) + counts
                case .server: server = (server ?? .init()) + counts
                case .waypoint: waypoint = (waypoint ?? .init()) + counts
                }
            }
            guard client != nil || server != nil || waypoint != nil else { continue }
            if client != nil { evidence.formUnion(.metricsClient) }
            if server != nil || waypoint != nil { evidence.formUnion(.metricsServer) }
            guard source >= 0 else {
                reading.add(entry: client ?? server ?? waypoint ?? .init(), to: destination)
                continue
            }
            reading.add(.init(source: source, destination: destination, client: client, server: server ?? waypoint))
            sources.append(.fold(index))
        }
    }

    // MARK: - Spans

    /// Calls that nothing but spans tells of.
    mutating func add(_ fold: SpanFold, _ predicate: ErrorPredicate, isTold: (ResolvedEntity, ResolvedEntity) -> Bool) {
        for edge in fold.edges(.service) where !isTold(edge.source, edge.destination) {
            evidence.formUnion(.spans)
            let destination = add(edge.destination)
            let client = edge.tally.client.requests > 0 ? edge.tally.client.counts(predicate, isCaller: true) : nil
            let server = edge.tally.server.requests > 0 ? edge.tally.server.counts(predicate, isCaller: false) : nil
            if foldNodes[Int(destination)] < 0, let server { reading.add(own: server, to: destination) }
            guard edge.source.kind != .external || !edge.source.service.isEmpty else {
                reading.add(entry: client ?? server ?? .init(), to: destination)
                continue
            }
            reading.add(.init(source: add(edge.source), destination: destination, client: client, server: server))
            sources.append(.spans(spanEdges.count))
            spanEdges.append(edge)
        }
    }
}

extension SignalSums.Outcome {
    /// Seen by a caller's proxy: it answered itself, or nobody did.
    fileprivate var isOnTheWay: Bool { Self.isOnTheWay(code, flags) }
    fileprivate static func isOnTheWay(_ code: UInt16, _ flags: Symbol) -> Bool { code == 0 || !flags.isEmpty }
}

extension SignalSums {
    func counts(_ predicate: ErrorPredicate, isCaller: Bool) -> MeshReading.Counts {
        var counts = MeshReading.Counts(), refused = 0.0
        for outcome in outcomes {
            counts.requests += outcome.count
            if outcome.isRefused { refused += outcome.count }
            guard outcome.isError(predicate) else { continue }
            counts.errors += outcome.count
            if isCaller, outcome.isOnTheWay { counts.onTheWay += outcome.count }
        }
        counts.denied = min(denied ?? 0, refused)
        if Self.isRefusalError(predicate) { counts.errors -= counts.denied }
        return counts
    }

    fileprivate func errorsOnTheWay(_ predicate: ErrorPredicate) -> Double {
        outcomes.reduce(0) { $1.isOnTheWay && $1.isError(predicate) ? $0 + $1.count : $0 }
    }

    static func isRefusalError(_ predicate: ErrorPredicate) -> Bool { Outcome(code: 403, grpcStatus: 255, flags: .empty, count: 1).isError(predicate) }
}

extension SideTally {
    fileprivate func counts(_ predicate: ErrorPredicate, isCaller: Bool) -> MeshReading.Counts {
        var counts = MeshReading.Counts(requests: Double(requests), errors: Double(errors(predicate)), denied: Double(denied))
        guard isCaller, counts.errors > 0 else { return counts }
        for (outcome, count) in outcomes where outcome.isError(predicate) && SignalSums.Outcome.isOnTheWay(outcome.code, outcome.flags) { counts.onTheWay += Double(count) }
        return counts
    }
}
