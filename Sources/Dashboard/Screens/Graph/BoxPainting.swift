import CellCanvas
import GraphLayout
import Panels

extension Painter {
    mutating func box(_ box: GraphBox, _ row: EntityRow?, _ graph: CallPicture, _ view: Rect, isSelected: Bool, isFocused: Bool, isDim: Bool) {
        let rect = Rect(x: view.x + box.rect.x - graph.left, y: view.y + box.rect.y - graph.top, width: box.rect.width, height: box.rect.height)
        let isCompact = graph.picture.options.compact
        frame(box.frame, rect, isDim ? .dim : isSelected ? .accent : graph.grade(of: row).tone, view, isCompact: isCompact)
        let x = rect.x + (isCompact ? 1 : 2), y = rect.y + (isCompact ? 0 : 1), inner = rect.width - (isCompact ? 2 : 4)
        // Counts of what is not drawn stand behind the room for the note; without them the note is at the right end.
        let hasMarks = box.hiddenCallers > 0 || box.hiddenCallees > 0 || box.callsItself
        let name = (box.lines.first?.glyphs.prefix(box.nameLength) ?? []).reduce(0) { $0 + $1.width }
        let end = hasMarks ? x + name + 1 + graph.detail.noteColumns : x + inner
        let state = row.map(\.state) ?? .unknown, cell = StateCell(x: end - 1, y: y, of: rect, view), words = state == .unknown ? view : cell.words
        if let line = box.lines.first { clipped(line.text, x: x, y: y, isDim ? .dim : isSelected ? .accent : .strong, limit: inner, words) }
        if let row { figures(row, of: box, graph, x: x, y: y, inner: inner, end: end, isDim, words) }
        if state != .unknown { text(state.glyph, x: cell.x, y: cell.y, isDim ? .dim : .of(state), limit: 1) }
        if isSelected { draw { canvas in canvas.restyle(rect.intersection(view)) { isFocused ? $0.selected : $0 } } }
    }

    private mutating func frame(_ frame: Frame, _ rect: Rect, _ tone: Tone, _ view: Rect, isCompact: Bool) {
        if isCompact {
            put("[", rect.x, rect.y, tone, view)
            put("]", rect.right - 1, rect.y, tone, view)
            return
        }
        let glyphs = self.glyphs.isASCII ? FrameGlyphs.ascii : FrameGlyphs.of(frame)
        for x in rect.x + 1..<rect.right - 1 {
            put(glyphs.horizontal, x, rect.y, tone, view)
            put(glyphs.horizontal, x, rect.bottom - 1, tone, view)
        }
        for y in rect.y + 1..<rect.bottom - 1 {
            put(glyphs.vertical, rect.x, y, tone, view)
            put(glyphs.vertical, rect.right - 1, y, tone, view)
        }
        put(glyphs.topLeft, rect.x, rect.y, tone, view)
        put(glyphs.topRight, rect.right - 1, rect.y, tone, view)
        put(glyphs.bottomLeft, rect.x, rect.bottom - 1, tone, view)
        put(glyphs.bottomRight, rect.right - 1, rect.bottom - 1, tone, view)
    }

    /// The number behind the name; below it, where boxes are that high, what else there is.
    private mutating func figures(_ row: EntityRow, of box: GraphBox, _ graph: CallPicture, x: Int, y: Int, inner: Int, end: Int, _ isDim: Bool, _ view: Rect) {
        let detail = graph.detail, overlay = graph.overlay
        let tone: Tone = isDim ? .dim : graph.grade(of: row).numberTone
        if detail == .figures {
            let number = truncated(overlay.number(row), to: Overlay.columns)
            clipped(number, x: end - 2 - cells(number), y: y, tone, limit: Overlay.columns, view)
        }
        for (index, line) in detail.lines(row, overlay, tone).enumerated() where index < box.rect.height - 3 {
            var at = x
            for (piece, columns) in line {
                let words = truncated(piece.text, to: columns)
                clipped(words, x: columns < inner ? at + columns - cells(words) : at, y: y + 1 + index, isDim ? .dim : piece.tone, limit: columns, view)
                at += columns
            }
        }
    }

    private mutating func put(_ character: Character, _ x: Int, _ y: Int, _ tone: Tone, _ view: Rect) {
        guard view.contains(x: x, y: y) else { return }
        text(String(character), x: x, y: y, tone, limit: 1)
    }

    /// Text that begins left of the view loses its beginning, and says so.
    private mutating func clipped(_ words: String, x: Int, y: Int, _ tone: Tone, limit: Int, _ view: Rect) {
        guard y >= view.y, y < view.bottom, x < view.right, !words.isEmpty else { return }
        guard x < view.x else {
            text(words, x: x, y: y, tone, limit: min(limit, view.right - x))
            return
        }
        // Cells, not characters: some take two.
        var rest = Substring(words), lost = 0
        while lost < view.x - x + 1, let first = rest.first {
            lost += TextWidth.columns(of: first)
            rest = rest.dropFirst()
        }
        guard !rest.isEmpty else { return }
        text("…" + String(repeating: " ", count: max(0, lost - (view.x - x) - 1)) + rest, x: view.x, y: y, tone, limit: min(limit - (view.x - x), view.width))
    }
}

/// Where the state of a box stands. It is what is looked for: where its place is out of view it stands at the cut.
private struct StateCell {
    let x: Int
    let y: Int
    /// What of the view is left to words.
    private(set) var words: Rect

    init(x column: Int, y row: Int, of box: Rect, _ view: Rect) {
        let seen = box.intersection(view)
        y = min(max(row, seen.y), seen.bottom - 1)
        // Other rows than the name's hold numbers: there it is on the border.
        let place = y == row ? column : box.right - 1
        x = min(max(place, seen.x), seen.right - 1)
        words = view
        if x < place { words = Rect(x: view.x, y: view.y, width: x - view.x, height: view.height) }
        if x > place { words = Rect(x: x + 1, y: view.y, width: view.right - x - 1, height: view.height) }
    }
}

extension BoxDetail {
    /// Columns behind a name for state and number.
    var noteColumns: Int { self == .figures ? Overlay.columns + 2 : 1 }

    /// Rows of numbers below a name.
    var numberRows: Int {
        switch self {
        case .names, .boxes, .figures: 0
        case .numbers: 1
        case .all: 2
        }
    }

    /// What stands below a name: pieces, each in its columns.
    ///
    ///     3.9/s   3.1 %  114ms
    ///     v1 80 · v2 20✕
    func lines(_ row: EntityRow, _ overlay: Overlay, _ tone: Tone) -> [[(Piece, Int)]] {
        let signals = row.signals
        let rate = Piece(Overlay.rate.number(row), overlay == .rate ? tone : .normal)
        let errors = Piece(Overlay.errors.number(row), overlay == .errors ? tone : Tone.of(errorShare: signals.errorShare))
        let latency = Piece(Overlay.latency.number(row), overlay == .latency ? tone : .dim)
        let mtls = (Piece("mTLS " + Overlay.mtls.number(row), overlay == .mtls ? tone : .dim), 13)
        let versions = (Piece(VersionShare.text(row.versions), overlay == .versions ? tone : .dim), BoxDetail.numberColumns)
        let golden = [(rate, 7), (errors, 7), (latency, 6)]
        return switch overlay {
        case .errors, .latency, .rate: [golden, [versions]]
        case .mtls: [[(rate, 7), mtls], [(errors, 7), (latency, 6)]]
        case .versions: [[versions], golden]
        }
    }
}
