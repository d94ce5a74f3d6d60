import CellCanvas
import MeshModel
import Panels

extension Painter {
    ///      SERVICE · OPERATION                          TOOK   SELF  0          100ms      200ms
    ///     ▾■ gateway GET /checkout                     412ms   12ms  ░██▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄█░ ✕
    ///     ├─▾◆ frontend POST /order                    398ms    3ms  ┊ ░█▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄█░  ✕
    ///
    /// `█` the span alone, `▄` a child at work, `░` the caller's side of a hop alone; with the critical path lit, `█` where the request waited for
    /// the span, `─` elsewhere. Only rows in view are looked at.
    mutating func waterfall(pane index: Int, _ model: Model, _ layout: ScreenLayout) {
        guard let area = layout.area(pane: index) else { return }
        hit(area, .pane(index))
        let pane = model.screen.panes[index]
        guard pane.listing.isLoaded else { return }
        guard !pane.listing.order.isEmpty else {
            empty(EmptyState.lines(pane, model), in: area)
            return
        }
        let columns = WaterfallColumns(area, pane.waterfall.index.range)
        axis(columns, pane.waterfall, y: area.y)
        let body = area.splitTop(1).1
        let selected = pane.selection.flatMap { pane.waterfall.position(of: $0, in: pane.listing.order) }
        let ticks = columns.ticks.map(\.column)
        for line in 0..<body.height {
            let position = pane.scroll + line
            guard position < pane.listing.order.count else { break }
            let row = Int(pane.listing.order[position])
            guard pane.waterfall.spans.indices.contains(row) else { break }
            hit(Rect(x: body.x, y: body.y + line, width: body.width, height: 1), .row(pane: index, position: position))
            span(row, pane, columns, ticks, y: body.y + line)
            if position == selected { select(Rect(x: body.x, y: body.y + line, width: body.width - 1, height: 1), isFocused: model.screen.focus == index) }
        }
        scrollBar(body, scroll: pane.scroll, count: pane.listing.order.count)
    }

    private mutating func axis(_ columns: WaterfallColumns, _ waterfall: Waterfall, y: Int) {
        text("SERVICE · OPERATION", x: columns.tree.x, y: y, .header, limit: columns.tree.width)
        text("TOOK", x: columns.duration + WaterfallColumns.number - 4, y: y, .header, limit: 4)
        if let x = columns.selfTime { text(waterfall.lightsPath ? "CRIT" : "SELF", x: x + WaterfallColumns.number - 4, y: y, .header, limit: 4) }
        for tick in columns.ticks where tick.column + cells(tick.label) <= columns.bars.width + 2 { text(tick.label, x: columns.bars.x + tick.column, y: y, .header, limit: columns.bars.width + 2 - tick.column) }
    }

    private mutating func span(_ row: Int, _ pane: Pane, _ columns: WaterfallColumns, _ ticks: [Int], y: Int) {
        let waterfall = pane.waterfall
        let span = waterfall.spans[row]
        if span.isError { text("✕", x: columns.tree.x - 2, y: y, .failing, limit: 1) }
        if span.isAwaitingParent { text("…", x: columns.tree.x - 1, y: y, .dim, limit: 1) }
        if span.isOrphan || span.adjustedSeconds != 0 { text(span.isOrphan ? "?" : "≈", x: columns.tree.x - 1, y: y, .warning, limit: 1) }
        tree(row, span, waterfall, isFiltered: pane.isFiltered, found: Waterfall.isFound(span, pane.filter, errorsOnly: pane.errorsOnly), columns.tree, y: y)
        number(span.durationSeconds, x: columns.duration, y: y, span.isError ? .failing : .normal)
        if let x = columns.selfTime {
            if !waterfall.lightsPath { number(span.selfSeconds, x: x, y: y, .dim) } else if !span.critical.isEmpty { number(span.criticalSeconds, x: x, y: y, .strong) }
        }
        for column in ticks { text("┊", x: columns.bars.x + column, y: y, .border, limit: 1) }
        bar(row, span, waterfall, columns, y: y)
    }

