import CellCanvas
import MeshModel
import Panels

extension Painter {
    ///     ┌ Mesh ─────────────────────┐┌ Failing paths 2 ───────────────────────────────────────┐
    ///     │ 412 rps ▁▂▃▅▆▇▇▆          ││▸✕  5.1/s gateway → +2 → payment@v2   503 own error     │
    ///     │ success 96.1 % (server)   ││ !  2.0/s recommendation → inventory   403 denied …     │
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
}
