import CellCanvas
import MeshModel
import Panels

extension Painter {
    /// One list: column heads with the sort marked, the visible rows, a scroll bar where rows or columns are hidden.
    /// The first column of cells marks the selected row, so that it shows without colour, too.
    mutating func table(pane index: Int, _ model: Model, _ layout: ScreenLayout) {
        guard let outer = layout.area(pane: index) else { return }
        let pane = model.screen.panes[index]
        switch pane.kind {
        case .charts: return charts(pane: index, model, layout)
        case .latencies: return latencies(pane: index, model, layout)
        case .waterfall: return waterfall(pane: index, model, layout)
        case .graph: return graphPane(pane: index, model, layout)
        default: break
        }
        let isFocused = model.screen.focus == index
        if layout.isFramed(pane: index) {
            frame(outer, title: model.paneLabel(index).text, isFocused: isFocused)
        } else if layout.isRuled(pane: index) {
            ruled(outer, model.paneLabel(index), isFocused: isFocused)
        }
        hit(outer, .pane(index))
        let area = layout.content(outer, pane: index)
        guard area.height > 0, area.width > 4 else { return }
        guard let rows = model.rows(of: pane) else {
            // Of a page whose subject is gone the facts above say so.
            if model.frame?.mesh == nil { empty(["waiting for data…"], in: area) }
            return
        }
        guard !pane.listing.order.isEmpty else {
            empty(EmptyState.lines(pane, model), in: area)
            return
        }
        let fit = layout.fit(pane: index, model)
        var body = area
        if pane.kind.hasHead {
            head(fit, pane, index, area)
            body = area.splitTop(1).1
        }
        let window = TableWindow(pane: index, kind: pane.kind, isFocused: isFocused, body: body, fit: fit, scroll: pane.scroll,
                                 selected: selectedPosition(pane, rows), now: model.frame?.now, longestSeconds: pane.listing.longestSeconds)
        switch rows {
        case .entities(let rows): self.rows(rows, pane.listing.order, window)
        case .edges(let rows): self.rows(rows, pane.listing.order, window)
        case .sources(let rows): self.rows(rows, pane.listing.order, window)
        case .counters(let rows): self.rows(rows, pane.listing.order, window)
        case .versions(let rows): self.rows(rows, pane.listing.order, window)
        case .answers(let rows): self.rows(rows, pane.listing.order, window)
        case .help(let rows): self.rows(rows, pane.listing.order, window)
        case .span(let rows): self.rows(rows, pane.listing.order, window)
        case .verdicts(let rows): self.rows(rows, pane.listing.order, window)
        case .hops(let rows): self.rows(rows, pane.listing.order, window)
        case .grounds(let rows): self.rows(rows, pane.listing.order, window)
        case .times(let rows): self.rows(rows, pane.listing.order, window)
        case .repeats(let rows): self.rows(rows, pane.listing.order, window)
        case .changes(let rows): self.rows(rows, pane.listing.order, window)
        case .excesses(let rows): self.rows(rows, pane.listing.order, window)
        case .traces(let rows, let now, _): self.rows(rows, now: now, pane.listing.order, window)
        case .waterfall, .graph: break
        case .failing(let rows): failing(rows, pane.listing.order, window)
        }
        scrollBar(body, scroll: pane.scroll, count: pane.listing.order.count)
    }

    func selectedPosition(_ pane: Pane, _ rows: PaneRows) -> Int? {
        pane.selection.flatMap { rows.position(of: $0, in: pane.listing.order) }
    }

    private mutating func ruled(_ area: Rect, _ label: PaneLabel, isFocused: Bool) {
        text(String(repeating: "─", count: area.width), x: area.x, y: area.y, isFocused ? .borderFocused : .border, limit: area.width)
        let used = text(" \(label.text)", x: area.x + 1, y: area.y, isFocused ? .accent : .title, limit: area.width - 2)
        let trouble = text(label.trouble, x: area.x + 1 + used, y: area.y, .of(label.worst), limit: area.width - 2 - used)
        text(" ", x: area.x + 1 + used + trouble, y: area.y, .normal, limit: 1)
    }

