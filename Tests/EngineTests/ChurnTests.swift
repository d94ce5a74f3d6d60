import Engine
import Intake
import MeshModel
import Panels
import Profiles
import Testing

/// Pods that come and go all day long leave nothing behind for ever, and disturb nobody who stays.
struct ChurnTests {
    @Test func tenThousandPodsLeaveNothingBehind() throws {
        let fleet = ChurningFleet(retentionSeconds: 3600, lifeMinutes: 2)
        let calm = ChurningFleet(retentionSeconds: 3600)
        var hours: [EngineStats] = []
        for hour in 0..<10 {
            for minute in 0..<60 {
                fleet.turn(newPods: 17)
                calm.turn(newPods: 0)
                if minute % 20 == 19 { #expect(try fleet.stayers() == calm.stayers(), "hour \(hour), minute \(minute)") }
            }
            hours.append(fleet.engine.statistics)
        }
        #expect(fleet.started > 10_000)
        let steady = hours[2]
        #expect(steady.targets < 1400)
        for (hour, stats) in hours.enumerated().dropFirst(3) {
            #expect(stats.storeBytes <= steady.storeBytes * 11 / 10, "hour \(hour)")
            #expect(stats.targets <= steady.targets + 40, "hour \(hour)")
            #expect(stats.entities <= steady.entities + 80, "hour \(hour)")
            #expect(stats.seriesNamed == stats.targets * ChurningFleet.seriesPerPod, "hour \(hour)")
            #expect(stats.samplesHeld + stats.evictedSamples == stats.samples)
        }
        // The fleet comes to rest: an hour later all that is known is of those who stayed.
        for _ in 0..<75 {
            fleet.turn(newPods: 0)
            calm.turn(newPods: 0)
        }
        _ = try fleet.stayers()
        let (rest, wanted) = (fleet.engine.statistics, calm.engine.statistics)
        #expect(rest.targets == wanted.targets)
        #expect(rest.seriesNamed == wanted.seriesNamed)
        #expect(rest.samplesHeld == wanted.samplesHeld)
        #expect(rest.entities == wanted.entities)
        #expect(rest.storeBytes <= wanted.storeBytes * 11 / 10)
    }

    @Test func whatLeftIsShownForAWhileAndReadableForAsLongAsItIsKept() throws {
        let fleet = ChurningFleet(retentionSeconds: 7200)
        fleet.turn(newPods: 1)
        let pod = "churn-0"
        for _ in 1..<fleet.lifeMinutes { fleet.turn(newPods: 0) }
        let alive = fleet.now
        #expect(try #require(fleet.row(pod)).signals.requests > 0)
        // The turn after its last takes it off the list.
        for _ in 0..<3 { fleet.turn(newPods: 0) }
        let gone = try #require(fleet.row(pod))
        #expect(gone.stale)
        #expect(gone.state == .idle)
        #expect(gone.reason == "taken off its target list; no sample for 3 min")
        #expect(fleet.sources().first { $0.name == pod }?.health == .gone)
        #expect(fleet.engine.answer([.mesh], at: FrameTime(windowSeconds: 300)).mesh?.sourcesStale == 0)
        for _ in 0..<30 { fleet.turn(newPods: 0) }
        #expect(fleet.row(pod) == nil)
        #expect(!fleet.sources().contains { $0.name == pod })
        // A window that spans it shows it, and so does the instant at which it lived.
        #expect(try #require(fleet.row(pod, window: 3600)).signals.requests > 0)
        let then = try #require(fleet.row(pod, at: alive))
        #expect(!then.stale)
        #expect(then.signals.requests.rounded() == 5 * ChurningFleet.perMinute)
        for _ in 0..<100 { fleet.turn(newPods: 0) }
        #expect(fleet.row(pod, at: alive) == nil)
        #expect(!fleet.sources().contains { $0.name == pod })
    }

    /// After a rollout the pods before it are still shown, and count no more.
    @Test func podsThatLeftAreNotCounted() throws {
        let fleet = ChurningFleet(retentionSeconds: 7200)
        func counted(at time: Timestamp? = nil) throws -> [Int] {
            let data = fleet.engine.answer([.mesh, .entities(.service)], at: FrameTime(now: time, windowSeconds: 300))
            return [try #require(data.mesh).pods, try #require(data.entities[.service]?.first { $0.key.name == "batch" }).pods]
        }
        for _ in 0..<fleet.lifeMinutes { fleet.turn(newPods: 2) }
        let before = fleet.now
        #expect(try counted() == [15, 12])
        for turn in 1...3 {
            fleet.turn(newPods: 0)
            #expect(try counted() == [15 - 2 * turn, 12 - 2 * turn])
        }
        #expect(fleet.engine.answer([.entities(.pod)], at: FrameTime(windowSeconds: 300)).entities[.pod]?.count == 15)
        #expect(try counted(at: before) == [15, 12])
        for _ in 0..<3 { fleet.turn(newPods: 0) }
        #expect(try counted() == [3, 0])
    }

    /// A past instant names nobody who came later.
    @Test func pastInstantsKnowNobodyWhoCameLater() throws {
        let fleet = ChurningFleet(retentionSeconds: 7200)
        for _ in 0..<3 { fleet.turn(newPods: 0) }
        let before = fleet.now
        for _ in 0..<3 { fleet.turn(newPods: 1) }
        #expect(fleet.row("churn-1") != nil)
        #expect(fleet.row("churn-1", at: before) == nil)
        #expect(fleet.row("stay-1", at: before) != nil)
    }

    /// In a budget that is far too small, what left makes room for what lives.
    @Test func whatLeftTakesAQuarterOfTheBudgetAtMost() throws {
        let fleet = ChurningFleet(retentionSeconds: 86_400, budgetBytes: 400_000)
        for minute in 0..<200 {
            fleet.turn(newPods: 17)
            #expect(fleet.engine.statistics.storeBytes <= 400_000 || minute < 10)
        }
        let stats = fleet.engine.statistics
        #expect(stats.targets < fleet.started / 3)
        #expect(stats.seriesNamed == stats.targets * ChurningFleet.seriesPerPod)
        // Those who stay keep all their history.
        let instant = ChurningFleet.start + Timestamp.Span(seconds: 400)
        #expect(try #require(fleet.row("stay-0", at: instant)).signals.requests > 4 * ChurningFleet.perMinute)
        #expect(fleet.row("churn-20", at: instant) == nil)
    }

    /// A proxy that stays on its list and says nothing for longer than anything is kept gives its series back; when it returns it
    /// announces them again, and nothing of the new pages is lost.
    @Test func announcesAgainWhatWasHandedBack() throws {
        let intake = Intake(profiles: try ProfileSet.builtin())
        let engine = Engine(symbols: intake.symbols, windowSeconds: 300, retentionSeconds: 3600)
        let quiet = intake.openSource(name: "http://10.0.0.1:9901/stats", labels: [("service", "cart"), ("pod", "cart-1")], intervalSeconds: 30, sink: engine)
        let other = intake.openSource(name: "http://10.0.0.2:9901/stats", labels: [("service", "shop"), ("pod", "shop-1")], intervalSeconds: 30, sink: engine)
        func page(_ session: DecodeSession, _ count: Int, at minute: Int) {
            session.begin(time: Timestamp(seconds: Double(minute * 60)))
            let text = "envoy_cluster_upstream_rq{envoy_response_code=\"200\",envoy_cluster_name=\"ledger\"} \(count)\n"
            Array(text.utf8).withUnsafeBytes { session.feed($0) }
            _ = session.finish(into: engine)
        }
        for minute in 1...5 {
            page(quiet, minute * 10, at: minute)
            page(other, minute, at: minute)
        }
        #expect(engine.statistics.seriesNamed == 2)
        for minute in 6...200 {
            quiet.abort()
            quiet.state.health = .failing(reason: "no answer")
            quiet.state.lastAttempt = Timestamp(seconds: Double(minute * 60))
            engine.update(quiet.state)
            page(other, minute, at: minute)
        }
        #expect(engine.statistics.seriesNamed == 1)
        #expect(engine.statistics.targets == 2)
        for minute in 201...203 {
            page(quiet, minute * 10, at: minute)
            page(other, minute, at: minute)
        }
        #expect(engine.statistics.seriesNamed == 2)
        #expect(engine.statistics.dropped == [:])
        let rows = try #require(engine.answer([.entities(.service)], at: FrameTime(windowSeconds: 300)).entities[.service])
        // Two increases of ten by the one, and five of one by the other.
        #expect(rows.first { $0.key.name == "ledger" }.map { $0.signals.requests.rounded() } == 25)
    }
}

/// Three pods of one service that stay, and pods of another that live for some minutes each, scraped once a minute.
final class ChurningFleet {
    static let start = Timestamp(seconds: 1_790_000_000)
    static let seriesPerPod = 6
    static let perMinute = 30.0

    let engine: Engine
    let lifeMinutes: Int
    private(set) var now = ChurningFleet.start
    private(set) var started = 0
    private let symbols = SymbolTable()
    private var nextSource: UInt32 = 0
    private var living: [(state: SourceState, minutes: Int, stays: Bool)] = []

    init(retentionSeconds: Double, budgetBytes: Int = 1 << 30, lifeMinutes: Int = 6, windowSeconds: Double = 300) {
        self.lifeMinutes = lifeMinutes
        engine = Engine(symbols: symbols, windowSeconds: windowSeconds, budgetBytes: budgetBytes, retentionSeconds: retentionSeconds)
        for index in 0..<3 { open("stay-\(index)", service: "shop", stays: true) }
    }

    private func open(_ pod: String, service: String, stays: Bool) {
        var claim = EntityClaim()
        (claim.namespace, claim.service, claim.pod) = (symbols.intern("prod"), symbols.intern(service), symbols.intern(pod))
        var state = SourceState(id: SourceID(raw: nextSource), name: pod, intervalSeconds: 60)
        state.health = .up
        nextSource += 1
        engine.register(state, claim: claim)
        living.append((state, 0, stays))
    }

    /// One minute: new pods come, those whose time is over are taken off, the others are scraped.
    func turn(newPods: Int) {
        now = now + Timestamp.Span(seconds: 60)
        for _ in 0..<newPods {
            open("churn-\(started)", service: "batch", stays: false)
            started += 1
        }
        for index in living.indices.reversed() where !living[index].stays && living[index].minutes == lifeMinutes {
            var gone = living.remove(at: index).state
            gone.health = .gone
            engine.update(gone)
        }
        for index in living.indices {
            engine.consume(batch(of: living[index].state.id, minutes: living[index].minutes))
            living[index].minutes += 1
            living[index].state.lastSuccess = now
            engine.update(living[index].state)
        }
    }

    private func batch(of source: SourceID, minutes: Int) -> Batch {
        var batch = Batch(source: source, time: now)
        for ordinal in 0..<UInt32(Self.seriesPerPod) {
            if minutes == 0 {
                var meaning = Meaning(signal: ordinal < 2 ? .requests : .latencyBucket, vantage: .server)
                meaning.code = ordinal == 0 ? 200 : 503
                meaning.upperBound = ordinal == 5 ? .infinity : Double(ordinal)
                batch.entries.append(SeriesEntry(ordinal: ordinal, name: symbols.intern("series_\(ordinal % 3)"), labels: Int(ordinal)..<Int(ordinal) + 1,
                                                 kind: ordinal < 2 ? .counter : .histogramBucket, meaning: meaning))
                batch.labels.append(Label(name: symbols.intern("pod"), value: symbols.intern("value-\(source.raw % 50)")))
            }
            batch.ordinals.append(ordinal)
            batch.values.append(Double(minutes) * (ordinal == 1 ? Self.perMinute / 10 : ordinal == 0 ? Self.perMinute * 0.9 : Double(ordinal)))
        }
        return batch
    }

    func row(_ pod: String, at time: Timestamp? = nil, window: Double = 300) -> EntityRow? {
        engine.answer([.entities(.pod)], at: FrameTime(now: time, windowSeconds: window)).entities[.pod]?.first { $0.key.name == pod }
    }

    func sources() -> [SourceState] { engine.answer([.sources], at: FrameTime(windowSeconds: 300)).sources ?? [] }

    /// What is shown of those that stay.
    func stayers() throws -> [GoldenSignals] {
        let data = engine.answer([.entities(.service), .entities(.pod)], at: FrameTime(windowSeconds: 300))
        let service = try #require(data.entities[.service]?.first { $0.key.name == "shop" })
        return [service.signals] + (data.entities[.pod] ?? []).filter { $0.key.name.hasPrefix("stay") }.map(\.signals)
    }
}
