import CellCanvas
import MeshModel
import Panels

/// The page of a call.
///
///     facts of both sides                      facts of both sides
///     requests and errors over the window      requests and errors over the window
///     Versions                                 Versions ┊ Answers
///     Answers
extension ScreenLayout {
    mutating func call() {
        let (facts, rest) = body.splitTop(10)
        tile = facts
        let (main, below) = rest.splitBottom(1)
        notes = below
        let (top, lists) = main.splitTop(main.height >= 24 ? 11 : main.height >= 18 ? 7 : 0)
        tabs = top
        if body.width >= 120 {
            let (left, right) = lists.splitLeft(lists.width / 2)
            areas = [left.splitLeft(left.width - 1).0, right]
        } else {
            let (upper, lower) = lists.splitTop(lists.height / 2)
            areas = [upper, lower]
        }
    }
}

extension Painter {
    mutating func call(_ level: EntityLevel, _ edge: EdgeKey, _ model: Model, _ data: FrameData, _ layout: ScreenLayout) {
        let row = data.call(level, edge)
        if let tile = layout.tile { panel(of: row.map { .edge($0) } ?? .gone(.edge(edge)), level, tile, model) }
        if let row, let area = layout.tabs, area.height > 2 {
            let trend = model.trend(of: row)
            var charts = Charts(slotSeconds: data.window.length.seconds / Double(max(1, trend.rates.count)), end: data.window.to)
            (charts.rate, charts.errorRate) = (trend.rates, trend.errors)
            if charts.hasRate { rateChart(charts, timeLabels: model.timeLabels(data), in: area.inset(1)) } else { empty(["No course of these calls is kept: their caller's proxies are not read."], in: area) }
        }
        for index in layout.shownPanes { table(pane: index, model, layout) }
        if let notes = layout.notes { selectionLine(model, notes) }
    }
}
