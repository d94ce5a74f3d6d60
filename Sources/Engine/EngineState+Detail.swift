import MeshModel
import Panels

extension EngineState {
    func detail(_ key: EntityKey, _ frame: inout Frame) -> EntityDetail? {
        let nodes = fold(key.level, &frame)
        guard let (entity, node) = nodes.nodes.first(where: { self.key($0.key, key.level) == key }) else { return nil }
        var detail = EntityDetail(row: row(entity, node, key.level, frame), charts: charts(of: node.targets, own: node.hasOwn, entity: entity, frame))
        (detail.inbound, detail.outbound) = neighbours(of: entity, key.level, &frame)
        detail.members = members(of: entity, key.level, &frame)
        detail.counters = counters(of: node.targets, frame)
        detail.sources = node.targets.map { targets[$0].source }
        return detail
    }

    /// A pod's callers know its service and version, not the pod itself: their edges stand for it.
    private func neighbours(of entity: ResolvedEntity, _ level: EntityLevel, _ frame: inout Frame) -> (inbound: [EdgeRow], outbound: [EdgeRow]) {
        var inbound: [EdgeRow] = [], outbound: [EdgeRow] = []
        switch level {
        case .pod:
            for (key, edge) in fold(.pod, &frame).edges where key.source == entity {
                if let row = edgeRow(key, edge, frame) { outbound.append(row) }
            }
            for (key, edge) in fold(.version, &frame).edges where key.destination.asService == entity.asService {
                guard key.destination.version.isEmpty || key.destination.version == entity.version else { continue }
                if let row = edgeRow(key, edge, frame) { inbound.append(row) }
            }
        case .node:
            for (key, edge) in fold(.node, &frame).edges where key.source == entity || key.destination == entity {
                guard let row = edgeRow(key, edge, frame) else { continue }
                if key.source == entity { outbound.append(row) } else { inbound.append(row) }
            }
        default:
            for (key, edge) in fold(level, &frame).edges where key.source == entity || key.destination == entity {
                guard let row = edgeRow(key, edge, frame) else { continue }
                if key.source == entity { outbound.append(row) }
                if key.destination == entity { inbound.append(row) }
            }
        }
        return (inbound.sorted { Self.order($0) < Self.order($1) }, outbound.sorted { Self.order($0) < Self.order($1) })
    }

    private func members(of entity: ResolvedEntity, _ level: EntityLevel, _ frame: inout Frame) -> [EntityRow] {
        var rows: [EntityRow] = []
        for (pod, node) in fold(.pod, &frame).nodes where pod.kind == .workload && !pod.pod.isEmpty {
            let belongs = level == .pod ? pod.asService == entity.asService : pod.folded(to: level) == entity
            if belongs { rows.append(row(pod, node, .pod, frame)) }
        }
        return rows.sorted { $0.key < $1.key }
    }

    // MARK: - Proxy counters

    private struct CounterRule {
        var group: ProxyCounter.Group
        var name: String
        var signal: Signal
        /// Any value above 0 asks for attention.
        var alarms = false
        /// nil: whichever side it was reported on.
        var vantage: Vantage?
    }

    private static let counterRules: [CounterRule] = [
        .init(group: .connections, name: "active inbound", signal: .connectionsActive, vantage: .server),
        .init(group: .connections, name: "active outbound", signal: .connectionsActive, vantage: .client),
        .init(group: .connections, name: "opened outbound", signal: .connectionsOpened, vantage: .client),
        .init(group: .connections, name: "connect failures", signal: .connectionsFailed, alarms: true),
        .init(group: .connections, name: "connect timeouts", signal: .connectTimeouts, alarms: true),
        .init(group: .connections, name: "pool overflow", signal: .connectionOverflow, alarms: true),
        .init(group: .retries, name: "retries", signal: .retries),
        .init(group: .retries, name: "retry successes", signal: .retrySuccess),
        .init(group: .retries, name: "retry limit exceeded", signal: .retryLimitExceeded, alarms: true),
        .init(group: .retries, name: "retry overflow", signal: .retryOverflow, alarms: true),
        .init(group: .retries, name: "request timeouts", signal: .timeouts, alarms: true),
        .init(group: .retries, name: "resets received", signal: .resetsReceived),
        .init(group: .breakers, name: "open breakers", signal: .breakerOpen, alarms: true),
        .init(group: .breakers, name: "pending overflow", signal: .pendingOverflow, alarms: true),
        .init(group: .breakers, name: "retries remaining", signal: .remainingRetries),
        .init(group: .outliers, name: "hosts ejected now", signal: .outlierEjectionsActive, alarms: true),
        .init(group: .outliers, name: "ejections", signal: .outlierEjections, alarms: true),
        .init(group: .outliers, name: "no healthy host", signal: .noHealthyHost, alarms: true),
        .init(group: .outliers, name: "healthy hosts", signal: .hostsHealthy),
        .init(group: .policy, name: "RBAC allowed", signal: .rbacAllowed),
        .init(group: .policy, name: "RBAC denied", signal: .rbacDenied, alarms: true),
        .init(group: .policy, name: "RBAC shadow denied", signal: .rbacShadowDenied),
        .init(group: .policy, name: "rate limited", signal: .rateLimited, alarms: true),
        .init(group: .tls, name: "inbound handshakes", signal: .tlsHandshakes, vantage: .server),
        .init(group: .tls, name: "outbound handshakes", signal: .tlsHandshakes, vantage: .client),
        .init(group: .tls, name: "TLS errors", signal: .tlsErrors, alarms: true),
        .init(group: .tls, name: "without client certificate", signal: .tlsNoCertificate),
        .init(group: .tls, name: "days to certificate expiry", signal: .certificateDaysLeft),
        .init(group: .proxy, name: "no route", signal: .noRoute, alarms: true),
        .init(group: .proxy, name: "uptime s", signal: .proxyUptimeSeconds),
        .init(group: .proxy, name: "memory bytes", signal: .proxyMemoryBytes),
        .init(group: .proxy, name: "control plane connected", signal: .controlPlaneConnected),
    ]

    func counters(of indices: [Int], _ frame: Frame) -> [ProxyCounter] {
        Self.counterRules.map { rule in
            var value: Double?
            for index in indices {
                let target = targets[index]
                for item in target.series where item.signal == rule.signal {
                    guard rule.vantage == nil || rule.vantage == target.cells[Int(item.cell)].vantage else { continue }
                    let count = target.count(item, frame.mode)
                    guard count.isFinite else { continue }
                    if rule.signal == .certificateDaysLeft || rule.signal == .controlPlaneConnected || rule.signal == .proxyUptimeSeconds {
                        value = min(value ?? .infinity, count)
                    } else {
                        value = (value ?? 0) + count
                    }
                }
            }
            return ProxyCounter(group: rule.group, name: rule.name, value: value, isGauge: rule.signal.isGauge, isAlarming: rule.alarms && (value ?? 0) > 0)
        }
    }
}
