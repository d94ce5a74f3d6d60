/// The text of one box as it will be drawn.
struct BoxText {
    var lines: [TextLine] = []
    var nameLength = 0
    var frame = Frame.light
    var width = 0
    var height = 0
}

/// Names and lines cut to what a box may hold.
///
/// Postcondition: every name is without blanks and brackets, not empty and unlike every other; what was cut ends in a mark.
enum Labels {
    static func write(_ work: inout Work, input: GraphInput, options: LayoutOptions) {
        let names = unique(work, input: input, options: options)
        for index in work.nodes.indices {
            let node = input.nodes[work.nodes[index].input]
            var first = names[index]
            for mark in marks(work.nodes[index], options: options, note: node.note) {
                first.glyphs.append(Glyph(" "))
                first.glyphs += mark.glyphs
            }
            let more = options.compact ? [] : node.more.map { cut(plain($0), to: options.widestText, options) }
            let lines = [first] + more
            let content = lines.map(\.width).max() ?? 0
            let size = options.compact ? (width: content + 2, height: 1) : (width: content + 4, height: lines.count + 2)
            work.nodes[index].box = BoxText(lines: lines, nameLength: names[index].glyphs.count, frame: node.frame, width: size.width, height: size.height)
        }
    }

    private static func marks(_ node: Work.Node, options: LayoutOptions, note: TextLine) -> [TextLine] {
        var marks: [TextLine] = []
        if !note.isEmpty { marks.append(cut(plain(note), to: options.widestText, options)) }
        if node.hiddenCallers > 0 { marks.append(TextLine(narrow: (options.ascii ? ">+" : "»+") + String(node.hiddenCallers))) }
        if node.hiddenCallees > 0 { marks.append(TextLine(narrow: "+\(node.hiddenCallees)" + (options.ascii ? ">" : "»"))) }
        if !node.loops.isEmpty { marks.append(options.ascii ? "@" : "↺") }
        return marks
    }

    private static func unique(_ work: Work, input: GraphInput, options: LayoutOptions) -> [TextLine] {
        var full = work.nodes.map { named(input.nodes[$0.input].name) }
        var count: [TextLine: Int] = [:]
        for name in full { count[name, default: 0] += 1 }
        for index in full.indices where count[full[index], default: 0] > 1 {
            let group = input.nodes[work.nodes[index].input].group
            if !group.isEmpty { full[index].glyphs += [Glyph(".")] + named(group).glyphs }
        }
        var taken: Set<String> = []
        return full.map { name in
            var shown = cut(name, to: options.widestText, options)
            var number = 2
            while !taken.insert(shown.text).inserted {
                let tail = TextLine(narrow: "\(options.ascii ? "-" : "·")\(number)")
                shown = TextLine(fitting(name, options.widestText - tail.width - 1) + tail.glyphs + [ellipsis(options)])
                number += 1
            }
            return shown
        }
    }

    private static func ellipsis(_ options: LayoutOptions) -> Glyph { Glyph(options.ascii ? "~" : "…") }

    private static func cut(_ line: TextLine, to width: Int, _ options: LayoutOptions) -> TextLine {
        line.width <= width ? line : TextLine(fitting(line, width - 1) + [ellipsis(options)])
    }

    private static func fitting(_ line: TextLine, _ width: Int) -> [Glyph] {
        var room = width
        return Array(line.glyphs.prefix {
            room -= $0.width
            return room >= 0
        })
    }

    /// What takes no cell, or would read as a part of the picture, does not get into it.
    private static func plain(_ line: TextLine) -> TextLine {
        TextLine(line.glyphs.compactMap { glyph in
            guard glyph.width > 0 else { return nil }
            return isDrawn(glyph.character) ? Glyph("_", width: 1) : glyph
        })
    }

    private static func named(_ name: TextLine) -> TextLine {
        let glyphs = plain(name).glyphs.map { glyph in
            glyph.character.isWhitespace || "[]|".contains(glyph.character) ? Glyph("_") : glyph
        }
        return TextLine(glyphs.isEmpty ? [Glyph("?")] : glyphs)
    }

    /// Lines, boxes, arrows, and what begins a line anew.
    private static func isDrawn(_ character: Character) -> Bool {
        guard let scalar = character.unicodeScalars.first else { return true }
        return scalar.value < 32 || (0x2500...0x257F).contains(scalar.value) || "▶▲▼◀●".unicodeScalars.contains(scalar)
    }
}
