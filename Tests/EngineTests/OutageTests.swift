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
    @Test(arguments: [(60, 7, "gateway fails 60.0 %, 1 more failing"), (7, 7, "recommendation fails 7.0 %, 1 more failing")])
    func aGatewayThatFailsByItselfIsNamed(bad: Int, received: Int, text: String) throws {
        let proxies = try Proxies(["gateway", "recommendation"], interval: 5, window: 60)
        for step in 0..<8 {
            let time = 100 + 5 * Double(step)
            let passed = calls("gateway", "recommendation", "source", 200, (100 - received) * step) + calls("gateway", "recommendation", "source", 503, received * step)
            try proxies.scrape("gateway", at: time, calls("unknown", "gateway", "destination", 200, (100 - bad) * step)
                + calls("unknown", "gateway", "destination", 503, bad * step) + passed)
            try proxies.scrape("recommendation", at: time + 1, passed.replacing("reporter=\"source\"", with: "reporter=\"destination\""))
        }
        let mesh = try #require(proxies.engine.answer([.mesh], at: FrameTime(windowSeconds: 60)).mesh)
        #expect(mesh.failingEdges.map(\.destination.service) == ["recommendation"])
        #expect(mesh.warnings.first?.text == text)
        #expect(mesh.warnings.first?.target?.name == String(text.prefix { $0 != " " }))
    }
}
