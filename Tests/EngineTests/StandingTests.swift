import DemoMesh
import Engine
import Intake
import MeshModel
import Panels
import Profiles
import Testing

struct StandingTests {
    /// Errors that left the window leave no trace of rounding behind.
    @Test func forgetsErrorsThatLeftTheWindow() throws {
        let feed = try DemoFeed(windowSeconds: 60, scenario: .outage, incidentAfter: 60)
        feed.run(seconds: 100)
        #expect(feed.answer(window: 60).entities[.service]?.contains { $0.signals.errors > 0 } == true)
        let calm = try DemoFeed(windowSeconds: 60, scenario: .calm)
        calm.run(seconds: 400)
        let rows = try #require(calm.answer(window: 60).entities[.service])
        #expect(rows.allSatisfy { $0.signals.errors == 0 || $0.signals.errors > 0.001 })
    }

    /// A proxy that gives no page for a while: its charts have a gap, its counts go on, its gauges are not known.
    @Test func showsAGapWhereAProxyWasSilent() throws {
        let feed = try DemoFeed(windowSeconds: 300, scenario: .calm)
        feed.run(seconds: 150)
        let key = EntityKey(level: .pod, namespace: try #require(pod(feed).namespace), name: try #require(pod(feed).pod))
        let before = try #require(detail(feed, key))
        feed.silenced = [0]
        feed.run(seconds: 60)
        let silent = try #require(detail(feed, key))
        #expect(silent.row.stale)
        #expect(silent.row.state == .warning)
        #expect(silent.row.reason == "no sample for 1 min")
        #expect(silent.row.lastSample == feed.now - Timestamp.Span(seconds: 60))
        #expect(before.counters.contains { $0.isGauge && $0.value != nil })
        #expect(silent.counters.filter(\.isGauge).allSatisfy { $0.value == nil })
        feed.silenced = []
        feed.run(seconds: 30)
        let back = try #require(detail(feed, key))
        #expect(!back.row.stale)
        #expect(back.charts.rate.dropLast(20).contains { $0.isNaN })
        #expect(back.charts.rate.last.map { !$0.isNaN } == true)
        #expect(back.counters.contains { $0.isGauge && $0.value != nil })
    }

    private func pod(_ feed: DemoFeed) throws -> Entity {
        let source = try #require(feed.engine.answer([.sources], at: FrameTime()).sources?.first)
        let host = source.name.split(separator: "/")[1].split(separator: ":")[0].split(separator: ".")
        return Entity(namespace: String(host[1]), pod: String(host[0]))
    }

    private func detail(_ feed: DemoFeed, _ key: EntityKey) -> EntityDetail? {
        feed.engine.answer([.detail(key)], at: FrameTime(windowSeconds: 300)).details[key]
    }

    /// A pod taken off the target list: its connections are gone with it, and it is not called stale.
    @Test func forgetsTheGaugesOfWhatIsGone() throws {
        let feed = try DemoFeed(windowSeconds: 300, scenario: .calm)
        feed.run(seconds: 100)
        let source = try #require(feed.engine.answer([.sources], at: FrameTime()).sources?.first)
        let key = EntityKey(level: .pod, namespace: try #require(pod(feed).namespace), name: try #require(pod(feed).pod))
        #expect(try #require(detail(feed, key)).row.signals.connectionsActive != nil)
        feed.silenced = [0]
        var gone = source
        gone.health = .gone
        feed.engine.update(gone)
        #expect(try #require(detail(feed, key)).row.signals.connectionsActive == nil)
        #expect(feed.answer(window: 300).mesh?.sourcesStale == 0)
    }

    /// More callers than a page's worth of work sums up: what is left for the frame is in it, with every page.
    @Test(arguments: [false, true])
    func everyCallerCountsHoweverManyThereAre(isScraped: Bool) throws {
        let callers = (1...50).map { "frontend/frontend-\($0)" }
        let watched = try Proxies(callers + ["cart"], interval: 5, window: 60), unwatched = try Proxies(callers + ["cart"], interval: 5, window: 60)
        let queries: [PanelQuery] = [.mesh, .verdicts, .entities(.service), .entities(.pod), .edges(.service)]
        for step in 0..<6 {
            let time = 100 + 5 * Double(step)
            for (index, name) in callers.enumerated() {
                let page = calls("frontend", "cart", "source", 200, 10 * step) + calls("frontend", "cart", "source", 503, step)
                for proxies in [watched, unwatched] { try proxies.scrape(name, at: time, page) }
                if index % 20 == 7 { _ = watched.engine.answer(queries, at: FrameTime(windowSeconds: 60)) }
            }
            for proxies in [watched, unwatched] where isScraped {
                try proxies.scrape("cart", at: time, calls("frontend", "cart", "destination", 200, 500 * step))
            }
        }
        let data = watched.engine.answer(queries, at: FrameTime(windowSeconds: 60))
        #expect(differences(unwatched.engine.answer(queries, at: FrameTime(windowSeconds: 60)), data) == [])
        let edge = try #require(data.edges[.service]?.first { $0.source.service == "frontend" })
        #expect(edge.signals.requests == 50 * 55 && edge.signals.errors == 50 * 5)
        #expect(try watched.row("cart").signals.requests == (isScraped ? 2500 : 50 * 55))
        #expect(data.verdicts?.first?.origin?.errors == 250)
    }

    /// A page refused because the clock went back still announces its series: those after it count.
    @Test func knowsTheSeriesOfARefusedPage() throws {
        let intake = Intake(profiles: try ProfileSet.builtin())
        let engine = Engine(symbols: intake.symbols, windowSeconds: 60)
        let session = intake.openSource(name: "http://10.0.0.1:9901/stats", labels: [("service", "cart"), ("pod", "cart-1")], intervalSeconds: 5, sink: engine)
        for (time, count, other) in [(100.0, 10, nil), (90, 20, 5), (105, 30, 8), (110, 40, 20)] as [(Double, Int, Int?)] {
            let page = "envoy_cluster_upstream_rq{envoy_response_code=\"200\",envoy_cluster_name=\"ledger\"} \(count)\n"
                + (other.map { "envoy_cluster_upstream_rq{envoy_response_code=\"500\",envoy_cluster_name=\"ledger\"} \($0)\n" } ?? "")
            session.begin(time: Timestamp(seconds: time))
            Array(page.utf8).withUnsafeBytes { session.feed($0) }
            _ = session.finish(into: engine)
        }
        let ledger = try #require(engine.answer([.entities(.service)], at: FrameTime(windowSeconds: 60)).entities[.service]?.first { $0.key.name == "ledger" })
        #expect(ledger.signals.requests == 50)
        #expect(ledger.signals.errors == 20)
    }

    @Test func refusesPagesThatAreNotNewer() throws {
        let feed = try DemoFeed(windowSeconds: 60)
        feed.run(seconds: 20)
        let before = feed.engine.statistics
        var batch = Batch(source: SourceID(raw: 0), time: DemoFeed.start)
        (batch.ordinals, batch.values) = ([0], [1])
        feed.engine.consume(batch)
        batch.source = SourceID(raw: 999)
        feed.engine.consume(batch)
        let after = feed.engine.statistics
        #expect(after.samples == before.samples)
        #expect(after.dropped.values.reduce(0, +) == 2)
        #expect(after.dropped.count == 2)
    }
}
