import Diagnosis
import Engine
import MeshModel
import Panels
import Testing
import TestSupport

/// What fails, where it begins and since when, as scraped pages tell it.
struct VerdictTests {
    private static func line(_ source: String, _ destination: String, _ reporter: String, _ code: Int, _ flags: String, _ count: Int) -> String {
        calls(source, destination, reporter, code, count).replacing("response_code", with: "response_flags=\"\(flags)\",response_code")
    }

    /// `client > server` of a call by both reporters: `good` and `bad` (503) as each counted them.
    private static func both(_ source: String, _ destination: String, good: Int, bad: Int, badAtServer: Int? = nil, goodAtServer: Int? = nil, flags: String = "-") -> [String] {
        [line(source, destination, "source", 200, "-", good) + line(source, destination, "source", 503, flags, bad),
         line(source, destination, "destination", 200, "-", goodAtServer ?? good) + line(source, destination, "destination", 503, "-", badAtServer ?? bad)]
    }

    /// Pages each second up to `end`; `page` says what each proxy has counted by then.
    private func engine(_ names: [String], end: Int = 60, window: Double = 120, _ page: (String, Int) -> String) throws -> Engine {
        let proxies = try Proxies(names, interval: 1, window: window)
        for step in 0...end { for name in names { try proxies.scrape(name, at: 1000 + Double(step), page(name, step)) } }
        return proxies.engine
    }

    private func why(_ engine: Engine, _ service: String, window: Double = .infinity) throws -> Verdict {
        let key = EntityKey(level: .service, name: service)
        return try #require(engine.answer([.why(key)], at: FrameTime(windowSeconds: window)).why[key])
    }

