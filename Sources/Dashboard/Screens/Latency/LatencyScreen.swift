import CellCanvas
import MeshModel
import Panels

/// Where the time of a service's requests goes.
///
///     how many, how long; what slow ones wait for; what would be won
///     Where the time goes     a row for each call path, the largest share first
///     Repeated calls          one after another, where one might do
extension ScreenLayout {
    mutating func latency(_ model: Model) {
        let (facts, rest) = body.splitTop(3)
        tile = facts
        let (main, below) = rest.splitBottom(1)
        notes = below
        let repeats = model.screen.panes.last.map { max(1, $0.listing.total) } ?? 1
        let (upper, lower) = main.splitBottom(min(repeats + 2, main.height / 3))
        areas = [upper, lower]
    }
}

extension Painter {
    mutating func latency(_ key: EntityKey, _ model: Model, _ data: FrameData, _ layout: ScreenLayout) {
        if let area = layout.tile {
            let lines = data.latency.map { self.lines($0, model, area.right - 2) } ?? [[Piece(data.mesh == nil ? "waiting for data…" : "\(key.name) is not in the data of this window", .warning)]]
            for (index, line) in lines.prefix(area.height).enumerated() { pieces(line, x: 1, y: area.y + index, limit: area.right - 1) }
        }
        for index in layout.shownPanes { table(pane: index, model, layout) }
        if let notes = layout.notes { selectionLine(model, notes) }
    }

    ///     checkout · 412 requests in 400 traces · p50 120ms · p95 410ms · p99 512ms · 12 failed
    ///     ! slow ones wait for payment POST /charge: 81% of their time, 20% of quick ones'
    ///     payment POST /charge 50ms faster: checkout p95 -38ms (412ms → 374ms), p50 -12ms, p99 -51ms
    private func lines(_ latency: ServiceLatency, _ model: Model, _ limit: Int) -> [[Piece]] {
        guard latency.traces > 0 else { return [[Piece(latency.service.displayName, .strong), Piece("no trace of it to go by", .dim)]] }
        var first = [Piece(latency.service.displayName, .strong)]
        let many = latency.hasMore ? "the newest \(Format.grouped(latency.traces)) traces" : Self.plural(latency.traces, "trace")
        first.append(Piece(latency.requests > 0 && latency.requests != latency.traces ? "\(Self.plural(latency.requests, "request")) in \(many)" : many))
        if latency.requests > 0 {
            let all = [("p50", latency.p50), ("p95", latency.p95), ("p99", latency.p99)]
            for (name, seconds) in all.prefix(limit < 98 ? 2 : 3) { first.append(Piece("\(name) \(Format.milliseconds(seconds * 1000))", .strong)) }
        }
        if latency.failed > 0 { first.append(Piece("\(Format.grouped(latency.failed)) failed", .warning)) }
        if latency.operations > 1 { first.append(Piece("\(Format.grouped(latency.operations)) operations", .dim)) }
        let rows = TimeRow.rows(latency)
        var lines = [first, rows.isEmpty ? [] : [insight(rows, limit)]]
        if let progress = latency.progress {
            lines.append([Piece(progress, .accent)])
        } else if let best = rows.max(by: { $0.won95 < $1.won95 }), let faster = best.row.faster, best.won95 > 0 {
            lines.append([Piece(sentence("", best.name, " \(faster.words): \(best.service) \(limit < 98 ? faster.change : faster.changes)", limit))])
        }
        return lines
    }

    private func insight(_ rows: [TimeRow], _ limit: Int) -> Piece {
        if let slows = rows.filter(\.isWhySlow).max(by: { ($0.growth ?? 0) < ($1.growth ?? 0) }) {
            let shares = ": \(slows.cellText(.slowest)) of their time, \(slows.cellText(.quick)) of quick ones'"
            return Piece(sentence("\(HealthState.warning.glyph) slow ones wait for ", slows.name, shares, limit), .warning)
        }
        return Piece(sentence("most is waited for in ", rows[0].name, ": \(Format.percent(rows[0].row.share))\(rows[0].growth == nil ? "" : ", quick or slow")", limit))
    }

    /// What is cut is the name.
    private func sentence(_ head: String, _ name: String, _ tail: String, _ limit: Int) -> String { head + TimeRow.short(name, max(16, limit - cells(head) - cells(tail))) { truncated($0, to: $1) } + tail }
}

extension TimeRow {
    fileprivate var won95: Double { row.faster.map { $0.before.p95 - $0.after.p95 } ?? 0 }
}

extension ServiceLatency {
    /// nil: all is known.
    fileprivate var progress: String? {
        guard !isComplete, !isOfBefore else { return nil }
        if read < traces { return "read \(Format.grouped(read)) of \(Painter.plural(traces, "trace"))…" }
        return "what would be won is worked out: \(Format.grouped(retimed)) of \(Painter.plural(traces, "trace"))…"
    }

    /// Why there are no rows.
    func emptyLines(_ model: Model) -> [String] {
        let name = service.displayName
        if !hasSpans { return ["Where time goes needs spans: only metrics came.", "Of metrics alone the page of \(name) shows how long its requests take."] }
        if !isInSpans { return ["No span of \(name) has come: those who call it write spans, it does not.", "Its time is theirs: look at who calls it."] }
        if let progress { return [progress] }
        if requests > 0 { return ["By their spans, requests to \(name) last no time."] }
        return ["No trace that passes \(name) began in this window.", "\(model.keyHint(.windowLonger)) looks further back."]
    }
}
