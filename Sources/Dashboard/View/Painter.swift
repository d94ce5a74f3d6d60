import CellCanvas
import MeshModel
import Panels

/// Writes the parts of a screen onto a canvas and remembers what a click on each part means. All text that reaches
/// the canvas goes through here: it is clipped, cut with "…" and, for ASCII terminals, transliterated.
struct Painter: ~Copyable {
    private(set) var canvas: Canvas
    let glyphs: GlyphSet
    let trends: [EntityKey: Trend]
    private(set) var hits: [Hit] = []

    var width: Int { canvas.width }
    var height: Int { canvas.height }

    /// Takes the cells of `canvas`; `finish` gives them back.
    init(_ canvas: inout Canvas, glyphs: GlyphSet, trends: [EntityKey: Trend] = [:]) {
        self.canvas = Canvas(width: 0, height: 0)
        self.glyphs = glyphs
        self.trends = trends
        swap(&self.canvas, &canvas)
    }

    mutating func finish(_ canvas: inout Canvas) { swap(&self.canvas, &canvas) }

    mutating func hit(_ area: Rect, _ target: Hit.Target) { hits.append(Hit(area: area, target: target)) }

    /// Direct access for widgets.
    mutating func draw(_ body: (inout Canvas) -> Void) { body(&canvas) }

    // MARK: - Text

    func cells(_ text: String) -> Int { TextWidth.columns(of: text) }

    func truncated(_ text: String, to limit: Int) -> String {
        // Bytes bound cells from above but for controls, which count as none.
        text.utf8.count <= limit ? text : TextWidth.truncated(text, to: limit)
    }

    /// Lines of at most `limit` cells, broken at blanks; later lines stand two cells in.
    static func wrapped(_ text: String, to limit: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            let joined = line.isEmpty ? String(word) : line + " " + word
            if TextWidth.columns(of: joined) <= limit || line.allSatisfy({ $0 == " " }) {
                line = joined
            } else {
                lines.append(line)
                line = "  " + word
            }
        }
        return lines + [line]
    }

    /// Writes at most `limit` cells, ending in "…" where cut; returns the cells written.
    @discardableResult
    mutating func text(_ text: String, x: Int, y: Int, _ tone: Tone, limit: Int) -> Int { self.text(text, x: x, y: y, style: tone.style, limit: limit) }

    @discardableResult
    mutating func text(_ text: String, x: Int, y: Int, style: Style, limit: Int) -> Int {
        guard limit > 0 else { return 0 }
        return canvas.put(glyphs.adapted(truncated(text, to: limit)), x: x, y: y, style: style, limit: limit)
    }

    mutating func pieces(_ pieces: [Piece], separator: String = Honesty.separator, x: Int, y: Int, limit: Int) {
        var x = x
        for (index, piece) in pieces.enumerated() {
            if index > 0 { x += text(separator, x: x, y: y, .dim, limit: max(0, limit - x)) }
            x += text(piece.text, x: x, y: y, piece.tone, limit: max(0, limit - x))
        }
    }

    // MARK: - Areas

    mutating func fill(_ area: Rect, _ tone: Tone) { canvas.fill(area, style: tone.style) }

    /// Shows a painted row as selected: by a mark in its first cell, and by the selection's background where keys go.
    mutating func select(_ row: Rect, isFocused: Bool) {
        text(isFocused ? "▸" : "›", x: row.x, y: row.y, isFocused ? .accent : .dim, limit: 1)
        if isFocused { canvas.restyle(row) { $0.selected } }
    }

    mutating func rule(x: Int = 0, y: Int, width: Int, title: String) {
        text(String(repeating: "─", count: max(0, width)), x: x, y: y, .border, limit: width)
        if !title.isEmpty { text(" \(title) ", x: x + 2, y: y, .dim, limit: width - 4) }
    }

    mutating func frame(_ area: Rect, title: String, isFocused: Bool) {
        guard area.width > 1, area.height > 1 else { return }
        let tone: Tone = isFocused ? .borderFocused : .border
        let line = String(repeating: "─", count: area.width - 2)
        text("┌\(line)┐", x: area.x, y: area.y, tone, limit: area.width)
        text("└\(line)┘", x: area.x, y: area.bottom - 1, tone, limit: area.width)
        for y in area.y + 1..<area.bottom - 1 {
            text("│", x: area.x, y: y, tone, limit: 1)
            text("│", x: area.right - 1, y: y, tone, limit: 1)
        }
        text(" \(truncated(title, to: area.width - 6)) ", x: area.x + 1, y: area.y, isFocused ? .accent : .title, limit: area.width - 2)
    }

    /// In the last column of `area`; nothing while all rows are in view.
    mutating func scrollBar(_ area: Rect, scroll: Int, count: Int) {
        guard count > area.height, area.height > 1 else { return }
        let thumb = max(1, area.height * area.height / count)
        let top = (area.height - thumb) * min(scroll, count - area.height) / (count - area.height)
        for line in 0..<area.height {
            let isThumb = line >= top && line < top + thumb
            text(isThumb ? "┃" : "│", x: area.right - 1, y: area.y + line, isThumb ? .header : .border, limit: 1)
        }
    }

    mutating func sparkline(_ values: [Float], errors: [Float], x: Int, y: Int, width: Int, isDim: Bool = false) {
        let style = isDim ? Style(.stale) : Style(.chart1)
        Sparkline(values: values, errors: errors, glyphs: glyphs, style: style, warningStyle: isDim ? style : Style(.warning), errorStyle: isDim ? style : Style(.failing))
            .draw(into: &canvas, x: x, y: y, width: width)
    }

    /// Requests and errors per second over the window.
    mutating func rateChart(_ charts: Charts, timeLabels: (String, String), in area: Rect) {
        LineChart(series: charts.rateSeries, glyphs: glyphs, timeLabels: timeLabels) { Format.axis(Format.rate($0)) }
            .draw(into: &canvas, in: area)
    }
}

extension Charts {
    var hasRate: Bool { rate.contains { $0.isFinite } }
}

extension Model {
    /// What stands under the ends of a time axis.
    func timeLabels(_ data: FrameData) -> (String, String) {
        let start = windowSeconds.isFinite ? "-" + Format.duration(data.window.length.seconds) : data.window.from.timeOfDay
        if time.instant != nil { return (start, data.window.to.timeOfDay) }
        return (start, "now")
    }
}
