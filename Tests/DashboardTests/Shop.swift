import Dashboard
import MeshModel
import Panels

/// Hand-written frames: a ten-service shop in which payment v2 fails and recommendation may not call inventory.
enum Shop {
    static let now = Timestamp(milliseconds: 1_795_464_273_000)  // 2026-11-23T20:04:33Z
    static let window = 300.0
    static let slots = 60

    static var range: TimeRange { TimeRange(from: now - Timestamp.Span(seconds: window), to: now) }

    /// Deterministic noise of −1…1.
    static func noise(_ seed: Int, _ index: Int) -> Double {
        var x = UInt64(truncatingIfNeeded: seed &* 2_654_435_761 &+ index &* 40_503) &+ 0x9E37_79B9_7F4A_7C15
        x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
        x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((x ^ (x >> 31)) >> 11) / Double(1 << 52) - 1
    }

    static func signals(rate: Double, errorShare: Double = 0, denied: Double? = 0, p50: Double = 8, mtls: Double? = 1,
                        bytes: (Double, Double) = (1200, 5400), retries: Double? = 0, connections: Double? = 12,
                        code: UInt16 = 503, flags: [String] = []) -> GoldenSignals {
        var signals = GoldenSignals()
        signals.requests = (rate * window).rounded()
        signals.denied = denied
        signals.errors = ((signals.requests - (denied ?? 0)) * errorShare).rounded()
        signals.latency = signals.requests > 0
            ? LatencySummary(p50: p50, p95: p50 * 5.8, p99: p50 * 10, meanMilliseconds: p50 * 1.6, count: signals.requests) : nil
        signals.bytesIn = rate * window * bytes.0
        signals.bytesOut = rate * window * bytes.1
        signals.connectionsActive = connections
        signals.retries = retries
        signals.attempts = signals.requests + (retries ?? 0)
        signals.mutualShare = mtls
        signals.security = mtls == 1 ? .mutual : mtls == 0 ? .none : .unknown
        signals.evidence = [.metricsClient, .metricsServer]
        signals.from = range.from
        signals.to = now
        let good = signals.requests - signals.errors - (denied ?? 0)
        if good > 0 { signals.codes.append(.init(code: 200, count: good)) }
        if signals.errors > 0 {
            signals.codes.append(.init(code: code, count: signals.errors))
            signals.flags = flags.map { .init(flag: $0, count: signals.errors) }
        }
        if let denied, denied > 0 { signals.codes.append(.init(code: 403, count: denied)) }
        return signals
    }

    /// A rate that wobbles; errors begin at two fifths of the window.
    static func trend(_ rate: Double, seed: Int) -> [Float] {
        (0..<slots).map { Float(max(0, rate * (1 + 0.18 * noise(seed, $0)))) }
    }
    static func errorTrend(_ rate: Double, seed: Int) -> [Float] {
        (0..<slots).map { $0 < slots * 2 / 5 ? 0 : Float(max(0, rate * 1.6 * (1 + 0.3 * noise(seed, $0)))) }
    }

    static func key(_ level: EntityLevel, _ name: String, namespace: String = "shop") -> EntityKey {
        EntityKey(level: level, cluster: "", namespace: level == .node ? "" : namespace, name: name)
    }

    static func entity(_ service: String, namespace: String = "shop") -> Entity {
        Entity(namespace: namespace, service: service, workload: service)
    }

    static func service(_ name: String, _ signals: GoldenSignals, pods: Int, state: HealthState = .good, reason: String = "",
                        versions: [VersionRow] = [], seed: Int) -> EntityRow {
        let all = versions.isEmpty ? [VersionRow(version: "v1", signals: signals)] : versions
        return EntityRow(key: key(.service, name), entity: entity(name), signals: signals, versions: all, pods: pods, state: state,
                         reason: reason, trend: trend(signals.rate ?? 0, seed: seed),
                         errorTrend: errorTrend(signals.perSecond(signals.errors) ?? 0, seed: seed))
    }

