import Engine
import MeshModel
import Panels
import Testing

/// Verdicts of a large mesh are made beside the frames that ask for them.
struct VerdictsBesideTests {
    private let proxies: Proxies
    private static let others = (0..<420).map { "idle-\($0)" }
    private let time = FrameTime(windowSeconds: 120)
    private let gateway = EntityKey(level: .service, namespace: "shop", name: "gateway")

    init() throws {
        proxies = try Proxies(["gateway", "cart"] + Self.others, interval: 1, window: 120)
        for step in 0...20 { try scrape(step) }
        for name in Self.others { try proxies.scrape(name, at: 1020, calls("unknown", name, "destination", 200, 1)) }
    }

    /// Half of what gateway asks of cart fails there.
    private func scrape(_ step: Int) throws {
        let entry = calls("unknown", "gateway", "destination", 200, 5 * step) + calls("unknown", "gateway", "destination", 503, 5 * step)
        try proxies.scrape("gateway", at: 1000 + Double(step), entry + calls("gateway", "cart", "source", 200, 5 * step) + calls("gateway", "cart", "source", 503, 5 * step))
        try proxies.scrape("cart", at: 1000 + Double(step), calls("gateway", "cart", "destination", 200, 5 * step) + calls("gateway", "cart", "destination", 503, 5 * step))
    }

    private func ask(_ queries: [PanelQuery] = [.mesh, .verdicts]) throws -> FrameData { try #require(proxies.engine.answerIfReady(queries, at: time)) }

    /// - Returns: slices it took.
    @discardableResult
    private func work() -> Int {
        var slices = 0
        while proxies.engine.workSlice() != .nothing { slices += 1 }
        return slices
    }

    @Test func theFrameGoesOnWithoutThem() throws {
        let first = try ask()
        #expect(first.verdicts == nil && first.isPending && first.isUnfinished && first.mesh?.services == 422)
        #expect(work() > 1)
        let second = try ask()
        #expect(second.version > first.version && !second.isPending)
        #expect(second.verdicts?.map(\.chain) == ["gateway → cart"])
        #expect(second.mesh?.warnings.first?.text == "gateway fails because of cart (100 %)")
        #expect(work() == 0, "nothing is made twice")
    }

    @Test func theyAreThoseOfWhoWaits() throws {
        _ = try ask()
        work()
        let beside = try ask().verdicts
        #expect(beside == proxies.engine.answer([.verdicts], at: time).verdicts)
        #expect(try ask([.why(gateway)]).why[gateway] == nil)
        work()
        #expect(try ask([.why(gateway)]).why[gateway] == proxies.engine.answer([.why(gateway)], at: time).why[gateway])
    }

    @Test func thoseOfAMomentAgoStandUntilNewOnesCome() throws {
        _ = try ask()
        work()
        let old = try #require(try ask().verdicts?.first)
        try scrape(21)
        let between = try ask()
        #expect(between.verdicts == [old] && between.isPending)
        work()
        let new = try ask()
        #expect((new.verdicts?.first?.failures ?? 0) > old.failures && !new.isPending)
    }

    @Test func underAnotherPredicateOldOnesAreNone() throws {
        _ = try ask()
        work()
        let strict = FrameTime(windowSeconds: 120, predicate: .strict)
        let data = try #require(proxies.engine.answerIfReady([.verdicts], at: strict))
        #expect(data.verdicts == nil && data.isPending)
        work()
        #expect(proxies.engine.answerIfReady([.verdicts], at: strict)?.verdicts?.first?.predicate == .strict)
    }

    /// Somebody new moves all places of the reading: it is made anew.
    @Test func whoComesMeanwhileConfusesNothing() throws {
        _ = try ask()
        #expect(proxies.engine.workSlice() == .going)
        try proxies.scrape("cart", at: 1021, calls("aardvark", "cart", "destination", 200, 7) + calls("gateway", "cart", "destination", 200, 105) + calls("gateway", "cart", "destination", 503, 105))
        work()
        #expect(try ask().verdicts?.map(\.chain) == ["gateway → cart"])
    }

    @Test func anInstantThatWasLeftIsForgotten() throws {
        let past = FrameTime(now: Timestamp(seconds: 1010), windowSeconds: 120)
        let rebuilt = try #require(proxies.engine.prepare(past)?.run())
        proxies.engine.take(rebuilt)
        #expect(proxies.engine.answerIfReady([.verdicts], at: past)?.isPending == true)
        let other = FrameTime(now: Timestamp(seconds: 1015), windowSeconds: 120)
        proxies.engine.take(try #require(proxies.engine.prepare(other)?.run()))
        work()
        #expect(proxies.engine.answerIfReady([.verdicts], at: other)?.verdicts == nil)
        work()
        #expect(proxies.engine.answerIfReady([.verdicts], at: other)?.verdicts?.first?.failures == 75)
    }
}
