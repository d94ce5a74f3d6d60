import CellCanvas
import Panels

/// Where the parts of the screen on top lie: a function of size, place and zoom, shared by `update` (paging,
/// scrolling, focus) and `view`.
///
///     y 0            header
///     y 1            breadcrumb, filter, honesty
///     y 2 ..< h-1    body: panes, and under a list the line about its selected row
///     y h-2          of a recording: its line of time
///     y h-1          hints, the line being edited, or a message
struct ScreenLayout {
    static let minWidth = 80, minHeight = 24

    let body: Rect
    /// One area per pane of the screen; nil if it has no room.
    var areas: [Rect?]
    /// What stands above or beside the panes: the mesh tile, a detail page's charts.
    var tile: Rect?
    /// Names the panes of a screen that shows one at a time.
    var tabs: Rect?
    var isTabbed = false
    /// Below the main list: the selected row in words.
    var notes: Rect?
    let kinds: [PaneKind]
    private let isDetail: Bool
    /// Graph, Traces and Trace rule their panes off as a detail page does.
    private let isRuled: Bool

    static func fits(_ model: Model) -> Bool { model.width >= minWidth && model.height >= minHeight }

    init(_ model: Model) {
        let screen = model.screen
        kinds = screen.panes.map(\.kind)
        if case .detail = screen.place { isDetail = true } else { isDetail = false }
        switch screen.place {
        case .traces, .trace, .graph, .call, .paths, .why, .latency, .compare: isRuled = true
        default: isRuled = false
        }
        areas = kinds.map { _ in nil }
        body = Rect(x: 0, y: 2, width: model.width, height: max(0, model.height - 3 - (model.time.playback == nil ? 0 : 1)))
        guard Self.fits(model) else { return }
        if screen.isZoomed {
            zoom(screen.focus)
            return
        }
        switch screen.place {
        case .overview: overview(model)
        case .services, .pods, .nodes, .help: list(notes: 1)
        case .sources: list(notes: body.height >= 30 ? 9 : 7)
        case .detail: detail(model)
        case .graph: graph(model)
        case .call: call()
        case .traces: traces(model)
        case .trace: trace(model)
        case .paths: stacked(model, in: body)
        case .why: why(model)
        case .latency: latency(model)
        case .compare: compare(model)
        }
    }

    // MARK: - Arrangements

    private mutating func zoom(_ focus: Int) {
        let (area, below) = body.splitBottom(1)
        areas[focus] = area
        notes = below
    }

    private mutating func list(notes lines: Int) {
        let (area, below) = body.splitBottom(lines)
        areas[0] = area
        notes = below
    }

    /// Mesh tile and what fails on top; services below; namespaces and nodes under them, or beside them where the
    /// screen is wide and not high.
    private mutating func overview(_ model: Model) {
        let topHeight = body.height >= 44 ? 14 : body.height >= 34 ? 11 : body.height >= 28 ? 9 : 6
        let (top, rest) = body.splitTop(topHeight)
        let tileWidth = model.width >= 160 ? 60 : model.width >= 110 ? 46 : 36
        let (left, right) = top.splitLeft(tileWidth)
        tile = left
        areas[0] = right
        let (main, below) = rest.splitBottom(1)
        notes = below
        // One namespace, or nodes nobody names, are no list worth its room.
        let mesh = model.frame?.mesh
        let extras = [2, 3].filter { $0 == 2 ? (mesh?.namespaces.count ?? 0) > 1 : mesh.map { $0.nodes > 0 } ?? true }
        if extras.isEmpty {
            areas[1] = main
        } else if model.height >= 36, model.width >= 100 {
            let (services, strip) = main.splitBottom(9)
            areas[1] = services
            let (left, right) = strip.splitLeft(extras.count == 2 ? strip.width / 2 : strip.width)
            areas[extras[0]] = left
            if extras.count == 2 { areas[extras[1]] = right }
        } else if model.width >= 170 {
            let (services, side) = main.splitLeft(model.width - 66)
            areas[1] = services
            let (upper, lower) = side.splitTop(extras.count == 2 ? side.height / 2 : side.height)
            areas[extras[0]] = upper
            if extras.count == 2 { areas[extras[1]] = lower }
        } else {
            areas[1] = main
        }
    }

    // MARK: - Questions

    func area(pane: Int) -> Rect? { areas.indices.contains(pane) ? areas[pane] : nil }

    var shownPanes: [Int] { areas.indices.filter { areas[$0] != nil } }

    /// Panes Tab goes through; while one is expanded, all that the screen has.
    var focusablePanes: [Int] { isTabbed || (shownPanes.count == 1 && kinds.count > 1) ? Array(kinds.indices) : shownPanes }

    /// Whether its data is worth asking for.
    func couldShow(pane: Int) -> Bool { focusablePanes.contains(pane) }

    /// Rows of data a pane shows: without its header line and frame.
    func visibleRows(pane: Int) -> Int {
        guard let area = area(pane: pane) else { return 0 }
        return max(0, content(area, pane: pane).height - (kinds[pane].hasHead ? 1 : 0))
    }

    /// What is inside a pane's frame; Overview's panes but the services are framed.
    func content(_ area: Rect, pane: Int) -> Rect { isFramed(pane: pane) ? area.inset(1) : isRuled(pane: pane) ? area.splitTop(1).1 : area }

    func isFramed(pane: Int) -> Bool { kinds.count > 1 && !isDetail && !isRuled && kinds[pane] != .entities(.service) }

    /// Under a line with its title: a detail page has no room for frames.
    func isRuled(pane: Int) -> Bool { isRuled ? kinds[pane] == .span || kinds[pane] == .latencies || kinds[pane] == .calls || kinds[pane] == .versions || kinds[pane] == .answers || kinds[pane] == .times || kinds[pane] == .repeats || kinds[pane] == .way || kinds[pane] == .grounds || kinds[pane] == .changes || kinds[pane] == .excesses : isDetail && !isTabbed && kinds[pane] != .charts }

    func fit(pane index: Int, _ model: Model) -> ColumnFit {
        guard let area = area(pane: index) else { return ColumnFit() }
        let pane = model.screen.panes[index]
        return ColumnFit(Columns.of(pane.kind), width: content(area, pane: index).width - 2, offset: pane.columnOffset,
                         longest: pane.listing.longest)
    }

    func hiddenColumns(pane: Int, _ model: Model) -> Int { fit(pane: pane, model).hidden }
}

extension Rect {
    func splitTop(_ height: Int) -> (Rect, Rect) {
        let height = min(max(0, height), self.height)
        return (Rect(x: x, y: y, width: width, height: height), Rect(x: x, y: y + height, width: width, height: self.height - height))
    }
    func splitBottom(_ height: Int) -> (Rect, Rect) { splitTop(self.height - min(max(0, height), self.height)) }
    func splitLeft(_ width: Int) -> (Rect, Rect) {
        let width = min(max(0, width), self.width)
        return (Rect(x: x, y: y, width: width, height: height), Rect(x: x + width, y: y, width: self.width - width, height: height))
    }
}
