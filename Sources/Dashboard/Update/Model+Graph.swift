import CellCanvas
import GraphLayout
import MeshModel
import Panels

extension Model {
    /// The picture of a graph pane is kept in step with data, size and what is chosen.
    mutating func takeGraph(_ index: Int) {
        guard let frame, let edges = frame.edges[.service] else { return }
        let area = ScreenLayout(self).area(pane: index) ?? Rect(x: 0, y: 0, width: width, height: height)
        screen.panes[index].graph.take(CallNodes(edges: edges, rows: frame.entities[.service] ?? []), ascii: settings.glyphs.isASCII,
                                       width: area.width - 2, height: area.height - 2)
    }

    /// Moves along edges (left to callers, right to callees) and among the boxes of a column; false if the action is not for the picture.
    mutating func walkGraph(_ action: Action) -> Bool {
        let graph = screen.pane.graph
        switch action {
        case .foldLess, .foldMore:
            let next = CallPicture.Detail(rawValue: graph.detail.rawValue + (action == .foldLess ? 1 : -1))
            guard let next else { return true }
            screen.pane.graph.chosen = next
            relist(screen.focus)
            return true
        case .columnsRight, .columnsLeft, .up, .down, .nextError, .previousError: break
        default: return false
        }
        guard case .party(let entity)? = screen.pane.selection, let box = graph.box(of: entity) else {
            selectFirstBox()
            return true
        }
        let found: GraphBox?
        switch action {
        case .columnsRight: found = neighbour(of: entity, box, callees: true)
        case .columnsLeft: found = neighbour(of: entity, box, callees: false)
        case .up, .down: found = beside(box, isDown: action == .down)
        default: found = failing(after: box, by: action == .nextError ? 1 : -1)
        }
        guard let found else {
            tell(action == .columnsRight ? "\(entity.displayName) calls nobody" : action == .columnsLeft ? "nobody calls \(entity.displayName)"
                : action == .up || action == .down ? "nothing further" : "nothing fails")
            return true
        }
        select(found)
        return true
    }

    /// What calls it, or what it calls: the worst first, then what stands nearest.
    private func neighbour(of entity: Entity, _ box: GraphBox, callees: Bool) -> GraphBox? {
        let graph = screen.pane.graph
        let ends = graph.nodes.edges.filter { callees ? $0.source == entity && $0.destination != entity : $0.destination == entity && $0.source != entity }
        let middle = box.rect.y + box.rect.height / 2
        return ends.compactMap { edge -> (look: UInt8, distance: Int, box: GraphBox)? in
            guard let other = graph.box(of: callees ? edge.destination : edge.source) else { return nil }
            return (EdgeLook(edge).rawValue, abs(other.rect.y + other.rect.height / 2 - middle) + abs(other.rect.x - box.rect.x), other)
        }.min { ($1.look, $0.distance) < ($0.look, $1.distance) }?.box
    }

    /// The next box above or below in the same column, else the nearest that way.
    private func beside(_ box: GraphBox, isDown: Bool) -> GraphBox? {
        screen.pane.graph.picture.boxes.filter { isDown ? $0.rect.y > box.rect.y : $0.rect.y < box.rect.y }.min { a, b in
            func cost(_ other: GraphBox) -> Int {
                let overlaps = other.rect.x < box.rect.right && box.rect.x < other.rect.right
                return abs(other.rect.y - box.rect.y) + (overlaps ? 0 : 1000 + abs(other.rect.x - box.rect.x))
            }
            return cost(a) < cost(b)
        }
    }

    private func failing(after box: GraphBox, by step: Int) -> GraphBox? {
        let graph = screen.pane.graph
        let boxes = graph.picture.boxes.sorted { ($0.rect.x, $0.rect.y) < ($1.rect.x, $1.rect.y) }
        guard let start = boxes.firstIndex(of: box) else { return nil }
        for offset in 1...boxes.count {
            let other = boxes[(start + offset * step + boxes.count * 2) % boxes.count]
            if other != box, (graph.nodes.nodes[other.node].row?.state ?? .good) >= .warning { return other }
        }
        return nil
    }

    private mutating func selectFirstBox() {
        if let first = screen.pane.graph.picture.boxes.min(by: { ($0.rect.x, $0.rect.y) < ($1.rect.x, $1.rect.y) }) { select(first) }
    }

    mutating func select(_ box: GraphBox) {
        let entity = screen.pane.graph.nodes.nodes[box.node].entity
        screen.pane.selection = .party(entity)
        screen.pane.isTouched = true
        revealSelection(screen.focus)
        for index in screen.panes.indices where screen.panes[index].kind == .calls { relist(index) }
    }

    /// The calls to and from the selected box; all, where none is.
    var callsOfSelection: [EdgeRow]? {
        guard let edges = frame?.edges[.service] else { return nil }
        guard case .party(let entity)? = screen.panes.first(where: { $0.kind == .graph })?.selection else { return edges }
        return edges.filter { $0.source == entity || $0.destination == entity }
    }

    mutating func revealSelection(_ index: Int) {
        guard case .party(let entity)? = screen.panes[index].selection, let area = ScreenLayout(self).area(pane: index) else { return }
        screen.panes[index].graph.reveal(entity, width: area.width - 2, height: area.height - 2)
    }

    mutating func clickGraph(pane index: Int, at mouse: Mouse, opens: Bool) -> [Effect] {
        screen.focus = index
        guard let area = ScreenLayout(self).area(pane: index) else { return [] }
        let graph = screen.pane.graph
        let x = mouse.x - area.x - 1 + graph.left, y = mouse.y - area.y - 1 + graph.top
        guard let box = graph.picture.boxes.first(where: { (x >= $0.rect.x && x < $0.rect.right) && (y >= $0.rect.y && y < $0.rect.bottom) }) else { return [] }
        let wasSelected = screen.pane.selection == .party(graph.nodes.nodes[box.node].entity)
        select(box)
        return opens || wasSelected ? open() : []
    }
}
