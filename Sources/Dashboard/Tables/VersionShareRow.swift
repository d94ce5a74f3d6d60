import MeshModel
import Panels

/// One version of an entity beside the others.
struct VersionShareRow: Sendable, Equatable {
    var row: VersionRow
    /// Of the requests of all versions, 0…1.
    var share: Double?
    var predicate: ErrorPredicate

    static func rows(_ versions: [VersionRow], _ predicate: ErrorPredicate) -> [VersionShareRow] {
        let total = versions.reduce(0) { $0 + $1.signals.requests }
        return versions.map { VersionShareRow(row: $0, share: total > 0 ? $0.signals.requests / total : nil, predicate: predicate) }
    }
}

extension VersionShareRow: CellRow {
    var rowKey: RowKey { .version(row.version) }
    var isStale: Bool { false }
    /// By the share of errors its number is painted with; few requests are a warning at most.
    var health: HealthState {
        guard row.signals.requests > 0 else { return .idle }
        guard row.signals.errors > 0 else { return .good }
        return row.signals.judged >= GoldenSignals.smallSample && (row.signals.errorShare ?? 0) >= VersionShare.failingShare ? .failing : .warning
    }
    var stateName: String { health.name }
    var isTroubled: Bool { health >= .warning }
    var urgency: (Double, Double, Double) { (Double(health.rawValue), Magnitude.of(row.signals.troubleShare), Magnitude.of(row.signals.requests)) }

    func number(_ field: Field) -> Double? { field == .share ? share.map { $0 * 100 } : row.signals.number(field) }
    func text(_ field: Field) -> String? { field == .name || field == .version ? (row.version.isEmpty ? "unknown" : row.version) : nil }
    func anyText(_ body: (String) -> Bool) -> Bool { body(row.version) }

    func cellText(_ field: Field) -> String {
        switch field {
        case .name: text(.name) ?? Format.unknown
        case .share: Format.percent(share)
        default: row.signals.cellText(field) ?? Format.unknown
        }
    }
}
