import MeshModel

/// Both views of one edge, never summed with each other.
struct EdgeSides {
    var client: SignalSums?
    var server: SignalSums?
    var clientVersions: [(version: Symbol, sums: SignalSums)] = []
    var serverVersions: [(version: Symbol, sums: SignalSums)] = []
    var isGRPC = false
    var targets: [Int32] = []

    mutating func addClient(_ sums: SignalSums, _ relation: TargetFold.Relation, _ facts: ServiceFacts, _ target: Int32) {
        note(relation, target)
        client = client.map { var all = $0; all.merge(sums); return all } ?? sums
        clientVersions.add(facts.version(of: relation.destination), sums)
    }

    mutating func addServer(_ sums: SignalSums, _ relation: TargetFold.Relation, _ facts: ServiceFacts, _ target: Int32) {
        note(relation, target)
        server = server.map { var all = $0; all.merge(sums); return all } ?? sums
        serverVersions.add(facts.version(of: relation.destination), sums)
    }

    private mutating func note(_ relation: TargetFold.Relation, _ target: Int32) {
        isGRPC = isGRPC || relation.isGRPC
        if targets.last != target { targets.append(target) }
    }
}

extension LevelFold {
    func sides(of index: Int, _ targets: [TargetState], _ facts: ServiceFacts) -> EdgeSides {
        var result = EdgeSides()
        for part in edges[index].parts {
            let relation = targets[Int(part.target)].folded.relations[Int(part.relation)]
            let sums = facts.completed(relation, service: edges[index].service)
            switch relation.vantage {
            case .client: result.addClient(sums, relation, facts, part.target)
            case .server, .waypoint: result.addServer(sums, relation, facts, part.target)
            }
        }
        return result
    }

    /// The edge that stands for a node's callers from outside.
    func outsideSides(of node: Node) -> EdgeSides? {
        guard let outside = node.outside else { return nil }
        var result = EdgeSides()
        result.server = outside
        if node.edgesIn.allSatisfy({ edges[Int($0)].requests == 0 }) { result.serverVersions = node.versions }
        result.targets = node.targets
        return result
    }
}
