import CellCanvas
import MeshModel
import Panels

extension Painter {
    /// A service, pod or node: its signals in a line, then its lists.
    mutating func detail(_ key: EntityKey, _ model: Model, _ data: FrameData, _ layout: ScreenLayout) {
        if let tile = layout.tile {
            frame(tile, title: model.screen.place.title, isFocused: false)
            let inner = tile.inset(1)
            if let detail = data.details[key] {
                let signals = detail.row.signals
                let facts = [
                    Piece("\(detail.row.state.glyph) \(detail.row.state.name)", .of(detail.row.state)), Piece(requestText(signals), .strong),
                    Piece("success \(Format.success(signals)) (\(model.predicate.rawValue))", .of(errorShare: signals.errorShare)),
                    Piece("p50 \(Format.quantile(signals.latency?.p50, of: signals.latency))"),
                    Piece("p99 \(Format.quantile(signals.latency?.p99, of: signals.latency))"),
                ]
                pieces(facts, x: inner.x + 1, y: inner.y, limit: inner.x + inner.width)
                if inner.height > 1 { text(detail.row.reason, x: inner.x + 1, y: inner.y + 1, .of(detail.row.state), limit: inner.width - 1) }
                if inner.height > 4, detail.charts.hasRate {
                    rateChart(detail.charts, timeLabels: model.timeLabels(data), in: Rect(x: inner.x, y: inner.y + 2, width: inner.width, height: inner.height - 2))
                }
            } else {
                empty(["waiting for data…"], in: inner)
            }
        }
        for index in layout.shownPanes { table(pane: index, model, layout) }
        if let notes = layout.notes { selectionLine(model, notes) }
    }
}
