import DemoMesh
import Engine
import MeshModel
import Panels
import Testing

/// One suite for live and past: what an instant showed while it was live, it shows again when it is asked for later.
struct PastTests {
    @Test func showsAPastInstantAsItWasLive() throws {
        let feed = try DemoFeed(windowSeconds: 120)
        var lived: [FrameData] = []
        for _ in 0..<5 {
            feed.run(seconds: 50)
            lived.append(feed.answer(window: 120))
            #expect(lived.last?.trends.values.contains { $0.rates.contains { $0 > 0 } } == true)
        }
        feed.run(seconds: 400)
        for live in lived {
            let past = feed.answer(at: live.now, window: 120)
            #expect(differences(live, past) == [])
        }
    }

    @Test func anotherWindowIsAsIfItHadStoodFromTheBeginning() throws {
        let narrow = try DemoFeed(windowSeconds: 60), wide = try DemoFeed(windowSeconds: 300)
        narrow.run(seconds: 400)
        wide.run(seconds: 400)
        #expect(differences(wide.answer(window: 300), narrow.answer(window: 300)) == [])
        narrow.engine.setWindow(seconds: 300)
        #expect(differences(wide.answer(window: 300), narrow.answer(window: 300)) == [])
        narrow.run(seconds: 30)
        wide.run(seconds: 30)
        #expect(differences(wide.answer(window: 300), narrow.answer(window: 300)) == [])
    }

    @Test func countsOverTheWholeRunWhateverTheWindow() throws {
        let feed = try DemoFeed(windowSeconds: 60)
        feed.run(seconds: 200)
        let before = feed.engine.answer([.entities(.service)], at: FrameTime(windowSeconds: .infinity))
        feed.engine.setWindow(seconds: 600)
        let after = feed.engine.answer([.entities(.service)], at: FrameTime(windowSeconds: .infinity))
        #expect(before.entities == after.entities)
    }

    @Test func goesOnLiveAfterAPastInstantWasShown() throws {
        let feed = try DemoFeed(windowSeconds: 120), other = try DemoFeed(windowSeconds: 120)
        feed.run(seconds: 200)
        other.run(seconds: 200)
        _ = feed.answer(at: DemoFeed.start + Timestamp.Span(seconds: 100), window: 120)
        feed.run(seconds: 60)
        other.run(seconds: 60)
        #expect(differences(other.answer(window: 120), feed.answer(window: 120)) == [])
    }

