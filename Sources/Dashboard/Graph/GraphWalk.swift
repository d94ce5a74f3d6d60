import CellCanvas
import GraphLayout
import MeshModel
import Panels

/// Ways through a picture: along its wires, and among the boxes of a column.
struct GraphWalk {
    let graph: CallPicture

    /// The wires of a box to those it calls, or from those that call it, in the order in which these stand: one a pair, the worst.
    func wires(of entity: Entity, callees: Bool) -> [EdgeRow] {
        guard let place = graph.calls.place(of: entity) else { return [] }
        var best: [Int: Int] = [:]
        for (index, end) in graph.calls.ends.enumerated() where (callees ? end.source : end.target) == place && end.source != end.target {
            let other = callees ? end.target : end.source
            guard graph.isWired(graph.calls.nodes[end.source].entity, graph.calls.nodes[end.target].entity) else { continue }
            if let known = best[other], look(known) >= look(index) { continue }
            best[other] = index
        }
        let found: [(row: EdgeRow, rect: BoxRect)] = best.compactMap { other, index in
            graph.box(of: graph.calls.nodes[other].entity).map { (graph.calls.edges[index], $0.rect) }
        }
        let isAcross = graph.flow == .topDown
        return found.sorted { a, b in isAcross ? (a.rect.x, a.rect.y) < (b.rect.x, b.rect.y) : (a.rect.y, a.rect.x) < (b.rect.y, b.rect.x) }.map(\.row)
    }

    private func look(_ index: Int) -> UInt8 { EdgeLook(graph.calls.edges[index]).rawValue }

    /// The wire to begin with: the worst, then the one that leads nearest.
    func firstWire(of entity: Entity, callees: Bool) -> EdgeRow? {
        guard let own = graph.box(of: entity)?.rect else { return nil }
        return wires(of: entity, callees: callees).min { a, b in
            func cost(_ row: EdgeRow) -> (UInt8, Int) {
                let other = graph.box(of: callees ? row.destination : row.source)?.rect ?? own
                return (UInt8.max - EdgeLook(row).rawValue, abs(other.middle.y - own.middle.y) + abs(other.middle.x - own.middle.x))
            }
            return cost(a) < cost(b)
        }
    }

    /// The next box of the same column (top-down: of the same row), else the nearest that way.
    func beside(_ box: GraphBox, by step: Int) -> GraphBox? {
        let isAcross = graph.flow == .topDown
        func along(_ rect: BoxRect) -> Int { (isAcross ? rect.x : rect.y) * step }
        return graph.picture.boxes.filter { along($0.rect) > along(box.rect) }.min { a, b in
            func cost(_ other: BoxRect) -> Int {
                let overlaps = isAcross ? other.y < box.rect.bottom && box.rect.y < other.bottom : other.x < box.rect.right && box.rect.x < other.right
                let away = isAcross ? abs(other.y - box.rect.y) : abs(other.x - box.rect.x)
                return along(other) - along(box.rect) + (overlaps ? 0 : 1000 + away)
            }
            return cost(a.rect) < cost(b.rect)
        }
    }

    /// In reading order, around the end.
    func next(after box: GraphBox?, by step: Int, where holds: (GraphBox) -> Bool) -> GraphBox? {
        let boxes = graph.picture.boxes.sorted { ($0.rect.x, $0.rect.y) < ($1.rect.x, $1.rect.y) }
        guard !boxes.isEmpty else { return nil }
        let start = box.flatMap { boxes.firstIndex(of: $0) } ?? (step > 0 ? -1 : boxes.count)
        for offset in 1...boxes.count {
            let other = boxes[(start + offset * step + boxes.count * 2) % boxes.count]
            if holds(other) { return other }
        }
        return nil
    }
}

extension BoxRect {
    var middle: (x: Int, y: Int) { (x + width / 2, y + height / 2) }

    func contains(x: Int, y: Int) -> Bool { (self.x..<right).contains(x) && (self.y..<bottom).contains(y) }
}