    private func all(_ engine: Engine) throws -> [Verdict] { try #require(engine.answer([.verdicts], at: FrameTime(windowSeconds: .infinity)).verdicts) }

    /// gateway → checkout → payment, ten calls a second; payment fails three of ten from second 30 on.
    private func failingPayment() throws -> Engine {
        try engine(["gateway", "checkout", "payment"]) { name, step in
            let bad = 3 * max(0, step - 30), good = 10 * step - bad
            let first = Self.both("gateway", "checkout", good: good, bad: bad), second = Self.both("checkout", "payment", good: good, bad: bad)
            switch name {
            case "gateway": return first[0] + Self.line("unknown", "gateway", "destination", 200, "-", good) + Self.line("unknown", "gateway", "destination", 503, "-", bad)
            case "checkout": return first[1] + second[0]
            default: return second[1]
            }
        }
    }

    @Test func aChainLeadsToWhoFailsByItself() throws {
        let verdict = try why(failingPayment(), "gateway")
        #expect(verdict.kind == .errors)
        #expect(verdict.chain == "gateway → checkout → payment")
        #expect(verdict.origin?.entity.service == "payment" && verdict.origin?.entity.pod == "payment-1" && verdict.origin?.caller == nil)
        #expect(verdict.origin?.what == "503 own error")
        #expect(verdict.share == 1 && (verdict.interval?.low ?? 0) > 0.9)
        #expect(verdict.failures == 90 && verdict.requests == 600)
        #expect(verdict.path.map { [$0.errors, $0.own, $0.passedOn, $0.wire] } == [[90, 0, 90, 0], [90, 0, 90, 0], [90, 90, 0, 0]])
        let onset = try #require(verdict.onset)
        #expect(abs((onset - Timestamp(seconds: 1030)).seconds) <= 2, "\(onset.rfc3339)")
    }

    @Test func everyServiceOnTheWaySaysTheSame() throws {
        let engine = try failingPayment()
        for service in ["gateway", "checkout", "payment"] { #expect(try why(engine, service).origin?.entity.service == "payment", "\(service)") }
        #expect(try all(engine).map(\.chain) == ["gateway → checkout → payment"])
        #expect(try all(engine).map(\.isFailure) == [true])
    }

    @Test func whatNeverArrivesIsTheEdges() throws {
        let engine = try engine(["gateway", "cart"]) { name, step in
            let bad = 5 * max(0, step - 20), good = 10 * step - bad
            let call = Self.both("gateway", "cart", good: good, bad: bad, badAtServer: 0, flags: "UF,URX")
            return name == "gateway" ? call[0] + Self.line("unknown", "gateway", "destination", 200, "-", good) + Self.line("unknown", "gateway", "destination", 503, "-", bad) : call[1]
        }
        let verdict = try why(engine, "gateway")
        #expect(verdict.kind == .edge && verdict.origin?.fault == .connection)
        #expect(verdict.origin?.name == "gateway → cart" && verdict.chain == "gateway → cart")
        #expect(verdict.origin?.what == "503 UF,URX connection failure (upstream connection failed)")
        let onset = try #require(verdict.onset)
        #expect(abs((onset - Timestamp(seconds: 1020)).seconds) <= 2, "\(onset.rfc3339)")
    }

    @Test func retriesHideAFlakyCallee() throws {
        let engine = try engine(["gateway", "cart"]) { name, step in
            let call = Self.both("gateway", "cart", good: 10 * step, bad: 0, badAtServer: 3 * step)
            return name == "gateway" ? call[0] + Self.line("unknown", "gateway", "destination", 200, "-", 10 * step) : call[1]
        }
        #expect(try why(engine, "gateway").kind == .healthy)
        let found = try all(engine)
        #expect(found.map { "\($0.chain) \($0.origin?.isAbsorbed == true)" } == ["gateway → cart true"])
        #expect(found[0].share == nil && found[0].origin?.errors == 180 && found[0].origin?.requests == 780)
    }

    @Test func fewRequestsAreNotJudged() throws {
        let engine = try engine(["gateway", "cart"]) { name, step in
            let call = Self.both("gateway", "cart", good: min(step, 2), bad: min(step, 1))
            return name == "gateway" ? call[0] : call[1]
        }
        let verdict = try why(engine, "cart")
        #expect(verdict.kind == .notEnoughEvidence && !verdict.isFailure)
        #expect(verdict.headline == "not enough evidence on cart: 1 of 3 requests failed: fewer than 20 are no share")
    }

    @Test func noTrafficIsNoEvidence() throws {
        let engine = try engine(["gateway", "cart"], end: 3) { name, _ in Self.both("gateway", "cart", good: 5, bad: 0)[name == "gateway" ? 0 : 1] }
        #expect(try why(engine, "cart").kind == .notEnoughEvidence)
        #expect(try all(engine) == [])
    }

    @Test func whoIsNotThereHasNoVerdict() throws {
        let key = EntityKey(level: .service, name: "nobody")
        #expect(try failingPayment().answer([.why(key)], at: FrameTime(windowSeconds: .infinity)).why[key] == nil)
    }

    @Test func denialsArePathsOfTheirOwn() throws {
        let engine = try engine(["gateway", "cart", "stock"]) { name, step in
            let call = Self.both("gateway", "cart", good: 10 * step, bad: 0)
            let refused = [Self.line("cart", "stock", "source", 403, "-", 2 * step), Self.line("cart", "stock", "destination", 403, "-", 2 * step)
                + "envoy_http_rbac_denied{envoy_http_conn_manager_prefix=\"inbound_0.0.0.0_8080\"} \(2 * step)\n"]
            switch name {
            case "gateway": return call[0]
            case "cart": return call[1] + refused[0]
            default: return refused[1]
            }
        }
        let found = try all(engine)
        #expect(found.map { "\($0.origin?.name ?? "") \($0.origin?.fault.rawValue ?? "") \($0.isFailure)" } == ["cart → stock policy false"])
        let stock = try why(engine, "stock")
        #expect(stock.kind == .notEnoughEvidence && stock.headline == "not enough evidence on stock: every request to it was denied by policy")
    }
}

/// What nobody has to do anything about.
struct DenialVerdictTests {
    @Test(arguments: ErrorPredicate.allCases) func whatPolicyDeniesIsNoErrorOfSpansEither(predicate: ErrorPredicate) throws {
        var builder = SpanBuilder()
        for trace in 0..<40 {
            let first = UInt64(100 * trace + 1)
            builder.add(first, 0, .server, "cart.shop", 0...50, trace: UInt64(trace + 1))
            builder.hop(first + 10, under: first, "cart.shop", "stock.shop", 10...40, code: 403, isDenied: true)
            for place in builder.batch.spans.indices.suffix(3) { builder.batch.spans[place].trace = TraceID(high: 0, low: UInt64(trace + 1)) }
        }
        builder.batch.time = Timestamp(seconds: 101)
        let engine = Engine(symbols: builder.symbols, windowSeconds: .infinity)
        engine.consume(builder.batch)
        let found = try #require(engine.answer([.verdicts], at: FrameTime(windowSeconds: .infinity, predicate: predicate)).verdicts)
        let denial = try #require(found.first { $0.isDenial })
        #expect(denial.amount == 40 && denial.origin?.errors == 0)
        #expect(denial.origin?.answers.map(\.code) == [403] && denial.origin?.answers.map(\.errors) == [0])
        #expect(!found.contains { $0.isFailure }, "\(found.map(\.headline))")
    }
}

/// The same from spans of a real fleet.
struct SpanVerdictTests {
    @Test func thePathOfAFleetsFailures() throws {
        let key = EntityKey(level: .service, name: "gateway")
        let data = TraceAnswerTests.engine.answer([.why(key), .verdicts], at: FrameTime(windowSeconds: .infinity))
        let verdict = try #require(data.why[key])
        #expect(verdict.chain == "gateway → frontend → checkout → payment@v2")
        #expect(verdict.origin?.entity.pod == "payment-v2-06x" && verdict.origin?.what == "503 own error")
        #expect(verdict.evidence.traces == 8 && verdict.evidence.failingTraces == 8 && verdict.evidence.goodTraces == 166)
        #expect(verdict.evidence.passing == ["all 8 failing traces pass payment-v2-06x, 27 of 166 good ones do"])
        #expect(verdict.share == 1 && verdict.remarks == ["recommendation → inventory is denied by policy: a path of its own"])
        let all = try #require(data.verdicts)
        #expect(all.map(\.chain) == ["gateway → frontend → checkout → payment@v2", "gateway → frontend → recommendation → inventory"])
        #expect(all.map(\.isFailure) == [true, false])
        #expect(all[1].evidence.traces == 37)
    }

    @Test func aServiceInTheMiddleHasItsOwn() throws {
        let keys = ["checkout", "inventory", "catalog"].map { EntityKey(level: .service, name: $0) }
        let data = TraceAnswerTests.engine.answer(keys.map { .why($0) }, at: FrameTime(windowSeconds: .infinity))
        #expect(keys.map { data.why[$0]?.kind } == [.errors, .healthy, .healthy])
        #expect(data.why[keys[0]]?.chain == "checkout → payment@v2")
    }
}

/// Traces that miss spans.
struct IncompleteTraceTests {
    /// gateway asks payment, which fails; of `lost` traces payment's span on top is missing, so that what it did hangs in the air.
    private func engine(whole: Int, lost: Int) -> Engine {
        var builder = SpanBuilder()
        for trace in 1...UInt64(whole + lost) {
            let first = trace * 10
            builder.add(first, 0, .server, "gateway", 0...100, trace: trace, code: 502)
            builder.add(first + 1, first, .client, "gateway", 1...99, trace: trace, code: 502)
            if trace <= whole { builder.add(first + 2, first + 1, .server, "payment", 2...98, trace: trace, code: 502) }
            builder.add(first + 3, first + 2, .client, "payment", 3...97, trace: trace, code: 503)
            builder.add(first + 4, first + 3, .server, "ledger", 4...96, trace: trace, code: 503)
        }
        let engine = Engine(symbols: builder.symbols)
        engine.consume(builder.batch)
        return engine
    }

    private func all(_ engine: Engine) -> [Verdict] { engine.answer([.verdicts], at: FrameTime(windowSeconds: .infinity)).verdicts ?? [] }

    @Test func theyAreLeftOutAndSaidSo() {
        let found = all(engine(whole: 30, lost: 20))
        #expect(found.map(\.chain) == ["gateway → payment → ledger"])
        #expect(found.first?.share == 1 && found.first?.evidence.failingTraces == 30)
        #expect(found.first?.remarks == ["20 more failing traces miss spans, and are left out"])
    }
}
