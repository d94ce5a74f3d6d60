/// A canvas as text with escape sequences; as a picture in SVGRendering.swift.
public enum CanvasRendering {
    public static func ansi(_ canvas: borrowing Canvas, theme: Theme, depth: ColorDepth) -> String {
        var result = ""
        for y in 0..<canvas.height {
            var current: Style?
            for cell in canvas.row(y) where !cell.isTail {
                if current != cell.style {
                    result += codes(theme.look(of: cell.style), theme.isMono ? .mono : depth)
                    current = cell.style
                }
                result += canvas.text(of: cell)
            }
            result += "\u{1B}[0m\n"
        }
        return result
    }

    /// Select Graphic Rendition (ECMA-48 §8.3.117, xterm's 38;5 and 38;2).
    public static func codes(_ look: Look, _ depth: ColorDepth) -> String {
        var codes = ["0"]
        if look.isBold { codes.append("1") }
        if look.isDim { codes.append("2") }
        if look.isUnderlined { codes.append("4") }
        if look.isReversed { codes.append("7") }
        if let color = look.foreground { codes += colorCodes(color, depth, base: 30) }
        if let color = look.background { codes += colorCodes(color, depth, base: 40) }
        return "\u{1B}[" + codes.joined(separator: ";") + "m"
    }

    private static func colorCodes(_ color: Color, _ depth: ColorDepth, base: Int) -> [String] {
        switch depth {
        case .mono: return []
        case .sixteen:
            let index = color.index16
            return ["\(index < 8 ? base + index : base + 60 + index - 8)"]
        case .indexed: return ["\(base + 8)", "5", "\(color.index256)"]
        case .trueColor where color.isTerminals: return ["\(base + 8)", "5", "\(color.index256)"]
        case .trueColor: return ["\(base + 8)", "2", "\(color.red)", "\(color.green)", "\(color.blue)"]
        }
    }
}
