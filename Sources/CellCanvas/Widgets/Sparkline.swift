/// A row of bars, one a cell: the recent course of one number. NaN is a gap and stays blank.
public struct Sparkline: Sendable {
    public var values: [Float]
    /// Where more than 0.1 % and 5 % of the values, the bar takes the roles of warning and failure.
    public var errors: [Float]
    public var glyphs: GlyphSet
    public var style: Style
    public var warningStyle: Style
    public var errorStyle: Style

    public init(values: [Float], errors: [Float] = [], glyphs: GlyphSet, style: Style = Style(.chart1), warningStyle: Style = Style(.warning),
                 errorStyle: Style = Style(.failing)) {
        self.values = values
        self.errors = errors
        self.glyphs = glyphs
        self.style = style
        self.warningStyle = warningStyle
        self.errorStyle = errorStyle
    }

    public func draw(into canvas: inout Canvas, x: Int, y: Int, width: Int) {
        guard width > 0, !values.isEmpty else { return }
        let points = Resampling.means(values, to: width)
        let errorPoints = errors.isEmpty ? [] : Resampling.means(errors, to: width)
        let peak = points.filter(\.isFinite).max() ?? 0
        let steps: [Unicode.Scalar] = glyphs.isASCII ? Self.asciiSteps : Self.blockSteps
        for (index, value) in points.enumerated() where value.isFinite {
            let share = peak > 0 ? max(0, value / peak) : 0
            let step = min(steps.count - 1, Int(share * Float(steps.count - 1) + 0.5))
            let errors = index < errorPoints.count && errorPoints[index].isFinite ? errorPoints[index] : 0
            let look = errors > max(0, value) * 0.05 ? errorStyle : errors > max(0, value) * 0.001 ? warningStyle : style
            canvas.put(steps[step], x: x + index, y: y, style: look)
        }
    }

    // Not the full block: rows of a table must not run into each other.
    private static let blockSteps: [Unicode.Scalar] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇"]
    private static let asciiSteps: [Unicode.Scalar] = ["_", ".", "-", "=", "+", "*", "#"]
}

public enum Resampling {
    /// Means over equal stretches; a stretch without a finite value is NaN.
    public static func means(_ values: [Float], to count: Int) -> [Float] {
        guard count > 0, !values.isEmpty else { return [] }
        return (0..<count).map { index in
            let start = index * values.count / count
            let end = max(start + 1, (index + 1) * values.count / count)
            var sum: Float = 0, finite: Float = 0
            for value in values[start..<min(end, values.count)] where value.isFinite {
                sum += value
                finite += 1
            }
            return finite > 0 ? sum / finite : .nan
        }
    }
}
