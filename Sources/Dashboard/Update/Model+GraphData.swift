import CellCanvas
import MeshModel
import Panels

/// The picture kept in step with data, size and what is chosen.
extension Model {
    /// The picture of the screen, whichever of its panes has the keys.
    var graphIndex: Int? { screen.panes.firstIndex { $0.kind == .graph } }
    var graphPane: Pane? { graphIndex.map { screen.panes[$0] } }

    /// What a graph screen asks.
    var graphQueries: [PanelQuery] {
        guard let scope = graphPane?.graph.scope else { return [] }
        let levels = scope.folded.isEmpty || scope.level == .namespace ? [scope.level] : [scope.level, .namespace]
        var queries: [PanelQuery] = levels.flatMap { [.edges($0), .entities($0)] }
        if case .edge(let edge)? = screen.pane.selection, let source = edge.source.key(scope.level) { queries.append(.callTrend(source, to: edge.destination)) }
        return queries
    }

    /// All that could be drawn; nil while its data have not come.
    func graphCalls(_ scope: GraphScope) -> CallNodes? { callRows(scope).map(CallNodes.init) }

    private func callRows(_ scope: GraphScope) -> CallRows? {
        guard let frame, let edges = frame.edges[scope.level] else { return nil }
        let rows = frame.entities[scope.level] ?? []
        guard !scope.folded.isEmpty, scope.level != .namespace else { return CallRows(edges: edges, rows: rows, level: scope.level) }
        let fold = NamespaceFold(edges, rows, folded: scope.folded, namespaces: (frame.edges[.namespace] ?? [], frame.entities[.namespace] ?? []))
        return CallRows(edges: fold.edges, rows: fold.rows, level: scope.level, members: fold.members, inside: fold.inside)
    }

    mutating func takeGraph(_ index: Int) {
        guard let rows = callRows(screen.panes[index].graph.scope), let frame else { return }
        // Taken out while it changes, so that nobody else holds it.
        var whole = screen.panes[index].graph.whole.take() ?? WholeCalls()
        whole.take(rows, hide: hide)
        follow(index, in: whole)
        let room = graphRoom(index), anchor = screen.panes[index].anchor
        var number = layouts.lastNumber
        screen.panes[index].graph.take(whole, at: frame.now, window: frame.window, ascii: settings.glyphs.isASCII, width: room.width, height: room.height,
                                       number: &number, anchor: anchor)
        layouts.lastNumber = number
        screen.panes[index].graph.whole = whole
    }

    /// Selection and focus go from one level to the next: from a service to its worst pod, from a pod to its service.
    private mutating func follow(_ index: Int, in whole: WholeCalls) {
        guard let before = screen.panes[index].graph.follows else { return }
        screen.panes[index].graph.follows = nil
        func isSame(_ entity: Entity) -> Bool {
            guard entity.kind == before.kind else { return false }
            if entity.isNamespace || before.isNamespace { return entity.namespace == before.namespace }
            // Who is an app of its own goes by the name of its service.
            func name(_ entity: Entity) -> String? { entity.service ?? entity.app ?? entity.workload }
            return entity.namespace == before.namespace && name(entity) == name(before)
        }
        let worst = whole.nodes.filter { isSame($0.entity) }.map(PartyRow.init).max { $0.urgency < $1.urgency }
        guard let worst else {
            screen.panes[index].isTouched = false
            return
        }
        if case .on = screen.panes[index].graph.scope.focus { screen.panes[index].graph.scope.focus = .on(worst.entity) }
        screen.panes[index].selection = .party(worst.entity)
        screen.panes[index].isTouched = true
    }

    /// Another size, another arrangement.
    mutating func refitGraph() {
        if let index = graphIndex { relist(index) }
    }

    /// Columns and rows of a picture that are in view at once; the last line says what is not drawn.
    func graphRoom(_ index: Int) -> (width: Int, height: Int) {
        let layout = ScreenLayout(self)
        // While the table stands in its place, the room is the same.
        let area = layout.area(pane: index) ?? layout.area(pane: screen.focus) ?? Rect(x: 0, y: 0, width: width, height: height)
        return (max(0, area.width - 2), max(0, area.height - screen.panes[index].graph.captionRows))
    }
}

extension Pane {
    /// The boxes that a filter of the picture and `:find` mean; nil: all.
    /// - Parameter marked: what `:find` does.
    func foundBoxes(_ marked: Found?) -> Set<Entity>? {
        let searched = isFiltered ? Set(listing.order.map { graph.calls.nodes[Int($0)].entity }) : nil
        return searched.map { marked?.boxes.intersection($0) ?? $0 } ?? marked?.boxes
    }
}
