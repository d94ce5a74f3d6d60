import MeshModel
import Panels

/// A source beside the instant it is looked at from: its age is part of what is sorted and filtered.
struct SourceRow: Sendable, Equatable {
    var source: SourceState
    var now: Timestamp

    /// Seconds since something usable came; nil if nothing ever did.
    var age: Double? { source.lastSuccess.map { max(0, (now - $0).seconds) } }

    /// No word for three intervals although it is not known to fail.
    var isStale: Bool {
        guard case .up = source.health, let age, let interval = source.intervalSeconds else { return false }
        return age > 3 * interval
    }

    var state: HealthState {
        switch source.health {
        case .failing: .failing
        case .pending: .unknown
        case .gone: .idle
        case .up: isStale || source.badLines > 0 ? .warning : .good
        }
    }
}

extension SourceRow: ListRow {
    var rowKey: RowKey { .source(source.id) }
    var stateName: String {
        switch source.health {
        case .failing: "failing"
        case .pending: "pending"
        case .gone: "gone"
        case .up: isStale ? "stale" : "up"
        }
    }
    var isTroubled: Bool { state >= .warning }
    var urgency: (Double, Double, Double) { (Double(state.rawValue), source.lastSuccess == nil ? 1 : 0, 0) }

    func number(_ field: Field) -> Double? {
        switch field {
        case .age: age
        case .duration: source.durationSeconds.map { $0 * 1000 }
        case .samples: Double(source.samples)
        case .kept: Double(source.seriesKept)
        case .mapped: Double(source.seriesMapped)
        case .bytes: Double(source.bytes)
        case .bad: Double(source.badLines)
        case .errors: Double(source.consecutiveFailures)
        default: nil
        }
    }

    func text(_ field: Field) -> String? {
        switch field {
        case .name: source.name
        case .job: source.job
        case .pod: source.proxy
        case .profile: source.profiles.joined(separator: " ")
        case .reason:
            if case .failing(let reason) = source.health { reason } else { source.firstBadLine }
        default: nil
        }
    }

    func anyText(_ body: (String) -> Bool) -> Bool {
        if body(source.name) || body(source.proxy) || body(source.job) || source.profiles.contains(where: body) { return true }
        if case .failing(let reason) = source.health { return body(reason) }
        return false
    }
}
