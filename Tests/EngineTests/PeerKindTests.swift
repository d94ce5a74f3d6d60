import Engine
import MeshModel
import Panels
import Testing
import TestSupport

/// Who is called and has no proxy of ours is a node of a kind of its own, at every level, from metrics and from spans.
struct PeerKindTests {
    private static func engine(of builder: inout SpanBuilder) -> Engine {
        builder.batch.time = Timestamp(seconds: 101)
        let engine = Engine(symbols: builder.symbols, windowSeconds: .infinity)
        engine.consume(builder.batch)
        return engine
    }

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
        let engine = Self.engine(of: &builder)
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

    /// Spans that say no more of a peer than a name every operator knows.
    @Test func aBareNameOfADatabaseIsOne() {
        var builder = SpanBuilder()
        builder.add(1, 0, .server, "web.shop", 0...100)
        for (place, peer) in ["memcache", "rabbitmq", "orders", "redis"].enumerated() { builder.add(UInt64(place + 2), 1, .client, "web.shop", 10...60, peer: (peer, .workload)) }
        builder.add(6, 5, .server, "redis", 45...55)
        let engine = Self.engine(of: &builder)
        #expect(Self.peers(engine, .service) == ["database memcache", "queue rabbitmq"], "who writes spans itself is a service, whatever its name")
    }

    /// Callers nobody names are not the callees nobody names: nothing leads from these to those.
    @Test(arguments: [EntityLevel.service, .node]) func callersAndCalleesWithoutANameAreNotOne(level: EntityLevel) throws {
        func line(_ source: String, _ destination: String, _ reporter: String) -> String {
            "istio_requests_total{reporter=\"\(reporter)\",source_workload=\"\(source)\",source_canonical_service=\"\(source)\",source_workload_namespace=\"\(source == "unknown" ? "unknown" : "shop")\","
                + "destination_workload=\"\(destination)\",destination_canonical_service=\"\(destination)\",destination_workload_namespace=\"\(destination == "unknown" ? "unknown" : "shop")\","
                + "destination_service_name=\"\(destination)\",response_code=\"200\",response_flags=\"-\"} "
        }
        let proxies = try Proxies(["shop"], interval: 5, window: 60)
        for step in 0...12 { try proxies.scrape("shop", at: 1000 + 5 * Double(step), line("unknown", "shop", "destination") + "\(step)\n" + line("shop", "unknown", "source") + "\(step)\n") }
        let rows = proxies.engine.answer([.edges(level)], at: FrameTime(windowSeconds: .infinity)).edges[level] ?? []
        let callers = Set(rows.map(\.source).filter(\.isNameless)), callees = Set(rows.map(\.destination).filter(\.isNameless))
        #expect(callees.count == 1 && callers.isDisjoint(with: callees), "\(rows.map { ($0.source, $0.destination) })")
        #expect(callees.first?.displayName == "unknown")
    }
}