    static let services: [EntityRow] = [
        service("gateway", signals(rate: 82.4, errorShare: 0.061, p50: 42, mtls: 0.98), pods: 1, state: .failing,
                reason: "errors 6.1 % > 5 % (server)", seed: 1),
        service("frontend", signals(rate: 82.3, errorShare: 0.061, p50: 38), pods: 2, state: .failing,
                reason: "errors 6.1 % > 5 % (server)", seed: 2),
        service("catalog", signals(rate: 164.2, p50: 6.4, bytes: (900, 18_000)), pods: 1, seed: 3),
        service("recommendation", signals(rate: 41.1, p50: 12, connections: nil), pods: 1, seed: 4),
        service("cart", signals(rate: 164, p50: 3.1, mtls: 0.62), pods: 1, state: .warning, reason: "mTLS 62 % of requests", seed: 5),
        service("checkout", signals(rate: 82, errorShare: 0.06, p50: 36, retries: 412), pods: 1, state: .failing,
                reason: "errors 6.0 % > 5 % (server)", seed: 6),
        service("payment", signals(rate: 82.1, errorShare: 0.062, p50: 31, retries: 0), pods: 2, state: .failing,
                reason: "errors 6.2 % > 5 % (server), all of v2",
                versions: [
                    VersionRow(version: "v1", signals: signals(rate: 65.7, p50: 29)),
                    VersionRow(version: "v2", signals: signals(rate: 16.4, errorShare: 0.31, p50: 44)),
                ], seed: 7),
        service("ledger", signals(rate: 77, p50: 4.8), pods: 1, seed: 8),
        service("shipping", signals(rate: 0.04, errorShare: 0.0833, p50: 820, connections: 0), pods: 1, state: .warning,
                reason: "1 of 12 failed: too few to judge", seed: 9),
        service("inventory", signals(rate: 246.3, denied: 612, p50: 2.2), pods: 1, state: .warning, reason: "2.0/s denied by policy", seed: 10),
    ]

    static let podNodes = ["node-a", "node-b", "node-c"]

    static let pods: [EntityRow] = {
        var rows: [EntityRow] = []
        func add(_ service: String, _ version: String, _ suffix: String, _ signals: GoldenSignals, state: HealthState = .good, reason: String = "",
                 stale: Bool = false) {
            let name = "\(service)-\(version)-\(suffix)"
            let node = podNodes[rows.count % 3]
            rows.append(EntityRow(key: key(.pod, name),
                                  entity: Entity(namespace: "shop", service: service, workload: "\(service)-\(version)", version: version, pod: name, node: node),
                                  signals: signals, versions: [VersionRow(version: version, signals: signals)], pods: 1, state: state, reason: reason,
                                  stale: stale, trend: trend(signals.rate ?? 0, seed: 40 + rows.count),
                                  errorTrend: errorTrend(signals.perSecond(signals.errors) ?? 0, seed: rows.count)))
        }
        add("gateway", "v1", "5d8c7b9f4-kq2zn", signals(rate: 82.4, errorShare: 0.061, p50: 42), state: .failing, reason: "errors 6.1 % > 5 % (server)")
        add("frontend", "v1", "7f9c6d5b8-4xw7p", signals(rate: 41.2, errorShare: 0.06, p50: 38), state: .failing, reason: "errors 6.0 % > 5 % (server)")
        add("frontend", "v1", "7f9c6d5b8-m8d2s", signals(rate: 41.1, errorShare: 0.062, p50: 37), state: .failing, reason: "errors 6.2 % > 5 % (server)")
        add("catalog", "v1", "6b7d9c8f5-p9vlt", signals(rate: 164.2, p50: 6.4))
        add("recommendation", "v1", "59c8d7f6b-z5h8k", signals(rate: 41.1, p50: 12))
        add("cart", "v1", "8c6f7d9b5-tn4qj", signals(rate: 164, p50: 3.1, mtls: 0.62), state: .warning, reason: "mTLS 62 % of requests")
        add("checkout", "v1", "7d5b8f9c6-w2x6m", signals(rate: 82, errorShare: 0.06, p50: 36, retries: 412), state: .failing,
            reason: "errors 6.0 % > 5 % (server)")
        add("payment", "v1", "6c9f8b7d5-h7r4c", signals(rate: 65.7, p50: 29))
        add("payment", "v2", "9b8d7c6f5-x2x9k", signals(rate: 16.4, errorShare: 0.305, p50: 44), state: .failing,
            reason: "errors 30.5 % > 5 % (server)")
        add("ledger", "v1", "5f7c9d8b6-q6m3v", signals(rate: 77, p50: 4.8))
        var old = signals(rate: 0.04, errorShare: 0.0833, p50: 820)
        old.to = now - Timestamp.Span(seconds: 41)
        add("shipping", "v1", "7b9d5c8f6-j3k8w", old, state: .unknown, reason: "stale 41 s", stale: true)
        add("inventory", "v1", "8f5c7b9d6-d9s5n", signals(rate: 246.3, denied: 612, p50: 2.2), state: .warning, reason: "2.0/s denied by policy")
        return rows
    }()

