import DemoMesh
import Engine
import MeshModel
import Panels
import Testing

/// Rows of calls are kept from frame to frame: whatever becomes of the mesh, they say what rows made anew would say.
@Suite struct KeptRowsTests {
    private static let queries = EntityLevel.allCases.map(PanelQuery.edges)

    /// What no frame asked for is let go of after a while.
    private func madeAnew(_ engine: Engine, window: Double) -> FrameData {
        for _ in 0..<12 { _ = engine.answer([.mesh], at: FrameTime(windowSeconds: window)) }
        return engine.answer(Self.queries, at: FrameTime(windowSeconds: window))
    }

    /// All but the latency, whose buckets are added in another order.
    private func told(_ row: EdgeRow) -> [String] {
        func numbers(_ signals: GoldenSignals?) -> String {
            guard let signals else { return "-" }
            let counts = [signals.requests, signals.errors, signals.denied, signals.attempts, signals.bytesIn, signals.retries, signals.mutualShare, signals.rate]
            return "\(counts.map { $0.map { ($0 * 1000).rounded() } }) \(signals.codes.map(\.code)) \(signals.flags.map(\.flag)) \(signals.security) \(signals.evidence.names)"
        }
        return ["\(row.ends.source.displayName) > \(row.ends.destination.displayName) \(row.protocol)", numbers(row.signals), numbers(row.client), numbers(row.server),
                "\(row.state) \(row.reason) \(row.stale) \(row.lastSample?.seconds ?? -1)", "\(row.disagreements.map(\.text))", "\(row.principals)",
                "\(row.versions.map { "\($0.version) \(numbers($0.signals))" })"]
    }

    private func expectAsMadeAnew(_ engine: Engine, window: Double, _ when: String) {
        let kept = engine.answer(Self.queries, at: FrameTime(windowSeconds: window)), anew = madeAnew(engine, window: window)
        for level in EntityLevel.allCases {
            let (kept, anew) = (kept.edges[level] ?? [], anew.edges[level] ?? [])
            #expect(kept.map(\.ends) == anew.map(\.ends), "\(level), \(when)")
            for (row, other) in zip(kept, anew) { #expect(told(row) == told(other), "\(level), \(when)") }
        }
    }

    /// Pages, errors that come and go, proxies that fall silent and come back.
    @Test func throughAnOutageAndSilence() throws {
        let feed = try DemoFeed(windowSeconds: 60, scenario: .outage, incidentAfter: 60)
        for step in 1...24 {
            feed.silenced = (8..<15).contains(step) ? [0, 3, 4] : []
            feed.run(seconds: 10)
            let frame = feed.engine.answer(Self.queries, at: FrameTime(windowSeconds: 60))
            #expect(step == 1 || frame.edges[.service]?.isEmpty == false)
            if [9, 13, 15, 24].contains(step) { expectAsMadeAnew(feed.engine, window: 60, "step \(step)") }
        }
    }

    /// Which side a call is counted from is settled by all that tell of it, not by those that just did.
    @Test func aCallThatIsToldOfByItsCallerLater() throws {
        let proxies = try Proxies(["web/web-1", "web/web-2", "cart/cart-1", "cart/cart-2"], interval: 5, window: 60)
        for step in 0..<8 {
            let time = 100 + 5 * Double(step)
            for pod in ["cart/cart-1", "cart/cart-2"] { try proxies.scrape(pod, at: time, calls("web", "cart", "destination", 200, 20 * step)) }
            for pod in ["web/web-1", "web/web-2"] {
                let told = step > 3 ? calls("web", "cart", "source", 200, 30 * (step - 4)) : ""
                try proxies.scrape(pod, at: time, calls("web", "cart", "source", 200, 0) + told)
                _ = proxies.engine.answer(Self.queries, at: FrameTime(windowSeconds: 60))
            }
            expectAsMadeAnew(proxies.engine, window: 60, "step \(step)")
        }
    }

    /// What nothing is new of is the very same row.
    @Test func onlyRowsOfCallsThatChangedAreMadeAnew() throws {
        let proxies = try Proxies(["web", "shop", "cart"], interval: 5, window: 60)
        for step in 0..<3 {
            try proxies.scrape("web", at: 100 + 5 * Double(step), calls("web", "cart", "source", 200, 20 * step))
            try proxies.scrape("shop", at: 100 + 5 * Double(step), calls("shop", "cart", "source", 200, 20 * step))
        }
        func rows() -> [EdgeRow] { proxies.engine.answer([.edges(.service)], at: FrameTime(windowSeconds: 60)).edges[.service] ?? [] }
        let before = rows(), again = rows()
        #expect(before.count == 2 && zip(before, again).allSatisfy { $0.isSame(as: $1) })
        try proxies.scrape("web", at: 115, calls("web", "cart", "source", 200, 60))
        let after = rows()
        #expect(zip(before, after).map { $0.isSame(as: $1) } == [true, false], "shop comes before web")
        #expect(after[1].signals.requests == 60 && zip(before, after).allSatisfy { $0.ends === $1.ends })
    }
}
