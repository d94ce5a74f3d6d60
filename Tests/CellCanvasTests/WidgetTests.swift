import CellCanvas
import TestSupport
import Testing

/// Widgets stay inside their area, whatever they are given.
@Suite struct WidgetTests {
    static let series: [[Float]] = [
        [], [0], [.nan], [1, 2, 3], [.nan, 5, .nan, 5], .init(repeating: 0, count: 60), (0..<60).map { Float($0) }, [1e30, 1e-30], [.infinity, 1], [-1, 2], (0..<500).map { Float($0 % 7) },
    ]

    /// Calls `draw` with areas of all sizes on a canvas with a margin that must stay as it was.
    private func inside(_ draw: (inout Canvas, Rect) -> Void) {
        for width in [0, 1, 2, 5, 9, 11, 30, 80] {
            for height in [0, 1, 2, 3, 4, 10] {
                var canvas = Canvas(width: width + 4, height: height + 4)
                let area = Rect(x: 2, y: 2, width: width, height: height)
                draw(&canvas, area)
                for y in 0..<canvas.height {
                    for x in 0..<canvas.width where !area.contains(x: x, y: y) {
                        if canvas[x, y] != Cell() { Issue.record("\(width)x\(height) wrote at \(x - 2),\(y - 2)") }
                    }
                }
            }
        }
    }

    @Test(arguments: GlyphSet.allCases)
    func chartsStayInside(_ glyphs: GlyphSet) {
        for values in Self.series {
            inside { canvas, area in
                LineChart(series: [.init(values: values, style: Style(.chart1), name: "all"), .init(values: values.reversed(), style: Style(.failing), name: "errors", mark: "x")],
                          glyphs: glyphs, timeLabels: ("-5m", "now")) { "\(Int(min($0, 1e9)))" }.draw(into: &canvas, in: area)
            }
            inside { canvas, area in
                for y in area.y..<area.bottom { Sparkline(values: values, errors: values, glyphs: glyphs).draw(into: &canvas, x: area.x, y: y, width: area.width) }
            }
        }
    }

    @Test(arguments: GlyphSet.allCases)
    func heatMapsStayInside(_ glyphs: GlyphSet) {
        for buckets in [0, 1, 3, 14, 40] {
            for slots in [0, 1, 7, 60] {
                let counts = (0..<buckets * slots).map { Float($0 % 5) }
                inside { canvas, area in
                    HeatMap(counts: counts, buckets: buckets, glyphs: glyphs, usesColor: slots == 7, timeLabels: ("-5m", "now")) { "≤\($0)ms" }.draw(into: &canvas, in: area)
                }
            }
        }
    }

    @Test func aGapIsBlank() {
        var canvas = Canvas(width: 6, height: 1)
        Sparkline(values: [1, .nan, 2, 2, .nan, 4], glyphs: .block).draw(into: &canvas, x: 0, y: 0, width: 6)
        #expect(canvas.plainText() == "▃ ▄▄ ▇")
        var chart = Canvas(width: 30, height: 4)
        LineChart(series: [.init(values: [1, .nan, 1], style: Style(.chart1))], glyphs: .ascii, top: 2) { _ in "9" }.draw(into: &chart, in: chart.bounds)
        let marked = chart.plainText().split(separator: "\n").first { $0.contains("*") } ?? ""
        #expect(marked.filter { $0 == "*" }.count == 19, "two thirds of 28 columns: \(marked)")
    }

    /// One error in a thousand is no outage.
    @Test func barsAreColouredByTheShareOfErrors() {
        var canvas = Canvas(width: 4, height: 1)
        Sparkline(values: [100, 100, 100, 100], errors: [0, 0.05, 2, 6], glyphs: .block).draw(into: &canvas, x: 0, y: 0, width: 4)
        #expect(canvas.row(0).map(\.style.role) == [.chart1, .chart1, .warning, .failing])
    }

    @Test(arguments: [(0.0, 0.0), (0.3, 0.3), (0.31, 0.4), (1, 1), (1.1, 1.5), (82, 100), (101, 150), (4_100, 5_000), (7.6, 10)])
    func axesEndOnRoundNumbers(_ value: Double, _ top: Double) { #expect(abs(LineChart.niceTop(value) - top) < top * 1e-9 + 1e-12) }

    @Test func sharesFillTheBar() {
        for parts in [[1.0, 1], [99, 1], [1, 0, 1000], [5]] {
            var canvas = Canvas(width: 20, height: 1)
            ShareBar(parts: zip(parts, ["a", "b", "c"] as [Unicode.Scalar]).map { .init(amount: $0, style: .text, mark: $1) }).draw(into: &canvas, x: 0, y: 0, width: 20)
            let text = canvas.plainText()
            #expect(text.count == 20)
            #expect(Set(text).count == parts.filter { $0 > 0 }.count, "every part above nothing is seen: \(text)")
        }
    }
}
