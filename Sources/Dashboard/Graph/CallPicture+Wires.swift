import GraphLayout
import MeshModel
import Panels

/// What the wires of the picture stand for.
extension CallPicture {
    /// Places in the drawing of what joins two boxes, whatever the protocol.
    func drawnEdges(from source: Entity, to target: Entity) -> [Int] {
        guard let from = id(of: source), let to = id(of: target) else { return [] }
        let edges = drawn.drawing.edges
        return edges.indices.filter { edges[$0].source == from && edges[$0].target == to }
    }

    /// Whether a wire can be followed from one to the other.
    func isWired(_ source: Entity, _ target: Entity) -> Bool { drawnEdges(from: source, to: target).contains { wired.contains($0) } }

    /// How each edge of the drawing stands out now; while another picture is laid out, as it did.
    var grades: [Grade] {
        guard !isBehind else { return drawn.drawing.edges.map(\.grade) }
        return calls.edges.map { overlay.grade(of: $0, busiest: busiest) }
    }

    func grade(of row: EntityRow?) -> Grade { row.map { overlay.grade(of: $0, busiest: busiest) } ?? .plain }

    /// The call whose wire passes a cell; of several that flow there together the worst.
    func edge(x: Int, y: Int) -> EdgeKey? {
        guard let cell = picture.cells(in: BoxRect(x: x, y: y, width: 1, height: 1)).first else { return nil }
        let drawing = drawn.drawing
        guard let worst = picture.edgeSets[cell.along].max(by: { (drawing.edges[$0].look.rawValue, $1) < (drawing.edges[$1].look.rawValue, $0) }) else { return nil }
        func entity(_ id: Int) -> Entity? { drawing.nodes.first { $0.id == id }?.entity }
        guard let source = entity(drawing.edges[worst].source), let target = entity(drawing.edges[worst].target) else { return nil }
        return calls.edges.first { $0.source == source && $0.destination == target }.map(EdgeKey.init)
    }

    /// nil: nothing is lit up.
    func chain(of selection: RowKey?) -> Chain? {
        guard showsChain else { return nil }
        switch selection {
        case .party(let entity)?: return id(of: entity).map { Chain(drawn.drawing, from: [$0], to: [$0]) }
        case .edge(let edge)?:
            guard let source = id(of: edge.source), let target = id(of: edge.destination) else { return nil }
            return Chain(drawn.drawing, from: [source], to: [target], through: Set(drawnEdges(from: edge.source, to: edge.destination)))
        default: return nil
        }
    }
}
