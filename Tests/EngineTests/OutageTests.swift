import Engine
import MeshModel
import Panels
import Testing

/// An outage stays in sight, and is put down to the right one.
struct OutageTests {
    /// All pods of cart leave the list while their callers still call, and get no answer.
    @Test func aServiceTakenOffItsListFailsAsLongAsItsCallersSaySo() throws {
        let proxies = try Proxies(["frontend", "cart"], interval: 5, window: 60)
        for step in 0..<12 {
            let time = 100 + 5 * Double(step), good = 50 * min(step, 6), bad = 50 * max(0, step - 6)
            try proxies.scrape("frontend", at: time, calls("frontend", "cart", "source", 200, good) + calls("frontend", "cart", "source", 503, bad))
            if step <= 6 { try proxies.scrape("cart", at: time, calls("frontend", "cart", "destination", 200, good)) }
            if step == 6 { try proxies.remove("cart") }
        }
        let cart = try proxies.row("cart")
        #expect(cart.state == .failing)
        #expect(cart.reason == "taken off its target list; no sample for 25 s; callers: errors 45.5 % > 5 % (server)")
        #expect(try proxies.row("cart-1", .pod).state == .idle)
        // Nobody misses it where calls go well.
        let calm = try Proxies(["frontend", "cart"], interval: 5, window: 60)
        for step in 0..<12 {
            let time = 100 + 5 * Double(step)
            try calm.scrape("frontend", at: time, calls("frontend", "cart", "source", 200, 50 * min(step, 6)))
            if step <= 6 { try calm.scrape("cart", at: time, calls("frontend", "cart", "destination", 200, 50 * step)) }
            if step == 6 { try calm.remove("cart") }
        }
        #expect(try calm.row("cart").state == .idle)
    }

    /// Of a hundred calls from outside the gateway answers some 503 by itself; a few of its calls fail.
    @Test(arguments: [(60, 7, "gateway fails 5", "gateway"), (7, 7, "gateway fails because of recommendation (100 %)", "recommendation")])
    func aGatewayThatFailsByItselfIsNamed(bad: Int, received: Int, text: String, cause: String) throws {
        let proxies = try Proxies(["gateway", "recommendation"], interval: 5, window: 60)
        for step in 0..<8 {
            let time = 100 + 5 * Double(step)
            let passed = calls("gateway", "recommendation", "source", 200, (100 - received) * step) + calls("gateway", "recommendation", "source", 503, received * step)
            try proxies.scrape("gateway", at: time, calls("unknown", "gateway", "destination", 200, (100 - bad) * step)
                + calls("unknown", "gateway", "destination", 503, bad * step) + passed)
            try proxies.scrape("recommendation", at: time + 1, passed.replacing("reporter=\"source\"", with: "reporter=\"destination\""))
        }
        let data = proxies.engine.answer([.mesh, .verdicts], at: FrameTime(windowSeconds: 60))
        let warning = try #require(data.mesh?.warnings.first)
        #expect(warning.text.hasPrefix(text) && warning.cause == data.verdicts?.first?.key)
        #expect(warning.target?.name == cause)
    }
}

/// What is read back of an outage is what was shown while it lasted.
struct PastOutageTests {
    /// Cart's proxy is down for longer than the window that is looked at; its callers fail.
    @Test(arguments: [false, true])
    func anOutageLongerThanTheWindowIsSeenInThePast(comesBack: Bool) throws {
        let proxies = try Proxies(["frontend", "cart"], interval: 5, window: 60)
        var lived: FrameData?
        let queries: [PanelQuery] = [.entities(.service), .entities(.pod), .edges(.service)]
        for step in 0..<60 {
            let time = 100 + 5 * Double(step)
            let good = 50 * min(step, 6), bad = 50 * max(0, step - 6)
            try proxies.scrape("frontend", at: time, calls("frontend", "cart", "source", 200, good) + calls("frontend", "cart", "source", 503, bad))
            if step <= 6 || comesBack && step >= 50 {
                try proxies.scrape("cart", at: time, calls("frontend", "cart", "destination", 200, good))
            } else {
                try proxies.fail("cart", at: time)
            }
            if step == 40 { lived = proxies.engine.answer(queries, at: FrameTime(windowSeconds: 60)) }
        }
        let live = try #require(lived)
        let past = proxies.engine.answer(queries, at: FrameTime(now: live.now, windowSeconds: 60))
        #expect(differences(live, past) == [])
        let cart = try #require(past.entities[.service]?.first { $0.key.name == "cart" })
        #expect(cart.stale && cart.state == .failing)
        #expect(cart.reason == "no sample for 2 min 50 s; callers: errors 100.0 % > 5 % (server)")
        let pod = try #require(past.entities[.pod]?.first { $0.key.name == "cart-1" })
        #expect(pod.stale && pod.state == .warning && pod.reason == "no sample for 2 min 50 s")
        // The page after the silence is no beginning.
        #expect(try !comesBack || proxies.row("cart", at: 355).signals.requests == proxies.row("cart").signals.requests)
    }

    /// A proxy still listed that is down for longer than anything is kept: still stale, then and now.
    @Test func whatIsDownForLongIsStale() throws {
        let proxies = try Proxies(["frontend", "cart"], interval: 60, window: 300, retention: 3600)
        for minute in 0..<200 {
            let time = 60 * Double(minute)
            try proxies.scrape("frontend", at: time, calls("web", "frontend", "destination", 200, 50 * minute))
            if minute < 5 { try proxies.scrape("cart", at: time, calls("frontend", "cart", "destination", 200, 50 * minute)) } else { try proxies.fail("cart", at: time) }
        }
        #expect(proxies.engine.statistics.seriesNamed == 1)
        #expect(proxies.engine.answer([.mesh], at: FrameTime(windowSeconds: 300)).mesh?.sourcesStale == 1)
        let pod = try proxies.row("cart-1", .pod, window: 300)
        #expect(pod.stale && pod.state == .warning && pod.reason == "no sample for 3 h 15 min")
        let then = try proxies.row("cart-1", .pod, at: 11_340, window: 300)
        #expect(then.stale && then.reason == "no sample for 3 h 5 min")
        #expect(try proxies.row("cart-1", .pod, window: 600).reason == "no sample for 3 h 15 min")
    }
}