    static let nodes: [EntityRow] = podNodes.enumerated().map { index, name in
        let members = pods.filter { $0.entity.node == name }
        let rate = members.reduce(0) { $0 + ($1.signals.rate ?? 0) }
        let errors = members.reduce(0) { $0 + $1.signals.errors }
        let judged = members.reduce(0) { $0 + $1.signals.requests }
        let signals = signals(rate: rate, errorShare: judged > 0 ? errors / judged : 0, p50: 14 + Double(index) * 5)
        let isFailing = errors / judged > 0.05
        return EntityRow(key: key(.node, name), entity: Entity(node: name), signals: signals, pods: members.count,
                         state: isFailing ? .failing : .good, reason: isFailing ? "payment-v2 runs here" : "",
                         trend: trend(rate, seed: 70 + index), errorTrend: errorTrend(rate * 0.05, seed: 80 + index))
    }

    static let namespaces: [EntityRow] = [
        EntityRow(key: EntityKey(level: .namespace, name: "shop"), entity: Entity(namespace: "shop"),
                  signals: signals(rate: 1022, errorShare: 0.021, denied: 612, p50: 14), pods: 12, state: .failing,
                  reason: "4 services fail", trend: trend(1022, seed: 90), errorTrend: errorTrend(20, seed: 91)),
        EntityRow(key: EntityKey(level: .namespace, name: "istio-system"), entity: Entity(namespace: "istio-system"),
                  signals: signals(rate: 3.1, p50: 2), pods: 2, state: .good, trend: trend(3.1, seed: 92)),
    ]

    static func edge(_ source: String, _ destination: String, _ signals: GoldenSignals, state: HealthState, reason: String, seed: Int) -> EdgeRow {
        EdgeRow(source: entity(source), destination: entity(destination), protocol: "http", signals: signals, state: state, reason: reason,
                trend: trend(signals.rate ?? 0, seed: seed))
    }

    static let failingEdges: [EdgeRow] = [
        edge("checkout", "payment", signals(rate: 82.1, errorShare: 0.062, p50: 31), state: .failing, reason: "errors 6.2 % > 5 % (server)", seed: 101),
        edge("frontend", "checkout", signals(rate: 82, errorShare: 0.06, p50: 36), state: .failing, reason: "errors 6.0 % > 5 % (server)", seed: 102),
        edge("gateway", "frontend", signals(rate: 82.3, errorShare: 0.06, p50: 38), state: .failing, reason: "errors 6.0 % > 5 % (server)", seed: 103),
        edge("recommendation", "inventory", signals(rate: 2.04, denied: 612, p50: 1.1), state: .warning, reason: "denied by policy, all of 612", seed: 104),
    ]

    static var charts: Charts {
        var charts = Charts(slotSeconds: window / Double(slots), end: now)
        charts.rate = trend(412, seed: 200)
        charts.errorRate = errorTrend(16, seed: 201)
        charts.deniedRate = (0..<slots).map { Float(2 + 0.4 * noise(202, $0)) }
        charts.success = zip(charts.rate, charts.errorRate).map { 1 - $1 / max($0, 1) }
        charts.p50 = (0..<slots).map { Float(12 + noise(203, $0)) }
        charts.p95 = (0..<slots).map { Float(140 + 12 * noise(204, $0)) }
        charts.p99 = (0..<slots).map { Float(310 + 40 * noise(205, $0)) }
        charts.bytesInRate = trend(480_000, seed: 206)
        charts.bytesOutRate = trend(2_100_000, seed: 207)
        return charts
    }