    private mutating func number(_ seconds: Double, x: Int, y: Int, _ tone: Tone) {
        let shown = Format.milliseconds(seconds * 1000)
        text(shown, x: x + max(0, WaterfallColumns.number - cells(shown)), y: y, tone, limit: WaterfallColumns.number + 1)
    }

    /// `│ ├─▾◆ payment charge`; a folded one says how many it hides. Deep branches lose their beginning.
    private mutating func tree(_ row: Int, _ span: SpanRow, _ waterfall: Waterfall, isFiltered: Bool, found: Bool, _ area: Rect, y: Int) {
        let levels = min(max(0, span.depth), max(1, (area.width - 24) / 2))
        var x = area.x + levels * 2
        var node = row
        for level in stride(from: levels - 1, through: 0, by: -1) {
            let parent = Int(waterfall.index.parents[node])
            guard parent >= 0 else { break }
            let hasNext = waterfall.index.ends[node] < waterfall.index.ends[parent]
            let isOwn = node == row
            text(isOwn ? (hasNext ? "├─" : "└─") : hasNext ? "│ " : "  ", x: area.x + level * 2, y: y, .border, limit: 2)
            node = parent
        }
        if levels < span.depth { text("…", x: area.x, y: y, .dim, limit: 1) }
        let isFolded = waterfall.isFolded(row) && !isFiltered
        x += text(isFolded ? "▸" : waterfall.hasChildren(row) ? "▾" : " ", x: x, y: y, isFolded ? .accent : .dim, limit: 1)
        let mark = waterfall.index.marks[span.service]
        x += text(mark?.glyph ?? " ", x: x, y: y, style: mark?.style ?? .text, limit: 1) + 1
        let hidden = isFolded ? " +\(Format.grouped(Int(waterfall.index.ends[row]) - row - 1))" : ""
        let end = area.right - cells(hidden)
        // What only leads to what was searched for steps back.
        let isFound = !isFiltered || found
        let service = span.service.isEmpty ? "(no service)" : span.service, operation = span.operation.isEmpty ? "(no name)" : span.operation
        x += text(service, x: x, y: y, style: isFound ? mark?.style ?? .text : Tone.dim.style, limit: end - x) + 1
        x += text(operation, x: x, y: y, !isFound ? .dim : span.isError ? .strong : .normal, limit: end - x)
        text(hidden, x: x, y: y, .accent, limit: area.right - x)
    }

    private mutating func bar(_ row: Int, _ span: SpanRow, _ waterfall: Waterfall, _ columns: WaterfallColumns, y: Int) {
        let style = waterfall.index.marks[span.service]?.style ?? Style(.chart1)
        let own = WaterfallIndex.times(span.start, span.durationSeconds)
        let first = columns.column(own.from), last = max(first, columns.column(own.to &- 1))
        let server = span.serverStart.map { WaterfallIndex.times($0, span.serverDurationSeconds ?? 0) }
        let bars = columns.bars
        let glyphs = glyphs
        draw { canvas in
            for column in first...last {
                if waterfall.lightsPath {
                    let isLit = span.isCritical(from: columns.edge(column), to: columns.edge(column + 1))
                    canvas.put(glyphs.adapted(isLit ? "█" : "─"), x: bars.x + column, y: y, style: isLit ? style : Style(.dim), limit: 1)
                    continue
                }
                let instant = min(max(columns.instant(column), own.from), max(own.from, own.to &- 1))
                // A cell is the caller's alone only if all of it is: short hops must not look empty.
                let isOuter = server.map { columns.edge(column + 1) <= $0.from || columns.edge(column) >= max($0.to, $0.from &+ 1) } ?? false
                let glyph = waterfall.index.isBusy(row, at: instant) ? "▄" : isOuter ? "░" : first == last && Double(own.to &- own.from) < columns.length / Double(bars.width) / 2 ? "▌" : "█"
                canvas.put(glyphs.adapted(glyph), x: bars.x + column, y: y, style: style, limit: 1)
            }
        }
        if span.isError { text("✕", x: bars.x + min(last + 1, bars.width), y: y, .failing, limit: 1) }
    }
}
