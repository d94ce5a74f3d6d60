import DemoMesh
import Engine
import MeshModel
import Panels
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
        #expect(silent.row.reason == "no sample for 60 s")
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
