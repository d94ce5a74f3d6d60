import Engine
import MeshModel
import Panels
import Testing

/// A proxy that is killed shows within three of its intervals, at its callee and on the calls to it, and nothing else changes.
struct KilledProxyTests {
    private static func line(_ source: String, _ destination: String, _ reporter: String, _ code: Int, _ flags: String, _ count: Int) -> String {
        calls(source, destination, reporter, code, count).replacing("response_code", with: "response_flags=\"\(flags)\",response_code")
    }

    /// Pages each second; gateway calls cart and catalog ten times a second. Cart's proxy is gone from `killed` on.
    private static func frame(killed: Double, at end: Double) throws -> FrameData {
        let proxies = try Proxies(["gateway", "cart", "catalog"], interval: 1, window: 30)
        for step in 0...Int(end) {
            let time = Double(step), good = 10 * min(step, Int(min(killed, 1e6))), lost = 10 * step - good
            try proxies.scrape("gateway", at: 1000 + time, line("gateway", "cart", "source", 200, "-", good) + line("gateway", "cart", "source", 503, "UF,URX", lost)
                + line("gateway", "catalog", "source", 200, "-", 10 * step))
            try proxies.scrape("catalog", at: 1000 + time, line("gateway", "catalog", "destination", 200, "-", 10 * step))
            if time <= killed { try proxies.scrape("cart", at: 1000 + time, line("gateway", "cart", "destination", 200, "-", good)) } else { try proxies.fail("cart", at: 1000 + time) }
        }
        return proxies.engine.answer([.entities(.service), .entities(.pod), .edges(.service), .edges(.pod)], at: FrameTime(windowSeconds: 30))
    }

    @Test func itShowsWithinThreeIntervalsAndNothingElseChanges() throws {
        let calm = try Self.frame(killed: .infinity, at: 24), frame = try Self.frame(killed: 20, at: 24)
        func edge(_ data: FrameData, _ callee: String, _ level: EntityLevel = .service) throws -> EdgeRow {
            try #require(data.edges[level]?.first { $0.destination.service == callee })
        }
        for level in [EntityLevel.service, .pod] {
            let call = try edge(frame, "cart", level)
            #expect(call.state == .failing && !call.stale)
            #expect(call.signals.flags == [.init(flag: "UF", count: 40), .init(flag: "URX", count: 40)])
            #expect(call.client?.answers == [.init(code: 200, count: 200), .init(code: 503, flags: "UF,URX", count: 40, errors: 40)])
            #expect(call.disagreements.map(\.kind) == [.stale])
            #expect(try edge(frame, "catalog", level) == edge(calm, "catalog", level))
        }
        let cart = try #require(frame.entities[.service]?.first { $0.key.name == "cart" })
        #expect(cart.stale && cart.state == .failing)
        #expect(cart.reason == "no sample for 4 s; callers: errors 16.7 % > 5 % (server)")
        let pod = try #require(frame.entities[.pod]?.first { $0.key.name == "cart-1" })
        #expect(pod.stale && pod.lastSample == Timestamp(seconds: 1020))
        for level in [EntityLevel.service, .pod] {
            let others = frame.entities[level]?.filter { !$0.key.name.hasPrefix("cart") }
            #expect(others == calm.entities[level]?.filter { !$0.key.name.hasPrefix("cart") })
        }
        #expect(frame.edges[.service]?.count == calm.edges[.service]?.count)
        // Not before: three intervals may pass.
        let early = try Self.frame(killed: 20, at: 23)
        #expect(early.entities[.service]?.first { $0.key.name == "cart" }?.stale == false)
    }
}
