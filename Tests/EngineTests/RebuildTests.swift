import DemoMesh
import Engine
import MeshModel
import Panels
import Testing

/// Read back beside the lock: the same answers, nothing blocked, nothing lost, nothing stale taken.
struct RebuildTests {
    @Test func showsAPastInstantAsIfItHadBeenReadInTheLock() throws {
        let feed = try DemoFeed(windowSeconds: 120), other = try DemoFeed(windowSeconds: 120)
        feed.run(seconds: 300)
        other.run(seconds: 300)
        let time = FrameTime(now: DemoFeed.start + Timestamp.Span(seconds: 180), windowSeconds: 120)
        #expect(feed.engine.answerIfReady([.mesh], at: time) == nil)
        let rebuild = try #require(feed.engine.prepare(time))
        #expect(feed.engine.take(try #require(rebuild.run())))
        let data = try #require(feed.engine.answerIfReady(DemoFeed.queries, at: time))
        #expect(data.entities[.service]?.contains { $0.signals.requests > 0 } == true)
        #expect(differences(other.answer(at: time.now, window: 120), feed.answer(at: time.now, window: 120)) == [])
        #expect(feed.engine.prepare(time) == nil)
    }

    /// Pages that come while rows are read back, and proxies that fall silent meanwhile, are part of the new window.
    @Test(arguments: [60.0, 600])
    func losesNothingThatCameInMeanwhile(window: Double) throws {
        let feed = try DemoFeed(windowSeconds: 120), other = try DemoFeed(windowSeconds: window)
        feed.run(seconds: 300)
        other.run(seconds: 300)
        let rebuild = try #require(feed.engine.prepare(FrameTime(windowSeconds: window)))
        for feed in [feed, other] {
            feed.run(seconds: 30)
            feed.silenced = [0, 3]
            feed.run(seconds: 50)
            feed.silenced = [0]
            feed.run(seconds: 20)
        }
        // The old window is shown until then.
        #expect(feed.engine.answerIfReady([.mesh], at: FrameTime(windowSeconds: 120)) != nil)
        #expect(feed.engine.answerIfReady([.mesh], at: FrameTime(windowSeconds: window)) == nil)
        #expect(feed.engine.take(try #require(rebuild.run())))
        #expect(feed.engine.answerIfReady([.mesh], at: FrameTime(windowSeconds: window)) != nil)
        #expect(differences(other.answer(window: window), feed.answer(window: window)) == [])
        for feed in [feed, other] { feed.run(seconds: 100) }
        #expect(differences(other.answer(window: window), feed.answer(window: window)) == [])
        let run = FrameTime(windowSeconds: .infinity)
        #expect(feed.engine.answer([.entities(.pod)], at: run).entities == other.engine.answer([.entities(.pod)], at: run).entities)
    }

    /// Batches are taken in between a rebuild's beginning and its end, in the middle of its run.
    @Test func takesBatchesInWhileItRuns() throws {
        let feed = try DemoFeed(windowSeconds: 120)
        feed.run(seconds: 200)
        let time = FrameTime(now: DemoFeed.start + Timestamp.Span(seconds: 100), windowSeconds: 120)
        let before = feed.answer(at: time.now, window: 120)
        let elsewhere = FrameTime(now: DemoFeed.start + Timestamp.Span(seconds: 150), windowSeconds: 120)
        _ = feed.engine.answer([.mesh], at: elsewhere)
        let rebuild = try #require(feed.engine.prepare(time))
        let samples = feed.engine.statistics.samples
        var turns = 0
        let rebuilt = rebuild.run {
            // The fleet is scraped while targets are read: the lock is free.
            if turns < 5 { feed.run(seconds: 10) }
            turns += 1
            return feed.engine.isWanted(rebuild)
        }
        #expect(turns > 10)
        #expect(feed.engine.statistics.samples > samples)
        #expect(feed.engine.take(try #require(rebuilt)))
        #expect(differences(before, feed.answer(at: time.now, window: 120)) == [])
    }

    @Test func dropsWhatNobodyWaitsFor() throws {
        let feed = try DemoFeed(windowSeconds: 120)
        feed.run(seconds: 300)
        func past(_ seconds: Double) -> FrameTime { FrameTime(now: DemoFeed.start + Timestamp.Span(seconds: seconds), windowSeconds: 120) }
        let first = try #require(feed.engine.prepare(past(100)))
        let late = try #require(first.run())
        let second = try #require(feed.engine.prepare(past(200)))
        #expect(!feed.engine.isWanted(first))
        #expect(first.run { feed.engine.isWanted(first) } == nil)
        #expect(!feed.engine.take(late))
        #expect(feed.engine.answerIfReady([.mesh], at: past(100)) == nil)
        #expect(feed.engine.take(try #require(second.run())))
        #expect(feed.engine.answerIfReady([.mesh], at: past(200)) != nil)
        let third = try #require(feed.engine.prepare(past(150)))
        feed.engine.abandonRebuild()
        #expect(!feed.engine.take(try #require(third.run())))
    }

    /// A page for an instant that was read already makes what was read wrong.
    @Test func dropsWhatALatePageMadeWrong() throws {
        let fleet = ChurningFleet(retentionSeconds: 86_400)
        for _ in 0..<10 { fleet.turn(newPods: 1) }
        let time = FrameTime(now: fleet.now - Timestamp.Span(seconds: 120), windowSeconds: 300)
        let rebuild = try #require(fleet.engine.prepare(time))
        let state = SourceState(id: SourceID(raw: 1000), name: "late", health: .up)
        fleet.engine.register(state, claim: EntityClaim())
        fleet.engine.consume(Batch(source: state.id, time: fleet.now - Timestamp.Span(seconds: 180)))
        #expect(!fleet.engine.take(try #require(rebuild.run())))
        let again = try #require(fleet.engine.prepare(time))
        #expect(fleet.engine.take(try #require(again.run())))
    }

    /// Pods that came and went while rows were read back.
    @Test(arguments: [false, true])
    func followsTheFleetMeanwhile(isStanding: Bool) throws {
        let fleet = ChurningFleet(retentionSeconds: 3600), other = ChurningFleet(retentionSeconds: 3600, windowSeconds: isStanding ? 900 : 300)
        for fleet in [fleet, other] { for _ in 0..<40 { fleet.turn(newPods: 3) } }
        let instant = isStanding ? nil : fleet.now - Timestamp.Span(seconds: 600)
        let window = isStanding ? 900.0 : 300
        let rebuild = try #require(fleet.engine.prepare(FrameTime(now: instant, windowSeconds: window)))
        let rebuilt = try #require(rebuild.run())
        for fleet in [fleet, other] { for _ in 0..<30 { fleet.turn(newPods: 2) } }
        #expect(fleet.engine.take(rebuilt))
        let time = FrameTime(now: instant, windowSeconds: window)
        let queries: [PanelQuery] = [.mesh, .entities(.service), .entities(.pod), .edges(.service)]
        let data = try #require(fleet.engine.answerIfReady(queries, at: time))
        let wanted = other.engine.answer(queries, at: time)
        #expect(differences(wanted, data) == [])
    }
}
