import CellCanvas
import MeshModel
import Panels

extension Painter {
    /// ` telltale  LIVE  shop · 11 pods · 3 nodes   window 5m   20:04:38   ⚠ first warning            ? help`
    mutating func header(_ model: Model, _ data: FrameData) {
        let isNarrow = width < 100
        fill(Rect(x: 0, y: 0, width: width, height: 1), .header)
        var x = text(" telltale ", x: 0, y: 0, .accent, limit: width)
        x += timeBadge(model, x: x) + 1
        let help = "\(model.keyHint(.help)) help "
        let helpX = width - help.count
        let window = "window \(Format.duration(model.windowSeconds))"
        let clock = model.time.playback.map { (isNarrow ? "" : $0.at.rfc3339.prefix(10) + " ") + $0.at.timeOfDay } ?? (model.newest ?? data.now).timeOfDay
        // Window, clock, help and the first warning have their place; the mesh says as much of itself as they leave room for.
        let warnings = data.mesh?.warnings ?? []
        let wanted = warnings.first.map { cells(Self.sentence($0.text, of: warnings)) } ?? 10
        let room = max(0, width - x - window.count - clock.count - help.count - 4)
        let names = meshNames(data.mesh, isNarrow: isNarrow)
        let mesh = names.first { cells($0) + wanted + 4 <= room } ?? (warnings.isEmpty ? names.first : names.last) ?? ""
        if !mesh.isEmpty { x += text(truncated(mesh, to: max(0, room - 6)), x: x, y: 0, .normal, limit: max(0, room - 6)) + 2 }
        hit(Rect(x: x, y: 0, width: window.count, height: 1), .action(.windowLonger))
        x += text(window, x: x, y: 0, .dim, limit: max(0, helpX - x)) + 2
        x += text(clock, x: x, y: 0, .normal, limit: max(0, helpX - x)) + 2
        hit(Rect(x: helpX, y: 0, width: help.count, height: 1), .action(.help))
        text(help, x: helpX, y: 0, .key, limit: help.count)
        self.warnings(warnings, x: x, limit: helpX - x - 1)
    }

    /// Frozen also says at what instant, and how much came in since. What is being read back is announced, over the last picture.
    private mutating func timeBadge(_ model: Model, x: Int) -> Int {
        let badge: Piece
        switch model.time {
        case .live where model.isAwaiting: badge = Piece(" COMPUTING \(Format.duration(model.windowSeconds)) … ", .badgeFrozen)
        case .frozen(let at) where model.isAwaiting: badge = Piece(" COMPUTING @\(at.timeOfDay) … ", .badgeFrozen)
        case .replay(let playback): badge = Self.badge(of: playback, isAwaiting: model.isAwaiting)
        case .live: badge = Piece(" \(model.settings.liveLabel) ", .badgeLive)
        case .frozen(let at):
            let behind = model.behind
            let long = " (+\(Format.grouped(behind.count))\(behind.isSamples ? " samples" : "") behind)"
            let count = behind.count == 0 ? "" : width < 100 ? " (+\(Format.count(Double(behind.count))))" : long
            badge = Piece(" FROZEN @\(at.timeOfDay)\(count) ", .badgeFrozen)
        }
        hit(Rect(x: x, y: 0, width: badge.text.count, height: 1), .action(.freeze))
        return text(badge.text, x: x, y: 0, badge.tone, limit: max(0, width - x))
    }

    /// The first warning, in fewer words where there is no room for it, else how many there are.
    private mutating func warnings(_ warnings: [MeshSummary.Warning], x: Int, limit: Int) {
        guard let first = warnings.first, limit > 2 else { return }
        let long = Self.sentence(first.text, of: warnings), short = Self.sentence(first.short ?? first.text, of: warnings)
        let rest = warnings.count > 1 ? " (+\(warnings.count - 1))" : ""
        let shown = cells(long) <= limit ? long : cells(short) <= limit ? short : limit >= 24 ? truncated("⚠ \(first.short ?? first.text)", to: limit - rest.count) + rest : "⚠ \(warnings.count)"
        hit(Rect(x: x, y: 0, width: min(limit, shown.count), height: 1), .warning(first))
        text(shown, x: x, y: 0, .warning, limit: limit)
    }

    private static func sentence(_ text: String, of warnings: [MeshSummary.Warning]) -> String { "⚠ \(text)\(warnings.count > 1 ? " (+\(warnings.count - 1))" : "")" }