    /// Whether a source answered then is told of that instant, not of today.
    @Test func tellsWhoAnsweredThen() throws {
        let feed = try DemoFeed(windowSeconds: 60, scenario: .calm)
        feed.run(seconds: 100)
        let well = feed.now
        feed.silenced = [0]
        feed.run(seconds: 30)
        let silent = feed.now
        feed.silenced = [1]
        feed.run(seconds: 100)
        func sources(at time: Timestamp?) throws -> [SourceState] { try #require(feed.engine.answer([.sources], at: FrameTime(now: time, windowSeconds: 60)).sources) }
        let now = try sources(at: nil), then = try sources(at: silent), before = try sources(at: well)
        #expect(before.allSatisfy { $0.health == .up && $0.lastSuccess == well && $0.durationSeconds == nil })
        #expect(then[0].health == .failing(reason: "gave no page then"))
        #expect(then[0].lastSuccess == well)
        #expect(then[1].health == .up)
        #expect(then[1].lastSuccess == silent)
        #expect(now[0].health == .up)
        #expect(now[1].health == .failing(reason: "no answer"))
    }

    @Test func knowsHowFarBackItReaches() throws {
        let feed = try DemoFeed(windowSeconds: 120)
        feed.run(seconds: 100)
        let stats = feed.engine.statistics
        #expect(stats.retainedFrom == DemoFeed.start + Timestamp.Span(seconds: feed.interval))
        #expect(stats.samplesHeld == stats.samples)
        #expect(stats.evictedSamples == 0)
        #expect(stats.storeBytes > 0)
    }

    /// Beyond an hour rows stand a minute apart: nothing is stale and no chart has gaps because of that.
    @Test func showsInstantsOfTheCoarseLog() throws {
        let feed = try DemoFeed(windowSeconds: 120, scenario: .calm, interval: 30)
        feed.run(seconds: 9000)
        let instant = DemoFeed.start + Timestamp.Span(seconds: 2445)
        let past = feed.answer(at: instant, window: 1200)
        let rows = try #require(past.entities[.service])
        #expect(rows.contains { $0.signals.requests > 0 })
        #expect(rows.allSatisfy { !$0.stale })
        let gateway = try #require(rows.first { $0.key.name == "gateway" })
        let trend = try #require(past.trends[gateway.key])
        #expect(trend.rates.dropFirst(10).dropLast(10).allSatisfy { !$0.isNaN })
    }

    /// After an outage another window counts what the standing one counted: the page after the silence is no new beginning.
    @Test func countsAcrossASilenceInAnyWindow() throws {
        let feed = try DemoFeed(windowSeconds: 120, scenario: .calm), other = try DemoFeed(windowSeconds: 60, scenario: .calm)
        for feed in [feed, other] {
            feed.run(seconds: 100)
            feed.silenced = Set(0..<200)
            feed.run(seconds: 60)
            feed.silenced = []
            feed.run(seconds: 20)
        }
        other.engine.setWindow(seconds: 120)
        #expect(differences(feed.answer(window: 120), other.answer(window: 120)) == [])
    }

    /// A window that reaches further back than what is kept: counts and rate are of what is kept.
    @Test func aWindowLongerThanWhatIsKeptHasTheRateOfWhatIsKept() throws {
        let proxies = try Proxies(["cart"], interval: 10, window: 60, retention: 600)
        func page(_ step: Int) throws { try proxies.scrape("cart", at: 1000 + 10 * Double(step), calls("web", "cart", "destination", 200, 100 * step)) }
        for step in 0..<400 { try page(step) }
        proxies.engine.setWindow(seconds: 3600)
        for step in 400..<420 {
            let row = try proxies.row("cart", window: 3600)
            #expect(row.signals.requests < 20_000)
            #expect(try abs(#require(row.signals.rate) - 10) < 0.1)
            try page(step)
        }
        // All of the run is still all of it.
        let run = try proxies.row("cart", window: .infinity)
        #expect(try run.signals.requests == 41_900 && abs(#require(run.signals.rate) - 10) < 0.1)
    }

    @Test func staysWithinItsBudget() throws {
        let feed = try DemoFeed(windowSeconds: 120, budgetBytes: 300_000)
        feed.run(seconds: 700)
        let stats = feed.engine.statistics
        #expect(stats.storeBytes <= 300_000)
        #expect(stats.evictedSamples > 0)
        #expect(stats.samplesHeld + stats.evictedSamples == stats.samples)
        // What stands live does not suffer.
        let roomy = try DemoFeed(windowSeconds: 120)
        roomy.run(seconds: 700)
        #expect(differences(roomy.answer(window: 120), feed.answer(window: 120)) == [])
    }
}

/// What two frames of one instant show differently, but for rounding; version and statistics aside.
func differences(_ a: FrameData, _ b: FrameData) -> [String] {
    var found: [String] = []
    func note(_ what: String, _ x: some Equatable, _ y: some Equatable) { if "\(x)" != "\(y)" { found.append("\(what): \(x) | \(y)") } }
    note("window", a.window, b.window)
    for level in EntityLevel.allCases {
        let (left, right) = (a.entities[level] ?? [], b.entities[level] ?? [])
        note("\(level) rows", left.map(\.key), right.map(\.key))
        for (x, y) in zip(left, right) {
            compare("\(x.key.name)", x.signals, y.signals, &found)
            note("\(x.key.name) state", x.state, y.state)
            note("\(x.key.name) stale", x.stale, y.stale)
            compare("\(x.key.name) trend", a.trends[x.key]?.rates ?? [], b.trends[y.key]?.rates ?? [], &found)
            compare("\(x.key.name) errors", a.trends[x.key]?.errors ?? [], b.trends[y.key]?.errors ?? [], &found)
            for (v, w) in zip(x.versions, y.versions) { compare("\(x.key.name) \(v.version)", v.signals, w.signals, &found) }
        }
        for (x, y) in zip(a.edges[level] ?? [], b.edges[level] ?? []) {
            compare("\(x.source.displayName) > \(x.destination.displayName)", x.signals, y.signals, &found)
        }
        note("\(level) edges", a.edges[level]?.count ?? 0, b.edges[level]?.count ?? 0)
    }
    for (key, detail) in a.details {
        guard let other = b.details[key] else { return found + ["\(key.name) has no detail"] }
        compare("\(key.name) rate chart", detail.charts.rate, other.charts.rate, &found)
        compare("\(key.name) p95 chart", detail.charts.p95, other.charts.p95, &found)
        for (x, y) in zip(detail.counters, other.counters) where !close(x.value, y.value) { found.append("\(key.name) \(x.name): \(String(describing: x.value)) | \(String(describing: y.value))") }
    }
    if let x = a.mesh, let y = b.mesh { compare("mesh", x.signals, y.signals, &found) }
    return found
}

private func compare(_ name: String, _ x: GoldenSignals, _ y: GoldenSignals, _ found: inout [String]) {
    let pairs: [(String, Double?, Double?)] = [
        ("requests", x.requests, y.requests), ("errors", x.errors, y.errors), ("denied", x.denied, y.denied), ("p50", x.latency?.p50, y.latency?.p50),
        ("p99", x.latency?.p99, y.latency?.p99), ("bytes", x.bytesIn, y.bytesIn), ("rate", x.rate, y.rate), ("active", x.connectionsActive, y.connectionsActive),
    ]
    for (what, a, b) in pairs where !close(a, b) { found.append("\(name) \(what): \(String(describing: a)) | \(String(describing: b))") }
}

private func compare(_ name: String, _ x: [Float], _ y: [Float], _ found: inout [String]) {
    guard x.count == y.count else { return found.append("\(name): \(x.count) | \(y.count) points") }
    for (index, (a, b)) in zip(x, y).enumerated() where a.isNaN != b.isNaN || (!a.isNaN && abs(a - b) > 1e-3 * max(1, abs(a))) {
        return found.append("\(name)[\(index)]: \(a) | \(b)")
    }
}

private func close(_ a: Double?, _ b: Double?) -> Bool {
    guard let a, let b else { return a == nil && b == nil }
    return abs(a - b) <= 1e-4 * max(1, abs(a))
}
