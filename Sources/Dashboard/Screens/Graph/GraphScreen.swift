import CellCanvas
import GraphLayout
import MeshModel
import Panels

extension ScreenLayout {
    /// The picture over the edges of what is selected; in words, below, what that is.
    mutating func graph(_ model: Model) {
        let (main, below) = body.splitBottom(1)
        notes = below
        let (top, table) = main.splitBottom(main.height >= 40 ? 12 : main.height >= 28 ? 8 : 6)
        areas = [top, table]
    }
}

extension Painter {
    mutating func graph(_ model: Model, _ layout: ScreenLayout) {
        for index in layout.shownPanes { table(pane: index, model, layout) }
        if let notes = layout.notes { selectionLine(model, notes) }
    }

    /// The picture: wires by state, those of the selected box bright; boxes with their numbers written over the layout's blanks.
    mutating func picture(pane index: Int, _ model: Model, _ area: Rect) {
        let pane = model.screen.panes[index]
        let graph = pane.graph
        let view = Rect(x: area.x + 1, y: area.y, width: max(0, area.width - 2), height: max(0, area.height - 1))
        var selected: Entity?
        if case .party(let entity)? = pane.selection { selected = entity }
        let shown = matching(pane, model)
        let looks = graph.nodes.edges.map(EdgeLook.init)
        let touches = graph.picture.edgeSets.map { set in set.contains { graph.nodes.edges[$0].source == selected || graph.nodes.edges[$0].destination == selected } }
        for cell in graph.picture.cells(in: BoxRect(x: graph.left, y: graph.top, width: view.width, height: view.height)) {
            let x = cell.x - graph.left, y = cell.y - graph.top
            let isOfSelected = touches[cell.along] || (cell.across.map { touches[$0] } ?? false)
            let tone = Self.tone(cell.tone.map { looks[$0] }, isOfSelected: isOfSelected)
            draw { $0.put(cell.scalar, x: view.x + x, y: view.y + y, style: tone.style) }
        }
        for box in graph.picture.boxes {
            let node = graph.nodes.nodes[box.node]
            self.box(box, node, graph, view, isSelected: node.entity == selected, isFocused: model.screen.focus == index, isDim: !(shown?.contains(node.entity) ?? true))
        }
        let hidden = graph.picture.caption
        let isCut = graph.picture.width > view.width || graph.picture.height > view.height
        let note = [hidden, isCut ? "the picture is \(graph.picture.width)×\(graph.picture.height), and goes on" : ""].filter { !$0.isEmpty }.joined(separator: "  ")
        text(note, x: view.x, y: area.bottom - 1, hidden.isEmpty ? .dim : .warning, limit: view.width)
    }

    /// Those the filter lets through; nil: all.
    private func matching(_ pane: Pane, _ model: Model) -> Set<Entity>? {
        guard pane.isFiltered, case .graph(let rows)? = model.rows(of: pane) else { return nil }
        return Set(pane.listing.order.map { rows[Int($0)].entity })
    }

    private static func tone(_ look: EdgeLook?, isOfSelected: Bool) -> Tone {
        switch look {
        case .failing: .failing
        case .denied: .denied
        case .warning: .warning
        case .idle: .border
        case .good, nil: isOfSelected ? .accent : .border
        }
    }

