import CellCanvas
package import GraphLayout
import MeshModel
package import Panels

/// Calls as the input of a layout: one node for each end of an edge, and for services nobody calls.
package struct CallNodes: Sendable {
    package struct Node: Sendable {
        package var entity: Entity
        /// Its own numbers; nil for who is not in the mesh.
        package var row: EntityRow?

        var isFailing: Bool { row?.state == .failing }
    }

    package private(set) var nodes: [Node] = []
    package let edges: [EdgeRow]
    private var places: [Entity: Int] = [:]

    package init(edges: [EdgeRow], rows: [EntityRow] = []) {
        self.edges = edges
        let rowOf = Dictionary(rows.map { ($0.key, $0) }) { first, _ in first }
        for entity in edges.flatMap({ [$0.source, $0.destination] }) where places[entity] == nil {
            places[entity] = nodes.count
            nodes.append(Node(entity: entity, row: Self.key(of: entity).flatMap { rowOf[$0] }))
        }
        let drawn = Set(nodes.compactMap { $0.row?.key })
        for row in rows where !drawn.contains(row.key) {
            places[row.entity] = nodes.count
            nodes.append(Node(entity: row.entity, row: row))
        }
    }

    package func place(of entity: Entity) -> Int? { places[entity] }

    /// What a picture depends on but for how busy edges are.
    struct Shape: Equatable {
        var nodes: [(Entity, isFailing: Bool)]
        var looks: [(source: Int?, destination: Int?, EdgeLook)]

        static func == (a: Shape, b: Shape) -> Bool {
            a.nodes.elementsEqual(b.nodes, by: ==) && a.looks.elementsEqual(b.looks, by: ==)
        }
    }

    var shape: Shape {
        Shape(nodes: nodes.map { ($0.entity, $0.isFailing) }, looks: edges.map { (places[$0.source], places[$0.destination], EdgeLook($0)) })
    }

    /// The page of an end of an edge, where it has one.
    package static func key(of entity: Entity) -> EntityKey? {
        guard entity.kind == .workload, let name = entity.service ?? entity.workload else { return nil }
        return EntityKey(level: .service, cluster: entity.cluster ?? "", namespace: entity.namespace ?? "", name: name)
    }

    /// - Parameter ids: numbers that stay with entities from layout to layout.
    /// - Parameter numbers: columns kept free under a name, for what changes with every frame; 0 for none.
    /// - Parameter marks: how a node does stands behind its name; else there is room for it.
    package func input(ids: inout [Entity: Int], numbers: Int, marks: Bool = false) -> GraphInput {
        var input = GraphInput()
        for node in nodes {
            if ids[node.entity] == nil { ids[node.entity] = ids.count }
            let entity = node.entity
            var drawn = GraphNode(id: ids[entity] ?? 0, name: Self.line(entity.versionedName), group: Self.line(entity.namespace ?? ""), isEntry: entity.kind == .external)
            // Blank, so that the picture does not depend on numbers: what stands there is written over it.
            drawn.note = Self.line(marks ? node.row.map(\.state.glyph) ?? "" : " ")
            if numbers > 0 { drawn.more = [TextLine(narrow: String(repeating: "\u{2007}", count: numbers))] }
            drawn.frame = switch entity.kind {
            case .workload: node.isFailing ? .heavy : .light
            case .database, .queue: .rounded
            case .external, .unknown: .dashed
            }
            input.nodes.append(drawn)
        }
        for edge in edges {
            guard let source = ids[edge.source], let target = ids[edge.destination] else { continue }
            let look = EdgeLook(edge)
            input.edges.append(GraphEdge(source, target, weight: edge.signals.rate ?? edge.signals.requests, line: look.line, severity: look.rawValue))
        }
        return input
    }

    private static func line(_ text: String) -> TextLine {
        TextLine(text.map { Glyph($0, width: max(1, TextWidth.columns(of: String($0)))) })
    }
}

/// How an edge is drawn, the worse the higher.
package enum EdgeLook: UInt8, Sendable {
    case good, idle, warning, denied, failing

    package init(_ row: EdgeRow) {
        if let denied = row.signals.denied, denied > 0, denied >= row.signals.requests {
            self = .denied
            return
        }
        self = switch row.state {
        case .failing: .failing
        case .warning: .warning
        case .idle: .idle
        case .good, .unknown: .good
        }
    }

    var line: WireLine {
        switch self {
        case .failing: .heavy
        case .denied: .dashed
        case .good, .idle, .warning: .light
        }
    }
}

/// The picture on a graph screen: laid out again only when who calls whom, or how well, changed, never because numbers did.
package struct CallPicture: Sendable {
    package private(set) var nodes = CallNodes(edges: [])
    package private(set) var picture = LayeredLayout.picture(of: GraphInput())
    package private(set) var detail = Detail.numbers
    private var shape: CallNodes.Shape?
    private var ids: [Entity: Int] = [:]
    private var fitted: (width: Int, height: Int)?
    /// First column and row of the picture in view.
    package var left = 0
    package var top = 0
    /// Chosen by hand; else as much as there is room for.
    package var chosen: Detail?

    /// How much a box tells.
    package enum Detail: Int, Sendable, CaseIterable {
        case names, boxes, numbers
    }

    /// `" 3.9/s  3.1%  114ms"`
    static let numberColumns = 20

    mutating func take(_ fresh: CallNodes, ascii: Bool, width: Int, height: Int) {
        nodes = fresh
        // How busy an edge is decides where there is no room for all, and is no reason to draw anew.
        let shape = fresh.shape
        guard shape != self.shape || fitted?.width != width || fitted?.height != height || chosen.map({ $0 != detail }) ?? false else { return }
        self.shape = shape
        fitted = (width, height)
        var best: (shown: Double, picture: GraphPicture, detail: Detail)?
        for (detail, flow) in arrangements {
            let input = fresh.input(ids: &ids, numbers: detail == .numbers ? Self.numberColumns : 0)
            let options = LayoutOptions(flow: flow, ascii: ascii, compact: detail == .names)
            // What stood stays where it was, in a picture of the same kind.
            let isSame = detail == self.detail && flow == picture.options.flow
            let drawn = LayeredLayout.picture(of: input, options: options, hints: isSame ? picture.hints : LayoutHints())
            let shown = min(1, Double(width) / Double(max(1, drawn.width))) * min(1, Double(height) / Double(max(1, drawn.height)))
            if shown > best?.shown ?? 0 { best = (shown, drawn, detail) }
            if shown == 1 { break }
        }
        if let best { (picture, detail) = (best.picture, best.detail) }
        (left, top) = (min(left, max(0, picture.width - width)), min(top, max(0, picture.height - height)))
    }

    /// What is tried, the best first: the first that fits is taken, else what shows most of itself.
    private var arrangements: [(Detail, Flow)] {
        if let chosen { return [(chosen, .leftToRight), (chosen, .topDown)] }
        return [(.numbers, .leftToRight), (.numbers, .topDown), (.boxes, .leftToRight), (.boxes, .topDown), (.names, .leftToRight)]
    }

    /// The box of a node, if it is drawn.
    func box(of entity: Entity) -> GraphBox? {
        guard let place = nodes.place(of: entity) else { return nil }
        return picture.boxes.first { $0.node == place }
    }

    /// Scrolls as little as shows it whole.
    mutating func reveal(_ entity: Entity, width: Int, height: Int) {
        guard let rect = box(of: entity)?.rect else { return }
        left = min(max(left, rect.right + 2 - width, 0), max(0, rect.x - 1))
        top = min(max(top, rect.bottom + 1 - height, 0), max(0, rect.y))
    }
}
