import CellCanvas
import TestSupport
import Testing

@Suite struct CanvasTests {
    /// Letters, wide letters, emoji of several scalars, combining marks, controls, blanks.
    static let pieces = ["a", "Z", " ", "0", "é", "e\u{301}", "日", "本", "サ", "한", "😀", "👩‍👩‍👧", "🇩🇪", "✊🏽", "⚠️", "…", "─", "⣿", "\u{1B}[31m", "\n", "\u{200B}", "\u{202E}", "\t", "क्षि"]

    static func scribble(_ canvas: inout Canvas, _ random: inout SeededGenerator, strokes: Int) {
        for _ in 0..<strokes {
            let x = Int.random(in: -3...canvas.width + 2, using: &random), y = Int.random(in: -1...canvas.height, using: &random)
            let style = Style(Role.allCases.randomElement(using: &random) ?? .text, bold: Bool.random(using: &random))
            switch Int.random(in: 0..<6, using: &random) {
            case 0: canvas.fill(Rect(x: x, y: y, width: Int.random(in: 0...9, using: &random), height: Int.random(in: 0...3, using: &random)), scalar: "·", style: style)
            case 1: canvas.restyle(Rect(x: x, y: y, width: 5, height: 1)) { $0.selected }
            case 2: canvas.put(Unicode.Scalar(0x2800 + UInt32.random(in: 0...255, using: &random)) ?? "?", x: x, y: y, style: style)
            default:
                let text = (0..<Int.random(in: 0...6, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
                canvas.put(text, x: x, y: y, style: style, limit: Int.random(in: 0...12, using: &random))
            }
        }
    }

    /// What a driver would have on the screen: cells by place, as text.
    struct Picture: Equatable {
        struct Place: Equatable {
            var text: String
            var style: Style
            var width: UInt8
        }
        var rows: [[Place]]

        init(_ canvas: borrowing Canvas) {
            var rows: [[Place]] = []
            for y in 0..<canvas.height {
                var row: [Place] = []
                for cell in canvas.row(y) { row.append(Place(text: canvas.text(of: cell), style: cell.style, width: cell.width)) }
                rows.append(row)
            }
            self.rows = rows
        }

        mutating func apply(_ new: borrowing Canvas, since old: borrowing Canvas) -> Int {
            var count = 0
            new.forEachRun(changedSince: old) { x, y, cells in
                for (offset, cell) in cells.enumerated() {
                    rows[y][x + offset] = Place(text: new.text(of: cell), style: cell.style, width: cell.width)
                    count += 1
                }
            }
            return count
        }
    }

    /// Drawing what differs turns the old picture into the new one; runs begin and end on whole glyphs.
    @Test(arguments: 1...40)
    func theDifferenceMakesTheNewPicture(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let width = Int.random(in: 1...40, using: &random), height = Int.random(in: 1...6, using: &random)
        var old = Canvas(width: width, height: height), new = Canvas(width: width, height: height)
        Self.scribble(&old, &random, strokes: 30)
        Self.scribble(&new, &random, strokes: 30)
        if seed % 3 == 0 {
            // The same but for one stroke, as most frames are.
            var again = SeededGenerator(seed: seed &+ 900)
            var twin = SeededGenerator(seed: seed &+ 900)
            old.clear()
            new.clear()
            Self.scribble(&old, &again, strokes: 20)
            Self.scribble(&new, &twin, strokes: 20)
            new.put("日x", x: 2, y: 0, style: Style(.good))
        }
        var picture = Picture(old)
        _ = picture.apply(new, since: old)
        let wanted = Picture(new)
        #expect(picture == wanted)
        new.forEachRun(changedSince: old) { x, _, cells in
            #expect(cells.first?.isTail == false, "a run begins with half a glyph")
            #expect(x + cells.count <= width)
            if let last = cells.last, last.width == 2 { Issue.record("a run ends with half a glyph") }
        }
        var unchanged = Picture(new)
        #expect(unchanged.apply(new, since: new) == 0, "nothing differs from itself")
    }

    /// Every cell is a glyph, the tail of the wide glyph before it, or blank; no control ever gets in.
    @Test(arguments: 1...20)
    func cellsAreWhole(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var canvas = Canvas(width: 30, height: 5)
        Self.scribble(&canvas, &random, strokes: 200)
        for y in 0..<5 {
            for x in 0..<30 {
                let cell = canvas[x, y]
                switch cell.width {
                case 0: #expect(x > 0 && canvas[x - 1, y].width == 2, "tail without a head at \(x),\(y)")
                case 1: #expect(x == 0 || canvas[x - 1, y].width != 2, "head without a tail at \(x),\(y)")
                default: #expect(x < 29, "a wide glyph cut at the edge")
                }
                #expect(canvas.text(of: cell).unicodeScalars.allSatisfy { !TextWidth.isStripped($0) })
            }
        }
        #expect(!canvas.plainText().contains("\u{1B}"))
    }

    @Test(arguments: [(0, 0), (1, 1), (0, 5), (5, 0)])
    func tinyCanvasesTakeAnything(_ width: Int, _ height: Int) {
        var random = SeededGenerator(seed: 7)
        var canvas = Canvas(width: width, height: height)
        Self.scribble(&canvas, &random, strokes: 100)
        #expect(canvas.plainText().split(separator: "\n", omittingEmptySubsequences: false).count == max(1, height))
        let other = Canvas(width: 2, height: 2)
        canvas.forEachRun(changedSince: other) { _, _, cells in #expect(cells.count <= width) }
    }

    @Test(arguments: [
        ("abc", 3, "abc"), ("日本", 4, "日本"), ("日本", 3, "日"), ("日本", 1, ""), ("e\u{301}x", 2, "e\u{301}x"), ("👩‍👩‍👧!", 3, "👩‍👩‍👧!"), ("⚠️!", 3, "⚠️!"), ("⚠!", 2, "⚠!"),
        ("a\u{1B}[31mb", 9, "a[31mb"), ("a\nb", 9, "ab"), ("\u{202E}abc", 9, "abc"), ("\u{301}", 3, ""), ("", 3, ""),
    ])
    func textIsClipped(_ text: String, _ limit: Int, _ shown: String) {
        var canvas = Canvas(width: 12, height: 1)
        let used = canvas.put(text, x: 0, y: 0, limit: limit)
        #expect(canvas.plainText() == shown)
        #expect(used == TextWidth.columns(of: shown) && used <= limit)
    }

    @Test func edgesClip() {
        var canvas = Canvas(width: 4, height: 2)
        canvas.put("abcdefg", x: -2, y: 0)
        canvas.put("日", x: 3, y: 1)
        canvas.put("xyz", x: 2, y: 5)
        #expect(canvas.plainText() == "cdef\n", "a wide glyph that would be cut is a blank")
    }

    @Test func writingOverHalfAGlyphBlanksTheOther() {
        var canvas = Canvas(width: 4, height: 1)
        canvas.put("日本", x: 0, y: 0)
        canvas.put("x", x: 1, y: 0)
        #expect(canvas.plainText() == " x本")
        canvas.put("y", x: 2, y: 0)
        #expect(canvas.plainText() == " xy")
    }

    @Test(arguments: [
        ("payment", 7, "payment"), ("payment", 6, "payme…"), ("payment", 1, "…"), ("payment", 0, ""), ("日本語", 5, "日本…"), ("日本語", 4, "日…"), ("日本語", 6, "日本語"), ("👩‍👩‍👧a", 2, "…"),
        ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
    ])
    func cutTextSaysSo(_ text: String, _ limit: Int, _ shown: String) {
        #expect(TextWidth.truncated(text, to: limit) == shown)
        #expect(TextWidth.columns(of: shown) <= limit)
    }

    @Test(arguments: [("a", 1), ("日", 2), ("ｱ", 1), ("é", 1), ("e\u{301}", 1), ("😀", 2), ("⚠", 1), ("⚠️", 2), ("🇩🇪", 2), ("👩‍👩‍👧", 2), ("\u{200B}", 0), ("\u{7}", 0), ("▁", 1), ("─", 1), ("한", 2)])
    func widths(_ text: String, _ width: Int) { #expect(TextWidth.columns(of: text) == width) }
}