    private mutating func box(_ box: GraphBox, _ node: CallNodes.Node, _ graph: CallPicture, _ view: Rect, isSelected: Bool, isFocused: Bool, isDim: Bool) {
        let rect = Rect(x: view.x + box.rect.x - graph.left, y: view.y + box.rect.y - graph.top, width: box.rect.width, height: box.rect.height)
        let state = node.row?.state ?? .unknown
        let tone: Tone = isDim ? .dim : isSelected ? .accent : state >= .warning ? .of(state) : .border
        let glyphs = self.glyphs.isASCII ? FrameGlyphs.ascii : FrameGlyphs.of(box.frame)
        let isCompact = graph.picture.options.compact
        if isCompact {
            put("[", rect.x, rect.y, tone, view)
            put("]", rect.right - 1, rect.y, tone, view)
        } else {
            for x in rect.x + 1..<rect.right - 1 {
                put(glyphs.horizontal, x, rect.y, tone, view)
                put(glyphs.horizontal, x, rect.bottom - 1, tone, view)
            }
            for y in rect.y + 1..<rect.bottom - 1 {
                put(glyphs.vertical, rect.x, y, tone, view)
                put(glyphs.vertical, rect.right - 1, y, tone, view)
            }
            put(glyphs.topLeft, rect.x, rect.y, tone, view)
            put(glyphs.topRight, rect.right - 1, rect.y, tone, view)
            put(glyphs.bottomLeft, rect.x, rect.bottom - 1, tone, view)
            put(glyphs.bottomRight, rect.right - 1, rect.bottom - 1, tone, view)
        }
        let x = rect.x + (isCompact ? 1 : 2), y = rect.y + (isCompact ? 0 : 1), inner = rect.width - (isCompact ? 2 : 4)
        if let line = box.lines.first { clipped(line.text, x: x, y: y, isDim ? .dim : isSelected ? .accent : .strong, limit: inner, view) }
        if node.row != nil, state != .unknown { clipped(state.glyph, x: x + inner - 1, y: y, isDim ? .dim : .of(state), limit: 1, view) }
        if graph.detail == .numbers, let row = node.row, rect.height > 3 { numbers(row.signals, x: x, y: y + 1, isDim, view) }
        if isSelected { draw { canvas in canvas.restyle(rect.intersection(view)) { isFocused ? $0.selected : $0 } } }
    }

    /// `3.9/s   3.1 %  114ms`
    private mutating func numbers(_ signals: GoldenSignals, x: Int, y: Int, _ isDim: Bool, _ view: Rect) {
        let parts: [(words: String, columns: Int, tone: Tone)] = [
            (Format.rate(signals.rate) + "/s", 7, .normal), (signals.errors > 0 ? Format.percent(signals.errorShare) : "", 7, Tone.of(errorShare: signals.errorShare)),
            (Format.milliseconds(signals.latency?.p95), 6, .dim),
        ]
        var at = x
        for part in parts {
            clipped(part.words, x: at + part.columns - cells(part.words), y: y, isDim ? .dim : part.tone, limit: part.columns, view)
            at += part.columns
        }
    }

    private mutating func put(_ character: Character, _ x: Int, _ y: Int, _ tone: Tone, _ view: Rect) {
        guard view.contains(x: x, y: y) else { return }
        text(String(character), x: x, y: y, tone, limit: 1)
    }

    /// Text that begins left of the view loses its beginning, and says so.
    private mutating func clipped(_ words: String, x: Int, y: Int, _ tone: Tone, limit: Int, _ view: Rect) {
        guard y >= view.y, y < view.bottom, x < view.right else { return }
        let cut = max(0, view.x - x)
        guard cut == 0 || cut < words.count else { return }
        let rest = cut == 0 ? words : "…" + words.dropFirst(cut + 1)
        text(rest, x: max(x, view.x), y: y, tone, limit: min(limit - cut, view.right - max(x, view.x)))
    }
}

extension Painter {
    mutating func graphPane(pane index: Int, _ model: Model, _ layout: ScreenLayout) {
        guard let area = layout.area(pane: index) else { return }
        hit(area, .graph(pane: index))
        guard model.frame?.edges[.service] != nil else {
            if model.frame?.mesh == nil { empty(["waiting for data…"], in: area) }
            return
        }
        guard !model.screen.panes[index].graph.picture.boxes.isEmpty else {
            empty(EmptyState.lines(model.screen.panes[index], model), in: area)
            return
        }
        picture(pane: index, model, area)
    }
}
