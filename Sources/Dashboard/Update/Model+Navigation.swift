import Panels

extension Model {
    /// Deeper than anyone drills; the oldest steps are forgotten beyond it.
    private static let maxDepth = 50

    mutating func push(_ screen: Screen) {
        if stack.count >= Self.maxDepth { stack.remove(at: 1) }
        stack.append(screen)
        relistAll()
    }

    mutating func back() {
        if stack.count > 1 {
            stack.removeLast()
        } else if screen.place != .overview {
            showRoot(.overview)
            return
        } else {
            tell("this is the first screen; \(keys.keys(for: .quit).first?.caption ?? ":q") quits")
        }
        relistAll()
    }

    /// Takes away one layer: filter, expanded pane, screen.
    mutating func clear() {
        if screen.pane.isFiltered {
            screen.pane.filter = .none
            screen.pane.errorsOnly = false
            screen.pane.cell = nil
            relist(screen.focus)
        } else if screen.isZoomed {
            screen.isZoomed = false
            followSelections()
        } else if widenGraph() {
            relistAll()
        } else if screen.focus != 0, screen.place == .paths || screen.pane.kind == .span {
            screen.focus = 0
            relistAll()
        } else {
            back()
        }
    }

    /// A digit's screen as it was left; the digit of the current one leads back to its top.
    mutating func showRoot(_ place: Place) {
        if stack[0].place == place {
            stack = [stack[0]]
        } else {
            parked[stack[0].place] = stack[0]
            stack = [parked.removeValue(forKey: place) ?? Screen(place)]
        }
        relistAll()
    }

    /// Goes back to a screen of the stack (a click on the breadcrumb).
    mutating func pop(toDepth depth: Int) {
        guard depth >= 0, depth < stack.count - 1 else { return }
        stack.removeSubrange((depth + 1)...)
        relistAll()
    }

    mutating func open() -> [Effect] {
        if screen.pane.kind == .charts { return perform(.zoom) }
        if screen.pane.kind == .latencies {
            pickCell()
            return []
        }
        guard let key = screen.pane.selection else {
            tell("nothing is selected")
            return []
        }
        guard selectedPosition != nil || isInGraph(key) else {
            tell("\(key.displayName) is not in this list any more", isError: true)
            return []
        }
        switch key {
        case .entity(let entity): open(entity)
        case .edge(let edge) where screen.pane.kind == .changes: push(Screen(.call(.service, edge)))
        case .edge(let edge): graphIndex == nil ? open(edge) : openInGraph(edge)
        case .party(let entity):
            guard let key = entity.key(graphPane?.graph.scope.level ?? .service) else {
                tell("\(entity.displayName) is \(entity.kind == .unknown ? "unknown" : "outside the mesh"): it has no page")
                return []
            }
            open(key)
        case .warning(let text):
            follow(warningOf: text)
        case .source: tell("what is known about this source stands below the list")
        case .trace(let id): push(Screen(.trace(id)))
        case .span: showSpan()
        case .spanLine: followSpanLine()
        case .verdict(let key): showWhy(.verdict(key))
        case .hop(let entity):
            if let key = entity.key(.service) { open(key) } else { tell("\(entity.displayName) is outside the mesh: it has no page") }
        case .ground: followGround()
        case .callPath, .repeated: openSample()
        case .excess: followExcess()
        case .counter: tell("a counter has no page of its own")
        case .answer: tell("what it means stands beside it")
        case .version(let version):
            var page: EntityKey? = nil
            if case .detail(let key) = screen.place { page = key }
            if case .call(_, let edge) = screen.place { page = edge.destination.key(.service) }
            guard var entity = page else { return [] }
            entity.level = .version
            entity.version = version
            open(entity)
        case .action(let action):
            back()
            if action.context == .screen { return perform(action) }
        case .command(let name):
            back()
            mode = .command(CommandLine(name + " "))
        }
        return []
    }

    mutating func open(_ key: EntityKey) {
        if key.level == .namespace {
            push(Screen(.services, scope: Filter("namespace=\(Filter.quoted(key.name))")))
        } else if screen.place != .detail(key) {
            push(Screen(.detail(key)))
        } else {
            tell("this is its page")
        }
    }

    private mutating func openInGraph(_ edge: EdgeKey) {
        let level = graphPane?.graph.scope.level ?? .service
        // Of what goes into a folded namespace there is no page but its own.
        let isMixed = level != .namespace && (edge.source.isNamespace || edge.destination.isNamespace)
        isMixed ? open(edge) : push(Screen(.call(level, edge)))
    }

    /// A wire is no row of the picture's boxes, and is there as long as its call is.
    private func isInGraph(_ key: RowKey) -> Bool {
        if screen.pane.kind == .graph, case .edge(let edge) = key { screen.pane.graph.calls.edge(edge) != nil } else { false }
    }

    /// The far end of an edge, as seen from the page it is on; from Overview, the callee.
    private mutating func open(_ edge: EdgeKey) {
        let entity = screen.pane.kind == .inbound ? edge.source : edge.destination
        guard let key = entity.key(graphPane?.graph.scope.level ?? .service) else {
            tell("\(entity.displayName) is \(entity.kind == .unknown ? "unknown" : "outside the mesh"): it has no page")
            return
        }
        open(key)
    }

    mutating func cyclePane(by step: Int) {
        let shown = ScreenLayout(self).focusablePanes
        guard shown.count > 1, !screen.isZoomed || screen.panes.count > 1 else { return }
        let current = shown.firstIndex(of: screen.focus) ?? 0
        screen.focus = shown[(current + step + shown.count) % shown.count]
        carrySelection()
        relist(screen.focus)
    }
}
