import MeshModel
import Panels

extension EngineState {
    mutating func detail(_ key: EntityKey, _ frame: Frame) -> EntityDetail? {
        let fold = fold(key.level, frame)
        guard let place = Self.place(of: key, in: fold.rows) else { return nil }
        let index = Int(fold.nodeOfRow[place])
        let node = fold.nodes[index]
        var detail = EntityDetail(row: withTrends(fold.rows[place], node, frame), charts: charts(of: node, frame))
        (detail.inbound, detail.outbound) = neighbours(of: index, fold, frame)
        if hasSpans, detail.row.signals.isSilent, let row = addSpanRows(to: [detail.row], key.level, frame).first(where: { $0.key == key }) { detail.row = row }
        if hasSpans, key.level != .node { addSpans(to: &detail, key, frame) }
        detail.members = members(of: node, key.level, frame)
        let sources = (node.targets.isEmpty ? node.reporters : node.targets).map(Int.init)
        detail.counters = counters(of: sources, frame)
        detail.sources = sources.map { targets[$0].source }
        return detail
    }

    /// What spans tell of its calls, beside what metrics do.
    private mutating func addSpans(to detail: inout EntityDetail, _ key: EntityKey, _ frame: Frame) {
        let own = detail.row.entity
        // A pod's callers know its version alone.
        let calleeLevel = key.level == .pod ? EntityLevel.version : key.level
        detail.inbound = addSpanEdges(to: detail.inbound, calleeLevel, frame) { _, callee in own.isCalled(callee, at: calleeLevel) }
        detail.outbound = addSpanEdges(to: detail.outbound, key.level, frame) { caller, _ in own.isCalled(caller, at: key.level) }
    }

    private mutating func neighbours(of index: Int, _ fold: LevelFold, _ frame: Frame) -> (inbound: [EdgeRow], outbound: [EdgeRow]) {
        let node = fold.nodes[index]
        if fold.level == .node { return services(aroundMachine: node, frame) }
        var vantages = CallVantages(fold)
        let outbound = node.edgesOut.compactMap { edgeRow(fold, Int($0), &vantages, frame) }
        var inbound: [EdgeRow]
        if fold.level == .pod {
            inbound = callers(ofPod: node.entity, frame)
        } else {
            inbound = node.edgesIn.compactMap { edgeRow(fold, Int($0), &vantages, frame) }
            let own = named(node.entity)
            inbound += outsideRows(fold.level, frame).filter { $0.destination == own }
        }
        return (Self.ordered(inbound), Self.ordered(outbound))
    }

    /// A pod's callers know its service and version, not the pod itself: their edges stand for it.
    private mutating func callers(ofPod pod: ResolvedEntity, _ frame: Frame) -> [EdgeRow] {
        let fold = fold(.version, frame)
        let service = pod.asService
        var vantages = CallVantages(fold)
        var rows: [EdgeRow] = []
        for index in fold.nodes.indices where fold.nodes[index].entity.asService == service {
            guard fold.nodes[index].entity.version.isEmpty || fold.nodes[index].entity.version == pod.version else { continue }
            rows += fold.nodes[index].edgesIn.compactMap { edgeRow(fold, Int($0), &vantages, frame) }
        }
        let own = named(service)
        rows += outsideRows(.version, frame).filter { row in
            row.destination.service == own.service && row.destination.namespace == own.namespace && row.destination.cluster == own.cluster
                && (row.destination.version == nil || row.destination.version == named(pod).version)
        }
        return rows
    }

    /// Calls name services, not the machines these run on.
    private func services(aroundMachine node: LevelFold.Node, _ frame: Frame) -> (inbound: [EdgeRow], outbound: [EdgeRow]) {
        guard let facts = levels?.facts else { return ([], []) }
        var callers: [ResolvedEntity: EdgeSides] = [:], called: [ResolvedEntity: EdgeSides] = [:]
        for target in node.targets {
            for relation in targets[Int(target)].folded.relations where relation.source >= 0 && relation.destination >= 0 {
                let sums = facts.completed(relation, service: directory.serviceID(of: relation.destination))
                switch relation.vantage {
                case .client: called[directory[relation.destination].asService, default: EdgeSides()].add(sums, relation, facts, target)
                case .server: callers[directory[relation.source].asService, default: EdgeSides()].add(sums, relation, facts, target)
                case .waypoint: break
                }
            }
        }
        let inbound = callers.compactMap { edgeRow(ends($0.key, node.entity), $0.value, frame) }
        let outbound = called.compactMap { edgeRow(ends(node.entity, $0.key), $0.value, frame) }
        return (Self.ordered(inbound), Self.ordered(outbound))
    }

    private mutating func withTrends(_ row: EntityRow, _ node: LevelFold.Node, _ frame: Frame) -> EntityRow {
        guard frame.mode == .window else { return row }
        let (rates, errors) = trends(of: node, frame)
        return row.with(trend: rates, errorTrend: errors)
    }

