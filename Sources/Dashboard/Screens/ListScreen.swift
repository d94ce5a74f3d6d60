import CellCanvas
import MeshModel
import Panels

extension Painter {
    /// Services, Pods, Nodes, Help: one list over the whole body, and the selected row in words below it.
    mutating func list(_ model: Model, _ data: FrameData, _ layout: ScreenLayout) {
        table(pane: 0, model, layout)
        if let notes = layout.notes { selectionLine(model, notes) }
    }

    /// `✕ payment · shop — errors 6.1 % > 5 % (server), all of v2                    metrics of both sides   3/10`
    mutating func selectionLine(_ model: Model, _ area: Rect) {
        let pane = model.screen.pane
        if pane.kind == .charts {
            text("\(model.keyHint(.open)) \(model.screen.isZoomed ? "shows the lists again" : "expands the charts")", x: 1, y: area.y, .dim, limit: area.width - 2)
            return
        }
        if pane.kind == .latencies { return cellLine(model, area) }
        guard area.height > 0, let key = pane.selection, let rows = model.rows(of: pane), pane.listing.isLoaded else { return }
        guard let position = selectedPosition(pane, rows) else {
            if !pane.listing.order.isEmpty || !pane.isFiltered {
                text("\(key.displayName) is not in this list at the moment", x: 1, y: area.y, .warning, limit: area.width - 2)
            }
            return
        }
        let place = "\(Format.grouped(position + 1))/\(Format.grouped(pane.listing.order.count))"
        text(place, x: area.width - 1 - cells(place), y: area.y, .dim, limit: cells(place))
        let limit = area.width - 4 - cells(place)
        let index = Int(pane.listing.order[position])
        switch rows {
        case .entities(let rows): describe(rows[index].health, Self.identity(rows[index]), rows[index].reason, rows[index].signals.evidence, area, limit)
        case .edges(let rows):
            describe(rows[index].health, "\(rows[index].source.displayName) → \(rows[index].destination.displayName)", rows[index].reason,
                     rows[index].signals.evidence, area, limit)
        case .graph(let rows): describe(rows[index].health, rows[index].sentence, rows[index].node.row?.reason ?? "", rows[index].node.row?.signals.evidence ?? [], area, limit)
        case .failing(let rows): text(rows[index].sentence, x: 1, y: area.y, .normal, limit: limit)
        case .help(let rows): text("\(rows[index].cellText(.name)): \(rows[index].summary)", x: 1, y: area.y, .dim, limit: limit)
        case .sources(let rows): text([rows[index].source.name, rows[index].source.proxy].filter { !$0.isEmpty }.joined(separator: "  "), x: 1, y: area.y, .normal, limit: limit)
        case .counters(let rows): text(rows[index].sentence(window: model.windowSeconds), x: 1, y: area.y, rows[index].isAlarming ? .warning : .normal, limit: limit)
        case .versions(let rows):
            describe(rows[index].health, rows[index].cellText(.name), Self.errorCounts(rows[index].row.signals, rows[index].predicate), rows[index].row.signals.evidence, area, limit)
        case .traces(let rows, let now, _): traceLine(TraceEntry(row: rows[index], now: now), area, limit)
        case .waterfall(let waterfall): text(waterfall.sentence(index), x: 1, y: area.y, waterfall.spans[index].isError ? .failing : .normal, limit: limit)
        case .verdicts(let rows): text(rows[index].sentence, x: 1, y: area.y, .normal, limit: limit)
        case .hops(let rows): text(rows[index].sentence, x: 1, y: area.y, .of(rows[index].health), limit: limit)
        case .changes(let rows): text(rows[index].sentence, x: 1, y: area.y, .of(rows[index].health), limit: limit)
        case .excesses(let rows): text(rows[index].sentence, x: 1, y: area.y, .normal, limit: limit)
        case .grounds(let rows): text(rows[index].sentence, x: 1, y: area.y, .normal, limit: limit)
        case .times(let rows): text(rows[index].sentence, x: 1, y: area.y, .normal, limit: limit)
        case .repeats(let rows): text(rows[index].sentence, x: 1, y: area.y, .normal, limit: limit)
        case .span(let rows): text(rows[index].sentence, x: 1, y: area.y, .normal, limit: limit)
        case .answers(let rows): text(rows[index].sentence, x: 1, y: area.y, .of(rows[index].health), limit: limit)
        }
    }

    private mutating func describe(_ state: HealthState, _ identity: String, _ reason: String, _ evidence: Evidence, _ area: Rect, _ limit: Int) {
        var x = 1 + text("\(state.glyph) \(state.name)  ", x: 1, y: area.y, .of(state), limit: limit)
        x += text(identity, x: x, y: area.y, .normal, limit: limit - x)
        if !reason.isEmpty { x += text("  \(reason)", x: x, y: area.y, state >= .warning ? .of(state) : .dim, limit: limit - x) }
        let words = Self.words(evidence)
        if x + cells(words) + 2 < limit { text(words, x: limit - cells(words), y: area.y, .dim, limit: cells(words)) }
    }

    private static func errorCounts(_ signals: GoldenSignals, _ predicate: ErrorPredicate) -> String {
        "\(Format.grouped(Int(clamped: signals.errors))) of \(Format.grouped(Int(clamped: signals.judged))) failed (\(predicate.rawValue))"
    }

    /// Everything known of who it is, not only what the columns have room for.
    private static func identity(_ row: EntityRow) -> String {
        var parts = [row.key.level == .version ? "\(row.key.name)@\(row.key.version)" : row.key.name]
        if row.key.level != .namespace, !row.key.namespace.isEmpty { parts.append(row.key.namespace) }
        if row.key.level == .pod, let node = row.entity.node { parts.append("on \(node)") }
        if !row.key.cluster.isEmpty { parts.append(row.key.cluster) }
        return parts.joined(separator: " · ")
    }

    /// Where the numbers come from.
    static func words(_ evidence: Evidence) -> String {
        var parts: [String] = []
        if evidence.isSuperset(of: [.metricsClient, .metricsServer]) {
            parts.append("seen from both sides")
        } else if evidence.contains(.metricsClient) {
            parts.append("seen by its callers")
        } else if evidence.contains(.metricsServer) {
            parts.append("seen by itself")
        }
        if evidence.contains(.spans) { parts.append("traces") }
        return parts.joined(separator: ", ")
    }
}
