/// Parts of a whole as stretches of one row. Every part above nothing gets at least one cell.
public struct ShareBar: Sendable {
    public struct Part: Sendable {
        public var amount: Double
        public var style: Style
        /// Fills the stretch where colours are few.
        public var mark: Unicode.Scalar
        public init(amount: Double, style: Style, mark: Unicode.Scalar = "█") {
            self.amount = amount
            self.style = style
            self.mark = mark
        }
    }
    public var parts: [Part]
    public init(parts: [Part]) { self.parts = parts }

    public func draw(into canvas: inout Canvas, x: Int, y: Int, width: Int) {
        let shown = parts.filter { $0.amount > 0 && $0.amount.isFinite }
        let total = shown.reduce(0) { $0 + $1.amount }
        guard width >= shown.count, total > 0 else { return }
        var left = x
        var sum = 0.0
        for (index, part) in shown.enumerated() {
            sum += part.amount
            let later = shown.count - 1 - index
            let ideal = x + Int((sum / total * Double(width)).rounded())
            let right = index == shown.count - 1 ? x + width : min(max(ideal, left + 1), x + width - later)
            for column in left..<right { canvas.put(part.mark, x: column, y: y, style: part.style) }
            left = right
        }
    }
}
