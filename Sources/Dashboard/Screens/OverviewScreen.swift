import CellCanvas
import MeshModel
import Panels

extension Painter {
    ///     ┌ Mesh ─────────────────────┐┌ Failing 4 ─────────────────────────────────────────────┐
    ///     │ 412 rps ▁▂▃▅▆▇▇▆          ││▸✕  5.1/s checkout → payment   503   errors 6.2 % > 5 % │
    ///     │ success 96.1 % (server)   ││ !  2.0/s recommendation → inventory   403   denied …   │
    ///     └───────────────────────────┘└────────────────────────────────────────────────────────┘
    ///      SERVICE        RPS  SUCCESS …
    mutating func overview(_ model: Model, _ data: FrameData, _ layout: ScreenLayout) {
        if let tile = layout.tile { meshTile(tile, model, data) }
        for index in layout.shownPanes { table(pane: index, model, layout) }
        if let notes = layout.notes { selectionLine(model, notes) }
    }

    private mutating func meshTile(_ area: Rect, _ model: Model, _ data: FrameData) {
        frame(area, title: "Mesh", isFocused: false)
        let inner = area.inset(1)
        guard inner.height > 0, inner.width > 10 else { return }
        guard let mesh = data.mesh else {
            empty(["waiting for data…"], in: inner)
            return
        }
        guard mesh.signals.requests > 0 else {
            empty(["no requests in the last \(Format.duration(model.windowSeconds))"], in: inner)
            return
        }
        let facts = meshFacts(mesh, model)
        let chartHeight = mesh.charts.hasRate ? inner.height - facts.count : 0
        if chartHeight >= 3 {
            // Rate with errors below it, sharing the time axis of the window.
            rateChart(mesh.charts, timeLabels: model.timeLabels(data), in: Rect(x: inner.x + 1, y: inner.y, width: inner.width - 2, height: chartHeight))
        } else {
            let x = inner.x + 3 + text(requestText(mesh.signals), x: inner.x + 1, y: inner.y, .strong, limit: inner.width)
            sparkline(mesh.charts.rate, errors: mesh.charts.errorRate, x: x, y: inner.y, width: max(0, inner.right - 1 - x))
        }
        let first = chartHeight >= 3 ? 0 : 1
        for (index, line) in facts.dropFirst(first).enumerated() {
            let y = inner.y + (chartHeight >= 3 ? chartHeight : 1) + index
            guard y < inner.y + inner.height else { break }
            pieces(line, separator: "  ", x: inner.x + 1, y: y, limit: inner.right)
        }
    }

    /// `412 rps`, or of a single page `24,630 requests`.
    func requestText(_ signals: GoldenSignals) -> String {
        signals.rate.map { "\(Format.rate($0)) rps" } ?? Self.plural(Int(clamped: signals.requests), "request")
    }

    /// Lines of the tile, the first first where room is short.
    private func meshFacts(_ mesh: MeshSummary, _ model: Model) -> [[Piece]] {
        let signals = mesh.signals
        let latency = signals.latency
        let unit = signals.rate == nil ? "" : "/s"
        let errors = Piece("errors \(signals.perSecondText(signals.errors))\(unit)", .of(errorShare: signals.errorShare))
        var last = [Piece(Self.plural(mesh.services, "service"), .dim)]
        if let denied = signals.denied, denied > 0 { last.insert(Piece("denied \(signals.perSecondText(denied))\(unit)", .denied), at: 0) }
        return [
            [Piece(requestText(signals), .strong), errors],
            [Piece("success \(Format.success(signals)) (\(model.predicate.rawValue))", .of(errorShare: signals.errorShare))],
            [("p50", latency?.p50), ("p95", latency?.p95), ("p99", latency?.p99)].map { Piece("\($0.0) \(Format.quantile($0.1, of: latency))") },
            last,
        ]
    }

    /// The failing list has no column heads: what fails how often, where, how, and by which rule.
    mutating func failing(_ rows: [FailingRow], _ order: [Int32], _ window: TableWindow) {
        let body = window.body
        let visible = order.dropFirst(window.scroll).prefix(body.height)
        let pathWidth = min(visible.map { cells(rows[Int($0)].path) }.max() ?? 0, max(12, body.width - 16))
        for (line, rowIndex) in visible.enumerated() {
            let y = body.y + line
            let position = window.scroll + line
            hit(Rect(x: body.x, y: y, width: body.width, height: 1), .row(pane: window.pane, position: position))
            failingRow(rows[Int(rowIndex)], x: body.x + 1, y: y, end: body.x + body.width - 1, pathWidth: pathWidth)
            if position == window.selected { select(Rect(x: body.x, y: y, width: body.width - 1, height: 1), isFocused: window.isFocused) }
        }
    }

    private mutating func failingRow(_ row: FailingRow, x left: Int, y: Int, end: Int, pathWidth: Int) {
        switch row {
        case .warning(let warning):
            text("! \(warning.text)", x: left, y: y, .warning, limit: end - left)
        case .edge(let edge):
            text(edge.state.glyph, x: left, y: y, .of(edge.state), limit: 1)
            let rate = edge.failureRate
            text(rate, x: left + 2 + max(0, 6 - cells(rate)), y: y, .of(edge.state), limit: 6)
            var x = left + 9
            text(truncated(row.path, to: pathWidth), x: x, y: y, edge.stale ? .dim : .strong, limit: end - x)
            x += pathWidth + 2
            let kinds = edge.failureKinds
            if x < end { x += text(kinds, x: x, y: y, .normal, limit: end - x) + (kinds.isEmpty ? 0 : 2) }
            if x + 10 < end { text(edge.reason, x: x, y: y, .dim, limit: end - x) }
        }
    }
}

extension FailingRow {
    /// `checkout → payment`; with the version where all failures are one version's.
    var path: String {
        guard case .edge(let row) = self else { return "" }
        let failing = VersionShare.parts(row.versions).filter(\.isFailing)
        let version = row.versions.count > 1 && failing.count == 1 ? "@\(failing[0].version)" : ""
        return "\(row.source.displayName) → \(row.destination.displayName)\(version)"
    }
}
