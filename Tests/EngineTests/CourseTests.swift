import Engine
import MeshModel
import Panels
import Testing
import TestSupport

/// Who on the way failed first, and what was rolled out there.
struct CourseTests {
    private static func answered(_ source: String, _ destination: String, _ reporter: String, good: Int, bad: Int) -> String {
        calls(source, destination, reporter, 200, good) + calls(source, destination, reporter, 503, bad)
    }

    /// gateway → payment, ten calls a second; from second 20 on a second pod of payment answers half of them, and from second 30 on it fails.
    @Test func aPodThatCameBeforeItFails() throws {
        let proxies = try Proxies(["gateway", "payment", "payment/payment-2"], interval: 1, window: 120)
        for step in 0...60 {
            let time = 1000 + Double(step), second = 5 * max(0, step - 20), bad = 5 * max(0, step - 30), good = 10 * step - bad
            try proxies.scrape("gateway", at: time, Self.answered("unknown", "gateway", "destination", good: good, bad: bad) + Self.answered("gateway", "payment", "source", good: good, bad: bad))
            try proxies.scrape("payment", at: time, calls("gateway", "payment", "destination", 200, 10 * step - second))
            if step >= 20 { try proxies.scrape("payment/payment-2", at: time, Self.answered("gateway", "payment", "destination", good: second - bad, bad: bad)) }
        }
        let verdict = try #require(proxies.engine.answer([.verdicts], at: FrameTime(windowSeconds: .infinity)).verdicts?.first)
        #expect(verdict.origin?.entity.pod == "payment-2")
        let course = verdict.course.map { ($0.words, ($0.time - Timestamp(seconds: 1000)).seconds) }
        #expect(course.map(\.0) == ["pod payment-2 appears", "payment fails", "gateway fails"])
        #expect(zip(course.map(\.1), [20, 30, 30]).allSatisfy { abs($0 - $1) <= 2 }, "\(course)")
        #expect(verdict.offset(of: verdict.course[0])?.hasSuffix("s before") == true)
        let why = EntityKey(level: .service, namespace: "shop", name: "gateway")
        #expect(proxies.engine.answer([.why(why)], at: FrameTime(windowSeconds: .infinity)).why[why]?.course == verdict.course)
    }

    /// The same as spans alone tell it: version v2 answers after 200 requests of v1, and the half of what it answers fails.
    @Test func aVersionThatOneMayHaveMissedIsNoRollout() throws {
        for (before, expected) in [(200, ["payment v2 appears"]), (40, [])] {
            var builder = SpanBuilder()
            for request in 0..<(before + 200) {
                let trace = UInt64(request) + 1, at = Double(request) * 100, isNew = request >= before && request % 2 == 0
                let code: UInt16 = isNew && request % 4 == 0 ? 503 : 200
                builder.add(10 * trace, 0, .server, "gateway", at...at + 50, trace: trace, code: code)
                builder.add(10 * trace + 1, 10 * trace, .client, "gateway", at + 1...at + 49, trace: trace, code: code)
                builder.add(10 * trace + 2, 10 * trace + 1, .server, isNew ? "payment@v2" : "payment@v1", at + 2...at + 48, trace: trace, code: code)
            }
            builder.batch.time = Timestamp(seconds: 200)
            let engine = Engine(symbols: builder.symbols, windowSeconds: .infinity)
            engine.consume(builder.batch)
            let verdict = try #require(engine.answer([.verdicts], at: FrameTime(windowSeconds: .infinity)).verdicts?.first)
            #expect(verdict.origin?.entity.version == "v2")
            #expect(verdict.course.map(\.words) == expected)
        }
    }

    @Test func whatWasThereFromTheBeginningIsNoRollout() throws {
        let proxies = try Proxies(["gateway", "payment"], interval: 1, window: 120)
        for step in 0...60 {
            let page = Self.answered("gateway", "payment", "source", good: 5 * step, bad: 5 * step)
            try proxies.scrape("gateway", at: 1000 + Double(step), Self.answered("unknown", "gateway", "destination", good: 5 * step, bad: 5 * step) + page)
            if step >= 2 { try proxies.scrape("payment", at: 1000 + Double(step), Self.answered("gateway", "payment", "destination", good: 5 * step, bad: 5 * step)) }
        }
        let verdict = try #require(proxies.engine.answer([.verdicts], at: FrameTime(windowSeconds: .infinity)).verdicts?.first)
        #expect(verdict.onset == nil && verdict.course.isEmpty, "\(verdict.course.map(\.words))")
    }
}
