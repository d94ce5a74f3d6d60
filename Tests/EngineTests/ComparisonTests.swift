import DemoMesh
import Engine
import Intake
import MeshModel
import Panels
import Profiles
import TestSupport
import Testing

/// Two windows of the same data, held against each other.
struct ComparisonTests {
    /// Eleven real Envoys' spans: a minute of calm, then payment v2 fails and is slow.
    private static func recorded() throws -> Engine {
        let intake = Intake(profiles: try ProfileSet.builtin()), engine = Engine(symbols: intake.symbols, windowSeconds: 300)
        _ = try SpanFiles.load([Fixture.folder + "/../../demo-data/incident.otlp.gz"], intake: intake, spans: engine, sources: engine)
        return engine
    }

    private func comparison(_ engine: Engine, _ split: ComparisonSplit = .worst, _ time: FrameTime = FrameTime(windowSeconds: 300)) throws -> Comparison {
        let data = engine.answer([.comparison(split)], at: time)
        #expect(!data.isUnfinished)
        return try #require(data.comparison)
    }

    private func texts(_ comparison: Comparison, _ kind: Comparison.Row.Kind) -> [String] {
        comparison.rows.filter { $0.kinds.contains(kind) }.map { row in
            switch row.subject {
            case .entity(let key, let entity): entity.name(at: key.level)
            case .edge(let ends, _): "\(ends.source.displayName) → \(ends.destination.displayName)"
            }
        }
    }

    @Test func spansOfACanaryThatFails() throws {
        let engine = try Self.recorded(), comparison = try comparison(engine)
        #expect(comparison.meeting == "since payment v2 fails")
        let verdict = try #require(engine.answer([.verdicts], at: FrameTime(windowSeconds: 300)).verdicts?.first)
        #expect(comparison.after.from == verdict.onset && comparison.before.to == verdict.onset)
        let failing = texts(comparison, .failing)
        for name in ["payment", "payment@v2", "checkout → payment", "gateway"] { #expect(failing.contains(name), "\(name) of \(failing)") }
        for name in ["payment@v1", "ledger", "catalog", "cart"] { #expect(!failing.contains(name)) }
        #expect(texts(comparison, .gone) == [] && texts(comparison, .new) == [])
        #expect(comparison.sample.kind == .failing && comparison.sample.isRead && comparison.sample.selected > 5)
        let first = try #require(comparison.attributes.first { !$0.isOutcome })
        #expect(first.service.service == "payment" && first.names.contains { $0.key == "version" && $0.value == "v2" }, "\(first)")
        #expect(first.selected == first.ofSelected && first.othersShare < 0.5)
        // Ids of requests are another in each, and win nowhere.
        for attribute in comparison.attributes { for name in attribute.names { #expect(!name.key.contains("request_id") && !name.key.contains("guid"), "\(name)") } }
    }

    @Test func aSplitAtATimeAndAtAService() throws {
        let engine = try Self.recorded(), whole = try comparison(engine)
        let at = whole.before.from + Timestamp.Span(seconds: 20)
        let early = try comparison(engine, .at(at))
        #expect(early.after.from == at && early.before.to == at && early.meeting.hasPrefix("parted at "))
        let checkout = try comparison(engine, .service(EntityKey(level: .service, namespace: "shop", name: "checkout")))
        #expect(checkout.meeting == "since payment v2 fails" && texts(checkout, .failing).contains("payment@v2"))
        let none = try comparison(engine, .at(Timestamp(seconds: 1)))
        #expect(none.meeting.hasPrefix("nothing is held before") && none.before.to == none.after.from)
        #expect(abs(none.before.length.seconds - none.after.length.seconds) < 1)
    }

    /// Beside the lock it comes in slices, and the same of it.
    @Test func itIsMadeBesideTheFrames() throws {
        let engine = try Self.recorded(), time = FrameTime(windowSeconds: 300, predicate: .client)
        let first = try #require(engine.answerIfReady([.comparison(.worst)], at: time))
        #expect(first.comparison == nil && first.isUnfinished)
        #expect(engine.workSlice() == .worthShowing)
        let answer = try #require(engine.answerIfReady([.comparison(.worst)], at: time)), some = try #require(answer.comparison)
        #expect(!some.rows.isEmpty && some.sample.read < some.sample.toRead && some.attributes.isEmpty)
        var slices = 1
        while engine.workSlice() != .nothing { slices += 1 }
        #expect(slices > 5)
        let last = try #require(engine.answerIfReady([.comparison(.worst)], at: time))
        #expect(!last.isUnfinished && last.comparison?.attributes.isEmpty == false)
    }

    @Test func pagesOfAnIncident() throws {
        let feed = try DemoFeed(windowSeconds: 300, incidentAfter: 300)
        feed.run(seconds: 540)
        let comparison = try comparison(feed.engine)
        #expect(comparison.meeting == "since payment v2 fails")
        #expect(abs((comparison.after.from - DemoFeed.start).seconds - 300) <= 20, "\(comparison.after.from.rfc3339)")
        let failing = texts(comparison, .failing)
        for name in ["payment", "payment@v2", "checkout → payment"] { #expect(failing.contains(name), "\(name) of \(failing)") }
        #expect(!failing.contains("payment@v1") && !failing.contains("cart"))
        #expect(comparison.attributes.isEmpty && comparison.sample.kind == .none && comparison.same > 5)
        // What stands ready is as it was.
        let before = feed.answer(window: 300)
        _ = try self.comparison(feed.engine, .at(DemoFeed.start + Timestamp.Span(seconds: 400)))
        #expect(feed.answer(window: 300).entities == before.entities && feed.answer(window: 300).edges == before.edges)
    }

    /// A quiet mesh: hardly anything may be said to have changed, at whatever instant it is parted.
    @Test func nothingHappens() throws {
        let feed = try DemoFeed(windowSeconds: 300, scenario: .calm)
        feed.run(seconds: 600)
        for seconds in [330.0, 420, 510, 570] {
            let comparison = try comparison(feed.engine, .at(DemoFeed.start + Timestamp.Span(seconds: seconds)))
            let bad = comparison.rows.filter { $0.kind != .unsure && $0.kind != .same }
            #expect(bad.isEmpty, "\(seconds): \(bad.map { ($0.subject, $0.kinds) })")
        }
        #expect(try comparison(feed.engine).meeting == "no onset is known: two halves of what is held")
    }

    @Test func nothingAtAll() throws {
        let comparison = try comparison(Engine(symbols: SymbolTable()))
        #expect(comparison.rows.isEmpty && comparison.same == 0 && comparison.attributes.isEmpty)
    }

    /// Nothing fails by its status, and spans without kinds are no calls: what slow requests have in common says where.
    @Test func spansThatAreOnlySlow() throws {
        let intake = Intake(profiles: try ProfileSet.builtin()), engine = Engine(symbols: intake.symbols, windowSeconds: 3600)
        _ = try SpanFiles.load([Fixture.folder + "/incidents/18-network_delay.otlp.gz"], intake: intake, spans: engine, sources: engine)
        let comparison = try comparison(engine, .at(Timestamp(seconds: 1_661_151_176)), FrameTime(windowSeconds: 3600))
        #expect(texts(comparison, .failing).isEmpty && comparison.sample.kind == .slow)
        #expect(texts(comparison, .slower) == ["frontend"], "by whole traces")
        let first = try #require(comparison.attributes.first)
        #expect(first.service.service == "frontend" && first.names.first?.value == "hipstershop.RecommendationService/ListRecommendations" && first.selected == first.ofSelected)
    }
}