    /// The longest first; where it is one namespace its name stands to the last.
    private func meshNames(_ mesh: MeshSummary?, isNarrow: Bool) -> [String] {
        guard let mesh else { return ["…"] }
        guard mesh.pods > 0 || mesh.nodes > 0 || mesh.services > 0 else { return ["no data yet"] }
        let count = mesh.namespaces.count
        let name = count == 1 ? mesh.namespaces[0] : count == 0 ? "" : isNarrow ? "\(Format.grouped(count)) ns" : Self.plural(count, "namespace")
        let parts = [name, Self.plural(mesh.pods, "pod"), mesh.nodes > 0 ? Self.plural(mesh.nodes, "node") : ""].filter { !$0.isEmpty }
        return parts.indices.reversed().map { parts[...$0].joined(separator: " · ") } + [""]
    }

    static func plural(_ count: Int, _ noun: String) -> String { "\(Format.grouped(count)) \(noun)\(count == 1 ? "" : "s")" }

    // MARK: - Second line

    /// The way here, what narrows the list, what counts as an error; at the right what is known of the sources.
    mutating func breadcrumb(_ model: Model, _ data: FrameData) {
        var narrowing = narrowing(model)
        let titles = model.stack.map { $0.place.title + ($0.pane.scope.isEmpty ? "" : " \($0.pane.scope.text)") }
        let needed = 1 + titles.reduce(0) { $0 + cells($1) + 3 } + narrowing.reduce(0) { $0 + cells($1.text) + 2 }
        var honesty = Honesty.pieces(data, windowSeconds: model.windowSeconds, isShort: false)
        if needed + Honesty.width(honesty) + 1 > width { honesty = Honesty.pieces(data, windowSeconds: model.windowSeconds, isShort: true) }
        // How many rows match also stands at the end of the line below the list.
        if needed + Honesty.width(honesty) + 1 > width, model.screen.pane.isFiltered, narrowing.count > 2 { narrowing.remove(at: narrowing.count - 2) }
        let honestyX = max(width / 3, width - 1 - Honesty.width(honesty))
        let limit = honestyX - 2
        var x = 1
        // A deep stack is cut at its beginning: where one is matters most.
        let first = firstTitle(titles, room: limit - 1 - narrowing.reduce(0) { $0 + cells($1.text) + 2 })
        if first > 0 { x += text("… › ", x: x, y: 1, .dim, limit: limit) }
        for (depth, title) in titles.enumerated().dropFirst(first) {
            if depth > first { x += text(" › ", x: x, y: 1, .dim, limit: max(0, limit - x)) }
            let start = x
            x += text(title, x: x, y: 1, depth == titles.count - 1 ? .strong : .dim, limit: max(0, limit - x))
            hit(Rect(x: start, y: 1, width: x - start, height: 1), .depth(depth))
        }
        for piece in narrowing {
            x += text("  ", x: x, y: 1, .normal, limit: max(0, limit - x))
            x += text(piece.text, x: x, y: 1, piece.tone, limit: max(0, limit - x))
        }
        pieces(honesty, x: honestyX, y: 1, limit: width - 1)
    }

    private func firstTitle(_ titles: [String], room: Int) -> Int {
        var first = 0
        while first < titles.count - 1, titles[first...].reduce(0, { $0 + cells($1) + 3 }) + (first > 0 ? 4 : 0) > room { first += 1 }
        return first
    }

    private func narrowing(_ model: Model) -> [Piece] {
        let pane = model.screen.pane
        var pieces: [Piece] = []
        if !pane.filter.text.isEmpty { pieces.append(Piece("/\(pane.filter.text)", .warning)) }
        if let cell = pane.cell { pieces.append(Piece(cell.words, .warning)) }
        if pane.errorsOnly { pieces.append(Piece("errors only", .warning)) }
        if !model.find.isEmpty { pieces.append(Piece("find \(model.find.text)", .accent)) }
        if !model.hide.isEmpty { pieces.append(Piece("hide \(model.hide.text)", .warning)) }
        if pane.listing.hidden > 0 { pieces.append(Piece("(+\(Format.grouped(pane.listing.hidden)) hidden)", .warning)) }
        if pane.isFiltered { pieces.append(Piece("\(Format.grouped(pane.listing.order.count)) of \(Format.grouped(pane.listing.total))", .dim)) }
        pieces.append(Piece("errors: \(model.predicate.rawValue)", .dim))
        return pieces
    }
}
