import Engine
import MeshModel
import Panels
import Testing
import TestSupport

/// Who is called and has no proxy of ours is a node of a kind of its own, at every level, from metrics and from spans.
struct PeerKindTests {
    private static func peers(_ engine: Engine, _ level: EntityLevel) -> [String] {
        let rows = engine.answer([.edges(level)], at: FrameTime(windowSeconds: .infinity)).edges[level] ?? []
        return rows.filter { $0.destination.kind != .workload }.map { "\($0.destination.kind) \($0.destination.displayName)" }.sorted()
    }

    @Test(arguments: [EntityLevel.service, .workload, .version, .pod, .namespace, .app]) func spansName(level: EntityLevel) {
        var builder = SpanBuilder()
        builder.add(1, 0, .server, "web.shop", 0...100)
        builder.add(2, 1, .client, "web.shop", 10...20, peer: ("mysql/orders", .database))
        builder.add(3, 1, .producer, "web.shop", 30...40, peer: ("kafka/mails", .queue))
        builder.add(4, 3, .consumer, "mailer.shop", 50...60, peer: ("kafka/mails", .queue))
        builder.add(5, 1, .client, "web.shop", 70...80, peer: ("api.example.com", .external))
        builder.batch.time = Timestamp(seconds: 101)
        let engine = Engine(symbols: builder.symbols, windowSeconds: .infinity)
        engine.consume(builder.batch)
        #expect(Self.peers(engine, level) == ["database mysql/orders", "external api.example.com", "queue kafka/mails"])
        let rows = engine.answer([.edges(level)], at: FrameTime(windowSeconds: .infinity)).edges[level] ?? []
        #expect(rows.contains { $0.source.kind == .queue && $0.destination.kind == .workload }, "who takes a message has it from the queue")
    }

    @Test(arguments: [EntityLevel.service, .workload, .version, .pod]) func metricsName(level: EntityLevel) throws {
        func line(_ service: String, _ host: String) -> String {
            "istio_requests_total{reporter=\"source\",source_workload=\"shop\",source_canonical_service=\"shop\",source_workload_namespace=\"shop\",destination_workload=\"unknown\","
                + "destination_canonical_service=\"unknown\",destination_service_name=\"\(service)\",destination_service=\"\(host)\",response_code=\"200\",response_flags=\"-\"} "
        }
        let proxies = try Proxies(["shop"], interval: 5, window: 60)
        for step in 0...12 {
            try proxies.scrape("shop", at: 1000 + 5 * Double(step), line("PassthroughCluster", "api.example.com") + "\(step)\n" + line("BlackHoleCluster", "10.0.0.9") + "\(2 * step)\n")
        }
        #expect(Self.peers(proxies.engine, level) == ["external api.example.com", "unknown 10.0.0.9"])
    }
}