    private mutating func members(of node: LevelFold.Node, _ level: EntityLevel, _ frame: Frame) -> [EntityRow] {
        let pods = fold(.pod, frame)
        let service = node.entity.asService
        return pods.nodeOfRow.map(Int.init).filter { pod in
            let entity = pods.nodes[pod].entity
            return level == .pod ? entity.asService == service : entity.folded(to: level) == node.entity
        }.map { withTrends(pods.rows[Int(pods.nodes[$0].row)], pods.nodes[$0], frame) }
    }

    // MARK: - Proxy counters

    private struct CounterRule {
        var group: ProxyCounter.Group
        var name: String
        var signal: Signal
        /// Any value above 0 asks for attention.
        var alarms = false
        /// And any value below this.
        var alarmsBelow = -Double.infinity
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
        .init(group: .tls, name: "days to certificate expiry", signal: .certificateDaysLeft, alarmsBelow: 7),
        .init(group: .proxy, name: "no route", signal: .noRoute, alarms: true),
        .init(group: .proxy, name: "uptime", signal: .proxyUptimeSeconds),
        .init(group: .proxy, name: "memory", signal: .proxyMemoryBytes),
        .init(group: .proxy, name: "control plane connected", signal: .controlPlaneConnected, alarmsBelow: 1),
    ]

    func counters(of indices: [Int], _ frame: Frame) -> [ProxyCounter] {
        var values = [Double?](repeating: nil, count: Self.counterRules.count)
        for index in indices {
            let tally = CounterTally(targets[index], frame.mode)
            for (place, rule) in Self.counterRules.enumerated() {
                guard let count = tally.value(rule.signal, rule.vantage) else { continue }
                values[place] = CounterTally.isLeast(rule.signal) ? min(values[place] ?? .infinity, count) : (values[place] ?? 0) + count
            }
        }
        return zip(Self.counterRules, values).map { rule, value in
            // A proxy without certificates says so by a number of days beyond all of them.
            let value = rule.signal == .certificateDaysLeft && (value ?? 0) > 1e6 ? nil : value
            return ProxyCounter(group: rule.group, name: rule.name, value: value, isGauge: rule.signal.isGauge,
                                isAlarming: value.map { rule.alarms && $0 > 0 || $0 < rule.alarmsBelow } ?? false)
        }
    }
}

/// One proxy's counters by signal and vantage, in one pass over its series. Series of different rank say the same thing twice
/// (the connection manager's connections are its cluster's, too): the lowest rank counts.
private struct CounterTally {
    private var ranks: [UInt8]
    private var sums: [Double]
    private static let vantages = Vantage.allCases

    init(_ target: TargetState, _ mode: CountMode) {
        let count = Signal.allCases.count * Self.vantages.count
        ranks = .init(repeating: .max, count: count)
        sums = .init(repeating: 0, count: count)
        for item in target.series {
            let place = Self.place(item.signal, target.cells[Int(item.cell)].vantage)
            guard item.rank <= ranks[place] else { continue }
            let value = target.count(item, mode)
            guard value.isFinite else { continue }
            let isFirst = item.rank < ranks[place]
            ranks[place] = item.rank
            sums[place] = isFirst ? value : Self.isLeast(item.signal) ? min(sums[place], value) : sums[place] + value
        }
    }

    /// nil: not exported.
    func value(_ signal: Signal, _ vantage: Vantage?) -> Double? {
        let places = (vantage.map { [$0] } ?? Self.vantages).map { Self.place(signal, $0) }
        guard let rank = places.map({ ranks[$0] }).min(), rank < .max else { return nil }
        let told = places.filter { ranks[$0] == rank }.map { sums[$0] }
        return Self.isLeast(signal) ? told.min() : told.reduce(0, +)
    }

    /// Of these the worst of several proxies counts, not their sum.
    static func isLeast(_ signal: Signal) -> Bool { signal == .certificateDaysLeft || signal == .controlPlaneConnected || signal == .proxyUptimeSeconds }

    private static func place(_ signal: Signal, _ vantage: Vantage) -> Int { Int(signal.rawValue) * vantages.count + Int(vantage.rawValue) }
}

extension Entity {
    /// Whether an end of a call at that level is this one, wherever its cluster is not told.
    fileprivate func isCalled(_ end: Entity, at level: EntityLevel) -> Bool {
        guard end.kind == kind, end.namespace == namespace else { return false }
        switch level {
        case .service: return end.service == service
        case .app: return end.app == app
        case .version: return end.service == service && end.version == version
        case .workload: return end.service == service && end.workload == workload
        case .pod: return end.pod == pod
        case .namespace, .node: return end.node == node
        }
    }
}
