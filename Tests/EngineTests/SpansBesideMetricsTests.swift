import Engine
import MeshModel
import Panels
import Testing

/// Spans of calls that metrics count as well.
struct SpansBesideMetricsTests {
    private struct Call {
        var from: String, to: String, count: Int
        var hasClient = true, hasServer = true
        var code: UInt16 = 200
    }

    /// Metrics of 1200 calls of frontend to cart and to catalog within a minute, and spans of some.
    private static func rows(_ calls: [Call], level: EntityLevel = .service, metrics: Bool = true) throws -> [EdgeRow] {
        let proxies = try Proxies(["frontend", "cart", "catalog"], interval: 5, window: 60)
        for step in 0...12 where metrics {
            let both = ["cart", "catalog"].map { EngineTests.calls("frontend", $0, "source", 200, 100 * step) }
            try proxies.scrape("frontend", at: 1000 + 5 * Double(step), both.joined())
            for (name, line) in zip(["cart", "catalog"], both) {
                try proxies.scrape(name, at: 1000 + 5 * Double(step), line.replacing("reporter=\"source\"", with: "reporter=\"destination\""))
            }
        }
        proxies.engine.consume(batch(calls, proxies.symbols))
        return proxies.engine.answer([.edges(level)], at: FrameTime(windowSeconds: 60)).edges[level] ?? []
    }

    private static func batch(_ calls: [Call], _ symbols: SymbolTable) -> SpanBatch {
        var batch = SpanBatch(source: SourceID(raw: 99), time: Timestamp(seconds: 1060))
        var trace: UInt64 = 0
        for call in calls {
            for name in [call.from, call.to] {
                var resource = SpanResource()
                (resource.claim.service, resource.claim.namespace) = (symbols.intern(name), symbols.intern("shop"))
                batch.resources.append(resource)
            }
            for number in 0..<call.count {
                trace += 1
                let at = Timestamp(seconds: 1000.5 + 59 * Double(number) / Double(call.count))
                for half in 0..<2 where half == 0 ? call.hasClient : call.hasServer {
                    var span = Span()
                    (span.trace, span.id, span.parent) = (TraceID(high: 9, low: trace), SpanID(raw: UInt64(half + 1)), SpanID(raw: UInt64(half)))
                    span.kind = half == 0 ? .client : .server
                    (span.start, span.end, span.code) = (at, at + Timestamp.Span(seconds: 0.05), call.code)
                    span.resource = Int32(batch.resources.count - 2 + half)
                    if half == 0, !call.hasServer { (span.peer, span.peerKind) = (symbols.intern(call.to), .workload) }
                    batch.spans.append(span)
                }
            }
        }
        return batch
    }

    private static func kinds(_ rows: [EdgeRow], _ name: String) -> [Disagreement.Kind]? { rows.first { $0.destination.service == name && $0.source.service == "frontend" }?.disagreements.map(\.kind) }

    @Test func spansStandBesideMetricsAndAreNeverAdded() throws {
        let rows = try Self.rows([Call(from: "frontend", to: "cart", count: 1200), Call(from: "frontend", to: "catalog", count: 1200)])
        let cart = try #require(rows.first { $0.destination.service == "cart" })
        #expect(cart.signals.requests == 1200 && cart.client?.requests == 1200 && cart.server?.requests == 1200)
        #expect(cart.client?.evidence == .metricsClient && cart.server?.evidence == .metricsServer)
        #expect(cart.spans?.client?.requests == 1200 && cart.spans?.server?.requests == 1200)
        #expect(cart.signals.evidence == [.metricsClient, .metricsServer, .spans])
        #expect(Self.kinds(rows, "cart") == [] && Self.kinds(rows, "catalog") == [])
    }

    @Test func aShareThatIsTheSameAllOverIsSampling() throws {
        let rows = try Self.rows([Call(from: "frontend", to: "cart", count: 118), Call(from: "frontend", to: "catalog", count: 124)])
        #expect(Self.kinds(rows, "cart") == [.sampling] && Self.kinds(rows, "catalog") == [.sampling])
        #expect(rows.first { $0.destination.service == "cart" }?.disagreements.first?.text == "spans tell of 118 of 1200 calls (9.8 %), as all over the mesh: sampled")
    }

    @Test func oneEdgeWithFewerSpansThanOthersIsNot() throws {
        let rows = try Self.rows([Call(from: "frontend", to: "cart", count: 1200), Call(from: "frontend", to: "catalog", count: 60)])
        #expect(Self.kinds(rows, "catalog") == [.uninstrumented])
        let none = try Self.rows([Call(from: "frontend", to: "cart", count: 1200)])
        #expect(Self.kinds(none, "catalog") == [.uninstrumented])
        #expect(none.first { $0.destination.service == "catalog" }?.disagreements.first?.text == "no span tells of these 1200 calls, where of others 100.0 % have spans")
    }

    /// cart counts 1200 answers and not for whom. What spans account for came from there; the rest still came from somewhere.
    @Test(arguments: [(0, 1200), (12, 1188), (300, 900), (1200, 0)]) func answersThatSpansDoNotAccountForStay(_ spans: Int, _ rest: Double) throws {
        let proxies = try Proxies(["cart"], interval: 5, window: 60)
        for step in 0...12 {
            try proxies.scrape("cart", at: 1000 + 5 * Double(step), "envoy_http_downstream_rq_xx{envoy_response_code_class=\"2\",envoy_http_conn_manager_prefix=\"inbound_0\"} \(100 * step)\n")
        }
        proxies.engine.consume(Self.batch([Call(from: "frontend", to: "cart", count: spans)], proxies.symbols))
        let rows = proxies.engine.answer([.edges(.service)], at: FrameTime(windowSeconds: 60)).edges[.service] ?? []
        let outside = rows.first { $0.source.kind == .external }, told = rows.first { $0.source.service == "frontend" }
        // Spans are of 59 of the 60 seconds.
        #expect(abs((outside?.signals.requests ?? 0) - rest) <= 0.02 * Double(spans) + 1)
        #expect(told?.signals.requests ?? 0 == Double(spans))
    }

    @Test func aHalfThatIsNotWrittenIsSaidToBe() throws {
        let rows = try Self.rows([Call(from: "frontend", to: "cart", count: 40, hasServer: false), Call(from: "frontend", to: "catalog", count: 40, hasClient: false)], metrics: false)
        #expect(rows.first { $0.destination.service == "cart" }?.disagreements.map(\.text) == ["cart writes no spans: only its callers tell of these calls"])
        #expect(rows.first { $0.destination.service == "cart" }?.server == nil)
    }

    /// What metrics tell of, and what spans alone do, is counted once at every level.
    @Test(arguments: EntityLevel.allCases)
    func callsCountOnceAtEveryLevel(_ level: EntityLevel) throws {
        let rows = try Self.rows([Call(from: "frontend", to: "cart", count: 300), Call(from: "cart", to: "store", count: 70)], level: level)
        #expect(rows.reduce(0) { $0 + $1.signals.requests } == 2470)
    }
}
