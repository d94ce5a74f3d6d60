import CellCanvas
import MeshModel
import Panels

/// What the graph screen tells of: the box or call that is selected in the picture or in the table.
enum GraphSubject {
    case node(CallNodes.Node)
    case edge(EdgeRow)
    /// Was selected, and is not among the calls any more.
    case gone(RowKey)
    case nothing
}

extension Model {
    func trend(of row: EdgeRow) -> Trend {
        guard let trend = frame?.callTrend, trend.destination == row.destination, row.source.key(trend.source.level) == trend.source else { return Trend(rates: row.trend, errors: []) }
        return trend.trend
    }

    var graphSubject: GraphSubject {
        guard let graph = graphPane?.graph, let key = screen.pane.selection else { return .nothing }
        switch key {
        case .party(let entity): return graph.calls.node(of: entity).map { .node($0) } ?? .gone(key)
        case .edge(let edge): return graph.calls.edge(edge).map { .edge($0) } ?? .gone(key)
        default: return .nothing
        }
    }
}

extension Painter {
    /// The selection in numbers: as many lines as there is room for, the first the first.
    ///
    ///     ─ checkout → payment · http ────────────────────────────────── ▁▂▃▅▆▇▇▆ ─
    ///      ✕ failing  errors 6.2 % > 5 % (server)
    mutating func panel(of subject: GraphSubject, _ level: EntityLevel, _ area: Rect, _ model: Model) {
        var lines: [[Piece]]
        var title: String
        var trend: Trend?
        switch subject {
        case .node(let node):
            title = Self.identity(node, level)
            lines = self.lines(node, model)
            trend = node.row.map { row in trends[row.key] ?? Trend(rates: row.trend, errors: row.errorTrend) }
        case .edge(let row):
            title = "\(row.source.title(level)) → \(row.destination.title(level)) · \(row.protocol)"
            lines = self.lines(row, model)
            trend = model.trend(of: row)
        case .gone(let key):
            title = key.displayName
            lines = [[Piece("\(key.displayName) is not among these calls at the moment", .warning)]]
        case .nothing:
            title = ""
            lines = [[Piece("nothing is selected", .dim)]]
        }
        var y = area.y
        if area.height > 2 {
            rule(x: area.x, y: y, width: area.width, title: title)
            let room = min(40, area.width / 3)
            if let trend, trend.rates.contains(where: \.isFinite), cells(title) + room + 8 < area.width {
                let errors = trend.errors.count == trend.rates.count ? trend.errors : []
                sparkline(trend.rates, errors: errors, x: area.right - room - 2, y: y, width: room)
            }
            y += 1
        } else if let first = lines.first {
            lines[0] = [Piece(title, .strong)] + first
        }
        for line in lines.prefix(area.bottom - y) {
            pieces(line, separator: Honesty.width(line) < area.width - 2 ? Honesty.separator : "  ", x: 1, y: y, limit: area.right - 1)
            y += 1
        }
    }

    /// `payment · shop · 2 pods`
    private static func identity(_ node: CallNodes.Node, _ level: EntityLevel) -> String {
        let entity = node.entity
        var parts = [entity.title(level)]
        if entity.kind != .workload, !entity.isNameless { parts.append(entity.kind.rawValue) }
        if let members = node.members { parts.append("\(plural(members, level.rawValue)) folded") }
        if level == .pod, let service = entity.service { parts.append(service + (entity.version.map { " " + $0 } ?? "")) }
        if let namespace = entity.namespace, !entity.isNamespace { parts.append(namespace) }
        if let machine = entity.node, machine != entity.title(level) { parts.append("on \(machine)") }
        if let row = node.row, level != .pod, row.pods > 0 { parts.append(plural(row.pods, "pod")) }
        if let cluster = entity.cluster { parts.append(cluster) }
        return parts.joined(separator: " · ")
    }

    private func lines(_ node: CallNodes.Node, _ model: Model) -> [[Piece]] {
        let neighbours = self.neighbours(of: node, model)
        guard let row = node.row else {
            let words = switch node.entity.kind {
            case .external: "calls from outside of what is known"
            case .database: "a database: what its callers say of it stands on their calls"
            case .queue: "a queue: what its callers say of it stands on their calls"
            case .unknown: "its proxies did not say who this is"
            case .workload: "no numbers of its own: what its callers say stands on their calls"
            }
            return [[Piece(words, .dim)]] + neighbours
        }
        var lines = [state(row.health, row.stateName, row.reason), facts(row.signals, model), flows(row.signals, isSilent: row.stale)]
        let more = versions(row.versions) + answers(row.signals, model)
        if !more.isEmpty { lines.insert(more, at: 2) }
        return lines + neighbours + [[Piece(Self.words(row.signals.evidence), .dim)]]
    }

