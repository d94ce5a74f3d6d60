extension GraphPicture {
    /// What continues a wide character to its left.
    package static let continuation: Character = "\u{0}"

    /// The whole picture, a character a cell.
    package var characters: [[Character]] {
        var rows = Array(repeating: Array(repeating: Character(" "), count: width), count: height)
        for cell in cells { rows[cell.y][cell.x] = Character(cell.scalar) }
        for box in boxes { paint(box, &rows) }
        return rows
    }

    /// The whole picture and, if something is hidden, the caption below it.
    package var text: String {
        var lines = characters.map { row in
            var line = String(row.filter { $0 != Self.continuation })
            while line.last == " " { line.removeLast() }
            return line
        }
        if !caption.isEmpty { lines.append(caption) }
        return lines.map { $0 + "\n" }.joined()
    }

    private func paint(_ box: GraphBox, _ rows: inout [[Character]]) {
        let rect = box.rect
        if options.compact {
            rows[rect.y][rect.x] = "["
            rows[rect.y][rect.right - 1] = "]"
            if let line = box.lines.first { write(line, rect.x + 1, rect.y, &rows) }
            return
        }
        let frame = options.ascii ? FrameGlyphs.ascii : FrameGlyphs.of(box.frame)
        for x in rect.x..<rect.right {
            rows[rect.y][x] = frame.horizontal
            rows[rect.bottom - 1][x] = frame.horizontal
        }
        for y in rect.y..<rect.bottom {
            rows[y][rect.x] = frame.vertical
            rows[y][rect.right - 1] = frame.vertical
        }
        (rows[rect.y][rect.x], rows[rect.y][rect.right - 1]) = (frame.topLeft, frame.topRight)
        (rows[rect.bottom - 1][rect.x], rows[rect.bottom - 1][rect.right - 1]) = (frame.bottomLeft, frame.bottomRight)
        for (index, line) in box.lines.enumerated() { write(line, rect.x + 2, rect.y + 1 + index, &rows) }
    }

    private func write(_ line: TextLine, _ x: Int, _ y: Int, _ rows: inout [[Character]]) {
        var x = x
        for glyph in line.glyphs {
            rows[y][x] = glyph.character
            for next in 1..<max(1, glyph.width) { rows[y][x + next] = Self.continuation }
            x += glyph.width
        }
    }
}

/// What a box's frame is made of.
package struct FrameGlyphs: Sendable {
    package var topLeft: Character, topRight: Character, bottomLeft: Character, bottomRight: Character
    package var horizontal: Character, vertical: Character

    private init(_ glyphs: String) {
        let all = Array(glyphs)
        precondition(all.count == 6, "BUG: a frame has four corners and two sides")
        (topLeft, topRight, bottomLeft, bottomRight, horizontal, vertical) = (all[0], all[1], all[2], all[3], all[4], all[5])
    }

    package static let ascii = FrameGlyphs("..''-|")
    private static let light = FrameGlyphs("┌┐└┘─│"), rounded = FrameGlyphs("╭╮╰╯─│"), dashed = FrameGlyphs("┌┐└┘╌╎"), heavy = FrameGlyphs("┏┓┗┛━┃")

    package static func of(_ frame: Frame) -> FrameGlyphs {
        switch frame {
        case .light: light
        case .rounded: rounded
        case .dashed: dashed
        case .heavy: heavy
        }
    }
}
