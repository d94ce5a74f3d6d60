import MeshModel

/// Both views of one edge, never summed with each other.
struct EdgeSides {
    var client: SignalSums?
    var server: SignalSums?
    var clientVersions: [(version: Symbol, sums: SignalSums)] = []
    var serverVersions: [(version: Symbol, sums: SignalSums)] = []
    var isGRPC = false
    var targets: [Int32] = []
}

extension LevelFold {
    func sides(of index: Int, _ targets: [TargetState], _ facts: ServiceFacts) -> EdgeSides {
        var result = EdgeSides()
        for part in edges[index].parts {
            let relation = targets[Int(part.target)].folded.relations[Int(part.relation)]
            let sums = facts.completed(relation, service: edges[index].service)
            result.isGRPC = result.isGRPC || relation.isGRPC
            if result.targets.last != part.target { result.targets.append(part.target) }
            let version = facts.version(of: relation.destination)
            switch relation.vantage {
            case .client:
                result.client = result.client.map { var all = $0; all.merge(sums); return all } ?? sums
                result.clientVersions.add(version, sums)
            case .server, .waypoint:
                result.server = result.server.map { var all = $0; all.merge(sums); return all } ?? sums
                result.serverVersions.add(version, sums)
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
