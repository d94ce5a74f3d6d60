/// Slots from left to right, buckets from below: how many observations fell where. Darker by the root of the share, so that
/// a few slow requests are still seen beside thousands of fast ones.
public struct HeatMap {
    /// `counts[slot * buckets + bucket]`, not cumulative.
    public var counts: [Float]
    public var buckets: Int
    /// Text of a bucket's upper bound.
    public var label: (Int) -> String
    public var glyphs: GlyphSet
    public var timeLabels: (String, String)
    /// Without colours density is told by glyphs.
    public var usesColor: Bool

    public init(counts: [Float], buckets: Int, glyphs: GlyphSet, usesColor: Bool = true, timeLabels: (String, String) = ("", ""),
                 label: @escaping (Int) -> String) {
        self.counts = counts
        self.buckets = buckets
        self.glyphs = glyphs
        self.usesColor = usesColor
        self.timeLabels = timeLabels
        self.label = label
    }

    public func draw(into canvas: inout Canvas, in area: Rect) {
        guard buckets > 0, counts.count >= buckets, area.width > 10, area.height > 2 else { return }
        let slots = counts.count / buckets
        // Only buckets that were ever hit, and one beside them, are worth a row.
        let hit = (0..<buckets).filter { bucket in (0..<slots).contains { counts[$0 * buckets + bucket] > 0 } }
        guard let first = hit.first, let last = hit.last else {
            canvas.put("no latency observed in the window", x: area.x, y: area.y, style: Style(.dim), limit: area.width)
            return
        }
        let rows = area.height - 1
        let perRow = max(1, (last - first + rows) / rows)
        let used = (last - first) / perRow + 1
        let labels = (0..<used).map { glyphs.adapted(label(min(last, first + $0 * perRow + perRow - 1))) }
        let gutter = min(area.width / 3, (labels.map(TextWidth.columns).max() ?? 0) + 1)
        let plot = Rect(x: area.x + gutter, y: area.y, width: area.width - gutter, height: min(rows, used))
        var grid = [Float](repeating: 0, count: plot.width * plot.height)
        for slot in 0..<slots {
            let left = slot * plot.width / slots
            let right = max(left + 1, (slot + 1) * plot.width / slots)
            for bucket in first...last {
                let row = (bucket - first) / perRow
                let share = counts[slot * buckets + bucket] / Float(right - left)
                for x in left..<min(right, plot.width) where row < plot.height { grid[row * plot.width + x] += share }
            }
        }
        let peak = grid.max() ?? 0
        guard peak > 0 else { return }
        for row in 0..<plot.height {
            let y = plot.bottom - 1 - row
            canvas.put(labels[row], x: area.x + max(0, gutter - 1 - TextWidth.columns(of: labels[row])), y: y, style: Style(.dim), limit: gutter)
            for x in 0..<plot.width where grid[row * plot.width + x] > 0 {
                let step = min(7, Int((grid[row * plot.width + x] / peak).squareRoot() * 7.99))
                cell(step, x: plot.x + x, y: y, &canvas)
            }
        }
        canvas.put(glyphs.adapted(timeLabels.0), x: plot.x, y: plot.bottom, style: Style(.dim), limit: plot.width)
        let width = TextWidth.columns(of: timeLabels.1)
        if width * 2 < plot.width { canvas.put(glyphs.adapted(timeLabels.1), x: plot.right - width, y: plot.bottom, style: Style(.dim)) }
    }

    private func cell(_ step: Int, x: Int, y: Int, _ canvas: inout Canvas) {
        let role = Role(rawValue: Role.heat0.rawValue + UInt8(step)) ?? .heat7
        let ascii: [Unicode.Scalar] = [".", ":", "-", "=", "+", "*", "%", "#"]
        let shades: [Unicode.Scalar] = ["░", "░", "▒", "▒", "▓", "▓", "█", "█"]
        canvas.put(glyphs.isASCII ? ascii[step] : usesColor ? "█" : shades[step], x: x, y: y, style: Style(role))
    }
}
