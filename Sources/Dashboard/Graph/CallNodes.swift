import CellCanvas
import MeshModel
package import Panels

/// Rows that a picture is made of.
struct CallRows {
    var edges: [EdgeRow]
    var rows: [EntityRow]
    var level: EntityLevel
    /// Of each folded namespace: who is in it; and the pairs that call each other inside of one.
    var members: [Entity: Int] = [:]
    var inside = 0
}

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
    /// What it was made of; of a part of others these are empty.
    private(set) var rows: [EntityRow]
    private let members: [Entity: Int]
    /// By node, the place of its row among them.
    private(set) var rowOf: [Int?] = []

    package init(edges: [EdgeRow], rows: [EntityRow] = [], level: EntityLevel = .service) { self.init(CallRows(edges: edges, rows: rows, level: level)) }

    init(_ given: CallRows) {
        (edges, rows, level, members) = (given.edges, given.rows, given.level, given.members)
        let placeOfRow = Dictionary(rows.indices.map { (rows[$0].key, $0) }) { first, _ in first }
        ends.reserveCapacity(edges.count)
        for edge in edges { ends.append(Ends(source: place(edge.source, placeOfRow), target: place(edge.destination, placeOfRow))) }
        let drawn = Set(nodes.compactMap { $0.row?.key })
        for (place, row) in rows.enumerated() where !drawn.contains(row.key) { add(row.entity, place) }
        inside = (members.values.reduce(0, +), given.inside)
        for (entity, count) in members { if let place = places[entity] { nodes[place].members = count } }
    }

    private mutating func place(_ entity: Entity, _ placeOfRow: [EntityKey: Int]) -> Int {
        if let known = places[entity] { return known }
        add(entity, entity.key(level).flatMap { placeOfRow[$0] })
        return nodes.count - 1
    }

    private mutating func add(_ entity: Entity, _ row: Int?) {
        places[entity] = nodes.count
        nodes.append(Node(entity: entity, row: row.map { rows[$0] }))
        rowOf.append(row)
    }

    package func place(of entity: Entity) -> Int? { places[entity] }

    /// Pairs of caller and callee; who calls itself is none.
    package var pairs: Int { Set(ends.filter { $0.source != $0.target }).count }

    /// The call as it is now.
    func edge(_ key: EdgeKey) -> EdgeRow? {
        guard let source = places[key.source], let target = places[key.destination] else { return nil }
        let wanted = Ends(source: source, target: target)
        let found = ends.indices.filter { ends[$0] == wanted }.map { edges[$0] }
        return found.first { $0.protocol == key.protocol } ?? found.first
    }

    func node(of entity: Entity) -> Node? { places[entity].map { nodes[$0] } }

    /// Takes the numbers of now where who there is, and who calls whom, is as it was.
    mutating func renew(_ fresh: CallRows) -> Bool {
        guard fresh.level == level, fresh.edges.count == edges.count, fresh.rows.count == rows.count, fresh.members == members else { return false }
        guard edges.isVery(fresh.edges) || edges.indices.allSatisfy({ edges[$0].isSame(as: fresh.edges[$0]) || edges[$0].ends == fresh.edges[$0].ends }),
              rows.isVery(fresh.rows) || rows.indices.allSatisfy({ rows[$0].identity === fresh.rows[$0].identity || rows[$0].key == fresh.rows[$0].key && rows[$0].entity == fresh.rows[$0].entity })
        else { return false }
        for place in nodes.indices {
            guard let row = rowOf[place], rows[row] !== fresh.rows[row] else { continue }
            nodes[place].row = fresh.rows[row]
        }
        (edges, rows, inside.pairs) = (fresh.edges, fresh.rows, fresh.inside)
        return true
    }

    /// Those nodes and edges alone, by place.
    func narrowed(to kept: [Int], _ keptEdges: [Int], beyond: [Beyond], left: Left) -> CallNodes {
        var result = CallNodes(edges: [], level: level)
        (result.inside, result.left) = (inside, left)
        var placeOf: [Int: Int] = [:]
        for (index, beyond) in zip(kept, beyond) {
            placeOf[index] = result.nodes.count
            result.places[nodes[index].entity] = result.nodes.count
            result.nodes.append(nodes[index])
            result.nodes[result.nodes.count - 1].beyond = beyond
        }
        for index in keptEdges {
            guard let source = placeOf[ends[index].source], let target = placeOf[ends[index].target] else { preconditionFailure("BUG: an edge is kept and an end of it is not") }
            result.edges.append(edges[index])
            result.ends.append(Ends(source: source, target: target))
        }
        return result
    }
}

extension Array {
    /// Nothing was written to either since one was handed over as the other.
    fileprivate func isVery(_ other: [Element]) -> Bool {
        count == other.count && withUnsafeBufferPointer { mine in other.withUnsafeBufferPointer { mine.baseAddress == $0.baseAddress } }
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

    /// `payment`, `payment@v2`, `payment-v2-x2x9k`, `shop/`, `unknown-callee`: as a box of that level has it.
    package func title(_ level: EntityLevel) -> String {
        guard kind == .workload else { return drawnName }
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