    private mutating func head(_ fit: ColumnFit, _ pane: Pane, _ index: Int, _ area: Rect) {
        for column in fit.columns {
            let isSorted = pane.sort.field == column.field
            let arrow = isSorted ? (pane.sort.isDescending ? "▼" : "▲") : ""
            let title = column.field == .state && column.width < 5 ? "" : Columns.title(column.field, in: pane.kind)
            let label = truncated(title, to: column.width - cells(arrow)) + arrow
            let x = area.x + 1 + column.x + (column.isRightAligned ? max(0, column.width - cells(label)) : 0)
            text(label, x: x, y: area.y, isSorted ? .headerSorted : .header, limit: column.width)
            hit(Rect(x: area.x + 1 + column.x, y: area.y, width: column.width, height: 1), .header(pane: index, column.field))
        }
        if fit.hidden > 0 { text("›", x: area.x + area.width - 1, y: area.y, .accent, limit: 1) }
    }

    private mutating func rows<Row: CellRow>(_ rows: [Row], _ order: [Int32], _ window: TableWindow) {
        var previousGroup: String?
        for line in 0..<window.body.height {
            let position = window.scroll + line
            guard position < order.count, rows.indices.contains(Int(order[position])) else { break }
            row(rows[Int(order[position])], position: position, y: window.body.y + line, window, previousGroup: &previousGroup)
        }
    }

    mutating func row<Row: CellRow>(_ row: Row, position: Int, y: Int, _ window: TableWindow, previousGroup: inout String?) {
        let isSelected = position == window.selected
        let left = window.body.x
        hit(Rect(x: left, y: y, width: window.body.width, height: 1), .row(pane: window.pane, position: position))
        for column in window.fit.columns {
            let x = left + 1 + column.x
            switch column.field {
            case .state where column.width < 5: text(row.stateGlyph, x: x, y: y, .of(row.health), limit: 1)
            case .state:
                text("\(row.stateGlyph) \(row.stateName)", x: x, y: y, .of(row.health), limit: column.width)
            case .trend:
                if let bar = row.split {
                    split(bar, x: x, y: y, width: column.width)
                } else if let seconds = row.barSeconds {
                    bar(seconds / window.longestSeconds, row.health, x: x, y: y, width: column.width)
                } else {
                    trend(row, x: x, y: y, width: column.width)
                }
            case .versions: versions(row, x: x, y: y, width: column.width)
            case .name, .source, .destination:
                name(row, column, x: x, y: y, now: window.now)
            case .group where window.kind == .help || window.kind == .span || window.kind == .grounds:
                // A group is named once.
                let group = row.cellText(.group)
                if group != previousGroup { text(group, x: x, y: y, .strong, limit: column.width) }
                previousGroup = group
            case .keys: text(row.cellText(.keys), x: x, y: y, .key, limit: column.width)
            default:
                var cell = row.cellText(column.field)
                if cell == ProxyCounter.notExported, column.width < cell.utf8.count { cell = "not exported" }
                let tone = row.isStale || cell == Format.unknown || (column.field == .value && row.health == .idle) ? .dim : Self.tone(row, column.field, window.kind)
                let shown = truncated(cell, to: column.width)
                text(shown, x: column.isRightAligned ? x + column.width - cells(shown) : x, y: y, tone, limit: column.width)
            }
        }
        if isSelected { select(Rect(x: left, y: y, width: window.body.width - 1, height: 1), isFocused: window.isFocused) }
    }

    /// A stale row is dim and says how old it is.
    private mutating func name(_ row: some CellRow, _ column: PlacedColumn, x: Int, y: Int, now: Timestamp?) {
        let age = row.isStale ? row.staleness(now: now).map { " " + Format.age($0) } ?? "" : ""
        let name = row.shortName(column.field, width: column.width - cells(age)) { truncated($0, to: $1) }
        let used = text(name, x: x, y: y, row.isStale ? .dim : row.health == .failing ? .strong : .normal, limit: column.width)
        if !age.isEmpty { text(age, x: x + used, y: y, .warning, limit: column.width - used) }
    }

