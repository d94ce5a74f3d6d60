/// The pods with all their counters. A counter is a place in `values`; lines of pages refer to places.
struct DemoWorld {
    struct Pod {
        var name: String
        var service: String
        var namespace: String
        var version: String
        var node: String
        var serviceIndex: Int
        /// Place among the topology's `callers`.
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
        var timeouts: Int
        /// Requests by caller's service and code, for Istio's metrics; −1 where it writes none.
        var bySource = -1
        static let width = DemoWorld.codes.count + DemoWorld.bounds.count + 13
    }

    struct Cluster {
        var service: Int  // −1 for hosts outside
        var version: Int
        var host: String
        var side: Side
        var isTLS: Bool
        var hosts = 1
        var isDatabase = false
    }

    static let codes: [Int] = [200, 403, 404, 502, 503, 504]
    /// Envoy's default buckets, milliseconds, without +Inf.
    static let bounds: [Double] = [0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000]

    let topology: DemoTopology
    var values: [Double] = []
    var pods: [Pod] = []
    /// Pods by service and version.
    private(set) var members: [[[Int]]] = []
    let serviceIndex: [String: Int]
    var sent: DemoTruth
    var spans: DemoSpans
    var conditions = DemoConditions(pods: 0)

    init(_ topology: DemoTopology, random: inout DemoRandom, spans: DemoSpans) {
        self.topology = topology
        self.spans = spans
        sent = DemoTruth([], pods: 0)
        var serviceIndex: [String: Int] = [:]
        for (index, service) in topology.services.enumerated() { serviceIndex[service.name] = index }
        self.serviceIndex = serviceIndex
        let callers = topology.callers
        for (index, service) in topology.services.enumerated() {
            members.append([])
            for (versionIndex, version) in service.versions.enumerated() {
                members[index].append([])
                let hash = random.suffix(9)
                for _ in 0..<version.pods {
                    members[index][members[index].count - 1].append(pods.count)
                    let outbound = clusters(of: service)
                    var inbound = side()
                    if service.writesIstio { inbound.bySource = reserve((callers.count + 1) * Self.codes.count) }
                    pods.append(Pod(name: "\(service.name)-\(version.name)-\(hash)-\(random.suffix(5))", service: service.name, namespace: service.namespace,
                                    version: version.name, node: topology.nodes[pods.count % topology.nodes.count], serviceIndex: index,
                                    callerIndex: callers.firstIndex { $0 == (index, versionIndex) } ?? 0, inbound: inbound,
                                    denied: reserve(1), uptime: reserve(1), outbound: outbound))
                }
            }
        }
        sent = DemoTruth(topology.services, pods: pods.count)
        conditions = DemoConditions(pods: pods.count)
        for index in pods.indices { pods[index].page = DemoPage(of: pods[index], in: topology) }
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
                    retryLimits: rest + 9, healthyHosts: rest + 10, timeouts: rest + 11)
    }

    private mutating func clusters(of service: DemoService) -> [Cluster] {
        var result: [Cluster] = []
        for call in service.calls {
            if let callee = serviceIndex[call.callee] {
                let target = topology.services[callee]
                for version in target.versions.indices {
                    result.append(Cluster(service: callee, version: version, host: "outbound|8080|\(target.versions[version].name)|\(target.name).\(target.namespace).svc.cluster.local",
                                          side: side(), isTLS: !target.isPlaintext, hosts: target.versions[version].pods))
                }
            } else {
                result.append(Cluster(service: -1, version: 0, host: "outbound|443||\(call.callee)", side: side(), isTLS: true))
            }
        }
        if let database = service.database {
            result.append(Cluster(service: -1, version: 0, host: "outbound|5432||\(database)", side: side(), isTLS: false, isDatabase: true))
        }
        return result
    }

    func isDead(pod: Int) -> Bool { conditions.isGone[pod] }

    /// What has gone wrong by now.
    mutating func meet(_ faults: [DemoFault], after seconds: Double) {
        guard !faults.isEmpty else { return }
        conditions = DemoConditions(faults, after: seconds, pods: pods, services: serviceIndex)
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
