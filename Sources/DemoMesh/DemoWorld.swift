/// The pods with all their counters. A counter is a place in `values`; lines of pages refer to places.
struct DemoWorld {
    struct Pod {
        var name: String
        var service: String
        var namespace: String
        var version: String
        var node: String
        var nodeIndex: Int
        var serviceIndex: Int
        /// Place among `DemoTopology.callers`.
        var callerIndex: Int
        var inbound: Side
        var denied: Int
        var uptime: Int
        /// One per cluster it calls.
        var outbound: [Cluster]
        var page = DemoPage()
    }

    /// Counters of one direction: codes by place in `codes`, then the rest.
    struct Side {
        var codes: Int
        var total: Int
        var histogram: Int
        var sum: Int
        var sent: Int
        var received: Int
        var connections: Int
        var handshakes: Int
        var failedConnections: Int
        var retries: Int
        var retrySuccesses: Int
        var retryLimits: Int
        /// Hosts that answer; of a proxy's own application 1.
        var healthyHosts: Int
        /// Requests by caller's service and code, for Istio's metrics; −1 where it writes none.
        var bySource = -1
        static let width = DemoWorld.codes.count + DemoWorld.bounds.count + 12
    }

    struct Cluster {
        var service: Int  // −1 for hosts outside
        var version: Int
        var host: String
        var side: Side
        var isTLS: Bool
        var hosts = 1
    }

    static let codes: [Int] = [200, 403, 404, 502, 503, 504]
    /// Envoy's default buckets, milliseconds, without +Inf.
    static let bounds: [Double] = [0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000]

    var values: [Double] = []
    var pods: [Pod] = []
    /// Pods by service and version.
    private var members: [[[Int]]] = []
    private let serviceIndex: [String: Int]

    private(set) var sent = DemoTruth()

    var canaryFailureShare = 0.0
    var ledgerSlowness = 1.0
    var deadNode = -1

    init(random: inout DemoRandom) {
        var serviceIndex: [String: Int] = [:]
        for (index, service) in DemoTopology.services.enumerated() { serviceIndex[service.name] = index }
        self.serviceIndex = serviceIndex
        for (index, service) in DemoTopology.services.enumerated() {
            members.append([])
            for (versionIndex, version) in service.versions.enumerated() {
                members[index].append([])
                let hash = random.suffix(9)
                for _ in 0..<version.pods {
                    members[index][members[index].count - 1].append(pods.count)
                    let node = pods.count % DemoTopology.nodes.count
                    let outbound = clusters(of: service, index)
                    var inbound = side()
                    if service.writesIstio { inbound.bySource = reserve((DemoTopology.callers.count + 1) * Self.codes.count) }
                    pods.append(Pod(name: "\(service.name)-\(version.name)-\(hash)-\(random.suffix(5))", service: service.name, namespace: service.namespace,
                                    version: version.name, node: DemoTopology.nodes[node], nodeIndex: node, serviceIndex: index,
                                    callerIndex: DemoTopology.callers.firstIndex { $0 == (index, versionIndex) } ?? 0, inbound: inbound,
                                    denied: reserve(1), uptime: reserve(1), outbound: outbound))
                }
            }
        }
        sent = DemoTruth(pods: pods.count)
        for index in pods.indices { pods[index].page = DemoPage(of: pods[index]) }
    }

    private mutating func reserve(_ count: Int) -> Int {
        let place = values.count
        values.append(contentsOf: repeatElement(0, count: count))
        return place
    }

    private mutating func side() -> Side {
        let base = reserve(Side.width)
        let rest = base + Self.codes.count + Self.bounds.count + 1
        return Side(codes: base, total: rest, histogram: base + Self.codes.count, sum: rest + 1, sent: rest + 2, received: rest + 3,
                    connections: rest + 4, handshakes: rest + 5, failedConnections: rest + 6, retries: rest + 7, retrySuccesses: rest + 8,
                    retryLimits: rest + 9, healthyHosts: rest + 10)
    }

    private mutating func clusters(of service: DemoService, _ index: Int) -> [Cluster] {
        var result: [Cluster] = []
        for call in service.calls {
            if let callee = serviceIndex[call.callee] {
                let target = DemoTopology.services[callee]
                for version in target.versions.indices {
                    result.append(Cluster(service: callee, version: version, host: "outbound|8080|\(target.versions[version].name)|\(target.name).\(target.namespace).svc.cluster.local",
                                          side: side(), isTLS: !target.isPlaintext, hosts: target.versions[version].pods))
                }
            } else {
                result.append(Cluster(service: -1, version: 0, host: "outbound|443||\(call.callee)", side: side(), isTLS: true))
            }
        }
        if service.name == "ledger" {
            result.append(Cluster(service: -1, version: 0, host: "outbound|5432||\(DemoTopology.database)", side: side(), isTLS: false))
        }
        return result
    }

    func isDead(pod: Int) -> Bool { pods[pod].nodeIndex == deadNode }

    // MARK: - Traffic

    /// One request from outside.
    mutating func enter(_ random: inout DemoRandom) {
        let pod = pick(DemoTopology.entry, &random)
        guard !isDead(pod: pod) else { return }
        let answer = serve(pod, from: DemoTopology.callers.count, &random)
        sent.count(from: nil, to: pods[pod].serviceIndex, answer.code)
    }

    private func pick(_ service: String, _ random: inout DemoRandom) -> Int {
        guard let index = serviceIndex[service] else { return 0 }
        let pool = members[index][0]
        return pool[Int(random.next() % UInt64(pool.count))]
    }

