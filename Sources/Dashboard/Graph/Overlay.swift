import GraphLayout
import MeshModel
import Panels

/// What colours, lines and numbers of a picture tell.
package enum Overlay: String, Sendable, CaseIterable {
    case errors, latency, rate, mtls, versions
}

/// How much a wire or a box stands out, the more the higher. Its line says without colour what its tone says with it.
enum Grade: UInt8, Sendable, Comparable {
    case plain, faint, good, raised, unknown, denied, notable, high

    static func < (a: Grade, b: Grade) -> Bool { a.rawValue < b.rawValue }

    var line: WireLine {
        switch self {
        case .plain, .faint, .good, .raised: .light
        case .unknown, .denied: .dashed
        case .notable, .high: .heavy
        }
    }

    /// What is plain is a number still.
    var numberTone: Tone { self == .plain ? .normal : tone }

    var tone: Tone {
        switch self {
        case .plain: .border
        case .faint, .unknown: .dim
        case .good: .good
        case .raised, .notable: .warning
        case .denied: .denied
        case .high: .failing
        }
    }
}

extension Overlay {
    /// Bounds of p95 in milliseconds.
    static let slow = (raised: 100.0, high: 500.0)
    /// Steps of √2 below the busiest that still count as busy: a third of it.
    private static let busySteps = 3.0

    /// - Parameter busiest: the magnitude of the highest rate drawn.
    func grade(of edge: EdgeRow, busiest: Double) -> Grade {
        if self == .errors {
            return switch EdgeLook(edge) {
            case .failing: .high
            case .denied: .denied
            case .warning: .raised
            case .idle: .faint
            case .good: .plain
            }
        }
        return grade(edge.signals, edge.versions, busiest: busiest)
    }

    func grade(of row: EntityRow, busiest: Double) -> Grade {
        guard self == .errors else { return grade(row.signals, row.versions, busiest: busiest) }
        return switch row.state {
        case .failing: .high
        case .warning: .raised
        case .good, .idle, .unknown: .plain
        }
    }

    private func grade(_ signals: GoldenSignals, _ versions: [VersionRow], busiest: Double) -> Grade {
        switch self {
        case .errors: return .plain
        case .latency:
            guard let p95 = signals.latency?.p95, p95.isFinite else { return .unknown }
            return p95 >= Self.slow.high ? .high : p95 >= Self.slow.raised ? .raised : .plain
        case .rate:
            guard signals.requests > 0 else { return .unknown }
            return Magnitude.of(signals.rate ?? signals.requests) >= busiest - Self.busySteps ? .notable : .plain
        case .mtls:
            if let share = signals.mutualShare, !(share == 0 && signals.security == .tls) { return share >= 1 ? .good : share > 0 ? .notable : .high }
            return switch signals.security {
            case .mutual: .good
            case .tls: .raised
            case .none: .high
            case .unknown: .unknown
            }
        case .versions:
            let parts = VersionShare.parts(versions)
            guard !parts.isEmpty else { return .unknown }
            return parts.contains(where: \.isFailing) ? .high : parts.count > 1 ? .notable : .plain
        }
    }

    /// What stands in a box, in `columns` cells.
    func number(_ row: EntityRow) -> String {
        switch self {
        case .errors: row.signals.requests > 0 && row.signals.errors > 0 ? Format.percent(row.signals.errorShare) : ""
        case .latency: Format.milliseconds(row.signals.latency?.p95)
        case .rate: row.signals.rate.map { Format.rate($0) + "/s" } ?? Format.count(row.signals.requests)
        case .mtls: row.cellText(.mtls)
        case .versions: row.versions.count > 1 ? "\(row.versions.count) ver" : row.versions.first.map(\.version) ?? Format.unknown
        }
    }

    static let columns = 7
}
