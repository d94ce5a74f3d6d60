import Engine
import MeshModel
import Panels
import TestSupport
import Testing

/// Who got slower, by what proxies count of durations; ten calls a second, a page a second.
struct SlowVerdictTests {
    private static let bounds = [1, 5, 10, 25, 50, 100, 250, 500]

    /// So many calls of so many milliseconds each, up to now.
    private static func line(_ source: String, _ destination: String, _ reporter: String, _ times: [(count: Int, milliseconds: Int)], code: Int = 200) -> String {
        let labels = "reporter=\"\(reporter)\",source_workload=\"\(source)\",source_canonical_service=\"\(source)\",source_workload_namespace=\"shop\",destination_workload=\"\(destination)\","
            + "destination_canonical_service=\"\(destination)\",destination_service_name=\"\(destination)\",destination_workload_namespace=\"shop\",destination_service_namespace=\"shop\","
            + "response_code=\"\(code)\""
        let total = times.reduce(0) { $0 + $1.count }
        var text = "istio_requests_total{\(labels)} \(total)\n"
        for bound in bounds { text += "istio_request_duration_milliseconds_bucket{\(labels),le=\"\(bound)\"} \(times.reduce(0) { $1.milliseconds <= bound ? $0 + $1.count : $0 })\n" }
        text += "istio_request_duration_milliseconds_bucket{\(labels),le=\"+Inf\"} \(total)\n"
        text += "istio_request_duration_milliseconds_count{\(labels)} \(total)\nistio_request_duration_milliseconds_sum{\(labels)} \(times.reduce(0) { $0 + $1.count * $1.milliseconds })\n"
        return text
    }

    /// Ten a second that took so long before second 30, and so long from then on.
    private static func ten(_ step: Int, _ before: Int, _ after: Int) -> [(count: Int, milliseconds: Int)] { [(10 * min(step, 30), before), (10 * max(0, step - 30), after)] }

    /// gateway → checkout → payment and cart.
    private func engine(payment: @escaping (Int) -> [(count: Int, milliseconds: Int)] = { ten($0, 8, 48) }, wire: Int = 0, cartFails: Bool = false) throws -> Engine {
        try proxies(payment: payment, wire: wire, cartFails: cartFails).engine
    }

    private func proxies(payment: @escaping (Int) -> [(count: Int, milliseconds: Int)] = { ten($0, 8, 48) }, wire: Int = 0, cartFails: Bool = false) throws -> Proxies {
        let names = ["gateway", "checkout", "payment", "cart"]
        let proxies = try Proxies(names, interval: 1, window: 120)
        for step in 0...60 {
            let slow = payment(step), longer = slow.reduce(0) { $0 + $1.count * $1.milliseconds } > 10 * step * 8 ? 40 : 0
            func above(_ milliseconds: Int) -> [(count: Int, milliseconds: Int)] { Self.ten(step, milliseconds, milliseconds + longer + wire) }
            let bad = cartFails ? 5 * max(0, step - 30) : 0
            func cart(_ reporter: String) -> String {
                Self.line("checkout", "cart", reporter, [(10 * step - bad, 3)]) + (bad > 0 ? Self.line("checkout", "cart", reporter, [(bad, 3)], code: 503) : "")
            }
            func passing(_ source: String, _ destination: String, _ reporter: String, _ milliseconds: Int) -> String {
                guard bad > 0 else { return Self.line(source, destination, reporter, above(milliseconds)) }
                return Self.line(source, destination, reporter, [(300, milliseconds), (10 * (step - 30) - bad, milliseconds + longer + wire)]) + Self.line(source, destination, reporter, [(bad, milliseconds + longer + wire)], code: 503)
            }
            let pages = [
                "gateway": passing("unknown", "gateway", "destination", 18) + passing("gateway", "checkout", "source", 17), "checkout": passing("gateway", "checkout", "destination", 16)
                    + Self.line("checkout", "payment", "source", Self.ten(step, 9, 9 + longer + wire)) + cart("source"),
                "payment": Self.line("checkout", "payment", "destination", slow), "cart": cart("destination"),
            ]
            for name in names { try proxies.scrape(name, at: 1000 + Double(step), pages[name] ?? "") }
        }
        return proxies
    }

