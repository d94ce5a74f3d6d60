import Engine
import Intake
import MeshModel
import Panels
import Profiles
import TestSupport
import Testing

/// Spans held against those of a quiet time.
@Suite struct BaselineTests {
    private let intake: Intake

    init() throws { intake = Intake(profiles: try ProfileSet.builtin()) }

    private func engine(_ file: String) throws -> Engine {
        let engine = Engine(symbols: intake.symbols, windowSeconds: .infinity)
        _ = try SpanFiles.load([Fixture.folder + "/" + file], intake: intake, spans: engine, sources: engine)
        return engine
    }

    private func verdicts(_ engine: Engine) -> [Verdict] { engine.answer([.verdicts], at: FrameTime(windowSeconds: .infinity)).verdicts ?? [] }

    @Test func aSlowWireIsSaidOfTheOneCalled() throws {
        let engine = try engine("incidents/18-network_delay.otlp.gz")
        #expect(verdicts(engine) == [], "without a baseline nobody knows what is slow")
        let learned = engine.learnBaseline(from: try self.engine("incidents/baseline.otlp.gz"))
        #expect(660...670 ~= learned, "all traces but those that lost their root: \(learned)")
        let verdict = try #require(verdicts(engine).first), origin = try #require(verdict.origin), change = try #require(origin.changes.first)
        #expect(verdict.kind == .latency && verdict.isFailure)
        #expect(origin.entity.service == "recommendationservice" && origin.entity.pod == "recommendationservice-6cfdd55578-gfj6q")
        #expect(verdict.path.map(\.entity.displayName) == ["frontend", "recommendationservice"])
        #expect(String(describing: change.part) == "wire" && change.caller?.service == "frontend" && change.callee?.service == "recommendationservice")
        #expect(change.usual < 10 && change.seen > 300)
        #expect(abs(try #require(verdict.onset).seconds - 1_661_151_176) <= 15)
        #expect(verdict.headline.hasPrefix("frontend is slower than in the baseline because of recommendationservice: frontend → recommendationservice"))
        let key = EntityKey(level: .service, name: "recommendationservice")
        let why = try #require(engine.answer([.why(key)], at: FrameTime(windowSeconds: .infinity)).why[key])
        #expect(why.kind == .latency && why.origin == origin && why.service.service == "recommendationservice")
    }

    @Test func whoReturnsEarlySaysWhatIsMissing() throws {
        let engine = try engine("incidents/23-return.otlp.gz")
        _ = engine.learnBaseline(from: try self.engine("incidents/baseline.otlp.gz"))
        let origin = try #require(verdicts(engine).first?.origin), change = try #require(origin.changes.first { String(describing: $0.part) == "lost" })
        #expect(origin.entity.service == "adservice" && origin.what.hasPrefix("returns early in "))
        #expect(change.hits > 0 && change.hits <= change.calls && !change.missing.isEmpty)
    }

    @Test func aPartOfTheSameRecordingMayBeTheQuietOne() throws {
        let engine = try engine("incidents/18-network_delay.otlp.gz")
        let learned = engine.learnBaseline(firstSeconds: 34)
        #expect(learned.requests > 20 && learned.requests + learned.tracesAfter == 138)
        #expect(verdicts(engine).first?.origin?.entity.service == "recommendationservice")
        #expect(engine.learnBaseline(firstSeconds: 1e6).tracesAfter == 0)
        #expect(verdicts(engine) == [])
    }

    @Test func aRecordingIsLikeItself() throws {
        let engine = try engine("incidents/18-network_delay.otlp.gz")
        _ = engine.learnBaseline(from: engine)
        #expect(!verdicts(engine).contains { $0.kind == .latency })
        #expect(engine.learnBaseline(from: Engine(symbols: intake.symbols)) == 0, "of nothing nothing is learned")
        #expect(verdicts(engine) == [])
    }
}