    /// The callee's side of a call; `source` is the caller's place among `callers`, one past the last for outside.
    private mutating func serve(_ pod: Int, from source: Int, _ random: inout DemoRandom) -> (code: Int, milliseconds: Double) {
        let service = DemoTopology.services[pods[pod].serviceIndex]
        var milliseconds = random.latency(service.latency)
        if service.name == "ledger" {
            milliseconds *= ledgerSlowness
            if let database = pods[pod].outbound.last?.side {
                values[database.sent] += 210
                values[database.received] += 640
            }
        }
        var code = 0  // place in `codes`: 200
        for call in service.calls {
            guard call.times >= 1 || random.unit() < call.times else { continue }
            let answer = self.call(call, from: pod, &random)
            milliseconds += answer.milliseconds
            if answer.code >= 3, !call.isSoft { code = 3 }
        }
        if code == 0 {
            if service.name == "payment", pods[pod].version == "v2", random.unit() < canaryFailureShare { code = 4 }
            if service.name == "legacy-scores", random.unit() < 0.01 { code = 4 }
            if service.name == "catalog", random.unit() < 0.004 { code = 2 }
        }
        let inbound = pods[pod].inbound
        count(inbound, code, milliseconds, &random)
        sent.served[pod][code] += 1
        if inbound.bySource >= 0 { values[inbound.bySource + source * Self.codes.count + code] += 1 }
        return (code, milliseconds)
    }

    private mutating func call(_ call: DemoService.Call, from caller: Int, _ random: inout DemoRandom) -> (code: Int, milliseconds: Double) {
        guard let callee = serviceIndex[call.callee] else {
            guard let cluster = pods[caller].outbound.first(where: { $0.service < 0 }) else { return (0, 0) }
            let milliseconds = random.latency(60)
            count(cluster.side, 0, milliseconds, &random)
            return (0, milliseconds)
        }
        let service = DemoTopology.services[callee]
        var tries = call.retries
        var spent = 0.0
        while true {
            var roll = Int(random.next() % 100)
            var version = 0
            while version < service.versions.count - 1, roll >= service.versions[version].weight {
                roll -= service.versions[version].weight
                version += 1
            }
            guard let cluster = pods[caller].outbound.first(where: { $0.service == callee && $0.version == version }) else { return (0, 0) }
            let pool = members[callee][version]
            let target = pool[Int(random.next() % UInt64(pool.count))]
            if isDead(pod: target) {
                values[cluster.side.failedConnections] += 1
                if tries > 0 || pool.count > 1 {
                    // Envoy's default retry_on connect-failure: another host of the cluster.
                    values[cluster.side.retries] += 1
                    values[cluster.side.total] += 1
                    tries -= 1
                    if tries > -4 { continue }
                }
                count(cluster.side, 4, 3, &random)
                values[cluster.side.retryLimits] += 1
                sent.count(from: pods[caller].serviceIndex, to: callee, 4)
                return (4, spent + 3)
            }
            if DemoTopology.denied.contains(where: { $0.0 == pods[caller].service && $0.1 == service.name }) {
                values[pods[target].denied] += 1
                sent.denied[target] += 1
                sent.count(from: pods[caller].serviceIndex, to: callee, 1)
                count(cluster.side, 1, 0.6, &random)
                return (1, spent + 0.6)
            }
            let answer = serve(target, from: pods[caller].callerIndex, &random)
            let milliseconds = answer.milliseconds + 0.3 + 0.2 * random.unit()
            if answer.code >= 3, tries > 0 {
                tries -= 1
                spent += milliseconds
                values[cluster.side.retries] += 1
                values[cluster.side.total] += 1
                continue
            }
            count(cluster.side, answer.code, milliseconds, &random)
            sent.count(from: pods[caller].serviceIndex, to: callee, answer.code)
            if tries < call.retries { values[answer.code >= 3 ? cluster.side.retryLimits : cluster.side.retrySuccesses] += 1 }
            return (answer.code, spent + milliseconds)
        }
    }

    private mutating func count(_ side: Side, _ code: Int, _ milliseconds: Double, _ random: inout DemoRandom) {
        values[side.codes + code] += 1
        values[side.total] += 1
        values[side.sum] += milliseconds
        values[side.sent] += 420 + Double(random.next() & 127)
        values[side.received] += 1900 + Double(random.next() & 2047)
        for index in Self.bounds.indices.reversed() {
            guard milliseconds <= Self.bounds[index] else { break }
            values[side.histogram + index] += 1
        }
        values[side.histogram + Self.bounds.count] += 1
        if values[side.connections] < 4 || random.next() % 900 == 0 {
            values[side.connections] += 1
            values[side.handshakes] += 1
        }
    }

    mutating func tick(seconds: Double) {
        for pod in pods.indices where !isDead(pod: pod) {
            values[pods[pod].uptime] += seconds
            values[pods[pod].inbound.healthyHosts] = 1
            for cluster in pods[pod].outbound {
                // A host that refuses connections is not ejected at once, but nobody in this mesh is patient.
                let dead = cluster.service < 0 ? 0 : members[cluster.service][cluster.version].count { isDead(pod: $0) }
                values[cluster.side.healthyHosts] = Double(cluster.hosts - dead)
            }
        }
    }

    func render(pod: Int, into bytes: inout [UInt8]) { pods[pod].page.render(values, into: &bytes) }
}
