import CellCanvas
import GraphLayout
import MeshModel
import Panels

/// How the wires of a picture look at one moment: by set of edges that flow in a cell.
struct WireLooks {
    private var tones: [Tone] = []
    private var isLit: [Bool] = []
    private var isSelected: [Bool] = []
    /// Nothing but these is bright; nil: all is as it is.
    let chain: Chain?

    init(_ graph: CallPicture, _ selection: RowKey?, _ found: Found?) {
        let drawing = graph.drawn.drawing
        var own: Set<Int> = [], touched: Set<Int> = []
        chain = graph.chain(of: selection)
        switch selection {
        case .edge(let edge)?:
            own = Set(graph.drawnEdges(from: edge.source, to: edge.destination))
            touched = own
        case .party(let entity)?:
            let id = graph.id(of: entity)
            touched = Set(drawing.edges.indices.filter { drawing.edges[$0].source == id || drawing.edges[$0].target == id })
        default: break
        }
        let grades = graph.grades, lit = chain?.edges ?? found?.edges ?? touched, hasFaint = chain != nil || found != nil
        for set in graph.picture.edgeSets {
            let worst = set.map { grades[$0] }.max() ?? .plain
            let isLit = set.contains { lit.contains($0) }
            let isBright = isLit && worst <= .faint
            self.isLit.append(isLit)
            tones.append(hasFaint && !isLit ? .border : isBright ? .accent : worst.tone)
            isSelected.append(set.contains { own.contains($0) })
        }
    }

    func style(of cell: WireCell) -> Style {
        // Of a stem that several share no state is shown.
        let tone: Tone = cell.tone != nil ? tones[cell.along] : isLit[cell.along] ? .accent : .border
        let style = tone.style
        return isSelected[cell.along] || (cell.across.map { isSelected[$0] } ?? false) ? style.selected : style
    }
}

extension Painter {
    /// Wires by state, those of the selection bright; boxes with their numbers written over the layout's blanks.
    mutating func picture(pane index: Int, _ model: Model, _ area: Rect) {
        let pane = model.screen.panes[index], graph = pane.graph
        let view = Rect(x: area.x + 1, y: area.y, width: max(0, area.width - 2), height: max(0, area.height - graph.captionRows))
        let marked = graph.found(model.find), looks = WireLooks(graph, pane.selection, marked)
        for cell in graph.picture.cells(in: BoxRect(x: graph.left, y: graph.top, width: view.width, height: view.height)) {
            let style = looks.style(of: cell)
            draw { $0.put(cell.scalar, x: view.x + cell.x - graph.left, y: view.y + cell.y - graph.top, style: style) }
        }
        let found = pane.foundBoxes(marked)
        for box in graph.picture.boxes where isInView(box.rect, graph, view) {
            let entity = graph.entity(of: box)
            let isDim = !(found?.contains(entity) ?? true) || !(looks.chain.map { $0.nodes.contains(graph.id(of: entity) ?? -1) } ?? true)
            self.box(box, graph.node(of: box)?.row, graph, view, isSelected: pane.selection == .party(entity), isFocused: model.screen.focus == index, isDim: isDim)
        }
        caption(graph, view, marked)
    }

    /// Where there is room for both, what lines mean stands at the right.
    private mutating func caption(_ graph: CallPicture, _ view: Rect, _ found: Found?) {
        let words = graph.caption(view.width, view.height, found), legend = graph.overlay.legend(isASCII: glyphs.isASCII)
        pieces(words, separator: "  ", x: view.x, y: view.bottom, limit: view.right)
        let width = legend.reduce(2 * (legend.count - 1)) { $0 + cells($1.text) }
        if graph.captionRows > 1 {
            pieces(legend, separator: "  ", x: view.x, y: view.bottom + 1, limit: view.right)
        } else if words.reduce(4, { $0 + cells($1.text) + 2 }) + width < view.width {
            pieces(legend, separator: "  ", x: view.right - width, y: view.bottom, limit: view.right)
        }
    }

    private func isInView(_ rect: BoxRect, _ graph: CallPicture, _ view: Rect) -> Bool {
        rect.right > graph.left && rect.x < graph.left + view.width && rect.bottom > graph.top && rect.y < graph.top + view.height
    }
}
