import Engine
import Intake
import MeshModel
import Panels
import Profiles
import Testing

/// What a person looks at first: who is at fault, what a silent proxy's callers see, and a course without artefacts of when pages were read.
struct FirstLookTests {
    /// Gateway calls frontend calls cart; cart fails, the others pass it on.
    @Test func theServiceAtFaultComesFirst() throws {
        let proxies = try Proxies(["gateway", "frontend", "cart"], interval: 5, window: 60)
        for step in 0..<8 {
            let time = 100 + 5 * Double(step), good = 80 * step, bad = 20 * step
            try proxies.scrape("gateway", at: time, calls("gateway", "frontend", "source", 200, good) + calls("gateway", "frontend", "source", 502, bad))
            try proxies.scrape("frontend", at: time + 1, calls("gateway", "frontend", "destination", 200, good) + calls("gateway", "frontend", "destination", 502, bad)
                + calls("frontend", "cart", "source", 200, good) + calls("frontend", "cart", "source", 503, bad))
            try proxies.scrape("cart", at: time + 2, calls("frontend", "cart", "destination", 200, good) + calls("frontend", "cart", "destination", 503, bad))
        }
        let data = proxies.engine.answer([.mesh, .verdicts], at: FrameTime(windowSeconds: 60))
        let verdict = try #require(data.verdicts?.first)
        #expect(verdict.chain == "gateway → frontend → cart" && data.verdicts?.count == 1)
        let warning = try #require(data.mesh?.warnings.first)
        #expect(warning.text == "cart fails 20 %" && warning.target?.name == "cart" && warning.cause == verdict.key)
    }

    @Test func callersTellOfOneThatFellSilent() throws {
        let proxies = try Proxies(["frontend", "cart"], interval: 5, window: 60)
        for step in 0..<12 {
            let time = 100 + 5 * Double(step)
            // After half a minute cart's proxy is dead, and every call to it fails.
            let good = 50 * min(step, 6), bad = 50 * max(0, step - 6)
            try proxies.scrape("frontend", at: time, calls("frontend", "cart", "source", 200, good) + calls("frontend", "cart", "source", 503, bad))
            if step <= 6 { try proxies.scrape("cart", at: time, calls("frontend", "cart", "destination", 200, good)) }
        }
        let data = proxies.engine.answer([.entities(.service), .entities(.pod), .mesh], at: FrameTime(windowSeconds: 60))
        let service = try #require(data.entities[.service]?.first { $0.key.name == "cart" })
        #expect(service.stale && service.state == .failing)
        #expect(service.reason == "no sample for 25 s; callers: errors 45.5 % > 5 % (server)")
        #expect(service.signals.requests == 550 && service.signals.errors == 250)
        #expect(service.signals.evidence == .metricsClient)
        // Callers do not say which pod they reach.
        let pod = try #require(data.entities[.pod]?.first { $0.key.name == "cart-1" })
        #expect(pod.stale && pod.state == .warning && pod.signals.requests == 300)
        #expect(data.mesh?.warnings.contains { $0.text == "cart-1 stale" && $0.target == pod.key } == true)
    }

    /// Ten requests a second read once a second, over slots of 2.5 s; histograms merged every five seconds as Envoy does.
    @Test func aSteadyCourseIsDrawnSteady() throws {
        let proxies = try Proxies(["frontend", "cart"], interval: 1, window: 300)
        func page(_ name: String, _ count: Int, _ flushed: Int) -> String {
            let labels = "envoy_http_conn_manager_prefix=\"inbound_0.0.0.0_8080\""
            return "envoy_http_downstream_rq_total{\(labels)} \(count)\nenvoy_http_downstream_rq_xx{envoy_response_code_class=\"2\",\(labels)} \(count)\n"
                + "# TYPE envoy_http_downstream_rq_time histogram\nenvoy_http_downstream_rq_time_bucket{\(labels),le=\"10\"} \(flushed)\n"
                + "envoy_http_downstream_rq_time_bucket{\(labels),le=\"+Inf\"} \(flushed)\nenvoy_http_downstream_rq_time_count{\(labels)} \(flushed)\n"
                + "envoy_http_downstream_rq_time_sum{\(labels)} \(flushed * 5)\n"
        }
        let cart = EntityKey(level: .service, namespace: "shop", name: "cart")
        for second in 0..<123 {
            try proxies.scrape("frontend", at: 1000.2 + Double(second), page("frontend", 10 * second, 10 * (second / 5 * 5)))
            try proxies.scrape("cart", at: 1000.7 + Double(second), page("cart", 10 * second, 10 * (second / 5 * 5)))
            guard second > 60 else { continue }
            let data = proxies.engine.answer([.detail(cart), .mesh], at: FrameTime(windowSeconds: 300))
            let rates = try #require(data.details[cart]).charts.rate.filter(\.isFinite)
            #expect(rates.count > 20 && rates.allSatisfy { abs($0 - 10) < 0.01 }, "at second \(second)")
            // What has not told of the newest slot must not look like a drop.
            let all = try #require(data.mesh).charts.rate.filter(\.isFinite)
            #expect(all.allSatisfy { abs($0 - 20) < 0.01 }, "at second \(second)")
        }
        let charts = try #require(proxies.engine.answer([.detail(cart)], at: FrameTime(windowSeconds: 300)).details[cart]).charts
        let heat = try #require(charts.heat)
        let perSlot = stride(from: 0, to: heat.counts.count, by: heat.upperBounds.count).map { heat.counts[$0] }
        let inside = perSlot.drop { $0 == 0 }.dropFirst(2).prefix(40)
        #expect(inside.count == 40 && inside.allSatisfy { abs($0 - 25) < 0.5 })
    }

    @Test func aMachineCallsServices() throws {
        let proxies = try Proxies(["frontend", "cart"], interval: 5, window: 60)
        for step in 0..<4 {
            let time = 100 + 5 * Double(step)
            try proxies.scrape("frontend", at: time, calls("frontend", "cart", "source", 200, 50 * step))
            try proxies.scrape("cart", at: time, calls("frontend", "cart", "destination", 200, 50 * step))
        }
        let key = EntityKey(level: .node, name: "n1")
        let detail = try #require(proxies.engine.answer([.detail(key)], at: FrameTime(windowSeconds: 60)).details[key])
        #expect(detail.outbound.map(\.destination.displayName) == ["cart"])
        #expect(detail.inbound.map(\.source.displayName) == ["frontend"])
        #expect(detail.outbound.first?.signals.requests == 150)
    }
}
