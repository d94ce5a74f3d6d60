import CellCanvas
import MeshModel
import Panels

extension Painter {
    private enum Chart { case rate, latency, bytes, heat }

    /// Rate with errors, latency quantiles, bytes, and where latencies fell: beside and below each other, as many as fit.
    mutating func charts(pane index: Int, _ model: Model, _ layout: ScreenLayout) {
        guard let outer = layout.area(pane: index) else { return }
        let isFocused = model.screen.focus == index
        hit(outer, .pane(index))
        guard case .detail(let key) = model.screen.place, let data = model.frame, let detail = data.details[key] else { return }
        let all: [Chart] = [.rate, .latency, .bytes, .heat]
        let across = max(1, min(all.count, outer.width / 38))
        let rows = max(1, min((all.count + across - 1) / across, outer.height / 7))
        let shown: [Chart] = across * rows >= all.count ? all : across * rows == 3 ? [.rate, .latency, .heat] : across * rows == 2 ? [.rate, .latency] : [.rate]
        var remaining = outer
        for row in 0..<rows {
            let (line, next) = remaining.splitTop(remaining.height / (rows - row))
            remaining = next
            var left = line
            for column in 0..<across where row * across + column < shown.count {
                let (cell, rest) = left.splitLeft(left.width / (across - column))
                left = rest
                let area = column == across - 1 ? cell : cell.splitLeft(cell.width - 1).0
                let end = chart(shown[row * across + column], detail, model.timeLabels(data), isFocused: isFocused, usesColor: model.settings.usesColor, in: area)
                let more = " \(model.keyHint(.zoom)): \(all.count - shown.count) more "
                if shown.count < all.count, row * across + column == shown.count - 1, end + cells(more) < area.right {
                    text(more, x: area.right - cells(more), y: area.y, .key, limit: cells(more))
                }
            }
        }
    }

    /// Returns where its title ends.
    private mutating func chart(_ chart: Chart, _ detail: EntityDetail, _ times: (String, String), isFocused: Bool, usesColor: Bool, in area: Rect) -> Int {
        let charts = detail.charts
        let end: Int
        let body = area.splitTop(1).1
        // Of one that fell silent its callers may go on telling.
        let isSilent = detail.row.stale && detail.row.signals.evidence.contains(.metricsServer)
        func lines(_ series: [LineChart.Series], top: Double? = nil, _ label: @escaping (Double) -> String) -> LineChart {
            LineChart(series: series, glyphs: glyphs, timeLabels: times, top: top, label: label)
        }
        switch chart {
        case .rate:
            let series = charts.hasRate ? charts.rateSeries : []
            // Drawn last, errors are named before denials.
            end = title("Requests/s", series.prefix(1) + series.dropFirst().reversed(), isFocused: isFocused, isSilent: isSilent, in: area) { Format.rate($0) }
            if charts.hasRate { draw(lines(series) { Format.axis(Format.rate($0)) }, in: body) } else { none(Self.noCourse(detail), in: body) }
        case .latency:
            let series = charts.latencySeries
            end = title("Latency", series.reversed(), isFocused: isFocused, isSilent: isSilent, in: area) { Format.milliseconds($0) }
            if series.isEmpty {
                none(detail.row.signals.latency == nil ? "not exported by \(detail.exporter)" : Self.noCourse(detail), in: body)
            } else {
                draw(lines(series) { Format.axis(Format.milliseconds($0)) }, in: body)
            }
        case .bytes:
            let series = charts.byteSeries
            end = title("Bytes/s", series, isFocused: isFocused, isSilent: isSilent, in: area) { Format.bytes($0) }
            if series.isEmpty {
                let noBytes = detail.row.signals.bytesIn == nil && detail.row.signals.bytesOut == nil
                none(noBytes ? "not exported by \(detail.exporter)" : Self.noCourse(detail), in: body)
            } else {
                draw(lines(series) { Format.axis(Format.bytes($0)) }, in: body)
            }
        case .heat:
            end = title("Latency spread", [], isFocused: isFocused, isSilent: isSilent, in: area) { Format.milliseconds($0) }
            guard let heat = charts.heat else {
                none(detail.row.signals.latency == nil ? "not exported by \(detail.exporter)" : Self.noCourse(detail), in: body)
                return end
            }
            let bounds = heat.upperBounds
            let map = HeatMap(counts: heat.counts, buckets: bounds.count, glyphs: glyphs, usesColor: usesColor, timeLabels: times) { bucket in
                let bound = bounds[bucket]
                if bound.isFinite { return "≤" + Format.axis(Format.milliseconds(bound)) }
                return bucket > 0 ? ">" + Format.axis(Format.milliseconds(bounds[bucket - 1])) : "all"
            }
            draw { map.draw(into: &$0, in: body) }
        }
        return end
    }

