import CellCanvas
import MeshModel
import Panels

extension Painter {
    /// A service, version, pod or node: who it is and how it does, its course over the window, and its lists.
    mutating func detail(_ key: EntityKey, _ model: Model, _ data: FrameData, _ layout: ScreenLayout) {
        let detail = data.details[key]
        if let area = layout.tile {
            if let detail {
                headline(detail, model, in: area)
            } else {
                let known = data.mesh != nil
                text(known ? "\(key.name) is not in the data of this window" : "waiting for data…", x: 1, y: area.y, .warning, limit: area.width - 2)
                if known { text("\(model.keyHint(.windowLonger)) looks further back, \(model.keyHint(.back)) goes back", x: 1, y: area.y + 1, .dim, limit: area.width - 2) }
            }
        }
        if let tabs = layout.tabs { tabBar(model, in: tabs) }
        for index in layout.shownPanes { table(pane: index, model, layout) }
        if let notes = layout.notes { selectionLine(model, notes) }
    }

    /// ` ▸Pods 4   Callers 3 ✕1   Calls 4   Versions 2   Answers 3   Counters 32 !3   Charts`
    private mutating func tabBar(_ model: Model, in area: Rect) {
        rule(x: area.x, y: area.y, width: area.width, title: "")
        // Where all do not fit, only what needs a look is counted.
        var tabs = model.screen.panes.indices.map { (index: $0, label: model.paneLabel($0)) }
        func room() -> Int { area.width - tabs.reduce(0) { $0 + cells($1.label.text) + cells($1.label.trouble) + 1 } }
        if room() < tabs.count {
            for place in tabs.indices { tabs[place].label.text = model.screen.panes[place].kind.title(on: model.screen.place) }
        }
        let gap = max(0, min(2, room() / max(1, tabs.count)))
        var x = area.x
        for tab in tabs {
            let isFocused = tab.index == model.screen.focus
            let start = x
            x += text(isFocused ? "▸" : " ", x: x, y: area.y, .accent, limit: max(0, area.right - x))
            x += text(tab.label.text, x: x, y: area.y, isFocused ? .accent : .normal, limit: max(0, area.right - x))
            x += text(tab.label.trouble, x: x, y: area.y, .of(tab.label.worst), limit: max(0, area.right - x))
            hit(Rect(x: start, y: area.y, width: x - start, height: 1), .pane(tab.index))
            x += text(String(repeating: " ", count: gap), x: x, y: area.y, .normal, limit: max(0, area.right - x))
        }
    }
}

/// What a pane is called, how many rows it has and how many of them need a look.
struct PaneLabel: Sendable, Equatable {
    var text: String
    /// ` ✕2`, ` !1`, or nothing.
    var trouble = ""
    var worst = HealthState.good
}

extension Model {
    func paneLabel(_ index: Int) -> PaneLabel {
        let pane = screen.panes[index]
        var label = PaneLabel(text: pane.kind.title(on: screen.place))
        guard pane.listing.isLoaded, let rows = rows(of: pane) else { return label }
        label.text += " \(Format.grouped(pane.listing.order.count))"
        if pane.kind == .calls, let graph = graphPane?.graph {
            if let center = graph.center { label.text += " around \(center.entity.title(graph.scope.level))" }
            if graph.calls.left.pairs > 0 { label.text += " (+\(Painter.plural(graph.calls.left.pairs, "edge")) hidden)" }
        }
        guard case .detail = screen.place else { return label }
        let trouble = rows.trouble
        label.worst = trouble.worst
        if trouble.count > 0 { label.trouble = " \(trouble.worst.glyph)\(trouble.count)" }
        return label
    }
}
