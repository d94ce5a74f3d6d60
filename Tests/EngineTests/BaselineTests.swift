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
        #expect(verdicts(engine) == [], "without a baseline 50 requests are too few to know what is usual")
        let learned = engine.learnBaseline(from: try self.engine("incidents/baseline.otlp.gz"))
        #expect(660...670 ~= learned, "all traces but those that lost their root: \(learned)")
        let verdict = try #require(verdicts(engine).first), origin = try #require(verdict.origin), change = try #require(origin.changes.first)
        #expect(verdict.kind == .latency && verdict.isFailure)
        #expect(origin.entity.service == "recommendationservice" && origin.entity.pod == "recommendationservice-6cfdd55578-gfj6q")
        #expect(verdict.path.map(\.entity.displayName) == ["frontend", "recommendationservice"])
        #expect(String(describing: change.part) == "wire" && change.caller?.service == "frontend" && change.callee?.service == "recommendationservice")
        #expect(change.usual < 10 && change.seen > 300)
        #expect(abs(try #require(verdict.onset).seconds - 1_661_151_176) <= 15)
        #expect(verdict.headline.hasPrefix("frontend is slower than usual because of recommendationservice: frontend → recommendationservice"))
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
        let first = try #require(engine.answer([.timeline], at: FrameTime(windowSeconds: .infinity)).timeline?.range.from)
        #expect(engine.learnBaseline(within: TimeRange(from: first, to: first + Timestamp.Span(seconds: 34))) == learned)
        let later = engine.learnBaseline(within: TimeRange(from: first + Timestamp.Span(seconds: 10), to: first + Timestamp.Span(seconds: 34)))
        #expect(later.requests < learned.requests && later.tracesAfter == learned.tracesAfter)
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

    /// 260 requests; from the 161st on the one called takes 40 ms more.
    @Test func aPlainSlowdownNeedsNoBaseline() throws {
        var builder = SpanBuilder()
        for request in 0..<260 {
            let from = Double(request) * 500, more = Double(request * 7 % 5) + (request >= 160 ? 40 : 0), trace = UInt64(request + 1)
            builder.add(1, 0, .server, "frontend", from...from + 20 + more, trace: trace, pod: "frontend-0", name: "home")
            builder.add(2, 1, .client, "frontend", from + 5...from + 12 + more, trace: trace, pod: "frontend-0", name: "get")
            builder.add(3, 2, .server, "cart", from + 6...from + 11 + more, trace: trace, pod: "cart-0", name: "cart")
        }
        let engine = Engine(symbols: builder.symbols, windowSeconds: .infinity)
        #expect(engine.consume(builder.batch) == 0)
        let all = verdicts(engine), verdict = try #require(all.first)
        #expect(all.count == 1 && verdict.kind == .latency && verdict.origin?.entity.pod == "cart-0")
        #expect(verdict.path.map(\.entity.displayName) == ["frontend", "cart"])
        #expect(abs(try #require(verdict.onset).seconds - 180) <= 2)
        #expect(verdict.remarks.contains { $0.hasPrefix("no baseline was given") })
        let windowed = engine.answer([.verdicts], at: FrameTime(windowSeconds: 1000)).verdicts
        #expect(windowed == [], "a window that moves on has no before")
    }
}
