import Engine
import MeshModel
import Panels
import Testing
import TestSupport

/// Where the time of a service's requests goes, and what share of it each hop of a failing path has.
struct ServiceLatencyTests {
    private static let time = FrameTime(windowSeconds: .infinity)

    private static func key(_ service: String) -> EntityKey { EntityKey(level: .service, name: service) }

    /// gateway waits 100 ms for checkout, which waits for payment: 20 ms, and in every tenth trace 620 ms. It makes queries, of 0.9 ms each.
    private static func shop(traces: Int, queries: Int = 0) -> Engine {
        var builder = SpanBuilder()
        add(1...UInt64(traces), queries: queries, to: &builder)
        builder.batch.time = Timestamp(seconds: 200)
        let engine = Engine(symbols: builder.symbols)
        engine.consume(builder.batch)
        return engine
    }

    private static func add(_ traces: ClosedRange<UInt64>, queries: Int, to builder: inout SpanBuilder) {
        for trace in traces {
            let first = trace * 100, late = trace % 10 == 0 ? 600.0 : 0, at = Double(trace)
            func add(_ id: UInt64, _ parent: UInt64, _ service: String, _ from: Double, _ to: Double, _ name: String) {
                builder.add(first + id, parent == 0 ? 0 : first + parent, .server, service, at + from...at + to, trace: trace, code: 200, name: name)
            }
            add(1, 0, "gateway", 0, 100 + late, "GET /checkout")
            add(2, 1, "checkout", 10, 90 + late, "POST /checkout")
            add(3, 2, "payment", 50, 70 + late, "POST /charge")
            for query in 0..<UInt64(queries) { add(10 + query, 3, "db", 51 + Double(query), 51.9 + Double(query), "SELECT") }
        }
    }

