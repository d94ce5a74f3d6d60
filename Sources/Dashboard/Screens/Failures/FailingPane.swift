import CellCanvas
import Panels

extension Painter {
    /// Overview's list of what fails. It has no column heads: how often, along which way, how, how much of it that explains, and since when.
    ///
    ///     ▸✕  38/s  gateway → frontend → checkout → payment@v2   503 own error          explains 91 %  since 13:58:04
    ///      !   2/s  recommendation → inventory                   403 denied by policy                  since 13:40:00
    mutating func failing(_ rows: [FailingRow], _ order: [Int32], _ window: TableWindow) {
        let body = window.body
        let visible = order.dropFirst(window.scroll).prefix(body.height)
        let columns = FailingColumns(visible.compactMap { if case .verdict(let row) = rows[Int($0)] { row } else { nil } }, width: body.width - 11)
        for (line, rowIndex) in visible.enumerated() {
            let y = body.y + line
            let position = window.scroll + line
            hit(Rect(x: body.x, y: y, width: body.width, height: 1), .row(pane: window.pane, position: position))
            switch rows[Int(rowIndex)] {
            case .warning(let warning): text("! \(warning.text)", x: body.x + 1, y: y, .warning, limit: body.width - 2)
            case .verdict(let row): verdict(row, x: body.x + 1, y: y, end: body.right - 1, columns)
            }
            if position == window.selected { select(Rect(x: body.x, y: y, width: body.width - 1, height: 1), isFocused: window.isFocused) }
        }
    }

    private mutating func verdict(_ row: VerdictRow, x left: Int, y: Int, end: Int, _ columns: FailingColumns) {
        let tone: Tone = row.verdict.isDenial ? .denied : .of(row.health)
        text(row.stateGlyph, x: left, y: y, tone, limit: 1)
        text(row.amountText, x: left + 2 + max(0, 6 - cells(row.amountText)), y: y, tone, limit: 6)
        var x = left + 9
        text(row.verdict.chain(fitting: columns.chain), x: x, y: y, row.health == .failing ? .strong : .normal, limit: min(columns.chain, end - x))
        x += columns.chain + 2
        text(row.shortWhat, x: x, y: y, tone, limit: min(columns.what, end - x))
        x += columns.what + 2
        if columns.share > 0 {
            text(FailingColumns.share(row), x: x, y: y, .normal, limit: min(columns.share, end - x))
            x += columns.share + 2
        }
        if columns.since > 0 { text(row.since ?? "", x: x, y: y, .dim, limit: end - x) }
    }
}

/// How wide each part of the list is: what has no room goes, the time first, then the share; the way is told in fewer names before that.
struct FailingColumns {
    var chain = 0, what = 0, share = 0, since = 0

    init(_ rows: [VerdictRow], width: Int) {
        func longest(_ text: (VerdictRow) -> String) -> Int { rows.map { TextWidth.columns(of: text($0)) }.max() ?? 0 }
        let whole = longest(\.verdict.chain), shortest = longest { $0.verdict.chain(fitting: 0) }
        (what, share, since) = (longest(\.shortWhat), longest(Self.share), longest { $0.since ?? "" })
        func rest() -> Int { [what, share, since].reduce(0) { $0 + ($1 > 0 ? $1 + 2 : 0) } }
        // Two names and how many are between them.
        let short = min(whole, shortest + 10)
        if short + rest() > width { since = 0 }
        if short + rest() > width { share = 0 }
        chain = min(whole, max(width - rest(), shortest))
        what = min(what, max(0, width - chain - 2 - (share > 0 ? share + 2 : 0) - (since > 0 ? since + 2 : 0)))
    }

    static func share(_ row: VerdictRow) -> String { row.verdict.shareText.map { "explains \($0)" } ?? "" }
}
