import CellCanvas
import MeshModel
import Panels

extension ScreenLayout {
    /// The latencies over the list; below it the selected trace and what the store holds, in words.
    mutating func traces(_ model: Model) {
        let (top, rest) = body.splitTop(body.height >= 44 ? 14 : body.height >= 34 ? 11 : 7)
        areas[1] = top
        let (list, below) = rest.splitBottom(2)
        areas[0] = list
        notes = below
    }
}

extension Painter {
    mutating func traces(_ model: Model, _ layout: ScreenLayout) {
        for index in layout.shownPanes { table(pane: index, model, layout) }
        guard let notes = layout.notes else { return }
        selectionLine(model, notes)
        guard notes.height > 1 else { return }
        let searching = SearchProgress.words(model.frame).map { [Piece($0, .accent)] } ?? []
        let long = searching + TraceHonesty.pieces(model.frame?.traceStats, isShort: false)
        pieces(Honesty.width(long) + 2 <= width ? long : searching + TraceHonesty.pieces(model.frame?.traceStats, isShort: true), x: 1, y: notes.y + 1, limit: width - 1)
    }

    /// Rows are wrapped as they are painted: only those in view.
    mutating func rows(_ rows: [TraceRow], now: Timestamp, _ order: [Int32], _ window: TableWindow) {
        var group: String?
        for line in 0..<window.body.height {
            let position = window.scroll + line
            guard position < order.count, rows.indices.contains(Int(order[position])) else { break }
            row(TraceEntry(row: rows[Int(order[position])], now: now), position: position, y: window.body.y + line, window, previousGroup: &group)
        }
    }

    /// A share of the width in eighths of a cell; something is always more than nothing.
    mutating func bar(_ share: Double, _ health: HealthState, x: Int, y: Int, width: Int) {
        guard share.isFinite, share > 0, width > 0 else { return }
        let eighths = max(1, Int((min(1, share) * Double(width) * 8).rounded()))
        let style = health >= .warning ? Tone.of(health).style : Style(.chart1)
        let parts: [String] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        let full = eighths / 8
        text(String(repeating: "█", count: full), x: x, y: y, style: style, limit: width)
        guard eighths % 8 > 0 else { return }
        text(glyphs.isASCII ? (eighths % 8 >= 4 || full == 0 ? "-" : "") : parts[eighths % 8 - 1], x: x + full, y: y, style: style, limit: width - full)
    }

    /// `✕ failed  gateway GET /checkout — 412 ms, 37 spans, 4 failed; gateway, frontend, checkout, payment`
    mutating func traceLine(_ entry: TraceEntry, _ area: Rect, _ limit: Int) {
        let row = entry.row
        var x = 1 + text("\(entry.stateGlyph) \(entry.stateName)  ", x: 1, y: area.y, .of(entry.health), limit: limit)
        x += text("\(row.service) \(row.operation)  ", x: x, y: area.y, .normal, limit: limit - x)
        var parts = ["\(row.start.timeOfDayMilliseconds)", "\(Format.milliseconds(row.durationSeconds * 1000))"]
        if row.errors > 0 { parts.append("\(Format.grouped(row.errors)) of \(Self.plural(row.spans, "span")) failed") }
        if row.isArriving {
            parts.append("still arriving, \(Self.plural(row.spans, "span")) so far")
        } else if row.orphans > 0 {
            parts.append("parent of \(Format.grouped(row.orphans)) missing")
        }
        if row.adjusted > 0 { parts.append("clocks corrected on \(Format.grouped(row.adjusted))") }
        x += text(parts.joined(separator: ", "), x: x, y: area.y, entry.isOdd ? .warning : .dim, limit: limit - x)
        text("  " + row.services.joined(separator: ", "), x: x, y: area.y, .dim, limit: limit - x)
    }
}

/// How far a search through attributes has come, or what it could not look at; nil when it is through all.
enum SearchProgress {
    static func words(_ data: FrameData?) -> String? {
        let columns = data?.attributes.sorted { $0.key < $1.key } ?? []
        guard let (key, column) = columns.first(where: { !$0.value.isComplete }) else {
            return columns.first { $0.value.cut > 0 }.map { "only the start of \($0.key) is matched in \(Format.grouped($0.value.cut)) of \(Format.grouped($0.value.values.count))" }
        }
        return "searched \(Format.grouped(column.searched)) of \(Format.grouped(column.values.count)) for \(key)"
    }
}

/// What is held of traces, what went, what was refused and what is odd.
enum TraceHonesty {
    /// `isShort`: sums in place of reasons, for narrow terminals.
    static func pieces(_ stats: TraceStats?, isShort: Bool) -> [Piece] {
        guard let stats, stats.traces + stats.evictedTraces + stats.rejected.count > 0 else { return [] }
        let since = stats.reachesBackTo.map { " since \($0.timeOfDay)" } ?? ""
        var pieces = [Piece("held \(Painter.plural(stats.traces, "trace")), \(Format.count(stats.spans)) spans, \(Format.bytes(Double(stats.bytes)))\(since)", .dim)]
        if stats.standsFor > 1 { pieces.append(Piece("sampled: a call stands for \(Format.count(stats.standsFor))", .dim)) }
        if stats.evictedTraces > 0 { pieces.append(Piece("evicted \(Format.count(stats.evictedTraces)) traces (oldest first)", .warning)) }
        let rejected = stats.rejected.values.reduce(0, +), odd = stats.oddities.values.reduce(0, +)
        if isShort {
            return [Piece("\(Painter.plural(stats.traces, "trace"))\(since), \(Format.bytes(Double(stats.bytes)))", .dim)]
                + [("evicted", stats.evictedTraces), ("rejected spans", rejected), ("odd", odd)].filter { $0.1 > 0 }.map { Piece("\(Format.count($0.1)) \($0.0)", .warning) }
        }
        if rejected > 0 { pieces.append(Piece("rejected \(Format.count(rejected)): \(byCount(stats.rejected))", .warning)) }
        if stats.oddities.values.contains(where: { $0 > 0 }) { pieces.append(Piece("odd: \(byCount(stats.oddities))", .warning)) }
        return pieces
    }

    private static func byCount(_ counts: [String: Int]) -> String {
        counts.filter { $0.value > 0 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \(Format.count($0.value))" }.joined(separator: ", ")
    }
}