    private func all(_ engine: Engine, window: Double = .infinity) throws -> [Verdict] { try #require(engine.answer([.verdicts], at: FrameTime(windowSeconds: window)).verdicts) }

    @Test(arguments: [Double.infinity, 120]) func theServiceWhoseOwnTimeGrew(window: Double) throws {
        let found = try all(engine(), window: window)
        #expect(found.count == 1 && found.first?.kind == .latency && found.first?.isFailure == true, "\(found.map(\.headline))")
        let verdict = try #require(found.first), origin = try #require(verdict.origin)
        #expect(verdict.chain == "gateway → checkout → payment")
        #expect(origin.entity.service == "payment" && origin.entity.pod == "payment-1" && origin.caller == nil)
        #expect(verdict.headline == "gateway is slower than usual because of payment: itself takes 48 ms instead of 8, n=\(Int(origin.requests))", "\(verdict.headline)")
        #expect(abs((origin.slowerMilliseconds ?? 0) - 40) < 2)
        let onset = try #require(verdict.onset)
        #expect(abs((onset - Timestamp(seconds: 1030)).seconds) <= 3, "\(onset.rfc3339)")
        #expect(verdict.course.map(\.words) == ["payment gets slower"] && verdict.course.first?.time == onset)
        #expect(verdict.evidence.kinds == .metricsServer && verdict.evidence.passing.first?.contains("for payment") == true, "\(verdict.evidence.passing)")
    }

    /// One trace a second; from second 30 on payment takes so long, and the call to it so much longer.
    private static func send(_ proxies: Proxies, payment: Double, wire: Double) {
        var builder = SpanBuilder(symbols: proxies.symbols)
        for second in 0..<60 {
            let at = 900_000 + Double(second) * 1000, own = second < 30 ? 8 : payment, call = own + 1 + (second < 30 ? 0 : wire), trace = UInt64(second + 1)
            builder.add(1, 0, .server, "gateway.shop", at...at + call + 8, trace: trace)
            builder.add(2, 1, .client, "gateway.shop", at + 1...at + call + 7, trace: trace)
            builder.add(3, 2, .server, "checkout.shop", at + 2...at + call + 6, trace: trace)
            // What its listener waited, and the one attempt that its router sent.
            builder.add(4, 3, .server, "checkout.shop", at + 3...at + 3 + call, trace: trace, pod: "checkout-0", cluster: "outbound|80||payment.shop.svc.cluster.local")
            builder.add(5, 4, .client, "checkout.shop", at + 3 + (call - own - 1)...at + 3 + call, trace: trace, pod: "checkout-0", cluster: "outbound|80||payment.shop.svc.cluster.local")
            builder.add(6, 5, .server, "payment.shop", at + 3 + (call - own)...at + 3 + call, trace: trace, pod: "payment-1", name: "POST /pay")
        }
        builder.batch.time = Timestamp(seconds: 1060)
        proxies.engine.consume(builder.batch)
    }

    @Test func tracesBackWhatCountsTell() throws {
        let proxies = try proxies()
        Self.send(proxies, payment: 48, wire: 0)
        let verdict = try #require(try all(proxies.engine, window: 120).first { $0.kind == .latency })
        #expect(verdict.origin?.entity.service == "payment" && verdict.origin?.operation == "POST /pay")
        #expect(verdict.evidence.kinds == [.metricsServer, .spans] && verdict.evidence.passing.contains { $0.hasSuffix("in traces take that long, 0 of 26 before") }, "\(verdict.evidence)")
        #expect(try #require(verdict.evidence.sample).low > 30 && verdict.remarks.isEmpty)
    }

    /// The caller's filters held it up before it was sent.
    @Test func aCallIsTimedAsItsCallerWaitedForIt() throws {
        let proxies = try proxies(payment: { Self.ten($0, 8, 8) }, wire: 40)
        Self.send(proxies, payment: 8, wire: 40)
        let verdict = try #require(try all(proxies.engine, window: 120).first { $0.kind == .latency })
        #expect(verdict.origin?.caller?.service == "checkout" && verdict.origin?.entity.service == "payment")
        #expect(verdict.evidence.sample != nil && verdict.remarks.isEmpty, "\(verdict.evidence) \(verdict.remarks)")
    }

    @Test func whatTracesDoNotShowIsSaid() throws {
        let proxies = try proxies()
        Self.send(proxies, payment: 8, wire: 0)
        let verdict = try #require(try all(proxies.engine, window: 120).first { $0.kind == .latency })
        #expect(verdict.evidence.kinds == .metricsServer && verdict.evidence.sample == nil && verdict.origin?.operation == nil)
        #expect(verdict.remarks.contains { $0.hasPrefix("0 of the last ") }, "\(verdict.remarks)")
    }

    @Test func whoeverIsAskedOnTheWaySaysTheSame() throws {
        let engine = try engine()
        for service in ["gateway", "checkout", "payment"] {
            let key = EntityKey(level: .service, name: service)
            let verdict = try #require(engine.answer([.why(key)], at: FrameTime(windowSeconds: .infinity)).why[key])
            #expect(verdict.kind == .latency && verdict.origin?.entity.service == "payment", "\(service): \(verdict.headline)")
        }
        let key = EntityKey(level: .service, name: "cart")
        #expect(engine.answer([.why(key)], at: FrameTime(windowSeconds: .infinity)).why[key]?.kind == .healthy)
    }

    @Test func whatIsSlowBetweenTheTwoIsTheCalls() throws {
        let verdict = try #require(try all(engine(payment: { Self.ten($0, 8, 8) }, wire: 60)).first)
        #expect(verdict.kind == .latency && verdict.origin?.caller?.service == "checkout" && verdict.origin?.entity.service == "payment", "\(verdict.headline)")
        #expect(verdict.chain == "gateway → checkout → payment")
        #expect(verdict.evidence.kinds == [.metricsClient, .metricsServer])
    }

    @Test func steadyTimesAreWell() throws { #expect(try all(engine(payment: { Self.ten($0, 8, 8) })).isEmpty) }

    @Test func anotherServiceThatFailsIsToldBesides() throws {
        let found = try all(engine(cartFails: true))
        #expect(found.map { "\($0.kind) \($0.origin?.entity.service ?? "")" } == ["errors cart", "latency payment"], "\(found.map(\.headline))")
    }

    /// Who fails and is slow is one finding.
    @Test func whoFailsIsNotToldTwice() throws {
        let names = ["gateway", "payment"]
        let proxies = try Proxies(names, interval: 1, window: 120)
        for step in 0...60 {
            let bad = 5 * max(0, step - 30)
            func both(_ source: String, _ destination: String, _ reporter: String, _ before: Int, _ after: Int) -> String {
                Self.line(source, destination, reporter, [(10 * min(step, 30), before), (max(0, 10 * (step - 30) - bad), after)]) + (bad > 0 ? Self.line(source, destination, reporter, [(bad, after)], code: 503) : "")
            }
            try proxies.scrape("gateway", at: 1000 + Double(step), both("unknown", "gateway", "destination", 10, 90) + both("gateway", "payment", "source", 9, 89))
            try proxies.scrape("payment", at: 1000 + Double(step), both("gateway", "payment", "destination", 8, 88))
        }
        let found = try all(proxies.engine)
        #expect(found.count == 1 && found.first?.kind == .errors, "\(found.map(\.headline))")
        #expect(found.first?.evidence.passing.contains { $0.contains("instead of") } == true, "\(found.map { ($0.headline, $0.evidence.passing) })")
    }

    /// Two pods, of which one got slow.
    @Test func theOnePodOfSeveral() throws {
        let proxies = try Proxies(["gateway", "payment", "payment/payment-2"], interval: 1, window: 120)
        for step in 0...60 {
            func half(_ times: [(count: Int, milliseconds: Int)]) -> [(count: Int, milliseconds: Int)] { times.map { ($0.count / 2, $0.milliseconds) } }
            let quick = half(Self.ten(step, 8, 8)), slow = half(Self.ten(step, 8, 108))
            try proxies.scrape("gateway", at: 1000 + Double(step), Self.line("unknown", "gateway", "destination", quick.map { ($0.count, $0.milliseconds + 2) } + slow.map { ($0.count, $0.milliseconds + 2) })
                + Self.line("gateway", "payment", "source", quick.map { ($0.count, $0.milliseconds + 1) } + slow.map { ($0.count, $0.milliseconds + 1) }))
            try proxies.scrape("payment", at: 1000 + Double(step), Self.line("gateway", "payment", "destination", quick))
            try proxies.scrape("payment/payment-2", at: 1000 + Double(step), Self.line("gateway", "payment", "destination", slow))
        }
        let verdict = try #require(try all(proxies.engine).first)
        #expect(verdict.origin?.entity.service == "payment" && verdict.origin?.entity.pod == "payment-2", "\(verdict.headline)")
    }

    /// Of two pods the quick one falls silent, or is read less often: those left are slower together, and nobody is slower than it was.
    @Test(arguments: [1, 9]) func aMixOfPodsIsNoSlowdown(every: Int) throws {
        let proxies = try Proxies(["gateway", "gateway/gateway-2"], interval: 1, window: 120)
        for step in 0...60 {
            try proxies.scrape("gateway", at: 1000 + Double(step), Self.line("unknown", "gateway", "destination", [(10 * step, 50)]))
            if every == 1 ? step < 40 : step % every == 0 {
                try proxies.scrape("gateway/gateway-2", at: 1000 + Double(step), Self.line("unknown", "gateway", "destination", [(10 * step, 5)]))
            } else if every == 1 {
                try proxies.fail("gateway/gateway-2", at: 1000 + Double(step))
            }
        }
        for window in [Double.infinity, 120] {
            let found = try all(proxies.engine, window: window)
            #expect(found.isEmpty, "\(found.map(\.headline))")
        }
    }

    /// Every fifth call fails once and is tried again: it takes 30 ms longer on the way, and nobody fails for it.
    @Test func whatIsTriedAgainIsSlowForThat() throws {
        let proxies = try Proxies(["gateway", "cart"], interval: 1, window: 120)
        for step in 0...60 {
            let again = 2 * max(0, step - 30)
            let calls = [(10 * step - again, 10), (again, 60)]
            try proxies.scrape("gateway", at: 1000 + Double(step), Self.line("unknown", "gateway", "destination", calls) + Self.line("gateway", "cart", "source", calls))
            try proxies.scrape("cart", at: 1000 + Double(step), Self.line("gateway", "cart", "destination", [(10 * step, 8)]) + (again > 0 ? Self.line("gateway", "cart", "destination", [(again, 8)], code: 503) : ""))
        }
        let found = try all(proxies.engine)
        #expect(found.count == 1 && found.first?.isAbsorbed == true && found.first?.origin?.entity.service == "cart", "\(found.map(\.headline))")
    }
}
