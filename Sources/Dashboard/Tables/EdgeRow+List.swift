import MeshModel
import Panels

extension EdgeRow: ListRow {
    var rowKey: RowKey { .edge(EdgeKey(self)) }
    var stateName: String { stale ? "stale" : state.name }
    var isTroubled: Bool { state >= .warning || signals.isTroubled }
    var urgency: (Double, Double, Double) { (Double(state.rawValue), Magnitude.of(signals.troubleShare), Magnitude.of(signals.rate ?? signals.requests)) }

    func number(_ field: Field) -> Double? {
        switch field {
        case .trend: signals.rate
        case .versions: Double(versions.count)
        default: signals.number(field)
        }
    }

    func text(_ field: Field) -> String? {
        switch field {
        case .name, .source: source.versionedName
        case .destination: destination.versionedName
        case .namespace: destination.namespace ?? source.namespace
        case .service: destination.service
        case .protocol: self.protocol
        case .reason: reason
        case .version: destination.version
        default: nil
        }
    }

    func anyText(_ body: (String) -> Bool) -> Bool {
        body(source.displayName) || body(destination.displayName) || body(self.protocol) || body(reason)
    }
}

/// One line of Overview's list of what fails: an edge, or a warning about something else.
enum FailingRow: Sendable, Equatable {
    case edge(EdgeRow)
    case warning(MeshSummary.Warning)

    /// Edges first as they were ranked, then warnings of what no edge tells.
    static func rows(_ mesh: MeshSummary) -> [FailingRow] {
        let called = Set(mesh.failingEdges.map { [$0.destination.service, $0.destination.namespace] })
        let others = mesh.warnings.filter { warning in
            guard let target = warning.target, target.level == .service else { return true }
            return !called.contains([target.name, target.namespace.isEmpty ? nil : target.namespace])
        }
        return mesh.failingEdges.map(FailingRow.edge) + others.map(FailingRow.warning)
    }
}

extension FailingRow: ListRow {
    var rowKey: RowKey {
        switch self {
        case .edge(let row): row.rowKey
        case .warning(let warning): .warning(warning.text)
        }
    }
    var stateName: String {
        switch self {
        case .edge(let row): row.stateName
        case .warning: "warning"
        }
    }
    var isTroubled: Bool { true }
    /// Failures per second rank: a busy edge at 10 % hurts more people than an idle one at 100 %.
    var urgency: (Double, Double, Double) {
        switch self {
        case .edge(let row): (1, Double(row.state.rawValue), row.signals.perSecond(row.signals.errors + (row.signals.denied ?? 0)) ?? 0)
        case .warning: (0, 0, 0)
        }
    }

    func number(_ field: Field) -> Double? {
        if case .edge(let row) = self { row.number(field) } else { nil }
    }
    func text(_ field: Field) -> String? {
        switch self {
        case .edge(let row): row.text(field)
        case .warning(let warning): field == .name || field == .reason ? warning.text : nil
        }
    }
    func anyText(_ body: (String) -> Bool) -> Bool {
        switch self {
        case .edge(let row): row.anyText(body)
        case .warning(let warning): body(warning.text)
        }
    }
}
