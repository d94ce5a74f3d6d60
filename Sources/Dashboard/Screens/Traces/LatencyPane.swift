import CellCanvas
import MeshModel
import Panels

extension Model {
    /// Where the map's cells lie, and what is in them; nil while there is nothing to map.
    func latencyMap(pane index: Int, _ layout: ScreenLayout) -> (map: LatencyMap, plot: Rect)? {
        guard let outer = layout.area(pane: index), let frame, let rows = frame.traces else { return nil }
        let list = screen.panes[0].listing
        let area = layout.content(outer, pane: index)
        let plot = Rect(x: area.x + Self.mapGutter, y: area.y, width: area.width - Self.mapGutter - 1, height: area.height - 1)
        guard plot.width > 4, plot.height > 1, list.beforeCell.allSatisfy({ rows.indices.contains(Int($0)) }),
            let map = LatencyMap(rows, list.beforeCell, range: windowSeconds.isFinite ? frame.window : nil, columns: plot.width, bands: plot.height)
        else { return nil }
        return (map, plot)
    }

    static let mapGutter = 7

    /// The cursor's cell, or until it was moved the selected trace's, else the newest.
    func mapCursor(_ map: LatencyMap, pane index: Int) -> (column: Int, band: Int) {
        if let cursor = screen.panes[index].cursor { return map.place(cursor.time, cursor.seconds) }
        if case .trace(let id)? = screen.panes[0].selection, let row = frame?.traces?.first(where: { $0.id == id }) { return map.place(row.start, row.durationSeconds) }
        return (map.columns - 1, 0)
    }
}

extension Painter {
    ///     ─ Latencies 412 traces, 12 with errors ──────────── ·░▒▓█ one to many  ! some failed  ✕ most ─
    ///       5s │              ✕
    ///      1.2s│  ·  ░  ·   ! ✕ ✕
    ///      20ms│ ░▒░▒▓▒░▒▓▒▒░▒▓▒░
    ///      -5m                                                                                      now
    mutating func latencies(pane index: Int, _ model: Model, _ layout: ScreenLayout) {
        guard let outer = layout.area(pane: index) else { return }
        let isFocused = model.screen.focus == index
        hit(outer, .pane(index))
        let content = layout.content(outer, pane: index)
        if layout.isRuled(pane: index) { mapTitle(model, outer, isFocused: isFocused) }
        guard let (map, plot) = model.latencyMap(pane: index, layout) else { return }
        hit(plot, .map(pane: index))
        for band in 0..<map.bands {
            let y = plot.bottom - 1 - band
            if band % 2 == 0 || band == map.bands - 1 {
                let label = Format.axis(Format.milliseconds(map.edge(band == map.bands - 1 ? map.bands : band) * 1000))
                text(label, x: content.x + max(0, Model.mapGutter - 1 - cells(label)), y: y, .dim, limit: Model.mapGutter - 1)
            }
            text("│", x: plot.x - 1, y: y, .border, limit: 1)
            for column in 0..<map.columns where map.count(column: column, band: band) > 0 {
                let (glyph, tone) = Self.mark(map.count(column: column, band: band), failed: map.failed(column: column, band: band))
                text(glyph, x: plot.x + column, y: y, tone, limit: 1)
            }
        }
        if let frame = model.frame {
            let labels = model.timeLabels(frame)
            text(labels.0, x: plot.x, y: plot.bottom, .dim, limit: plot.width)
            text(labels.1, x: plot.right - cells(labels.1), y: plot.bottom, .dim, limit: cells(labels.1))
        }
        let cursor = model.mapCursor(map, pane: index)
        let place = Rect(x: plot.x + cursor.column, y: plot.bottom - 1 - cursor.band, width: 1, height: 1)
        if isFocused {
            if map.count(column: cursor.column, band: cursor.band) == 0 { text("+", x: place.x, y: place.y, .cursor, limit: 1) }
            draw { canvas in canvas.restyle(place) { Style($0.role, bold: true, reverse: true) } }
        } else {
            draw { canvas in canvas.restyle(place) { $0.selected } }
        }
    }

    private mutating func mapTitle(_ model: Model, _ area: Rect, isFocused: Bool) {
        rule(x: area.x, y: area.y, width: area.width, title: "")
        let listing = model.screen.panes[0].listing
        let x = area.x + 1
        let used = text(" Latencies ", x: x, y: area.y, isFocused ? .accent : .title, limit: area.width - 2)
        let legend = " · ░▒▓█ one to many  ! some with errors  ✕ most "
        let count = listing.isLoaded ? "\(Self.plural(listing.beforeCell.count, "trace")) " : ""
        text(count, x: x + used, y: area.y, .dim, limit: area.width - used - 2)
        if used + cells(count) + cells(legend) + 4 < area.width { text(legend, x: area.right - 2 - cells(legend), y: area.y, .dim, limit: cells(legend)) }
    }

    private static func mark(_ count: Int, failed: Int) -> (String, Tone) {
        if failed > 0 { return failed * 2 >= count ? ("✕", .failing) : ("!", .warning) }
        return (count == 1 ? "·" : count < 4 ? "░" : count < 10 ? "▒" : count < 30 ? "▓" : "█", .chart)
    }

    /// The cell under the cursor in words.
    mutating func cellLine(_ model: Model, _ area: Rect) {
        guard let (map, _) = model.latencyMap(pane: model.screen.focus, ScreenLayout(model)) else { return }
        let at = model.mapCursor(map, pane: model.screen.focus)
        let count = map.count(column: at.column, band: at.band), failed = map.failed(column: at.column, band: at.band)
        let words = count == 0 ? "no trace" : "\(Self.plural(count, "trace"))\(failed > 0 ? ", \(Format.grouped(failed)) with errors" : "")"
        let hint = count == 0 ? "" : "; \(model.keyHint(.open)) lists \(count == 1 ? "it" : "them") alone"
        text("\(map.cell(column: at.column, band: at.band).words)  \(words)\(hint)", x: 1, y: area.y, failed > 0 ? .warning : .normal, limit: area.width - 2)
    }
}
