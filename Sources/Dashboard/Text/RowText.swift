import CellCanvas
import MeshModel
import Panels

extension Model {
    /// The selected row as one line of text for the clipboard: every column by name, unknowns left out.
    var selectedText: String? {
        let pane = screen.pane
        guard let position = selectedPosition, let rows = rows(of: pane) else { return nil }
        let index = Int(pane.listing.order[position])
        // Names come from the network: nothing that steers a terminal may reach a clipboard.
        return TextWidth.printable(text(index, of: rows, pane.kind))
    }

    private func text(_ index: Int, of rows: PaneRows, _ kind: PaneKind) -> String {
        switch rows {
        case .entities(let rows): Self.text(rows[index], kind, predicate: predicate.rawValue)
        case .edges(let rows): Self.text(rows[index], kind, predicate: predicate.rawValue)
        case .graph(let rows): rows[index].sentence
        case .failing(let rows): rows[index].sentence
        case .sources(let rows): Self.text(rows[index], kind, predicate: nil)
        case .counters(let rows): rows[index].sentence(window: windowSeconds)
        case .versions(let rows): Self.text(rows[index], kind, predicate: predicate.rawValue)
        case .answers(let rows): rows[index].sentence
        case .traces(let rows, let now, _): Self.text(TraceEntry(row: rows[index], now: now), kind, predicate: nil)
        case .waterfall(let waterfall): waterfall.sentence(index)
        case .span(let rows): rows[index].sentence
        case .verdicts(let rows): rows[index].verdict.headline
        case .hops(let rows): rows[index].sentence
        case .grounds(let rows): rows[index].sentence
        case .times(let rows): rows[index].sentence
        case .repeats(let rows): rows[index].sentence
        case .changes(let rows): rows[index].sentence
        case .excesses(let rows): rows[index].sentence
        case .help(let rows): "\(rows[index].keys)  \(rows[index].summary)"
        }
    }

    private static func text(_ row: some CellRow, _ kind: PaneKind, predicate: String?) -> String {
        var parts = ["\(row.text(.name) ?? "")", row.stateName]
        for column in Columns.of(kind) where column.field != .name && column.field != .state && column.field != .trend {
            let text = row.cellText(column.field)
            guard !text.isEmpty, text != Format.unknown else { continue }
            let suffix = column.field == .success ? predicate.map { " (\($0))" } ?? "" : ""
            parts.append(column.field == .reason ? text : "\(column.field.rawValue) \(text)\(suffix)")
        }
        return parts.joined(separator: "  ")
    }
}

extension ProxyCounter {
    /// `retry overflow (retries): 17 in 5m`, `healthy hosts (outliers): 3 now`
    func sentence(window seconds: Double) -> String {
        let when = isGauge ? "now" : seconds.isFinite ? "in \(Format.duration(seconds))" : "since its proxies started"
        return "\(name) (\(group.rawValue)): " + (value.map { "\(Format.grouped(Int(clamped: $0))) \(when)" } ?? "not exported by its proxies")
    }
}

extension AnswerRow {
    /// `503 service unavailable: 166, 1.9 % of requests, 0.55/s`
    var sentence: String {
        var parts = [Format.grouped(Int(clamped: count)), "\(Format.percent(share)) of requests"]
        if let rate { parts.append("\(Format.rate(rate))/s") }
        return "\(name) \(words): " + parts.joined(separator: ", ")
    }
}

extension Int {
    /// The nearest whole number; NaN is 0.
    init(clamped value: Double) { self = Int(exactly: value.rounded()) ?? (value.isNaN ? 0 : value < 0 ? .min : .max) }
}
