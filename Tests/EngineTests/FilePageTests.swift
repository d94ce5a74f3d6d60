import Engine
import MeshModel
import Panels
import Testing

/// Files have no interval: their pages end where they end.
struct FilePageTests {
    private func rates(_ proxies: Proxies) throws -> [[Float]] {
        let cart = EntityKey(level: .service, namespace: "shop", name: "cart")
        let data = proxies.engine.answer([.detail(cart), .trends(.service, [cart]), .mesh], at: FrameTime(windowSeconds: 300))
        return [try #require(data.details[cart]).charts.rate, try #require(data.trends[cart]).rates, try #require(data.mesh).charts.rate]
    }

    /// A pod whose pages end early, or of which there is one alone, takes nothing off what the others go on to tell.
    @Test(arguments: [1, 20])
    func oneThatEndsEarlyLeavesTheOthersCharted(pages: Int) throws {
        let proxies = try Proxies(["cart", "cart/cart-2"], interval: nil, window: 300)
        for step in 0..<60 {
            let time = 1000 + 5 * Double(step), page = calls("web", "cart", "destination", 200, 50 * step)
            try proxies.scrape("cart", at: time, page)
            if step < pages { try proxies.scrape("cart/cart-2", at: time, page) }
        }
        for rates in try rates(proxies) {
            #expect(rates.suffix(50).allSatisfy { abs($0 - 10) < 0.01 })
            #expect(pages == 1 || rates.dropFirst(10).prefix(20).allSatisfy { abs($0 - 20) < 0.01 })
        }
    }

    /// Where all go on, the newest slots are those of which all have told: pages written a moment apart are no drop.
    @Test func pagesWrittenAMomentApartAreNoDrop() throws {
        let proxies = try Proxies(["cart", "cart/cart-2"], interval: nil, window: 300)
        for step in 0..<60 {
            let page = calls("web", "cart", "destination", 200, 50 * step)
            try proxies.scrape("cart", at: 1000 + 5 * Double(step), page)
            if step < 59 { try proxies.scrape("cart/cart-2", at: 1004 + 5 * Double(step), page) }
        }
        for rates in try rates(proxies) {
            let told = rates.filter(\.isFinite)
            #expect(told.count > 100 && told.dropFirst(2).allSatisfy { abs($0 - 20) < 0.01 })
        }
    }
}
