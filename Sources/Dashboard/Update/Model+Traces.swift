import CellCanvas
import MeshModel
import Panels

extension Model {
    // MARK: - Picking from the latencies

    /// Moves the cursor of the map; false if the action is not for it.
    mutating func moveCursor(_ action: Action) -> Bool {
        var step = (columns: 0, bands: 0)
        switch action {
        case .up: step.bands = 1
        case .down: step.bands = -1
        case .columnsLeft: step.columns = -1
        case .columnsRight: step.columns = 1
        case .pageUp, .halfPageUp: step.columns = -10
        case .pageDown, .halfPageDown: step.columns = 10
        case .top: step.columns = -Canvas.maxSide
        case .bottom: step.columns = Canvas.maxSide
        default: return false
        }
        guard let (map, _) = latencyMap(pane: screen.focus, ScreenLayout(self)) else { return true }
        let at = mapCursor(map, pane: screen.focus)
        let column = min(max(0, at.column + step.columns), map.columns - 1), band = min(max(0, at.band + step.bands), map.bands - 1)
        screen.pane.cursor = map.cell(column: column, band: band).center
        return true
    }

    /// The list shows the traces of the cursor's cell alone, and takes the keys.
    mutating func pickCell() {
        guard let (map, _) = latencyMap(pane: screen.focus, ScreenLayout(self)) else { return }
        let at = mapCursor(map, pane: screen.focus)
        guard map.count(column: at.column, band: at.band) > 0 else {
            tell("no trace there")
            return
        }
        screen.isZoomed = false
        screen.focus = 0
        screen.pane.cell = map.cell(column: at.column, band: at.band)
        relist(0, userNarrowed: true)
    }

    mutating func clickMap(pane index: Int, at mouse: Mouse, opens: Bool) {
        screen.focus = index
        guard let (map, plot) = latencyMap(pane: index, ScreenLayout(self)), plot.contains(x: mouse.x, y: mouse.y) else { return }
        let before = mapCursor(map, pane: index)
        let (column, band) = (mouse.x - plot.x, plot.bottom - 1 - mouse.y)
        screen.pane.cursor = map.cell(column: column, band: band).center
        if opens || before == (column, band) { pickCell() }
    }

    // MARK: - From elsewhere to traces and back

    /// The traces through what is selected; of a page, through what it is about.
    mutating func showTracesOfSelection() {
        let services = servicesOfSelection
        guard !services.isEmpty else {
            tell(screen.place == .traces ? "this is the list of traces" : "traces are listed by service: select a service, a pod, a call or a span")
            return
        }
        push(Screen(.traces, scope: Filter(services.map { "service=\(Filter.quoted($0))" }.joined(separator: " "))))
    }

    private var servicesOfSelection: [String] {
        func names(_ entities: [Entity]) -> [String] { entities.compactMap { $0.service ?? $0.workload ?? $0.pod } }
        if let span = selectedSpan { return span.service.isEmpty ? [] : [span.service] }
        switch (screen.place, screen.pane.selection) {
        case (.traces, _): return []
        case (.call(_, let edge), _): return names([edge.source, edge.destination])
        case (.latency(let key), .callPath(let way)): return [key.name, way.last?.service].compactMap(\.self)
        case (.latency(let key), _): return [key.name]
        case (_, .party(let entity)), (_, .hop(let entity)): return names([entity])
        case (_, .verdict(let key)): return names([key.caller, key.service].compactMap(\.self))
        case (_, .edge(let edge)): return names([edge.source, edge.destination])
        case (.detail(let key), _): return services(of: key, frame?.details[key]?.row)
        case (_, .entity(let key)): return services(of: key, frame?.entities[key.level]?.first { $0.key == key })
        default: return []
        }
    }

    private func services(of key: EntityKey, _ row: EntityRow?) -> [String] {
        switch key.level {
        case .service, .version: [key.name]
        case .pod, .workload: [row?.entity.service ?? row?.entity.workload].compactMap { $0 }
        case .node, .namespace, .app: []
        }
    }

    /// Spans name services and pods, not which cluster and namespace they are of: looked for by name.
    mutating func openPage(_ level: EntityLevel) {
        if openOrigin(level) { return }
        guard let span = selectedSpan else {
            tell("select a span of a trace or a failing path first: \(keyHint(.traces)) lists traces, \(keyHint(.paths)) failing paths")
            return
        }
        let name = level == .service ? span.service : span.pod
        guard !name.isEmpty else {
            tell("this span does not say which \(level.rawValue) it is of")
            return
        }
        var list = Screen(level == .service ? .services : .pods, scope: Filter("name=\(Filter.quoted(name))"))
        list.opensOnlyRow = true
        push(list)
    }

    /// Once the list that was opened for one name has come: the page of the only row.
    mutating func openOnlyRow() {
        guard screen.opensOnlyRow, screen.pane.listing.isLoaded else { return }
        guard screen.pane.listing.order.count == 1, case .entity(let key)? = screen.pane.selection else { return }
        screen = Screen(.detail(key))
        relistAll()
    }
}