    /// Numbers speak up where they are bad, whatever the row's state.
    private static func tone(_ row: some CellRow, _ field: Field, _ kind: PaneKind) -> Tone {
        switch field {
        case .reason where kind == .grounds && row.health == .good: .normal
        case .own, .wire: row.cellText(field) == "0" ? .dim : .failing
        case .passed: row.cellText(field) == "0" ? .dim : .warning
        case .quick, .middle: .dim
        case .slowest where kind == .times: row.health >= .warning ? .of(row.health) : .normal
        case .reason where kind == .times: .normal
        case .interval, .since, .traces: .dim
        case .differs: .of(row.health)
        case .service where kind == .excesses: .normal
        case .errors where row.barSeconds != nil, .code: row.health >= .warning ? .of(row.health) : .dim
        // What is still arriving is not odd.
        case .oddities: row.number(.oddities) == nil ? .dim : .warning
        case .trace: .dim
        case .success, .errors: .of(errorShare: row.number(.errors).map { $0 / 100 })
        case .mtls: (row.number(.mtls) ?? 100) < 100 && row.cellText(.mtls) != "tls" ? .warning : .normal
        case .denied: (row.number(.denied) ?? 0) > 0 ? .denied : .dim
        case .retries: (row.number(.retries) ?? 0) > 0 ? .warning : .dim
        case .bad: (row.number(.bad) ?? 0) > 0 ? .warning : .dim
        case .reason: row.health >= .warning ? .of(row.health) : .dim
        case .namespace, .node, .service, .version, .protocol, .job, .profile, .group: .dim
        default: .normal
        }
    }

    private mutating func versions(_ row: some CellRow, x: Int, y: Int, width: Int) {
        let parts = row.versionParts
        guard !parts.isEmpty else {
            text(Format.unknown, x: x, y: y, .dim, limit: width)
            return
        }
        var used = 0
        for (index, part) in parts.enumerated() {
            let tone: Tone = part.isFailing ? .failing : row.isStale ? .dim : .normal
            let separator = index > 0 ? " · " : ""
            guard used + cells(separator) + cells(part.label) <= width else {
                if index == 0 {
                    text(part.label, x: x, y: y, tone, limit: width)
                } else {
                    let rest: Tone = parts[index...].contains { $0.isFailing } ? .failing : .dim
                    text(" +\(parts.count - index)", x: x + used, y: y, rest, limit: width - used)
                }
                return
            }
            used += text(separator, x: x + used, y: y, .dim, limit: width - used)
            used += text(part.label, x: x + used, y: y, tone, limit: width - used)
        }
    }

    private func trendValues(_ row: some CellRow) -> (values: [Float], errors: [Float])? {
        if case .entity(let key) = row.rowKey, let trend = trends[key] { return (trend.rates, trend.errors) }
        return row.trendValues
    }

    private mutating func trend(_ row: some CellRow, x: Int, y: Int, width: Int) {
        guard let (values, errors) = trendValues(row) else { return }
        // A slot counts as failing from the share on that its number is painted as a warning.
        let marked = errors.count == values.count ? zip(errors, values).map { $0 >= $1 * 0.01 ? $0 : 0 } : []
        sparkline(values, errors: marked, x: x, y: y, width: width, isDim: row.isStale)
    }
}

/// What the rows of one table share while they are painted.
struct TableWindow {
    var pane: Int
    var kind: PaneKind
    var isFocused: Bool
    var body: Rect
    var fit: ColumnFit
    var scroll: Int
    var selected: Int?
    var now: Timestamp?
    /// What a full bar stands for.
    var longestSeconds = 0.0
}

extension String {
    var capitalizedASCII: String { prefix(1).uppercased() + dropFirst() }
}
