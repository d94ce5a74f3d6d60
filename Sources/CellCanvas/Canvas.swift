/// A grid of cells with one owner. Widgets write, the driver reads the difference to the frame before.
public struct Canvas: ~Copyable {
    public private(set) var width: Int
    public private(set) var height: Int
    private var cells: [Cell]
    /// Clusters of several scalars, by number; those of one frame only.
    private var graphemes: [String] = []
    private var graphemeIndex: [String: UInt32] = [:]

    /// More than any terminal has; keeps a wrong size from taking the memory.
    public static let maxSide = 2000

    public init(width: Int, height: Int) {
        self.width = min(max(0, width), Self.maxSide)
        self.height = min(max(0, height), Self.maxSide)
        cells = .init(repeating: Cell(), count: self.width * self.height)
    }

    public var bounds: Rect { Rect(x: 0, y: 0, width: width, height: height) }

    public mutating func resize(width: Int, height: Int) { self = Canvas(width: width, height: height) }

    public mutating func clear() {
        cells.withUnsafeMutableBufferPointer { $0.update(repeating: Cell()) }
        graphemes.removeAll(keepingCapacity: true)
        graphemeIndex.removeAll(keepingCapacity: true)
    }

    public subscript(x: Int, y: Int) -> Cell {
        bounds.contains(x: x, y: y) ? cells[y * width + x] : Cell()
    }

    // MARK: - Writing

    /// Writes text from (x, y) to the right; returns the cells it takes. What lies outside the canvas or beyond `limit` cells
    /// is left out; control characters never reach a cell.
    @discardableResult
    public mutating func put(_ text: String, x: Int, y: Int, style: Style = .text, limit: Int = .max) -> Int {
        var used = 0
        for character in text {
            let scalars = character.unicodeScalars
            guard let first = scalars.first else { continue }
            let wide = TextWidth.columns(of: character)
            guard wide > 0, !TextWidth.isStripped(first) else { continue }
            guard used + wide <= limit else { break }
            let isSingle = scalars.index(after: scalars.startIndex) == scalars.endIndex
            set(isSingle ? first.value : grapheme(String(character)), width: wide, x: x + used, y: y, style: style)
            used += wide
        }
        return used
    }

    /// One glyph of width one; the hot path of charts.
    public mutating func put(_ scalar: Unicode.Scalar, x: Int, y: Int, style: Style) {
        set(scalar.value, width: 1, x: x, y: y, style: style)
    }

    private mutating func set(_ scalar: UInt32, width wide: Int, x: Int, y: Int, style: Style) {
        guard y >= 0, y < height, x >= 0, x < width else { return }
        let place = y * width + x
        // A glyph that would be cut at the edge is shown as a blank.
        guard x + wide <= width else {
            release(place)
            cells[place] = Cell(style: style)
            return
        }
        release(place)
        if wide == 2 { release(place + 1) }
        cells[place] = Cell(scalar: scalar, style: style, width: UInt8(wide))
        if wide == 2 { cells[place + 1] = Cell(scalar: 32, style: style, width: 0) }
    }

    /// Writing onto half of a wide glyph blanks the other half.
    private mutating func release(_ place: Int) {
        let cell = cells[place]
        if cell.width == 2, place + 1 < cells.count {
            cells[place + 1] = Cell(style: cells[place + 1].style)
        } else if cell.width == 0, place > 0 {
            cells[place - 1] = Cell(style: cells[place - 1].style)
        }
    }

    private mutating func grapheme(_ text: String) -> UInt32 {
        let clean = String(String.UnicodeScalarView(TextWidth.printable(text).unicodeScalars.prefix(TextWidth.mostScalars)))
        if let known = graphemeIndex[clean] { return known }
        guard graphemes.count < 1 << 20 else { return 63 }  // "?"
        let number = Cell.graphemeBit | UInt32(graphemes.count)
        graphemes.append(clean)
        graphemeIndex[clean] = number
        return number
    }

