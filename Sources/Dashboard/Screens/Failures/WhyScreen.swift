import CellCanvas
import MeshModel
import Panels

/// Why something fails.
///
///     the sentence for the channel, since when, who
///     The way there       a rung for each service from whom is asked to where it begins
///     What is known       origin, extent, evidence, other origins, remarks
extension ScreenLayout {
    static let groundKeys = 24

    mutating func why(_ model: Model) {
        let (facts, rest) = body.splitTop(3)
        tile = facts
        stacked(model, in: rest)
    }

    /// Two lists, one below the other: the upper as high as its rows need, the lower has what is left.
    mutating func stacked(_ model: Model, in area: Rect) {
        let (main, below) = area.splitBottom(1)
        notes = below
        let needs = model.screen.panes.map { ($0.kind.hasHead ? 2 : 1) + max(1, $0.listing.total) }
        let heights = DetailHeights.shares(needs, of: main.height)
        let (upper, lower) = main.splitTop(min(heights[0], needs[0]))
        areas = [upper, lower]
    }

    /// Cells for what is said of the grounds.
    static func groundWidth(_ width: Int) -> Int { width - 3 - groundKeys }
}

extension Painter {
    mutating func why(_ subject: WhySubject, _ model: Model, _ data: FrameData, _ layout: ScreenLayout) {
        if let area = layout.tile {
            if let verdict = data.verdict(on: subject) { headline(verdict, data, in: area) } else { noVerdict(subject, model, data, in: area) }
        }
        ways(model, layout)
    }

    /// The lists, and in the line over the way what its bars mean. Paths is nothing else.
    mutating func ways(_ model: Model, _ layout: ScreenLayout) {
        for index in layout.shownPanes { table(pane: index, model, layout) }
        if let place = layout.kinds.firstIndex(of: .way), let way = layout.area(pane: place), way.width >= 100, way.height > 1 {
            text(" \(SplitBar.legend) ", x: way.right - cells(SplitBar.legend) - 4, y: way.y, .dim, limit: cells(SplitBar.legend) + 2)
        }
        if let notes = layout.notes { selectionLine(model, notes) }
    }

    ///      ✕ gateway fails 6.1 % (server): 91 % because of payment v2, 503 own error
    ///        since 13:58:04, for 6m29s · 91 % of 1,508 failures (89–93 %) · metrics of both sides, traces
    ///        pod payment-v2-9b8d7c6f5-x2x9k · on node-c · POST /charge
    private mutating func headline(_ verdict: Verdict, _ data: FrameData, in area: Rect) {
        let tone = Self.tone(verdict), limit = area.right - 4
        text(Self.glyph(verdict), x: 1, y: area.y, tone, limit: 1)
        let lines = Self.wrapped(verdict.headline, to: limit)
        var y = area.y
        for line in lines.prefix(2) {
            text(line.trimmingBlanks, x: 3, y: y, verdict.isFailure ? .strong : tone, limit: limit)
            y += 1
        }
        for line in [Self.extent(verdict, data), Self.identity(verdict)] where !line.isEmpty && y < area.bottom {
            pieces(line, x: 3, y: y, limit: area.right - 1)
            y += 1
        }
    }

    private static func extent(_ verdict: Verdict, _ data: FrameData) -> [Piece] {
        var pieces: [Piece] = []
        if let onset = verdict.onset { pieces.append(Piece("since \(onset.timeOfDay), for \(Format.duration(max(0, (data.now - onset).seconds)))", .strong)) }
        if let explains = verdict.explains { pieces.append(Piece(explains)) }
        let traces = verdict.evidence.traces
        if traces > 0, verdict.share != nil { pieces.append(Piece("\(Format.grouped(traces)) of \(plural(verdict.evidence.failingTraces, "failing trace"))")) }
        let words = words(verdict.evidence.kinds.subtracting(traces > 0 ? .spans : []))
        return words.isEmpty ? pieces : pieces + [Piece(words, .dim)]
    }

    private static func identity(_ verdict: Verdict) -> [Piece] {
        guard let origin = verdict.origin else { return [] }
        var pieces: [Piece] = []
        if let pod = origin.entity.pod { pieces.append(Piece("pod \(pod)")) }
        if let node = origin.entity.node { pieces.append(Piece("on \(node)")) }
        if let operation = origin.operation { pieces.append(Piece(operation)) }
        guard pieces.isEmpty, origin.caller == nil else { return pieces }
        let pods = verdict.path.last?.pods ?? 0
        return [Piece(pods > 1 ? "no one of its \(pods) pods stands out" : "which pod it is is not known", .dim)]
    }

    private static func tone(_ verdict: Verdict) -> Tone {
        switch verdict.kind {
        case .healthy: .good
        case .notEnoughEvidence: .warning
        case .errors, .edge, .latency: verdict.isDenial ? .denied : verdict.isAbsorbed ? .warning : .failing
        }
    }

    private static func glyph(_ verdict: Verdict) -> String {
        switch verdict.kind {
        case .healthy: HealthState.good.glyph
        case .notEnoughEvidence: HealthState.unknown.glyph
        case .errors, .edge, .latency: verdict.isDenial || verdict.isAbsorbed ? HealthState.warning.glyph : HealthState.failing.glyph
        }
    }

    private mutating func noVerdict(_ subject: WhySubject, _ model: Model, _ data: FrameData, in area: Rect) {
        let hasCome = switch subject {
        case .service: data.mesh != nil && !data.isPending
        case .verdict: data.verdicts != nil
        }
        let words = switch subject {
        case _ where !hasCome: "waiting for data…"
        case .service(let key): "\(key.name) is not in the data of this window"
        case .verdict(let key): "✓ nothing fails because of \(key.name) in this window"
        }
        text(words, x: 1, y: area.y, words.hasPrefix("✓") ? .good : .warning, limit: area.width - 2)
        if hasCome { text("\(model.keyHint(.windowLonger)) looks further back, \(model.keyHint(.back)) goes back", x: 1, y: area.y + 1, .dim, limit: area.width - 2) }
    }

    /// A bar in its parts, one after the other.
    mutating func split(_ split: SplitBar, x: Int, y: Int, width: Int) {
        var x = x
        for (part, count) in zip(split.parts, split.cells(width)) where count > 0 {
            x += text(String(repeating: part.glyph, count: count), x: x, y: y, part.tone, limit: count)
        }
    }
}

extension String {
    fileprivate var trimmingBlanks: String { String(drop { $0 == " " }) }
}
