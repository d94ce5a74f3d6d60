@testable import Engine
import MeshModel
import Panels
import Testing
import TestSupport

/// States and the rules they name.
struct HealthTests {
    private static func signals(_ requests: Double, errors: Double = 0, retries: Double? = nil, turnedAway: Double? = nil, isOpen: Bool = false) -> GoldenSignals {
        var signals = GoldenSignals()
        (signals.requests, signals.errors, signals.retries, signals.turnedAway, signals.hasOpenBreaker) = (requests, errors, retries, turnedAway, isOpen)
        return signals
    }

    @Test(arguments: [
        (signals(100), HealthState.good, ""),
        (signals(100, retries: 20), .good, ""),
        (signals(100, retries: 31), .warning, "saturation: retries 31.0 % > 20 %"),
        (signals(10, retries: 9), .good, ""),
        (signals(100, turnedAway: 0), .good, ""),
        (signals(100, turnedAway: 4), .warning, "saturation: 4 turned away, the queue to it is full"),
        (signals(100, turnedAway: 6), .failing, "saturation: 6 turned away, the queue to it is full"),
        (signals(10, turnedAway: 6), .warning, "saturation: 6 turned away, the queue to it is full"),
        (signals(100, isOpen: true), .warning, "saturation: a circuit breaker is open"),
        (signals(1000, errors: 80, turnedAway: 80), .failing, "errors 8.0 % > 5 % (server)"),
        (signals(1000, errors: 20, retries: 900), .warning, "errors 2.0 % > 0.1 % (server)"),
    ]) func rules(_ signals: GoldenSignals, _ state: HealthState, _ reason: String) {
        let judged = Health.judge(signals, staleFor: nil, predicate: .server, deniedCounts: false)
        #expect(judged.state == state && judged.reason == reason, "\(judged)")
    }

    /// As a caller's Envoy tells it, of the call it cannot make.
    @Test func aFullQueueIsTheCalls() throws {
        let proxies = try Proxies(["shop"], interval: 5, window: 60), cluster = "cluster_name=\"outbound|80||cart.shop.svc.cluster.local\""
        for step in 0...12 {
            try proxies.scrape("shop", at: 1000 + 5 * Double(step), """
                envoy_cluster_upstream_rq{response_code="200",\(cluster)} \(20 * step)
                envoy_cluster_upstream_rq_pending_overflow{\(cluster)} \(step)
                envoy_cluster_circuit_breakers_default_rq_pending_open{\(cluster)} 1

                """)
        }
        let edge = try #require(proxies.engine.answer([.edges(.service)], at: FrameTime(windowSeconds: 60)).edges[.service]?.first { $0.destination.service == "cart" })
        #expect(edge.signals.turnedAway == 12 && edge.signals.hasOpenBreaker)
        #expect(edge.state == .warning && edge.reason == "saturation: 12 turned away, the queue to it is full")
    }
}

extension HealthTests {
    /// Bytes without requests, as a TCP proxy counts them.
    @Test func bytesAreTraffic() {
        var tcp = GoldenSignals()
        tcp.bytesOut = 18_000
        #expect(Health.judge(tcp, staleFor: nil, predicate: .server, deniedCounts: true).state == .good)
        #expect(Health.judge(GoldenSignals(), staleFor: nil, predicate: .server, deniedCounts: true) == (.idle, "no traffic"))
    }

    @Test func whoOnlyCallsIsNotIdle() throws {
        let proxies = try Proxies(["shop", "cart"], interval: 5, window: 60)
        for step in 0...12 {
            try proxies.scrape("shop", at: 1000 + 5 * Double(step), calls("shop", "cart", "source", 200, 10 * step))
            try proxies.scrape("cart", at: 1000 + 5 * Double(step), calls("shop", "cart", "destination", 200, 10 * step))
        }
        #expect(try proxies.row("shop").state == .unknown)
        #expect(try proxies.row("cart").state == .good)
        var builder = SpanBuilder()
        builder.add(1, 0, .client, "shop", 0...100)
        builder.add(2, 1, .server, "cart", 10...20)
        builder.batch.time = Timestamp(seconds: 101)
        let engine = Engine(symbols: builder.symbols, windowSeconds: .infinity)
        engine.consume(builder.batch)
        let rows = engine.answer([.entities(.service)], at: FrameTime(windowSeconds: .infinity)).entities[.service] ?? []
        #expect(rows.map(\.state) == [.good, .unknown], "\(rows.map { ($0.key.name, $0.reason) })")
    }

    /// A service that was read once counts nothing yet, and its spans do.
    @Test func spansTellWhereMetricsDoNotYet() throws {
        let proxies = try Proxies(["cart"], interval: 5, window: 60)
        try proxies.scrape("cart", at: 100, calls("shop", "cart", "destination", 200, 10))
        var builder = SpanBuilder(symbols: proxies.symbols)
        for trace in 1...30 { builder.add(UInt64(trace), 0, .server, "cart.shop", 0...5, trace: UInt64(trace), code: trace <= 3 ? 500 : 200) }
        builder.batch.time = Timestamp(seconds: 101)
        proxies.engine.consume(builder.batch)
        let row = try proxies.row("cart")
        #expect(row.signals.requests == 30 && row.signals.errors == 3 && row.state == .failing && row.signals.evidence == .spans)
        let page = proxies.engine.answer([.detail(row.key)], at: FrameTime(windowSeconds: 60)).details[row.key]
        #expect(page?.row.signals.requests == 30 && page?.sources.count == 1)
    }
}
