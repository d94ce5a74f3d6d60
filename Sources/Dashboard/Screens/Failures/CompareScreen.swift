import CellCanvas
import MeshModel
import Panels

/// Two windows side by side.
///
///     both windows and why they meet there; how much changed; whose attributes are compared; what weakens it
///     What changed        the worst first, as it was → as it is
///     Attributes          that failing traces have more often than the others
extension ScreenLayout {
    mutating func compare(_ model: Model) {
        let (facts, rest) = body.splitTop(model.frame?.comparison?.remarks.isEmpty ?? true ? 3 : 4)
        tile = facts
        stacked(model, in: rest)
    }
}

extension Painter {
    mutating func compare(_ model: Model, _ data: FrameData, _ layout: ScreenLayout) {
        if let area = layout.tile {
            if let comparison = data.comparison {
                windows(comparison, hasSpans: data.traceStats != nil, in: area)
            } else {
                text(data.mesh == nil ? "waiting for data…" : "reading both windows…", x: 1, y: area.y, .warning, limit: area.width - 2)
            }
        }
        for index in layout.shownPanes { table(pane: index, model, layout) }
        if let notes = layout.notes { selectionLine(model, notes) }
    }

    ///     13:58:04–14:04:33 (6m29s) against 13:51:35–13:58:04 (6m29s) · since payment v2 fails
    ///     7 changed: 3 failing, 1 slower, 3 new · 34 as before · too little of 5
    ///     attributes of 22 failing traces against 158 good ones
    private mutating func windows(_ comparison: Comparison, hasSpans: Bool, in area: Rect) {
        let lines: [[Piece]] = [
            [Piece("\(Self.words(comparison.after)) against \(Self.words(comparison.before))", .strong), Piece(comparison.meeting)],
            Self.changes(comparison), [Piece(hasSpans ? Self.words(comparison.sample) : "attributes: no span has come", .dim)], [Piece(comparison.remarks.joined(separator: "; "), .warning)],
        ]
        for (line, y) in zip(lines, area.y..<area.bottom) { pieces(line.filter { !$0.text.isEmpty }, x: 1, y: y, limit: area.right - 1) }
    }

    private static func words(_ range: TimeRange) -> String { "\(range.from.timeOfDay)–\(range.to.timeOfDay) (\(Format.duration(range.length.seconds)))" }

    private static func changes(_ comparison: Comparison) -> [Piece] {
        let changed = comparison.rows.filter { $0.kind != .unsure }
        let counts = Comparison.Row.Kind.allCases.compactMap { kind in
            let count = changed.count { $0.kind == kind }
            return count > 0 ? "\(count) \(kind.rawValue)" : nil
        }
        let isBad = changed.contains { $0.kind == .failing }
        var pieces = [changed.isEmpty ? Piece(comparison.same > 0 ? "✓ nothing changed for certain" : "nothing to compare", comparison.same > 0 ? .good : .warning)
            : Piece("\(Format.grouped(changed.count)) changed: \(counts.joined(separator: ", "))", isBad ? .failing : .warning)]
        if comparison.same > 0 { pieces.append(Piece("\(Format.grouped(comparison.same)) as before")) }
        if comparison.unsure > 0 { pieces.append(Piece("too little seen of \(Format.grouped(comparison.unsure))", .dim)) }
        return pieces
    }

    static func words(_ sample: Comparison.Sample) -> String {
        let others = Format.grouped(sample.others)
        var text: String
        switch sample.kind {
        case .failing where sample.others == 0: return "attributes: \(plural(sample.selected, "failing trace")), and no good one to hold them against"
        case .failing: text = "attributes of \(plural(sample.selected, "failing trace")) against \(others) good ones\(sample.isAgainstBefore ? " of the window before" : "")"
        case .slow: text = "nothing fails: attributes of \(plural(sample.selected, "trace")) slower than 19 of 20 were before, against \(others) others"
        case .none: return "attributes: no trace fails, and no more of them are slow than before"
        }
        if let cut = sample.cutTo { text += ", the newest \(Format.grouped(cut)) of either" }
        return sample.isRead ? text : text + "; \(Format.grouped(sample.read)) of \(Format.grouped(sample.toRead)) read…"
    }
}