    private static func latency(_ engine: Engine, _ service: String) throws -> ServiceLatency { try #require(engine.answer([.latency(key(service))], at: time).latency) }

    @Test func sharesOfAllPathsAreOneAndGrowWhereSlowOnesWait() throws {
        let latency = try Self.latency(Self.shop(traces: 100), "gateway")
        #expect((latency.traces, latency.requests, latency.operations) == (100, 100, 1) && latency.isComplete && !latency.hasMore)
        #expect(abs(latency.p50 - 0.1) < 1e-9 && abs(latency.p95 - 0.7) < 1e-9 && abs(latency.p99 - 0.7) < 1e-9)
        #expect(abs(latency.rows.reduce(0) { $0 + $1.share } - 1) < 1e-9)
        for band in 0..<2 { #expect(abs(latency.rows.reduce(0) { $0 + ($1.bands[band] ?? 0) } - 1) < 1e-9) }
        #expect(latency.rows.map(\.step.service) == ["payment", "checkout", "gateway"])
        let payment = latency.rows[0]
        #expect(payment.way.map(\.service) == ["gateway", "checkout", "payment"] && payment.step.operation == "POST /charge")
        #expect(payment.bands[0] == 0.2 && payment.bands[2] == nil, "the slow tenth reaches the 95th percentile: nothing is beyond")
        #expect((payment.bands[1] ?? 0) > 0.8 && payment.traces == 100 && payment.calls == 1)
        #expect(payment.sample.map { $0.low % 10 } == 0, "a slow one")
        #expect(abs(payment.ownSeconds - 0.08) < 1e-9)
    }

    @Test func aServiceIsSeenFromItsOwnRequestsOn() throws {
        let latency = try Self.latency(Self.shop(traces: 40), "checkout")
        #expect(latency.rows.map { $0.way.map(\.service) } == [["checkout", "payment"], ["checkout"]])
        #expect(abs(latency.p50 - 0.08) < 1e-9 && abs(latency.rows.reduce(0) { $0 + $1.share } - 1) < 1e-9)
    }

    @Test func whatIsWonIsHalfOfLittleAndFiftyMillisecondsOfMuch() throws {
        let rows = try Self.latency(Self.shop(traces: 100), "gateway").rows
        let payment = try #require(rows.first { $0.step.service == "payment" }?.faster), checkout = try #require(rows.first { $0.step.service == "checkout" }?.faster)
        #expect(payment.less == nil && checkout.less == nil)
        #expect(abs(payment.before.p95 - payment.after.p95 - 0.31) < 1e-6, "half of 620 ms")
        #expect(abs(payment.before.p50 - payment.after.p50 - 0.01) < 1e-6 && abs(checkout.before.p95 - checkout.after.p95 - 0.03) < 1e-6)
        var builder = SpanBuilder()
        for trace in 1...30 as ClosedRange<UInt64> { builder.add(trace, 0, .server, "slow", 0...300, trace: trace) }
        builder.batch.time = Timestamp(seconds: 200)
        let engine = Engine(symbols: builder.symbols)
        engine.consume(builder.batch)
        let slow = try #require(try Self.latency(engine, "slow").rows.first?.faster)
        #expect(slow.less == 0.05 && abs(slow.before.p50 - slow.after.p50 - 0.05) < 1e-9)
    }

    @Test func repeatedCallsAreCountedOverTraces() throws {
        let latency = try Self.latency(Self.shop(traces: 30, queries: 12), "checkout")
        let calls = try #require(latency.repeated.first)
        #expect(latency.repeated.count == 1 && calls.caller.service == "payment" && calls.callee == .init(service: "db", operation: "SELECT"))
        #expect(calls.calls == 12 && calls.traces == 30 && calls.share > 0.4 && calls.share < 0.6)
        #expect(try Self.latency(Self.shop(traces: 30, queries: 10), "checkout").repeated.isEmpty)
    }

    @Test func aLargeAnswerComesInSlicesThatEachSayHowFarTheyAre() throws {
        let engine = Self.shop(traces: 3000, queries: 3)
        let query = [PanelQuery.latency(Self.key("gateway"))]
        func look() throws -> ServiceLatency { try #require(engine.answerIfReady(query, at: Self.time)?.latency) }
        let first = try look()
        #expect(first.traces == 3000 && first.read < 300 && first.rows.isEmpty && !first.isComplete)
        #expect(engine.answerIfReady(query, at: Self.time)?.isSearching == true)
        var slices = 0, last = first
        while engine.workSlice() != .nothing {
            slices += 1
            let now = try look()
            #expect(now.read >= last.read && now.retimed >= last.retimed)
            last = now
        }
        #expect(slices > 3)
        let whole = try look()
        #expect(whole.isComplete && whole == engine.answer(query, at: Self.time).latency)
        #expect(engine.workSlice() == .nothing)
    }

    @Test func whatWasKnownStaysWhileNewTracesAreRead() throws {
        var builder = SpanBuilder()
        Self.add(1...1000, queries: 0, to: &builder)
        builder.batch.time = Timestamp(seconds: 200)
        let engine = Engine(symbols: builder.symbols)
        engine.consume(builder.batch)
        let query = [PanelQuery.latency(Self.key("gateway"))]
        let before = try #require(engine.answer(query, at: Self.time).latency)
        builder.restart(at: 201)
        Self.add(1001...2000, queries: 0, to: &builder)
        engine.consume(builder.batch)
        var meanwhile = try #require(engine.answerIfReady(query, at: Self.time)?.latency)
        #expect(meanwhile.isOfBefore && !meanwhile.isComplete && meanwhile.traces == 1000)
        meanwhile.isOfBefore = false
        #expect(meanwhile == before)
        while engine.workSlice() != .nothing {}
        let after = try #require(engine.answerIfReady(query, at: Self.time)?.latency)
        #expect(after.isComplete && after.traces == 2000 && after.rows.map(\.way) == before.rows.map(\.way))
        // A trace more is read at once.
        builder.restart(at: 202)
        Self.add(2001...2001, queries: 0, to: &builder)
        engine.consume(builder.batch)
        #expect(engine.answerIfReady(query, at: Self.time)?.latency?.traces == 2001)
    }

    @Test func theNewestAreReadWhereThereAreMore() throws {
        let latency = try Self.latency(Self.shop(traces: 4200), "gateway")
        #expect(latency.traces == 4000 && latency.hasMore && latency.requests == 4000, "\(latency.traces) \(latency.hasMore) \(latency.requests)")
    }

    @Test func whatIsNotInSpansIsSaidToBeSo() throws {
        let engine = Self.shop(traces: 3)
        #expect(engine.answer([.latency(Self.key("nobody"))], at: Self.time).latency == nil)
        let metrics = try Proxies(["gateway", "cart"], interval: 1, window: 120)
        for step in 0...3 { try metrics.scrape("gateway", at: 1000 + Double(step), calls("gateway", "cart", "source", 200, 10 * step)) }
        // Whoever is called and writes no spans is a party to traces, and no more.
        var builder = SpanBuilder()
        builder.add(1, 0, .server, "web", 0...100)
        builder.add(2, 1, .client, "web", 1...50, peer: ("cart", .workload))
        builder.batch.time = Timestamp(seconds: 200)
        let silent = Engine(symbols: builder.symbols)
        silent.consume(builder.batch)
        let called = try Self.latency(silent, "cart")
        #expect(called.hasSpans && !called.isInSpans && called.traces == 0)
        let told = try Self.latency(metrics.engine, "cart")
        #expect(!told.hasSpans && told.isComplete && told.rows.isEmpty)
    }

    // MARK: - Hops

    @Test func hopsOfAFleetsTracesHaveTheirShareOfTime() throws {
        let verdict = try #require(TraceAnswerTests.engine.answer([.why(Self.key("gateway"))], at: Self.time).why[Self.key("gateway")])
        let shares = verdict.path.compactMap(\.latencyShare)
        #expect(shares.count == 4 && shares.allSatisfy { $0 > 0 } && shares.reduce(0, +) < 1)
        #expect(verdict.path.allSatisfy { $0.latencyTraces == 174 })
        let payment = try #require(verdict.path.last)
        #expect(payment.versions.map { "\($0.name) \(Int($0.errors)) of \(Int($0.requests)) \($0.isFailing)" } == ["v1 0 of 139 false", "v2 8 of 35 true"])
        #expect(payment.pods == 2 && payment.podsFailing == 1 && payment.failingPods.map(\.name) == ["payment-v2-06x"])
        #expect((payment.latency?.p95 ?? 0) > 0)
    }

    /// Where the same service is asked for its time, its critical share in the entry's requests is that of the hop.
    @Test func hopsAndTheScreenOfTimesSayTheSame() throws {
        let data = TraceAnswerTests.engine.answer([.why(Self.key("gateway")), .latency(Self.key("gateway"))], at: Self.time)
        let verdict = try #require(data.why[Self.key("gateway")]), latency = try #require(data.latency)
        #expect(!latency.rows.contains { $0.step.operation.hasPrefix("router") }, "a proxy's spans of one side are one step")
        for hop in verdict.path {
            let share = latency.rows.filter { $0.step.service == hop.entity.service }.reduce(0) { $0 + $1.share }
            #expect(abs(share - (hop.latencyShare ?? -1)) < 1e-9, "\(hop.entity.displayName)")
        }
    }
}