    static var mesh: MeshSummary {
        var mesh = MeshSummary(charts: charts)
        mesh.signals = signals(rate: 412, errorShare: 0.039, denied: 612, p50: 12)
        mesh.services = 10
        mesh.pods = 12
        mesh.nodes = 3
        mesh.namespaces = ["istio-system", "shop"]
        mesh.sourcesUp = 11
        mesh.sourcesStale = 1
        mesh.warnings = [
            .init(text: "3 services fail because of payment v2 (91 %)", short: "payment v2 (91 %)", target: key(.service, "payment"), cause: ShopVerdicts.payment.key),
            .init(text: "shipping-v1-7b9d5c8f6-j3k8w has sent nothing for 41 s", target: key(.pod, "shipping-v1-7b9d5c8f6-j3k8w")),
        ]
        return mesh
    }

    static let sources: [SourceState] = pods.enumerated().map { index, pod in
        var source = SourceState(id: SourceID(raw: UInt32(index)), name: "http://10.0.\(index % 3).\(10 + index):15020/stats/prometheus", job: "shop",
                                 health: .up, intervalSeconds: 5)
        source.proxy = pod.key.name
        source.lastAttempt = now - Timestamp.Span(seconds: 2)
        source.lastSuccess = pod.stale ? now - Timestamp.Span(seconds: 41) : now - Timestamp.Span(seconds: Double(index % 4) + 0.5)
        source.durationSeconds = 0.004 + 0.003 * Double(index)
        source.bytes = 412_000 + index * 1733
        source.samples = 1540 + index * 12
        source.seriesKept = 610 + index
        source.seriesMapped = 588 + index
        source.profiles = ["istio", "envoy"]
        return source
    }

    static var stats: EngineStats {
        var stats = EngineStats()
        stats.samples = 1_204_331
        stats.seriesKept = 7420
        stats.seriesMapped = 7100
        stats.storeBytes = 4_210_000
        stats.retainedFrom = now - Timestamp.Span(seconds: 540)
        return stats
    }

    static func frame(version: UInt64 = 1) -> FrameData {
        var data = FrameData(now: now, window: range, version: version)
        data.mesh = mesh
        data.entities = [.service: byName(services), .pod: byName(pods), .node: byName(nodes), .namespace: byName(namespaces)]
        data.sources = sources
        data.stats = stats
        data.verdicts = ShopVerdicts.all
        data.details = [payment, canary, nodeA].reduce(into: [:]) { $0[$1.row.key] = $1 }
        return data
    }

    /// The page of the failing pod: its siblings, no version pane, a proxy that exports neither bytes nor latency.
    static var canary: EntityDetail {
        var detail = payment
        var signals = pods[8].signals
        signals.bytesIn = nil
        signals.bytesOut = nil
        signals.latency = nil
        signals.retries = nil
        signals.flags = [.init(flag: "UF", count: 1200), .init(flag: "URX", count: 300)]
        detail.row = pods[8].with(signals: signals)
        detail.charts = Charts(slotSeconds: 5, end: now)
        detail.charts.rate = trend(16.4, seed: 400)
        detail.charts.errorRate = errorTrend(5, seed: 401)
        detail.sources = [sources[8]]
        return detail
    }

    /// The page of a machine: pods of several services, calls within the mesh.
    static var nodeA: EntityDetail {
        var detail = payment
        detail.row = nodes[0]
        detail.members = byName(pods.filter { $0.entity.node == "node-a" })
        detail.inbound = []
        return detail
    }

