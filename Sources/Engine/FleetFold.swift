import MeshModel
import Panels
import SeriesStore

/// All targets' counts of one stretch of time, brought to one level: entities and the edges between them.
struct FleetFold {
    struct Node {
        var sums = SignalSums()
        /// A proxy of this entity reported its own side; else `sums` are what callers say of it.
        var hasOwn = false
        var versions: [Symbol: SignalSums] = [:]
        var pods = Set<Int32>()
        var targets: [Int] = []
    }

    struct Edge {
        var client: SignalSums?
        var server: SignalSums?
        var clientVersions: [Symbol: SignalSums] = [:]
        var serverVersions: [Symbol: SignalSums] = [:]
        var isGRPC = false
        var targets = Set<Int>()
    }

    struct EdgeKey: Hashable {
        var source: ResolvedEntity
        var destination: ResolvedEntity
    }

    var nodes: [ResolvedEntity: Node] = [:]
    var edges: [EdgeKey: Edge] = [:]
}

extension ResolvedEntity {
    /// This entity at a coarser level: what a level does not tell apart is left out.
    func folded(to level: EntityLevel) -> ResolvedEntity {
        var result = ResolvedEntity()
        result.kind = kind
        result.cluster = cluster
        guard kind == .workload else {
            if kind != .external || !service.isEmpty { result.service = service }
            return result
        }
        switch level {
        case .service:
            result.namespace = namespace
            result.service = service
        case .workload:
            result.namespace = namespace
            result.service = service
            result.workload = workload
        case .version:
            result.namespace = namespace
            result.service = service
            result.version = version
        case .pod: return self
        case .namespace: result.namespace = namespace
        case .node: result.node = node
        }
        return result
    }

    /// Without what tells two clusters apart where nobody named a cluster.
    var asService: ResolvedEntity { folded(to: .service) }
}

extension FleetFold {
    /// - Parameters:
    ///   - folds: one per target, in the order of `targets`.
    ///   - level: nodes and edges are told apart as finely as this.
    init(_ folds: [TargetFold], targets: [TargetState], directory: Directory, level: EntityLevel) {
        let certificates = Self.certificates(folds, targets, directory)
        let deniedShare = Self.deniedShares(folds, targets, directory)
        for index in folds.indices {
            let fold = folds[index], target = targets[index]
            guard target.entity >= 0 else { continue }
            let proxy = directory[target.entity]
            let key = proxy.folded(to: level)
            var node = nodes[key] ?? Node()
            node.targets.append(index)
            node.pods.insert(target.entity)
            if fold.hasOwn {
                node.hasOwn = true
                node.sums.merge(fold.own)
                if !proxy.version.isEmpty { node.versions[proxy.version, default: SignalSums()].merge(fold.own) }
            } else {
                node.sums.connectionsActive = SignalSums.sum(node.sums.connectionsActive, fold.own.connectionsActive)
            }
            nodes[key] = node
            for relation in fold.relations where relation.source >= 0 && relation.destination >= 0 {
                add(relation, from: index, directory: directory, level: level, certificates: certificates, deniedShare: deniedShare)
            }
        }
        addCallersFromOutside(level: level)
        addUnseenCallees()
    }

    private mutating func add(_ relation: TargetFold.Relation, from target: Int, directory: Directory, level: EntityLevel,
                              certificates: [ResolvedEntity: Bool], deniedShare: [ResolvedEntity: Double]) {
        let source = directory[relation.source], destination = directory[relation.destination]
        let version = destination.version
        // A callee is known by service and version at most from its caller's side; its pod only from its own.
        let key = EdgeKey(source: source.folded(to: level), destination: destination.folded(to: level))
        var sums = relation.sums
        let service = destination.asService
        if relation.vantage == .client, relation.isTLS, certificates[service] == true {
            sums.mutual += sums.tlsOnly
            sums.tlsOnly = 0
        }
        if let share = deniedShare[service] {
            let forbidden = sums.outcomes.reduce(0) { $1.code == 403 || $1.grpcStatus == 7 ? $0 + $1.count : $0 }
            sums.denied = (forbidden * share).rounded()
        }
        var edge = edges[key] ?? Edge()
        edge.isGRPC = edge.isGRPC || relation.isGRPC
        edge.targets.insert(target)
        switch relation.vantage {
        case .client:
            edge.client = edge.client.map { var all = $0; all.merge(sums); return all } ?? sums
            if !version.isEmpty { edge.clientVersions[version, default: SignalSums()].merge(sums) }
        case .server, .waypoint:
            edge.server = edge.server.map { var all = $0; all.merge(sums); return all } ?? sums
            if !version.isEmpty { edge.serverVersions[version, default: SignalSums()].merge(sums) }
        }
        edges[key] = edge
    }

