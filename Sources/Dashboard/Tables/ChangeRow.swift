import MeshModel
import Panels

/// A node or a call, as it was in one window and as it is in the next.
struct ChangeRow: Sendable, Equatable {
    var row: Comparison.Row

    /// nil while they have not come.
    static func rows(_ data: FrameData) -> [ChangeRow]? { data.comparison.map { $0.rows.map(ChangeRow.init) } }

    var name: String {
        switch row.subject {
        case .entity(let key, let entity): key.level == .pod ? "pod \(key.name)" : entity.name(at: key.level)
        case .edge(let ends, _): "\(ends.source.displayName) → \(ends.destination.displayName)"
        }
    }

    /// `failing, slower`, `too little`.
    var words: String { row.kinds.map(\.rawValue).joined(separator: ", ") }

    private func pair(_ text: (GoldenSignals) -> String) -> String {
        let before = row.before.map(text) ?? Format.unknown, after = row.after.map(text) ?? Format.unknown
        return before == after ? after : "\(before) → \(after)"
    }

    /// Of few requests counts.
    private static func errors(_ signals: GoldenSignals) -> String {
        let judged = signals.requests - (signals.denied ?? 0)
        guard judged > 0 else { return Format.unknown }
        guard judged >= GoldenSignals.smallSample else { return "\(Format.count(signals.errors.rounded()))/\(Format.count(judged.rounded()))" }
        return Format.percent(signals.errors / judged)
    }

    private static func denied(_ signals: GoldenSignals) -> String { signals.denied.map { Format.percent(signals.requests > 0 ? $0 / signals.requests : nil) } ?? Format.unknown }
}

extension ChangeRow: CellRow {
    static var isCall: Bool { true }
    static var comesByName: Bool { true }
    var rowKey: RowKey {
        switch row.subject {
        case .entity(let key, _): .entity(key)
        case .edge(let ends, let name): .edge(EdgeKey(source: ends.source, destination: ends.destination, protocol: name))
        }
    }
    var isStale: Bool { row.kind == .unsure }

    var health: HealthState {
        switch row.kind {
        case .failing: .failing
        case .denied, .gone, .slower, .less, .new: .warning
        case .mended, .faster, .same: .good
        case .more: .idle
        case .unsure: .unknown
        }
    }
    var stateName: String { row.kind.rawValue }
    var isTroubled: Bool { health >= .warning }
    var urgency: (Double, Double, Double) { (Double(health.rawValue), row.weight, 0) }

    func number(_ field: Field) -> Double? {
        switch field {
        case .rate, .requests, .errors, .p50, .p95, .denied: row.after?.number(field)
        default: nil
        }
    }

    /// Fields speak of either end.
    func text(_ field: Field) -> String? {
        switch (field, row.subject) {
        case (.name, _): name
        case (.differs, _), (.reason, _): words
        case (.source, .edge(let ends, _)): ends.source.displayName
        case (.destination, .edge(let ends, _)), (.service, .edge(let ends, _)): ends.destination.displayName
        case (.namespace, .edge(let ends, _)): ends.destination.namespace
        case (.service, .entity(_, let entity)): entity.service
        case (.namespace, .entity(_, let entity)): entity.namespace
        case (.version, .entity(_, let entity)): entity.version
        case (.pod, .entity(_, let entity)): entity.pod
        default: nil
        }
    }

    func anyText(_ body: (String) -> Bool) -> Bool { body(name) || body(words) }

    func cellText(_ field: Field) -> String {
        switch field {
        case .rate: pair { $0.cellText(.rate) ?? Format.unknown }
        case .errors: row.kinds.contains(.denied) ? pair(Self.denied) : pair(Self.errors)
        case .p50, .p95: pair { $0.cellText(field) ?? Format.unknown }
        case .requests: pair { Format.count($0.requests.rounded()) }
        default: text(field) ?? Format.unknown
        }
    }

    /// `checkout → payment: failing, slower  errors 0 % → 14 %  p95 41ms → 180ms  requests/s 49.2 → 50.1  n 14k → 15k`
    var sentence: String {
        "\(name): \(words)" + [(Field.errors, "errors"), (.p50, "p50"), (.p95, "p95"), (.rate, "requests/s"), (.requests, "n")].map { "  \($1) \(cellText($0))" }.joined()
    }
}

extension EdgeKey {
    init(source: Entity, destination: Entity, protocol: String) { (self.source, self.destination, self.protocol) = (source, destination, `protocol`) }
}