    /// The page of payment: one caller, two callees, two pods, counters of every group, one of them not exported.
    static var payment: EntityDetail {
        var charts = charts
        charts.rate = trend(82.1, seed: 300)
        charts.errorRate = errorTrend(5.1, seed: 301)
        charts.p50 = (0..<slots).map { Float(31 + 2 * noise(302, $0)) }
        charts.p95 = (0..<slots).map { Float(180 + 20 * noise(303, $0)) }
        charts.p99 = (0..<slots).map { $0 == 20 || $0 == 21 ? .nan : Float(310 + 45 * noise(304, $0)) }
        let bounds = [5, 10, 25, 50, 100, 250, 500, 1000, .infinity]
        charts.heat = LatencyHeat(upperBounds: bounds, counts: (0..<slots * bounds.count).map { index in
            let bucket = index % bounds.count
            return Float([0, 4, 60, 240, 80, 20, 5, 1, 0][bucket]) * Float(1 + 0.3 * noise(305, index))
        })
        let counters: [ProxyCounter] = [
            .init(group: .connections, name: "active", value: 24, isGauge: true), .init(group: .connections, name: "connect failures", value: 0),
            .init(group: .retries, name: "retries", value: 412), .init(group: .retries, name: "retry overflow", value: 17, isAlarming: true),
            .init(group: .breakers, name: "open", value: 0, isGauge: true), .init(group: .outliers, name: "ejections active", value: nil, isGauge: true),
            .init(group: .policy, name: "denied", value: 0), .init(group: .tls, name: "handshakes", value: 31),
            .init(group: .tls, name: "certificate days left", value: 0.8, isGauge: true, isAlarming: true), .init(group: .proxy, name: "uptime seconds", value: 86_432, isGauge: true),
        ]
        return EntityDetail(row: services[6], charts: charts, inbound: [failingEdges[0]],
                            outbound: [edge("payment", "ledger", signals(rate: 77, p50: 4.8), state: .good, reason: "", seed: 310)],
                            members: byName(pods.filter { $0.entity.service == "payment" }), counters: counters, sources: Array(sources[7...8]))
    }

    /// The order in which an engine hands rows over.
    static func byName(_ rows: [EntityRow]) -> [EntityRow] { rows.sorted { $0.key < $1.key } }

    /// What telltale shows before anything was scraped or received.
    static var emptyFrame: FrameData {
        var data = FrameData(now: now, window: range, version: 0)
        data.mesh = MeshSummary(charts: Charts(slotSeconds: 5, end: now))
        data.entities = [.service: [], .pod: [], .node: [], .namespace: []]
        data.sources = []
        data.verdicts = []
        data.stats = EngineStats()
        return data
    }

    /// One source answers 500, one never answered, one has bad lines; the store has begun to forget.
    static var failingSourceFrame: FrameData {
        var data = frame()
        var sources = sources
        sources[3].health = .failing(reason: "answered 500 Internal Server Error")
        sources[3].consecutiveFailures = 14
        sources[3].lastSuccess = now - Timestamp.Span(seconds: 72)
        sources[5].health = .failing(reason: "timed out after 5 s: connection refused by 10.0.2.15 port 15020")
        sources[5].consecutiveFailures = 3
        sources[5].lastSuccess = nil
        sources[5].durationSeconds = nil
        sources[5].samples = 0
        sources[6].badLines = 3
        sources[6].firstBadLine = "line 12, byte 340: no value after the name: \"foo\""
        data.sources = sources
        data.mesh?.sourcesUp = 9
        data.mesh?.sourcesFailing = 2
        data.mesh?.warnings.insert(.init(text: "2 of 12 sources fail", target: nil), at: 0)
        data.stats?.badLines = 3
        data.stats?.evictedSamples = 18_200
        data.stats?.retainedFrom = now - Timestamp.Span(seconds: 180)
        return data
    }