    /// Services all of whose listeners were shown a certificate by every client.
    private static func certificates(_ folds: [TargetFold], _ targets: [TargetState], _ directory: Directory) -> [ResolvedEntity: Bool] {
        var result: [ResolvedEntity: Bool] = [:]
        for (fold, target) in zip(folds, targets) where target.entity >= 0 {
            guard let demands = fold.demandsCertificates else { continue }
            let service = directory[target.entity].asService
            result[service] = (result[service] ?? true) && demands
        }
        return result
    }

    /// By service the share of its callers' 403s that its own policy counter explains; absent where it exports none.
    private static func deniedShares(_ folds: [TargetFold], _ targets: [TargetState], _ directory: Directory) -> [ResolvedEntity: Double] {
        var denied: [ResolvedEntity: Double] = [:]
        var forbidden: [ResolvedEntity: Double] = [:]
        for (fold, target) in zip(folds, targets) where target.entity >= 0 {
            if let count = fold.own.denied { denied[directory[target.entity].asService, default: 0] += count }
            for relation in fold.relations where relation.vantage == .client && relation.destination >= 0 {
                let service = directory[relation.destination].asService
                for outcome in relation.sums.outcomes where outcome.code == 403 || outcome.grpcStatus == 7 {
                    forbidden[service, default: 0] += outcome.count
                }
            }
        }
        var shares: [ResolvedEntity: Double] = [:]
        for (service, count) in denied {
            let all = forbidden[service] ?? 0
            shares[service] = all > 0 ? min(1, count / all) : 0
        }
        return shares
    }

    /// What a service answered beyond its known callers came from outside the fleet: one source of kind external. Proxies are
    /// read a moment apart, so that a small difference says nothing.
    private mutating func addCallersFromOutside(level: EntityLevel) {
        var explained: [ResolvedEntity: SignalSums] = [:]
        var hasServerEdges = Set<ResolvedEntity>()
        for (key, edge) in edges {
            if let client = edge.client { explained[key.destination, default: SignalSums()].merge(client) }
            if edge.server != nil { hasServerEdges.insert(key.destination) }
        }
        guard level != .pod, level != .node, level != .workload else {
            // Callers do not name the pod or machine they reach.
            return
        }
        for (entity, node) in nodes where node.hasOwn && !hasServerEdges.contains(entity) {
            let known = explained[entity]?.requests ?? 0
            let excess = node.sums.requests - known
            guard known == 0 ? excess > 0 : excess > max(5, node.sums.requests * 0.05) else { continue }
            var sums = node.sums
            if known > 0, let callers = explained[entity] { sums.subtract(callers) }
            var outside = ResolvedEntity()
            outside.kind = .external
            outside.cluster = entity.cluster
            var edge = Edge()
            edge.server = sums
            if known == 0 { edge.serverVersions = node.versions }
            edge.targets = Set(node.targets)
            edges[EdgeKey(source: outside, destination: entity)] = edge
        }
    }

    /// A workload nobody scrapes is still there: what its callers say of it stands for it.
    private mutating func addUnseenCallees() {
        for (key, edge) in edges where key.destination.kind == .workload {
            guard let client = edge.client, nodes[key.destination]?.hasOwn != true else { continue }
            guard !key.destination.service.isEmpty || !key.destination.namespace.isEmpty else { continue }
            var node = nodes[key.destination] ?? Node()
            node.sums.merge(client)
            for (version, sums) in edge.clientVersions { node.versions[version, default: SignalSums()].merge(sums) }
            node.targets.append(contentsOf: edge.targets.filter { !node.targets.contains($0) })
            nodes[key.destination] = node
        }
    }
}

extension SignalSums {
    /// Takes off what known callers account for; latency and bytes cannot be told apart and are dropped.
    mutating func subtract(_ known: SignalSums) {
        for index in outcomes.indices {
            let same = known.outcomes.reduce(0) { $1.code == outcomes[index].code && $1.grpcStatus == outcomes[index].grpcStatus ? $0 + $1.count : $0 }
            outcomes[index].count = max(0, outcomes[index].count - same)
        }
        outcomes.removeAll { $0.count <= 0 }
        latency = BucketVector()
        latencyTotal = nil
        bytesSent = nil
        bytesReceived = nil
        denied = nil
    }
}
