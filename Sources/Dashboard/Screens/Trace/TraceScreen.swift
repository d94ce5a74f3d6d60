import CellCanvas
import MeshModel
import Panels

extension Painter {
    mutating func trace(_ id: TraceID, _ model: Model, _ data: FrameData, _ layout: ScreenLayout) {
        if let area = layout.tile { traceHeadline(id, model, data, in: area) }
        for index in layout.shownPanes { table(pane: index, model, layout) }
        if let notes = layout.notes { selectionLine(model, notes) }
    }

    ///      ✕ gateway GET /checkout  503  412ms  37 spans · 9 services · 4 errors  20:03:12.345
    ///      ! 2 spans' parent is missing · clocks of checkout disagree by 12 ms              4bf92f3577b34da6a3ce929d0e0e4736
    private mutating func traceHeadline(_ id: TraceID, _ model: Model, _ data: FrameData, in area: Rect) {
        let limit = area.width - 1
        guard let trace = model.shownTrace else {
            let known = data.mesh != nil
            let words = model.screen.panes[0].waterfall.isLoaded ? "no longer held: what is shown came before" : known ? "trace \(id.hex) is not held (any more)" : "waiting for data…"
            text(words, x: 1, y: area.y, .warning, limit: limit - 1)
            if known { text("\(model.keyHint(.back)) goes back; the oldest traces go first when memory is full", x: 1, y: area.y + 1, .dim, limit: limit - 1) }
            return
        }
        let entry = TraceEntry(row: trace.row, now: data.now)
        var x = 1 + text("\(entry.stateGlyph) ", x: 1, y: area.y, .of(entry.health), limit: limit)
        x += text("\(trace.row.service) \(trace.row.operation)", x: x, y: area.y, .strong, limit: max(10, limit - x - 44)) + 2
        var pieces: [Piece] = []
        if trace.row.code != nil { pieces.append(Piece(entry.cellText(.code), trace.row.isFailed ? .failing : .normal)) }
        pieces.append(Piece(entry.cellText(.duration), .strong))
        // The halves of a call, and a proxy's spans of it, are one row.
        let rows = trace.spans.count == trace.row.spans ? "" : " in \(Self.plural(trace.spans.count, "row"))"
        pieces.append(Piece(Self.plural(trace.row.spans, "span") + rows))
        pieces.append(Piece(Self.plural(trace.row.services.count, "service")))
        if trace.row.errors > 0 { pieces.append(Piece(Self.plural(trace.row.errors, "error"), .failing)) }
        pieces.append(Piece(trace.row.start.timeOfDayMilliseconds, .dim))
        self.pieces(pieces, x: x, y: area.y, limit: limit)
        let remarks = trace.row.isArriving ? [Piece("… still arriving: what is missing may come yet", .dim)]
            : trace.remarks.isEmpty ? [Piece("✓ nothing odd about it", .dim)] : trace.remarks.map { Piece("! \($0)", .warning) }
        self.pieces(remarks, x: 1, y: area.y + 1, limit: limit)
        if Honesty.width(remarks) + cells(id.hex) + 4 < area.width { text(id.hex, x: area.right - 1 - cells(id.hex), y: area.y + 1, .dim, limit: cells(id.hex)) }
    }
}
