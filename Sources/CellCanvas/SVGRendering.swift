extension CanvasRendering {
    private static let cellWidth = 9, cellHeight = 19, margin = 8

    /// SVG 1.1. Letters are text; what charts are made of is drawn, since fonts differ in its width and not all have it.
    public static func svg(_ canvas: borrowing Canvas, theme: Theme) -> String {
        let width = canvas.width * cellWidth + 2 * margin, height = canvas.height * cellHeight + 2 * margin
        var svg = """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)">
            <rect width="100%" height="100%" fill="\(theme.paper.hex)"/>
            <g font-family="DejaVu Sans Mono, monospace" font-size="14.95" xml:space="preserve">

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
                if let paper { svg += rect(x: left(x), y: top(y), width: (end - x) * cellWidth, height: cellHeight, paper.hex, isDim: false) }
                draw(cells, x..<end, y, canvas, look, ink.hex, into: &svg)
                x = end
            }
        }
        return svg + "</g>\n</svg>\n"
    }

    private static func left(_ column: Int) -> Int { margin + column * cellWidth }
    private static func top(_ row: Int) -> Int { margin + row * cellHeight }

    /// A run of one look: shapes as shapes, words of ASCII and box lines as one text each, other glyphs each at its place.
    private static func draw(_ cells: [Cell], _ range: Range<Int>, _ y: Int, _ canvas: borrowing Canvas, _ look: Look, _ ink: String, into svg: inout String) {
        var word = "", start = range.lowerBound
        func flush() {
            if !word.isEmpty { svg += text(word, x: start, y: y, look, ink) }
            word = ""
        }
        for x in range {
            let cell = cells[x]
            let isBlank = cell.scalar == 32
            switch cell.scalar {
            case 33..<127, 0x2500...0x257F:
                if word.isEmpty { start = x }
                word += canvas.text(of: cell)
                continue
            default: flush()
            }
            if cell.isTail || isBlank { continue }
            if cell.scalar >= 0x2800, cell.scalar <= 0x28FF {
                svg += dots(cell.scalar - 0x2800, x: left(x), y: top(y), ink, isDim: look.isDim)
            } else if cell.scalar >= 0x2581, cell.scalar <= 0x2588 {
                let height = Int(cell.scalar - 0x2580) * cellHeight / 8
                svg += rect(x: left(x), y: top(y) + cellHeight - height, width: cellWidth, height: height, ink, isDim: look.isDim)
            } else {
                svg += text(canvas.text(of: cell), x: x, y: y, look, ink)
            }
        }
        flush()
    }

    private static func text(_ text: String, x: Int, y: Int, _ look: Look, _ ink: String) -> String {
        "<text x=\"\(left(x))\" y=\"\(top(y) + 14)\" fill=\"\(ink)\"\(look.isBold ? " font-weight=\"bold\"" : "")\(opacity(look.isDim))"
            + "\(look.isUnderlined ? " text-decoration=\"underline\"" : "")>\(escaped(text))</text>\n"
    }

    private static func rect(x: Int, y: Int, width: Int, height: Int, _ ink: String, isDim: Bool) -> String {
        "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\" fill=\"\(ink)\"\(opacity(isDim))/>\n"
    }

    /// The dots of a braille cell, two columns of four; their bits are in the order of Unicode's chart.
    private static func dots(_ bits: UInt32, x: Int, y: Int, _ ink: String, isDim: Bool) -> String {
        let places: [(Int, Int)] = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
        var path = ""
        for (bit, place) in places.enumerated() where bits >> UInt32(bit) & 1 == 1 {
            path += "M\(x + 1 + place.0 * 5) \(y + 2 + place.1 * 5)h2v2h-2z"
        }
        return path.isEmpty ? "" : "<path d=\"\(path)\" fill=\"\(ink)\"\(opacity(isDim))/>\n"
    }

    private static func opacity(_ isDim: Bool) -> String { isDim ? " opacity=\"0.65\"" : "" }

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
