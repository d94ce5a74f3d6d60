import CellCanvas
package import GraphLayout
import MeshModel
package import Panels

/// What is drawn, without its numbers: the same drawing gives the same picture.
package struct Drawing: Sendable, Equatable {
    struct Node: Sendable, Equatable {
        var entity: Entity
        /// Stays with the entity from drawing to drawing.
        var id: Int
        var name: String
        var group: String
        /// How it does, behind its name; on a screen room for that alone.
        var note: String
        var frame: Frame
        var isEntry: Bool
        var beyond: CallNodes.Beyond
    }

    struct Edge: Sendable, Equatable {
        var source: Int
        var target: Int
        /// Failing ones come first, whatever colours tell.
        var look: EdgeLook
        var grade: Grade
        /// Decides where there is no room for all, and is no reason to draw anew; nor is a colour.
        var weight: Double

        static func == (a: Edge, b: Edge) -> Bool { a.source == b.source && a.target == b.target && a.look == b.look && a.grade.line == b.grade.line }
    }

    private(set) var nodes: [Node] = []
    /// In the order of the calls they were made of.
    private(set) var edges: [Edge] = []

    static let nothing = Drawing()

    private init() {}

    /// - Parameter ids: numbers of entities, those of new ones are added.
    /// - Parameter marks: how a node does stands behind its name; else there is room for it.
    package init(_ calls: CallNodes, ids: inout [Entity: Int], overlay: Overlay = .errors, marks: Bool = false) {
        nodes = calls.nodes.map { node in
            let entity = node.entity
            if ids[entity] == nil { ids[entity] = ids.count }
            let frame: Frame = switch entity.kind {
            case .workload: node.isFailing ? .heavy : .light
            case .database, .queue: .rounded
            case .external, .unknown: .dashed
            }
            // Blank, so that the picture does not depend on numbers: what stands there is written over it.
            return Node(entity: entity, id: ids[entity] ?? 0, name: entity.title(calls.level), group: entity.namespace ?? "", note: marks ? node.row.map(\.state.glyph) ?? "" : " ",
                        frame: frame, isEntry: entity.kind == .external && !entity.isCallee, beyond: node.beyond)
        }
        let busiest = calls.busiest
        edges = zip(calls.ends, calls.edges).map { end, row in
            Edge(source: nodes[end.source].id, target: nodes[end.target].id, look: EdgeLook(row), grade: overlay.grade(of: row, busiest: busiest),
                 weight: row.signals.rate ?? row.signals.requests)
        }
    }

    /// Blanks are kept free for what changes with every frame.
    package func input(_ detail: BoxDetail = .boxes) -> GraphInput {
        var input = GraphInput()
        for node in nodes {
            var drawn = GraphNode(id: node.id, name: Self.line(node.name), group: Self.line(node.group), note: Self.line(node.note == " " ? Self.blank(detail.noteColumns) : node.note), frame: node.frame, isEntry: node.isEntry)
            drawn.more = Array(repeating: TextLine(narrow: Self.blank(BoxDetail.numberColumns)), count: detail.numberRows)
            (drawn.callersElsewhere, drawn.calleesElsewhere) = (node.beyond.callers, node.beyond.callees)
            input.nodes.append(drawn)
        }
        for edge in edges { input.edges.append(GraphEdge(edge.source, edge.target, weight: edge.weight, line: edge.grade.line, severity: edge.look.rawValue)) }
        return input
    }

    private static func blank(_ columns: Int) -> String { String(repeating: "\u{2007}", count: columns) }

    /// Text becomes cells here: names come from the network, and nothing that steers a terminal gets into one.
    private static func line(_ text: String) -> TextLine {
        TextLine(text.map { character in
            let scalars = character.unicodeScalars
            if scalars.contains(where: TextWidth.isStripped) { return Glyph("_") }
            let kept = scalars.count > TextWidth.mostScalars ? String(String.UnicodeScalarView(scalars.prefix(TextWidth.mostScalars))).first ?? "_" : character
            return Glyph(kept, width: max(1, TextWidth.columns(of: kept)))
        })
    }

    /// Laid out while a key is handled: so few boxes and wires take milliseconds, and the same cells every time.
    var isSmall: Bool {
        let most = LayoutOptions().mostNeighbours
        var calls: [Int: Int] = [:], called: [Int: Int] = [:]
        for edge in edges {
            calls[edge.source, default: 0] += 1
            called[edge.target, default: 0] += 1
        }
        // Of a box that hundreds call a dozen are drawn, and who has no wire left is not.
        let wires = [calls, called].map { $0.values.reduce(0) { $0 + min($1, most) } }.min() ?? 0
        let lone = nodes.count { calls[$0.id] == nil && called[$0.id] == nil }
        return wires <= 120 && min(nodes.count, 2 * wires + lone) <= 60
    }
}