    private mutating func draw(_ chart: LineChart, in area: Rect) { draw { chart.draw(into: &$0, in: area) } }

    private mutating func none(_ words: String, in area: Rect) {
        for (line, words) in Self.wrapped(words, to: max(8, area.width - 2)).enumerated() where line < area.height {
            text(words, x: area.x + 1, y: area.y + line, .dim, limit: area.width - 2)
        }
    }

    /// `─ Latency  p50 31ms  p95 180ms  p99 310ms ─`: each line by its name, in its look, with its newest value.
    private mutating func title(_ name: String, _ series: [LineChart.Series], isFocused: Bool, isSilent: Bool, in area: Rect, _ value: (Double) -> String) -> Int {
        text(String(repeating: "─", count: area.width), x: area.x, y: area.y, isFocused ? .borderFocused : .border, limit: area.width)
        var x = area.x + 1
        x += text(" \(name)", x: x, y: area.y, isFocused ? .accent : .title, limit: area.right - x)
        var labels = series.map { line in
            let mark = glyphs == .braille ? "" : "\(line.mark) "
            // What one that fell silent did last is not what it does.
            let newest = isSilent ? nil : line.values.last { $0.isFinite }
            return (text: " \(mark)\(line.name) \(newest.map { value(Double($0)) } ?? Format.unknown)", style: line.style)
        }
        // Where not all fit, the tail of the latencies tells more than the middle, and all requests more than the denied.
        while x + labels.reduce(0, { $0 + cells($1.text) }) >= area.right, !labels.isEmpty { _ = name == "Latency" ? labels.removeFirst() : labels.removeLast() }
        for label in labels { x += text(label.text, x: x, y: area.y, style: label.style, limit: area.right - x) }
        return x + text(" ", x: x, y: area.y, .normal, limit: area.right - x)
    }

    private static func noCourse(_ detail: EntityDetail) -> String {
        detail.row.signals.from == nil ? "one page has no course: rates need two" : "no samples in this window"
    }
}

extension EntityDetail {
    var exporter: String { sources.count > 1 ? "these proxies" : "this proxy" }
}

extension Charts {
    /// What is drawn later lies on top. Where nothing fails no line of errors is drawn.
    var rateSeries: [LineChart.Series] {
        func amount(_ values: [Float]) -> [Float] { values.contains { $0 > 0 } ? values.map { $0 > 0 ? $0 : .nan } : [] }
        return [
            LineChart.Series(values: rate, style: Style(.chart1), name: "all", mark: "*"),
            LineChart.Series(values: amount(deniedRate), style: Style(.denied), name: "denied", mark: "d"),
            LineChart.Series(values: amount(errorRate), style: Style(.failing), name: "errors", mark: "x"),
        ].filter { !$0.values.isEmpty }
    }

    var latencySeries: [LineChart.Series] {
        [
            LineChart.Series(values: p99, style: Style(.chart3), name: "p99", mark: "#"), LineChart.Series(values: p95, style: Style(.chart2), name: "p95", mark: "+"),
            LineChart.Series(values: p50, style: Style(.chart1), name: "p50", mark: "."),
        ].filter { $0.values.contains { $0.isFinite } }
    }

    /// The larger direction behind the smaller.
    var byteSeries: [LineChart.Series] {
        let series = [
            LineChart.Series(values: bytesInRate, style: Style(.chart1), name: "in", mark: "<"), LineChart.Series(values: bytesOutRate, style: Style(.chart4), name: "out", mark: ">"),
        ].filter { $0.values.contains { $0.isFinite } }
        func peak(_ series: LineChart.Series) -> Float { series.values.filter(\.isFinite).max() ?? 0 }
        return series.sorted { peak($0) > peak($1) }
    }
}
