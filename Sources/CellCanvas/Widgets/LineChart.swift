/// Several series over one time axis. Braille has 2×4 dots a cell, blocks eight steps a column, ASCII one mark a cell.
public struct LineChart {
    public struct Series: Sendable {
        public var values: [Float]
        public var style: Style
        public var name: String
        /// Stands for it where glyphs are ASCII, and beside its name where colours may be missing.
        public var mark: Character
        public init(values: [Float], style: Style, name: String = "", mark: Character = "*") {
            self.values = values
            self.style = style
            self.name = name
            self.mark = mark
        }
    }

    public var series: [Series]
    public var glyphs: GlyphSet
    /// Writes a value of the y axis for people ("120ms").
    public var label: (Double) -> String
    /// Texts at the left and right end of the time axis.
    public var timeLabels: (String, String)
    /// Fixed top of the axis; nil: the highest value, rounded up.
    public var top: Double?

    public init(series: [Series], glyphs: GlyphSet, timeLabels: (String, String) = ("", ""), top: Double? = nil,
                 label: @escaping (Double) -> String) {
        self.series = series
        self.glyphs = glyphs
        self.timeLabels = timeLabels
        self.top = top
        self.label = label
    }

    public func draw(into canvas: inout Canvas, in area: Rect) {
        guard area.width > 4, area.height > 1 else { return }
        let hasAxis = area.height > 2
        let rows = hasAxis ? area.height - 1 : area.height
        let peak = top ?? Self.niceTop(Double(series.flatMap(\.values).filter(\.isFinite).max() ?? 0))
        let labels = [peak, peak / 2, 0].map(label)
        let gutter = min(area.width / 3, (labels.map(TextWidth.columns).max() ?? 0) + 1)
        let plot = Rect(x: area.x + gutter, y: area.y, width: area.width - gutter, height: rows)
        for (index, y) in [area.y, area.y + rows / 2, area.y + rows - 1].enumerated() where index != 1 || rows >= 5 {
            let text = labels[index]
            canvas.put(text, x: area.x + max(0, gutter - 1 - TextWidth.columns(of: text)), y: y, style: Style(.dim), limit: gutter)
        }
        if hasAxis {
            canvas.put(glyphs.adapted(timeLabels.0), x: plot.x, y: area.y + rows, style: Style(.dim), limit: plot.width)
            let end = glyphs.adapted(timeLabels.1)
            let width = TextWidth.columns(of: end)
            if width + TextWidth.columns(of: timeLabels.0) + 1 <= plot.width {
                canvas.put(end, x: plot.right - width, y: area.y + rows, style: Style(.dim))
            }
        }
        guard peak > 0 else { return }
        for line in series {
            switch glyphs {
            case .braille: braille(line, peak, plot, &canvas)
            case .block: block(line, peak, plot, &canvas)
            case .ascii: ascii(line, peak, plot, &canvas)
            }
        }
    }

    /// Later series are drawn over earlier ones; dots of one cell come together, the colour is the last one's.
    private func braille(_ line: Series, _ peak: Double, _ plot: Rect, _ canvas: inout Canvas) {
        let columns = plot.width * 2, dots = plot.height * 4
        let points = Resampling.means(line.values, to: columns)
        var previous: Int?
        for (column, value) in points.enumerated() {
            guard value.isFinite else {
                previous = nil
                continue
            }
            let level = min(dots - 1, max(0, Int((Double(value) / peak * Double(dots - 1)).rounded())))
            // A line, not a cloud: the dots between two neighbours belong to the later one.
            let from = previous.map { $0 < level ? $0 + 1 : $0 > level ? $0 - 1 : level } ?? level
            for dot in min(from, level)...max(from, level) {
                let row = plot.height - 1 - dot / 4
                let x = plot.x + column / 2, y = plot.y + row
                let bit = Self.bits[column % 2][3 - dot % 4]
                let before = canvas[x, y].scalar
                let dots = before >= 0x2800 && before <= 0x28FF ? before : 0x2800
                if let scalar = Unicode.Scalar(dots | bit) { canvas.put(scalar, x: x, y: y, style: line.style) }
            }
            previous = level
        }
    }

    private static let bits: [[UInt32]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

    private func block(_ line: Series, _ peak: Double, _ plot: Rect, _ canvas: inout Canvas) {
        let steps: [Unicode.Scalar] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
        for (column, value) in Resampling.means(line.values, to: plot.width).enumerated() where value.isFinite {
            let level = min(plot.height * 8 - 1, max(0, Int((Double(value) / peak * Double(plot.height * 8 - 1)).rounded())))
            for row in 0...(level / 8) {
                let step = row == level / 8 ? level % 8 : 7
                canvas.put(steps[step], x: plot.x + column, y: plot.bottom - 1 - row, style: line.style)
            }
        }
    }

    private func ascii(_ line: Series, _ peak: Double, _ plot: Rect, _ canvas: inout Canvas) {
        let mark = line.mark.unicodeScalars.first { $0.isASCII } ?? "*"
        for (column, value) in Resampling.means(line.values, to: plot.width).enumerated() where value.isFinite {
            let level = min(plot.height - 1, max(0, Int((Double(value) / peak * Double(plot.height - 1)).rounded())))
            canvas.put(mark, x: plot.x + column, y: plot.bottom - 1 - level, style: line.style)
        }
    }

    /// The next of 1, 2, 2.5, 5 × 10ⁿ at or above the value.
    public static func niceTop(_ value: Double) -> Double {
        guard value > 0, value.isFinite else { return 0 }
        var power = 1.0
        while power * 10 <= value, power < 1e300 { power *= 10 }
        while power > value, power > 1e-300 { power /= 10 }
        return [1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10].map { $0 * power }.first { $0 >= value } ?? value
    }
}
