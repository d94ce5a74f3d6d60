import MeshModel
import Panels

/// Rows with everything, and rows of which nothing is known.
enum Sample {
    static var full: GoldenSignals {
        var signals = GoldenSignals()
        signals.requests = 1000
        signals.errors = 61
        signals.denied = 12
        signals.attempts = 1003
        signals.latency = LatencySummary(p50: 31.25, p95: 180, p99: 310.5, count: 1000)
        signals.bytesIn = 200_000
        signals.bytesOut = 900_000
        signals.codes = [.init(code: 0, count: 3), .init(code: 5, count: 2), .init(code: 200, count: 939), .init(code: 503, count: 56)]
        signals.flags = [.init(flag: "UF", count: 3)]
        signals.security = .mutual
        signals.mutualShare = 1
        signals.evidence = [.metricsClient, .metricsServer]
        signals.from = Timestamp(milliseconds: 1_795_000_000_000)
        signals.to = Timestamp(milliseconds: 1_795_000_012_500)
        return signals
    }

    static var page: GoldenSignals {
        var signals = GoldenSignals()
        signals.requests = 3
        signals.errors = 1
        signals.to = Timestamp(milliseconds: 1_795_000_000_000)
        signals.evidence = .metricsServer
        return signals
    }

    static var rows: [EntityRow] {
        [
            EntityRow(key: EntityKey(level: .pod, namespace: "shop", name: "payment-v2-x"),
                      entity: Entity(namespace: "shop", service: "payment", workload: "payment-v2", version: "v2", pod: "payment-v2-x", node: "node-a"),
                      signals: full, versions: [VersionRow(version: "v1", signals: full), VersionRow(version: "v2", signals: page)], pods: 2),
            EntityRow(key: EntityKey(level: .pod, name: "lone"), entity: Entity(pod: "lone"), signals: page, stale: true),
        ]
    }

    static var edges: [EdgeRow] {
        var twoSided = EdgeRow(source: Entity(namespace: "shop", service: "frontend"), destination: Entity(namespace: "shop", service: "checkout"), protocol: "grpc",
                               signals: full, client: full, server: full)
        twoSided.server?.requests = 1060
        twoSided.server?.errors = 11
        twoSided.client?.answers = [.init(code: 200, grpcStatus: 0, count: 939), .init(code: 503, grpcStatus: 14, flags: "UF,URX", count: 61, errors: 61)]
        twoSided.spans = SpanSides(seen: page, client: page, server: nil)
        twoSided.principals = [Principals(source: "spiffe://mesh/ns/shop/sa/frontend", destination: nil)]
        twoSided.disagreements = [Disagreement(.retries, "the callee was asked 60 times more", [.init("client", 1000), .init("server", 1060)])]
        return [
            twoSided,
            EdgeRow(source: Entity(kind: .external), destination: Entity(namespace: "shop", service: "gateway"), protocol: "http", signals: page, server: page),
            EdgeRow(source: Entity(namespace: "shop", service: "checkout"), destination: Entity(kind: .database, service: "10.0.0.9:5432"), protocol: "tcp",
                    signals: full, client: full, versions: [VersionRow(version: "v1", signals: full)]),
        ]
    }

    /// Names as a hostile page may give them.
    static var hostile: [EntityRow] {
        ["=cmd|' /C calc'!A0", "a,b \"c\"", "\u{1B}[2J\u{9B}31mred\u{7}", "\u{202E}gnp.exe", "支付服务", "-1", "line\nbreak"].map {
            EntityRow(key: EntityKey(level: .service, name: $0), entity: Entity(service: $0), signals: page)
        }
    }
}
