/// A canvas as text with escape sequences, or as a picture.
package enum CanvasRendering {
    package static func ansi(_ canvas: borrowing Canvas, theme: Theme, depth: ColorDepth) -> String {
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
    package static func codes(_ look: Look, _ depth: ColorDepth) -> String {
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
        case .trueColor: return ["\(base + 8)", "2", "\(color.red)", "\(color.green)", "\(color.blue)"]
        }
    }

    /// SVG 1.1: one text element a run, stretched to its cells, so that any monospace font lines up.
    package static func svg(_ canvas: borrowing Canvas, theme: Theme) -> String {
        let cellWidth = 9, cellHeight = 19
        let width = canvas.width * cellWidth + 16, height = canvas.height * cellHeight + 16
        var svg = """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)">
            <rect width="100%" height="100%" fill="\(theme.paper.hex)"/>
            <g font-family="DejaVu Sans Mono, monospace" font-size="15" xml:space="preserve">

            """
        for y in 0..<canvas.height {
            let cells = Array(canvas.row(y))
            var x = 0
            while x < cells.count {
                var end = x + 1
                while end < cells.count, cells[end].style == cells[x].style { end += 1 }
                let look = theme.look(of: cells[x].style)
                var ink = look.foreground ?? theme.ink, paper = look.background
                if look.isReversed { (ink, paper) = (look.background ?? theme.paper, look.foreground ?? theme.ink) }
                if let paper {
                    svg += "<rect x=\"\(8 + x * cellWidth)\" y=\"\(8 + y * cellHeight)\" width=\"\((end - x) * cellWidth)\" height=\"\(cellHeight)\" fill=\"\(paper.hex)\"/>\n"
                }
                words(cells, x..<end, canvas) { start, cellsTaken, text in
                    svg += "<text x=\"\(8 + start * cellWidth)\" y=\"\(8 + y * cellHeight + 14)\" textLength=\"\(cellsTaken * cellWidth)\" "
                    svg += "lengthAdjust=\"spacingAndGlyphs\" fill=\"\(ink.hex)\"\(look.isBold ? " font-weight=\"bold\"" : "")"
                    svg += "\(look.isDim ? " opacity=\"0.65\"" : "")\(look.isUnderlined ? " text-decoration=\"underline\"" : "")>\(escaped(text))</text>\n"
                }
                x = end
            }
        }
        return svg + "</g>\n</svg>\n"
    }

    /// Stretches without blanks: a blank's width is a font's own business.
    private static func words(_ cells: [Cell], _ range: Range<Int>, _ canvas: borrowing Canvas, _ body: (Int, Int, String) -> Void) {
        var start = range.lowerBound
        var text = ""
        for index in range {
            if cells[index].scalar == 32, !cells[index].isTail {
                if !text.isEmpty { body(start, index - start, text) }
                text = ""
                start = index + 1
            } else {
                if text.isEmpty, !cells[index].isTail { start = index }
                text += canvas.text(of: cells[index])
            }
        }
        if !text.isEmpty { body(start, range.upperBound - start, text) }
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