    private func lines(_ row: EdgeRow, _ model: Model) -> [[Piece]] {
        var lines = [state(row.health, row.stateName, row.reason), facts(row.signals, model)]
        let answers = row.signals.answers.isEmpty ? answers(row.signals, model) : self.answers(row.signals.answers)
        if !answers.isEmpty { lines.append(answers) }
        lines += row.disagreements.map { [Piece("≠ " + $0.text, .warning)] }
        // Of bytes alone there is nothing to hold against each other.
        if row.signals.requests > 0 || row.protocol != "tcp" {
            lines += sides(row)
            lines.append(wire(row))
        }
        let more = versions(row.versions) + [Piece(Self.words(row.signals.evidence), .dim)]
        return lines + [flows(row.signals, isSilent: row.stale), more]
    }

    private func state(_ health: HealthState, _ name: String, _ reason: String) -> [Piece] {
        [Piece("\(health.glyph) \(name)", .of(health))] + (reason.isEmpty ? [] : [Piece(reason, health >= .warning ? .of(health) : .dim)])
    }

    /// `caller 24,630 calls, 1,527 failed, p50 31ms p95 180ms p99 310ms`, and the same of the callee.
    private func sides(_ row: EdgeRow) -> [[Piece]] {
        func side(_ name: String, _ signals: GoldenSignals?) -> Piece {
            guard let signals else { return Piece("\(name) tells nothing", .dim) }
            var words = "\(name) \(Format.grouped(Int(clamped: signals.requests))) calls, \(Format.grouped(Int(clamped: signals.errors))) failed"
            if let latency = signals.latency, latency.count > 0 {
                words += ", p50 \(Format.quantile(latency.p50, of: latency)) p95 \(Format.quantile(latency.p95, of: latency)) p99 \(Format.quantile(latency.p99, of: latency))"
            }
            return Piece(words)
        }
        return [[side("caller", row.client)], [side("callee", row.server)]]
    }

    /// What only both sides together tell: errors between them, and requests beyond those that were meant.
    private func wire(_ row: EdgeRow) -> [Piece] {
        func piece(_ noun: String, _ count: Double?) -> Piece {
            count.map { Piece("\(noun) \(Format.count($0.rounded()))", $0 >= 1 ? .warning : .normal) } ?? Piece("\(noun) not known", .dim)
        }
        var pieces = [piece("wire errors", row.wireErrors), piece("retry excess", row.retryExcess)]
        if let attempts = row.signals.attempts { pieces.append(Piece("attempts \(Format.count(attempts.rounded()))")) }
        return pieces
    }

    private func versions(_ versions: [VersionRow]) -> [Piece] {
        guard !versions.isEmpty else { return [] }
        return VersionShare.parts(versions).map { Piece($0.label, $0.isFailing ? .failing : .normal) }
    }

    /// `503 service unavailable 1,527`, `UF upstream connection failed 1,200`: what did not end well.
    private func answers(_ signals: GoldenSignals, _ model: Model) -> [Piece] {
        AnswerRow.rows(signals, model.predicate).filter(\.isTroubled).map { answer in
            Piece("\(answer.name) \(answer.words) \(Format.grouped(Int(clamped: answer.count)))", .of(answer.health))
        }
    }

    /// `503 service unavailable · UF upstream connection failed: 1,200`: what did not end well, by code and flags at once.
    private func answers(_ answers: [GoldenSignals.Answer]) -> [Piece] {
        answers.filter { $0.errors > 0 || !$0.flags.isEmpty || $0.code == 403 }.map { answer in
            Piece(answer.sentence, answer.errors > 0 ? .failing : .warning)
        }
    }

    /// Who calls it and whom it calls, the worst first, each with its rate.
    private func neighbours(of node: CallNodes.Node, _ model: Model) -> [[Piece]] {
        guard let graph = model.graphPane?.graph else { return [] }
        func list(_ words: String, _ none: String, _ rows: [EdgeRow], beyond: Int, _ end: (EdgeRow) -> Entity) -> [Piece] {
            guard !rows.isEmpty || beyond > 0 else { return [Piece(none, .dim)] }
            let ends = rows.sorted { $0.urgency > $1.urgency }.map { row in
                Piece(end(row).title(graph.calls.level) + " " + row.signals.perSecondText(row.signals.requests) + (row.state >= .warning ? row.state.glyph : ""),
                      row.state >= .warning ? .of(row.state) : .normal)
            }
            return [Piece(words, .dim)] + ends + (beyond > 0 ? [Piece("+\(Format.grouped(beyond)) not drawn", .dim)] : [])
        }
        let edges = graph.calls.edges
        return [
            list("called by", "nobody calls it", edges.filter { $0.destination == node.entity }, beyond: node.beyond.callers) { $0.source },
            list("calls", "it calls nobody", edges.filter { $0.source == node.entity }, beyond: node.beyond.callees) { $0.destination },
        ]
    }
}
