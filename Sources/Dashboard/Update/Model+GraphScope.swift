import CellCanvas
import MeshModel
import Panels

/// What of the calls is drawn, and what of the drawing is in view.
extension Model {
    /// False if the action is not for the graph.
    mutating func changeGraph(_ action: Action) -> Bool {
        guard action.group == .picture || ((action == .fold || action == .foldAll) && graphIndex != nil) else { return false }
        guard let index = graphIndex else {
            tell("that is for the graph: \(keyHint(.graph)) shows it")
            return true
        }
        let graph = screen.panes[index].graph
        switch action {
        case .focusOn: toggleFocus(index)
        case .hopsMore, .hopsLess: setHops((graph.center?.hops ?? 0) + (action == .hopsMore ? 1 : -1))
        case .level: setLevel(Self.next(after: graph.scope.level, in: Self.graphLevels))
        case .overlay: setOverlay(Self.next(after: graph.overlay, in: Overlay.allCases))
        case .fold: foldNamespace(index)
        case .foldAll: foldAllNamespaces(index)
        case .hideIdle:
            screen.panes[index].graph.scope.hidesIdle.toggle()
            relistAll()
        case .chain:
            screen.panes[index].graph.showsChain.toggle()
            tell(graph.showsChain ? "all is as it is" : "lit up: all that leads to the selection, and all that follows from it")
        case .panLeft: pan(index, columns: -1)
        case .panRight: pan(index, columns: 1)
        case .panUp: pan(index, rows: -1)
        case .panDown: pan(index, rows: 1)
        case .middle:
            guard let entity = screen.panes[index].anchor else { return true }
            screen.panes[index].graph.isPanned = false
            screen.panes[index].graph.bringToMiddle(entity)
        default: break
        }
        return true
    }

    private static func next<Value: Equatable>(after value: Value, in all: [Value]) -> Value { all[((all.firstIndex(of: value) ?? -1) + 1) % all.count] }

    // MARK: - Around whom

    /// Around the selected box alone; where that is so already, the whole.
    private mutating func toggleFocus(_ index: Int) {
        let pane = screen.panes[index]
        if let center = pane.graph.center, pane.anchor == nil || pane.anchor == center.entity {
            screen.panes[index].graph.scope.focus = .whole
            screen.panes[index].isTouched = true
            tell("the whole graph; \(keyHint(.focusOn)) draws what is around the selected box")
        } else if let entity = pane.anchor {
            screen.panes[index].graph.scope.focus = .on(entity)
        } else {
            return tell("select a box first")
        }
        relistAll()
    }

    /// Takes away what was chosen last to see less; false if nothing was.
    mutating func widenGraph() -> Bool {
        guard let index = graphIndex else { return false }
        if screen.panes[index].graph.showsChain {
            screen.panes[index].graph.showsChain = false
        } else if case .on = screen.panes[index].graph.scope.focus {
            screen.panes[index].graph.scope.focus = .fitting
        } else {
            return false
        }
        return true
    }

    mutating func setHops(_ hops: Int) {
        guard let index = graphIndex else { return tell("that is for the graph: \(keyHint(.graph)) shows it", isError: true) }
        guard screen.panes[index].graph.center != nil else { return tell("this is the whole graph; \(keyHint(.focusOn)) draws what is around the selected box") }
        guard GraphScope.hopLimits.contains(hops) else {
            return tell(hops < 1 ? "one call up and down is as near as it goes; \(keyHint(.focusOn)) draws the whole" : "\(GraphScope.hopLimits.upperBound) calls up and down is as far as it goes")
        }
        screen.panes[index].graph.scope.hops = hops
        relistAll()
    }

    /// - Parameter name: of a box; empty or `all`: the whole.
    mutating func setFocus(named name: String) {
        showGraph()
        guard let index = graphIndex else { return }
        let scope = screen.panes[index].graph.scope
        if name.isEmpty || name == "all" {
            screen.panes[index].graph.scope.focus = .whole
        } else {
            let known = graphCalls(scope)?.nodes.map(\.entity) ?? []
            let beginning = known.filter { $0.title(scope.level).hasPrefix(name) }
            guard let entity = known.first(where: { $0.title(scope.level) == name }) ?? (beginning.count == 1 ? beginning[0] : nil) else {
                return tell("no box is called \(name)", isError: true)
            }
            return setFocus(on: entity)
        }
        relistAll()
    }

    mutating func setFocus(on entity: Entity) {
        guard let index = graphIndex else { return }
        screen.panes[index].graph.scope.focus = .on(entity)
        screen.panes[index].selection = .party(entity)
        screen.panes[index].isTouched = true
        relistAll()
    }

    mutating func showGraph() {
        if graphIndex == nil { showRoot(.graph) }
    }

    // MARK: - At what level, and in what colours

    /// Levels a key goes through; `:by` knows them all.
    static let graphLevels: [EntityLevel] = [.service, .version, .workload, .pod, .app, .namespace, .node]

    mutating func setLevel(_ level: EntityLevel) {
        showGraph()
        guard let index = graphIndex, screen.panes[index].graph.scope.level != level else { return }
        screen.panes[index].graph.follows = screen.panes[index].anchor
        screen.panes[index].graph.scope.level = level
        tell("calls by \(level.rawValue)")
        relistAll()
    }

    mutating func setOverlay(_ overlay: Overlay) {
        showGraph()
        guard let index = graphIndex else { return }
        screen.panes[index].graph.overlay = overlay
        relistAll()
    }

    // MARK: - Namespaces as one box each

    private mutating func foldNamespace(_ index: Int) {
        let graph = screen.panes[index].graph
        guard let entity = screen.panes[index].anchor, entity.kind == .workload, let namespace = entity.namespace, graph.scope.level != .namespace else {
            return tell(graph.scope.level == .namespace ? "these are namespaces; \(keyHint(.level)) shows other levels" : "select a box that is in a namespace")
        }
        let box = Entity(cluster: entity.cluster, namespace: namespace)
        if screen.panes[index].graph.scope.folded.remove(namespace) == nil {
            screen.panes[index].graph.scope.folded.insert(namespace)
            screen.panes[index].selection = .party(box)
            screen.panes[index].isTouched = true
        } else {
            screen.panes[index].graph.follows = box
        }
        relistAll()
    }

    private mutating func foldAllNamespaces(_ index: Int) {
        let scope = screen.panes[index].graph.scope
        guard scope.level != .namespace else { return tell("these are namespaces; \(keyHint(.level)) shows other levels") }
        let anchor = screen.panes[index].anchor
        if scope.folded.isEmpty {
            screen.panes[index].graph.scope.folded = Set((frame?.entities[scope.level] ?? []).compactMap(\.entity.namespace))
            if let anchor, let box = NamespaceFold.box(of: anchor, screen.panes[index].graph.scope.folded) { screen.panes[index].selection = .party(box) }
        } else {
            screen.panes[index].graph.scope.folded = []
            screen.panes[index].graph.follows = anchor
        }
        relistAll()
    }

    // MARK: - In view

    /// A third of the view at a time.
    private mutating func pan(_ index: Int, columns: Int = 0, rows: Int = 0) {
        let room = graphRoom(index), graph = screen.panes[index].graph
        screen.panes[index].graph.pan(columns: columns * max(1, room.width / 3), rows: rows * max(1, room.height / 3))
        let moved = screen.panes[index].graph
        if (moved.left, moved.top) == (graph.left, graph.top) { tell("the picture ends there") }
    }
}
