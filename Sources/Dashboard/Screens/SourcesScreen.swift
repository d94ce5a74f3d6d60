import CellCanvas
import MeshModel
import Panels

extension Painter {
    /// Sources: the list, and below it all that is known of the selected one in words.
    mutating func sources(_ model: Model, _ data: FrameData, _ layout: ScreenLayout) {
        table(pane: 0, model, layout)
        guard let notes = layout.notes, notes.height > 2 else { return }
        rule(y: notes.y, width: notes.width, title: totals(model, data))
        let pane = model.screen.pane
        guard case .sources(let rows)? = model.rows(of: pane), let key = pane.selection,
            let row = rows.first(where: { $0.rowKey == key })
        else { return }
        let lines = Self.lines(row).flatMap { piece in Self.wrapped(piece.text, to: notes.width - 2).map { Piece($0, piece.tone) } }
        for (index, piece) in lines.prefix(notes.height - 1).enumerated() {
            text(piece.text, x: 1, y: notes.y + 1 + index, piece.tone, limit: notes.width - 2)
        }
        let hint = "add one: telltale --scrape URL or --targets FILE"
        if lines.count < notes.height - 1 {
            text(hint, x: 1, y: notes.y + notes.height - 1, .dim, limit: notes.width - 2)
        }
    }

    /// What the store holds of all sources together.
    private func totals(_ model: Model, _ data: FrameData) -> String {
        guard let stats = data.stats else { return "" }
        // Who answered is known of every instant; what a page weighed, and what was wrong with it, of the newest alone.
        let isPast = model.time.instant != nil && model.newest.map { data.now < $0 } ?? false
        var parts = isPast ? ["who answered at \(data.now.timeOfDay); counts are of now"] : []
        parts += [
            "\(Format.count(stats.samples)) samples", "\(Format.count(stats.seriesKept)) series kept, \(Format.count(stats.seriesMapped)) understood",
            Format.bytes(Double(stats.storeBytes)),
        ]
        if stats.spans > 0 { parts.append("\(Format.count(stats.spans)) spans") }
        if let oldest = stats.retainedFrom { parts.append("since \(oldest.timeOfDay)") }
        return parts.joined(separator: " · ")
    }

    private static func lines(_ row: SourceRow) -> [Piece] {
        let source = row.source
        var lines: [Piece] = []
        let job = source.job.isEmpty ? "" : "  job \(source.job)"
        lines.append(Piece(source.name + (source.proxy.isEmpty ? "" : "  pod \(source.proxy)") + job, .strong))
        switch source.health {
        case .pending: lines.append(Piece("not asked yet", .dim))
        case .gone: lines.append(Piece("taken off the target list; listed here for a while, and what it delivered stays until it is too old", .dim))
        case .failing(let reason):
            let times = source.consecutiveFailures > 1 ? ", \(source.consecutiveFailures) times in a row" : ""
            let last = row.age.map { "last good answer \(Format.duration($0)) ago" } ?? "it never answered"
            lines.append(Piece("✕ \(reason)\(times); \(last)", .failing))
        case .up:
            let interval = source.intervalSeconds.map { ", asked every \(Format.duration($0))" } ?? ""
            let age = row.age.map { "answered \(Format.duration($0)) ago" } ?? "no sample yet"
            let took = source.durationSeconds.map { " in \(Format.milliseconds($0 * 1000))" } ?? ""
            guard source.intervalSeconds != nil else {
                lines.append(Piece("✓ read\(took)", .good))
                break
            }
            lines.append(Piece("\(row.isStale ? "! stale: " : "✓ ")\(age)\(took)\(interval)", row.isStale ? .warning : .good))
        }
        if source.samples > 0 {
            let profiles = source.profiles.isEmpty ? "no profile understands it" : "understood by \(source.profiles.joined(separator: ", "))"
            lines.append(
                Piece("\(Format.grouped(source.samples)) samples, \(Format.bytes(Double(source.bytes))); \(Format.grouped(source.seriesKept)) series kept, "
                      + "\(Format.grouped(source.seriesMapped)) understood; \(profiles)", source.profiles.isEmpty ? .warning : .normal))
        }
        if source.badLines > 0 {
            let example = source.firstBadLine.map { ", the first: \($0)" } ?? ""
            lines.append(Piece("! \(plural(source.badLines, "bad line")) skipped\(example)", .warning))
        }
        if let first = source.firstDeparture {
            lines.append(Piece("! \(plural(source.departures, "departure")) from OpenMetrics, nothing dropped for it; the first: \(first)", .warning))
        }
        return lines
    }
}
