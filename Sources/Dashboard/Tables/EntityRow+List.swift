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
        case .requests: requests
        case .errors: errorShare.map { $0 * 100 }
        case .success: success.map { $0 * 100 }
        case .denied: denied
        case .p50: latency?.p50
        case .p95: latency?.p95
        case .p99: latency?.p99
        case .mean: latency?.meanMilliseconds
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

    /// Codes it was answered with.
    func anyNumber(_ field: Field, _ body: (Double) -> Bool) -> Bool? {
        field == .code ? codes.contains { $0.count > 0 && body(Double($0.code)) } : number(field).map(body)
    }

    /// What a field holds that may be several, or goes by a word.
    func anyValue(_ field: Field, _ body: (String) -> Bool) -> Bool {
        switch field {
        case .flag: flags.contains { $0.count > 0 && body($0.flag) }
        case .mtls: body(security.name)
        case .code: codes.contains { $0.count > 0 && body(String($0.code)) }
        default: false
        }
    }

    /// What is counted of it; nil where that is not exported.
    func has(_ property: Property) -> Bool? {
        switch property {
        case .errors: errors > 0
        case .denied: denied.map { $0 > 0 }
        case .retries: retries.map { $0 > 0 }
        case .traffic: requests > 0
        case .mtls: security == .unknown ? mutualShare.map { $0 >= 1 } : security == .mutual
        default: nil
        }
    }
}

extension HealthState {
    /// Nothing asked of it is no failure; of what is not judged neither health nor its lack is known.
    func has(_ property: Property, isStale: Bool) -> Bool? {
        switch property {
        case .healthy: self == .unknown ? nil : self <= .good
        case .idle: self == .idle
        case .stale: isStale
        case .warning: self == .warning
        case .failing: self == .failing
        default: nil
        }
    }
}

extension Entity {
    /// Whether it is of that kind; nil where something else is asked.
    func has(_ property: Property) -> Bool? {
        switch property {
        case .external: kind == .external
        case .database: kind == .database
        case .queue: kind == .queue
        case .unknown: kind == .unknown
        default: nil
        }
    }

    /// What it is called, at any level.
    func anyValue(_ field: Field, _ body: (String) -> Bool) -> Bool {
        switch field {
        case .name: body(displayName) || version != nil && body(versionedName)
        case .namespace: namespace.map(body) ?? false
        case .service: service.map(body) ?? false
        case .workload: workload.map(body) ?? false
        case .version: version.map(body) ?? false
        case .pod: pod.map(body) ?? false
        case .node: node.map(body) ?? false
        case .cluster: cluster.map(body) ?? false
        case .app: app.map(body) ?? false
        default: false
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
        case .app: key.level == .app ? key.name : entity.app
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
        switch field {
        case .version where !versions.isEmpty: versions.contains { body($0.version) }
        case .flag, .mtls, .code: signals.anyValue(field, body)
        default: text(field).map(body) ?? false
        }
    }

    func anyNumber(_ field: Field, _ body: (Double) -> Bool) -> Bool? { field == .code ? signals.anyNumber(field, body) : number(field).map(body) }
    func has(_ property: Property) -> Bool? { state.has(property, isStale: stale) ?? entity.has(property) ?? signals.has(property) }
}
