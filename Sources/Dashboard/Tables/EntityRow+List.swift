import MeshModel
import Panels

extension GoldenSignals {
    /// Requests that were let through and so can succeed or fail.
    var judged: Double { max(0, requests - (denied ?? 0)) }
    /// 0…1; nil when nothing was judged.
    var errorShare: Double? { judged > 0 ? min(1, errors / judged) : nil }
    /// Failed or denied, of all requests; 0 when there were none.
    var troubleShare: Double { requests > 0 ? min(1, (errors + (denied ?? 0)) / requests) : 0 }
    var isTroubled: Bool { errors > 0 || (denied ?? 0) > 0 }

    /// Numbers by column, in the units filters are typed in.
    func number(_ field: Field) -> Double? {
        switch field {
        case .rate: rate
        case .errors: errorShare.map { $0 * 100 }
        case .success: success.map { $0 * 100 }
        case .denied: denied
        case .p50: latency?.p50
        case .p95: latency?.p95
        case .p99: latency?.p99
        case .bytesIn: bytesIn.flatMap(perSecond)
        case .bytesOut: bytesOut.flatMap(perSecond)
        case .traffic: bytesIn == nil && bytesOut == nil ? nil : perSecond((bytesIn ?? 0) + (bytesOut ?? 0))
        case .mtls: mutualShare.map { $0 * 100 }
        case .connections: connectionsActive
        case .retries: retries
        case .attempts: attempts
        default: nil
        }
    }
}

/// Amounts in steps of √2.
enum Magnitude {
    static func of(_ amount: Double) -> Double {
        guard amount > 0, amount.isFinite else { return -10_000 }
        return Double(2 * Int(amount.exponent) + (amount.significand >= 2.0.squareRoot() ? 1 : 0))
    }
}

extension HealthState {
    var name: String {
        switch self {
        case .idle: "idle"
        case .good: "good"
        case .unknown: "unknown"
        case .warning: "warning"
        case .failing: "failing"
        }
    }
}

extension EntityRow: ListRow {
    static var comesByName: Bool { true }
    var rowKey: RowKey { .entity(key) }
    var stateName: String { stale ? "stale" : state.name }
    var isTroubled: Bool { state >= .warning || signals.isTroubled }
    /// What fails in one of its versions ranks by that; magnitudes, so that rows alike keep their order from frame to frame.
    var urgency: (Double, Double, Double) {
        let worst = versions.reduce(signals.troubleShare) { max($0, $1.signals.judged >= GoldenSignals.smallSample ? $1.signals.errorShare ?? 0 : 0) }
        return (Double(state.rawValue), Magnitude.of(worst), Magnitude.of(signals.rate ?? signals.requests))
    }

    func number(_ field: Field) -> Double? {
        switch field {
        case .pods: Double(pods)
        case .versions: Double(versions.count)
        case .trend: signals.rate
        default: signals.number(field)
        }
    }

    func text(_ field: Field) -> String? {
        switch field {
        case .name: key.name
        case .namespace: key.level == .namespace ? key.name : key.namespace.isEmpty ? entity.namespace : key.namespace
        case .service: key.level == .service ? key.name : entity.service
        case .workload: key.level == .workload ? key.name : entity.workload
        case .pod: key.level == .pod ? key.name : entity.pod
        case .node: key.level == .node ? key.name : entity.node
        case .version: key.version.isEmpty ? entity.version ?? (versions.count == 1 ? versions[0].version : nil) : key.version
        case .cluster: key.cluster
        case .reason: reason
        default: nil
        }
    }

    func anyText(_ body: (String) -> Bool) -> Bool {
        if body(key.name) || body(key.namespace) { return true }
        if let service = entity.service, body(service) { return true }
        if let node = entity.node, body(node) { return true }
        return versions.contains { body($0.version) } || (versions.isEmpty && entity.version.map(body) ?? false)
    }

    func anyValue(_ field: Field, _ body: (String) -> Bool) -> Bool {
        if field == .version, !versions.isEmpty { return versions.contains { body($0.version) } }
        return text(field).map(body) ?? false
    }
}