    public mutating func fill(_ area: Rect, scalar: Unicode.Scalar = " ", style: Style) {
        let area = area.intersection(bounds)
        for y in area.y..<area.bottom {
            for x in area.x..<area.right { set(scalar.value, width: 1, x: x, y: y, style: style) }
        }
    }

    /// Changes how an area looks, not what it says: a selection bar.
    public mutating func restyle(_ area: Rect, _ change: (Style) -> Style) {
        let area = area.intersection(bounds)
        for y in area.y..<area.bottom {
            for x in area.x..<area.right { cells[y * width + x].style = change(cells[y * width + x].style) }
        }
    }

    // MARK: - Reading

    public func text(of cell: Cell) -> String {
        if cell.isTail { return "" }
        if cell.isGrapheme {
            let index = Int(cell.scalar & ~Cell.graphemeBit)
            return index < graphemes.count ? graphemes[index] : "?"
        }
        return Unicode.Scalar(cell.scalar).map { String(Character($0)) } ?? "?"
    }

    /// Calls `body` with every run of cells of one row that differs from `old` and where it begins; runs begin and end on whole
    /// glyphs. A canvas of another size differs everywhere.
    public borrowing func forEachRun(changedSince old: borrowing Canvas, _ body: (Int, Int, ArraySlice<Cell>) -> Void) {
        let same = old.width == width && old.height == height
        for y in 0..<height {
            let row = y * width
            var x = 0
            while x < width {
                guard !same || differs(row + x, old) else {
                    x += 1
                    continue
                }
                var start = x
                while start > 0, cells[row + start].isTail { start -= 1 }
                // Short stretches that did not change are cheaper to write again than to jump over.
                var end = x + 1, unchanged = 0, next = x + 1
                while next < width, unchanged < 4 {
                    if !same || differs(row + next, old) {
                        unchanged = 0
                        end = next + 1
                    } else {
                        unchanged += 1
                    }
                    next += 1
                }
                while end < width, cells[row + end].isTail { end += 1 }
                body(start, y, cells[row + start..<row + end])
                x = end
            }
        }
    }

    private borrowing func differs(_ place: Int, _ old: borrowing Canvas) -> Bool {
        let new = cells[place], was = old.cells[place]
        if new != was { return true }
        // Numbers of graphemes are of one frame: their texts decide.
        return new.isGrapheme && text(of: new) != old.text(of: was)
    }

    public func row(_ y: Int) -> ArraySlice<Cell> {
        y >= 0 && y < height ? cells[y * width..<(y + 1) * width] : []
    }

    /// The picture as lines of text, blanks at line ends left out.
    public func plainText() -> String {
        var lines: [String] = []
        for y in 0..<height {
            var line = ""
            for cell in row(y) { line += text(of: cell) }
            while line.last == " " { line.removeLast() }
            lines.append(line)
        }
        return lines.joined(separator: "\n")
    }

    /// The roles as runs, one line a row: `0 title*12 text*3 …`; plain text is left out. Goldens keep them beside the picture.
    public func roleRuns() -> String {
        var lines: [String] = []
        for y in 0..<height {
            var runs: [String] = []
            var x = 0
            let cells = Array(row(y))
            while x < cells.count {
                var end = x + 1
                while end < cells.count, cells[end].style == cells[x].style { end += 1 }
                if cells[x].style != .text { runs.append("\(x)+\(end - x) \(Self.name(cells[x].style))") }
                x = end
            }
            if !runs.isEmpty { lines.append("\(y): " + runs.joined(separator: ", ")) }
        }
        return lines.joined(separator: "\n")
    }

    private static func name(_ style: Style) -> String {
        "\(style.role)" + (style.isBold ? "!" : "") + (style.isUnderlined ? "_" : "") + (style.isReversed ? "~" : "") + (style.isSelected ? ">" : "")
    }
}
