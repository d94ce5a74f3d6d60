import CellCanvas
import GraphLayout
import MeshModel
import Panels

/// The way through the picture: from a box to its wires, along a wire to the next box, and among siblings.
extension Model {
    /// False if the action is not for the picture.
    mutating func walkGraph(_ action: Action) -> Bool {
        let isTopDown = screen.pane.graph.flow == .topDown
        switch action {
        case .foldLess, .foldMore: zoomBoxes(by: action == .foldLess ? 1 : -1)
        case .columnsRight: isTopDown ? stepAside(1) : stepAlong(callees: true)
        case .columnsLeft: isTopDown ? stepAside(-1) : stepAlong(callees: false)
        case .down: isTopDown ? stepAlong(callees: true) : stepAside(1)
        case .up: isTopDown ? stepAlong(callees: false) : stepAside(-1)
        case .nextError: goToNext(by: 1)
        case .previousError: goToNext(by: -1)
        default: return false
        }
        return true
    }

    private mutating func zoomBoxes(by step: Int) {
        guard let next = BoxDetail(rawValue: screen.pane.graph.detail.rawValue + step) else {
            return tell(step > 0 ? "boxes tell no more than this" : "boxes are one row already")
        }
        screen.pane.graph.chosen = next
        relist(screen.focus)
    }

    private mutating func stepAlong(callees: Bool) {
        let walk = GraphWalk(graph: screen.pane.graph)
        switch screen.pane.selection {
        case .edge(let edge)?:
            select(party: callees ? edge.destination : edge.source)
        case .party(let entity)? where walk.graph.box(of: entity) != nil:
            guard let wire = walk.firstWire(of: entity, callees: callees) else { return tell(whyNoWire(entity, callees: callees)) }
            screen.pane.graph.isFromCaller = callees
            select(edge: EdgeKey(wire))
        default: selectFirstBox()
        }
    }

    private func whyNoWire(_ entity: Entity, callees: Bool) -> String {
        let graph = screen.pane.graph, name = entity.title(graph.calls.level)
        let box = graph.box(of: entity)
        let hidden = (callees ? box?.hiddenCallees : box?.hiddenCallers) ?? 0
        guard hidden > 0 else { return callees ? "\(name) calls nobody" : "nobody calls \(name)" }
        let rest = "not drawn here; \(keyHint(.focusOn)) draws what is around it"
        return callees ? "\(name) calls \(Format.grouped(hidden)) \(rest)" : "\(Format.grouped(hidden)) call \(name), \(rest)"
    }

    private mutating func stepAside(_ step: Int) {
        let graph = screen.pane.graph, walk = GraphWalk(graph: graph)
        switch screen.pane.selection {
        case .edge(let edge)?:
            let hub = graph.isFromCaller ? edge.source : edge.destination
            let wires = walk.wires(of: hub, callees: graph.isFromCaller).map(EdgeKey.init)
            guard let place = wires.firstIndex(where: { $0.source == edge.source && $0.destination == edge.destination }) else { return select(party: hub) }
            guard wires.indices.contains(place + step) else {
                return tell(graph.isFromCaller ? "no further call of \(hub.title(graph.calls.level)) that way" : "no further caller of \(hub.title(graph.calls.level)) that way")
            }
            select(edge: wires[place + step])
        case .party(let entity)?:
            guard let box = graph.box(of: entity) else { return selectFirstBox() }
            guard let next = walk.beside(box, by: step) else { return tell("nothing further") }
            select(party: graph.entity(of: next))
        default: selectFirstBox()
        }
    }

    /// The next failing box; in a search the next found.
    private mutating func goToNext(by step: Int) {
        let pane = screen.pane, graph = pane.graph
        let found = pane.foundBoxes(graph.found(find))
        let here = pane.anchor.flatMap { graph.box(of: $0) }
        let next = GraphWalk(graph: graph).next(after: here, by: step) { box in
            box != here && (found.map { $0.contains(graph.entity(of: box)) } ?? ((graph.node(of: box)?.row?.state ?? .good) >= .warning))
        }
        guard let next else { return tell(found == nil ? "nothing fails" : "nothing else is found") }
        select(party: graph.entity(of: next))
    }

    private mutating func selectFirstBox() {
        let boxes = screen.pane.graph.picture.boxes
        if let first = boxes.min(by: { ($0.rect.x, $0.rect.y) < ($1.rect.x, $1.rect.y) }) { select(party: screen.pane.graph.entity(of: first)) }
    }

    mutating func select(party entity: Entity) { selectInPicture(.party(entity)) }

    mutating func select(edge: EdgeKey) { selectInPicture(.edge(edge)) }

    private mutating func selectInPicture(_ key: RowKey) {
        guard let index = graphIndex else { return }
        screen.panes[index].selection = key
        screen.panes[index].isTouched = true
        screen.panes[index].graph.isPanned = false
        revealSelection(index)
    }

    mutating func revealSelection(_ index: Int) {
        guard !screen.panes[index].graph.isPanned else { return }
        let room = graphRoom(index)
        switch screen.panes[index].selection {
        case .party(let entity)?: screen.panes[index].graph.reveal(entity, width: room.width, height: room.height)
        case .edge(let edge)?:
            // The far end counts where both have no room.
            let isFromCaller = screen.panes[index].graph.isFromCaller
            for end in isFromCaller ? [edge.source, edge.destination] : [edge.destination, edge.source] {
                screen.panes[index].graph.reveal(end, width: room.width, height: room.height)
            }
        default: break
        }
    }

    /// Picture and table are two views of one selection: what has the keys now goes on from what had them before.
    mutating func carrySelection() {
        guard let picture = graphIndex, let table = screen.panes.firstIndex(where: { $0.kind == .calls }) else { return }
        let calls = screen.panes[picture].graph.calls
        if screen.focus == table {
            relist(table)
            let start: RowKey?
            switch screen.panes[picture].selection {
            case .edge(let edge)?: start = calls.edge(edge)?.rowKey
            case .party(let entity)?:
                let first = screen.panes[table].listing.order.first { calls.edges[Int($0)].source == entity || calls.edges[Int($0)].destination == entity }
                start = first.map { calls.edges[Int($0)].rowKey }
            default: start = nil
            }
            screen.panes[picture].graph.tableStart = start
            guard let start else { return }
            screen.panes[table].selection = start
            screen.panes[table].isTouched = true
            screen.panes[table].followsSelection = true
        } else if screen.focus == picture, let key = screen.panes[table].selection, key != screen.panes[picture].graph.tableStart {
            screen.panes[picture].graph.isFromCaller = true
            selectInPicture(key)
        }
    }

    // MARK: - By mouse

    mutating func clickGraph(pane index: Int, at mouse: Mouse, opens: Bool) -> [Effect] {
        screen.focus = index
        guard let area = ScreenLayout(self).area(pane: index) else { return [] }
        let graph = screen.pane.graph
        let x = mouse.x - area.x - 1 + graph.left, y = mouse.y - area.y + graph.top
        let key: RowKey
        if let box = graph.picture.boxes.first(where: { $0.rect.contains(x: x, y: y) }) {
            key = .party(graph.entity(of: box))
        } else if let edge = graph.edge(x: x, y: y) {
            key = .edge(edge)
        } else {
            return []
        }
        let wasSelected = screen.pane.selection == key
        selectInPicture(key)
        return opens || wasSelected ? open() : []
    }
}