    /// One page a pod, read from files: counts since the proxies started, no rates, no nodes, one namespace.
    static var pagesFrame: FrameData {
        func timeless(_ row: EntityRow) -> EntityRow {
            var signals = row.signals, entity = row.entity
            signals.from = nil
            entity.node = nil
            return row.with(entity: entity, signals: signals, trend: [], errorTrend: [])
        }
        var data = frame()
        data.mesh?.signals.from = nil
        data.mesh?.charts = Charts(slotSeconds: 0, end: now)
        data.mesh?.namespaces = ["shop"]
        data.mesh?.nodes = 0
        data.entities = [.service: byName(services.map(timeless)), .pod: byName(pods.map(timeless)), .node: [], .namespace: []]
        for (key, var detail) in data.details {
            detail.row = timeless(detail.row)
            detail.members = detail.members.map(timeless)
            detail.charts = Charts(slotSeconds: 0, end: now)
            data.details[key] = detail
        }
        data.sources = sources.map { source in
            var source = source
            source.name = "/var/tmp/incident-4711/pages/\(pods[Int(source.id.raw)].key.name).txt"
            source.job = "file"
            source.intervalSeconds = nil
            return source
        }
        return data
    }

    /// Many rows, long and hostile names, extreme numbers.
    static func hugeFrame(_ count: Int = 5000) -> FrameData {
        var data = frame()
        data.entities[.service] = (0..<count).map { index in
            let share = index % 97 == 0 ? 0.5 + 0.4 * noise(5, index) : 0
            let name = index == 42 ? "サービス-決済-ゲートウェイ-本番環境-東京リージョン-バックエンド" : "workload-\(index % 7)-of-a-rather-long-name-\(index)"
            return EntityRow(key: key(.service, name, namespace: "team-\(index % 40)"), entity: entity(name, namespace: "team-\(index % 40)"),
                             signals: signals(rate: pow10(index % 9) * 0.37, errorShare: share, p50: pow10(index % 6) * 0.21),
                             versions: [VersionRow(version: "v1", signals: signals(rate: 10)), VersionRow(version: "2026.11.23-rc1", signals: signals(rate: 3))],
                             pods: index % 300, state: share > 0 ? .failing : index % 31 == 0 ? .idle : .good,
                             reason: share > 0 ? "errors \(Int(share * 100)) % > 5 % (server)" : "", trend: trend(1, seed: index), errorTrend: [])
        }
        data.entities[.pod] = (0..<count).map { index in
            let name = "workload-\(index % 7)-\(index)-6c9f8b7d5-h7r4c"
            return EntityRow(key: key(.pod, name), entity: Entity(namespace: "shop", service: "workload-\(index)", pod: name, node: "node-\(index % 50)"),
                             signals: signals(rate: Double(index), p50: 3), pods: 1, state: .good, trend: trend(1, seed: index))
        }
        data.entities[.node] = (0..<200).map { index in
            EntityRow(key: key(.node, "ip-10-0-\(index)-12.eu-central-1.compute.internal"), entity: Entity(node: "n\(index)"),
                      signals: signals(rate: Double(index) * 1000), pods: 110, state: .good, trend: trend(1, seed: index))
        }
        data.entities = data.entities.mapValues(byName)
        data.mesh?.services = count
        data.mesh?.pods = count
        data.mesh?.nodes = 200
        data.mesh?.namespaces = (0..<40).map { "team-\($0)" }
        data.mesh?.signals = signals(rate: 1_234_567, errorShare: 0.0004, denied: nil, p50: 4321)
        data.entities[.namespace] = (0..<40).map { index in
            EntityRow(key: EntityKey(level: .namespace, name: "team-\(index)"), entity: Entity(namespace: "team-\(index)"),
                      signals: signals(rate: Double(index) * 31), pods: 125, state: .good, trend: trend(1, seed: index))
        }
        data.entities[.namespace] = data.entities[.namespace].map(byName)
        data.sources = (0..<count).map { index in
            var source = SourceState(id: SourceID(raw: UInt32(index)), name: "http://10.\(index / 250).\(index % 250).7:15090/stats/prometheus", job: "fleet",
                                     health: .up, intervalSeconds: 5)
            source.lastSuccess = now
            source.samples = 1500
            return source
        }
        data.mesh?.sourcesUp = count
        return data
    }

    private static func pow10(_ exponent: Int) -> Double { (0..<exponent).reduce(1.0) { value, _ in value * 10 } }
}
