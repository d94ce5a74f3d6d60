import CellCanvas
import MeshModel
package import Panels

/// Calls as nodes and edges of a picture: one node for each end of a call, and for those nobody calls.
package struct CallNodes: Sendable {
    package struct Node: Sendable {
        package var entity: Entity
        /// Its own numbers; nil for who is not in the mesh.
        package var row: EntityRow?
        /// Of a folded namespace: who is in it.
        package var members: Int?
        /// Callers and callees that are left out.
        package var beyond = Beyond()

        var isFailing: Bool { row?.state == .failing }
    }

    package struct Beyond: Sendable, Equatable {
        package var callers = 0
        package var callees = 0
    }

    /// Boxes, and pairs of caller and callee.
    package struct Left: Sendable, Equatable {
        package var nodes = 0
        package var pairs = 0
    }

    /// Places of an edge's ends among the nodes.
    package struct Ends: Sendable, Hashable {
        package var source: Int
        package var target: Int
    }

    package private(set) var nodes: [Node] = []
    package private(set) var edges: [EdgeRow]
    /// Of each edge.
    package private(set) var ends: [Ends] = []
    package let level: EntityLevel
    /// What was left out on the way here.
    package private(set) var left = Left()
    /// What is inside of folded namespaces.
    package private(set) var inside = (nodes: 0, pairs: 0)
    private var places: [Entity: Int] = [:]

    package init(edges: [EdgeRow], rows: [EntityRow] = [], level: EntityLevel = .service, members: [Entity: Int] = [:], inside: Int = 0) {
        self.edges = edges
        self.level = level
        let rowOf = Dictionary(rows.map { ($0.key, $0) }) { first, _ in first }
        ends.reserveCapacity(edges.count)
        for edge in edges { ends.append(Ends(source: place(edge.source, rowOf), target: place(edge.destination, rowOf))) }
        let drawn = Set(nodes.compactMap { $0.row?.key })
        for row in rows where !drawn.contains(row.key) {
            places[row.entity] = nodes.count
            nodes.append(Node(entity: row.entity, row: row))
        }
        self.inside = (members.values.reduce(0, +), inside)
        for (entity, count) in members { if let place = places[entity] { nodes[place].members = count } }
    }

    private mutating func place(_ entity: Entity, _ rowOf: [EntityKey: EntityRow]) -> Int {
        if let known = places[entity] { return known }
        places[entity] = nodes.count
        nodes.append(Node(entity: entity, row: entity.key(level).flatMap { rowOf[$0] }))
        return nodes.count - 1
    }

    package func place(of entity: Entity) -> Int? { places[entity] }

    /// The call as it is now.
    func edge(_ key: EdgeKey) -> EdgeRow? {
        guard let source = places[key.source], let target = places[key.destination] else { return nil }
        let wanted = Ends(source: source, target: target)
        let found = ends.indices.filter { ends[$0] == wanted }.map { edges[$0] }
        return found.first { $0.protocol == key.protocol } ?? found.first
    }

    func node(of entity: Entity) -> Node? { places[entity].map { nodes[$0] } }

    /// Those kept, and the edges between them; what is left out is counted.
    func narrowed(to keeps: [Bool], edges keepsEdge: [Bool]? = nil) -> CallNodes {
        var result = CallNodes(edges: [], level: level)
        result.inside = inside
        var placeOf = [Int](repeating: -1, count: nodes.count)
        for index in nodes.indices where keeps[index] {
            placeOf[index] = result.nodes.count
            result.places[nodes[index].entity] = result.nodes.count
            result.nodes.append(nodes[index])
        }
        // A pair is drawn if one of its edges is.
        var lost: Set<Ends> = [], drawn: Set<Ends> = []
        for (index, end) in ends.enumerated() {
            if keeps[end.source], keeps[end.target], keepsEdge?[index] ?? true {
                result.edges.append(edges[index])
                result.ends.append(Ends(source: placeOf[end.source], target: placeOf[end.target]))
                drawn.insert(end)
            } else if end.source != end.target {
                lost.insert(end)
            }
        }
        lost.subtract(drawn)
        for end in lost {
            if keeps[end.source] { result.nodes[placeOf[end.source]].beyond.callees += 1 }
            if keeps[end.target] { result.nodes[placeOf[end.target]].beyond.callers += 1 }
        }
        result.left = Left(nodes: left.nodes + nodes.count - result.nodes.count, pairs: left.pairs + lost.count)
        return result
    }
}

extension Entity {
    /// The page of an end of an edge at a level, where it has one.
    package func key(_ level: EntityLevel) -> EntityKey? {
        let level = own(level)
        guard kind == .workload, let name = keyName(level) else { return nil }
        let isPlace = level == .namespace || level == .node
        return EntityKey(level: level, cluster: cluster ?? "", namespace: isPlace ? "" : namespace ?? "", name: name, version: level == .version ? version ?? "" : "")
    }

    /// A folded namespace stands among entities of a finer level.
    var isNamespace: Bool { kind == .workload && service == nil && workload == nil && app == nil && pod == nil && node == nil && namespace != nil }

    /// Pod, workload or version where it is one's: an end of a call does not say of which level it is.
    var finestName: String { pod ?? (version == nil ? workload : nil) ?? versionedName }

    private func own(_ level: EntityLevel) -> EntityLevel { isNamespace ? .namespace : level }

    /// What its row goes by; nil where its level is not known of it.
    private func keyName(_ level: EntityLevel) -> String? {
        switch level {
        case .pod: pod
        case .workload: workload ?? service
        case .namespace: namespace
        case .node: node
        case .app: app ?? service
        case .service, .version: service ?? workload
        }
    }

    /// `payment`, `payment@v2`, `payment-v2-x2x9k`, `shop/`: as a box of that level has it.
    package func title(_ level: EntityLevel) -> String {
        guard kind == .workload else { return versionedName }
        if isNamespace, level != .namespace { return (namespace ?? "") + "/" }
        let name = name(at: level)
        // Callers name services, not the machines these run on.
        return name == kind.rawValue ? "unknown-\(level.rawValue)" : name
    }
}

extension CallNodes {
    /// The magnitude of the busiest call.
    var busiest: Double { edges.map { Magnitude.of($0.signals.rate ?? $0.signals.requests) }.max() ?? 0 }
}
