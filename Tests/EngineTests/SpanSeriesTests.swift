import Testing
@testable import Engine
import MeshModel
import Panels

/// What spans told of calls is counted when their traces are long gone.
@Suite struct SpanSeriesTests {
    /// One call shop → cart every `step` seconds from second 1000 on, each tenth a 500; `bytes` to each span.
    private func engine(budget: Int, traces: Int, step: Double = 0.25, bytes: Int = 0) -> (engine: Engine, refused: Int) {
        let symbols = SymbolTable()
        let engine = Engine(symbols: symbols, budgetBytes: budget)
        var refused = 0
        for number in 0..<traces {
            let at = 1000 + Double(number) * step
            refused += engine.consume(Self.call(number, at: at, symbols, bytes: bytes))
        }
        return (engine, refused)
    }

    private static func call(_ number: Int, at: Double, _ symbols: SymbolTable, bytes: Int) -> SpanBatch {
        var batch = SpanBatch(source: SourceID(raw: 1), time: Timestamp(seconds: at + 0.1))
        for name in ["shop", "cart"] {
            var resource = SpanResource()
            resource.claim.service = symbols.intern(name)
            batch.resources.append(resource)
        }
        batch.bytes = [UInt8](repeating: 0, count: bytes)
        for half in 0..<2 {
            var span = Span()
            (span.trace, span.id) = (TraceID(high: 9, low: UInt64(number + 1)), SpanID(raw: UInt64(half + 1)))
            (span.parent, span.kind) = (SpanID(raw: UInt64(half)), half == 0 ? .client : .server)
            (span.start, span.end) = (Timestamp(seconds: at), Timestamp(seconds: at + (half == 0 ? 0.1 : 0.05)))
            span.code = number % 10 == 9 ? 500 : 200
            span.resource = Int32(half)
            span.bytes = ByteRange(start: 0, count: UInt32(bytes))
            batch.spans.append(span)
        }
        return batch
    }

    /// Of a clock that was not set, or of a year far off: counted, and nothing else is lost for it.
    @Test(arguments: [0.0, 1e6, 9.2e9])
    func aCallOfAnotherAgeLeavesTheOthersAlone(_ odd: Double) throws {
        let symbols = SymbolTable(), engine = Engine(symbols: symbols)
        let begin = 1_700_000_000.0
        for number in 0..<100 { engine.consume(Self.call(number, at: begin + Double(number) * 0.1, symbols, bytes: 0)) }
        engine.consume(Self.call(100, at: odd, symbols, bytes: 0))
        let whole = engine.answer([.entities(.service)], at: FrameTime(windowSeconds: .infinity)).entities[.service] ?? []
        #expect(whole.first { $0.key.name == "cart" }?.signals.requests == 101)
        guard odd < begin else { return }
        let window = engine.answer([.entities(.service)], at: FrameTime(windowSeconds: 300)).entities[.service] ?? []
        let cart = try #require(window.first { $0.key.name == "cart" })
        #expect(cart.signals.requests == 100)
        #expect(try #require(cart.signals.rate) > 9, "over the ten seconds there were, not over the window")
    }

    /// One in eight was kept, as the caller's span alone says: requests, errors and durations are those of all.
    @Test func sampledCallsCountAsOftenAsTheyStandFor() throws {
        let symbols = SymbolTable(), engine = Engine(symbols: symbols)
        for number in 0..<100 {
            var batch = Self.call(number, at: 1000 + Double(number) * 0.1, symbols, bytes: 0)
            batch.spans[0].standsFor = 8
            engine.consume(batch)
        }
        let data = engine.answer([.edges(.service), .entities(.service), .traces], at: FrameTime(windowSeconds: .infinity))
        let edge = try #require(data.edges[.service]?.first { $0.destination.service == "cart" })
        #expect(edge.signals.requests == 800 && edge.signals.errors == 80 && edge.client?.requests == 800 && edge.server?.requests == 800)
        let latency = try #require(edge.client?.latency)
        #expect(latency.count == 800 && latency.meanMilliseconds.map { abs($0 - 100) < 0.01 } == true)
        #expect(data.traceStats?.standsFor == 8 && data.traces?.count == 100)
        let window = engine.answer([.edges(.service)], at: FrameTime(now: Timestamp(seconds: 1005.05), windowSeconds: 2.5))
        #expect(window.edges[.service]?.first { $0.destination.service == "cart" }?.signals.requests == 200)
    }

    @Test func callsOfEvictedTracesStayCounted() throws {
        let (engine, refused) = engine(budget: 4 << 20, traces: 8000, bytes: 2000)
        #expect(refused == 0)
        let data = engine.answer([.edges(.service), .entities(.service), .traces], at: FrameTime(windowSeconds: .infinity))
        let stats = try #require(data.traceStats)
        #expect(stats.evictedTraces > 4000 && data.traces?.count == stats.traces)
        let edge = try #require(data.edges[.service]?.first { $0.destination.service == "cart" })
        #expect(edge.signals.requests == 8000 && edge.signals.errors == 800)
        #expect(edge.client?.requests == 8000 && edge.server?.requests == 8000)
        let latency = try #require(edge.client?.latency)
        #expect(latency.count == 8000 && latency.meanMilliseconds.map { abs($0 - 100) < 0.01 } == true && abs(latency.p50 - 100) < 4)
        // A past instant whose traces are gone: its window is counted, charted and drawn as a trend.
        let key = EntityKey(level: .service, name: "cart")
        let past = engine.answer([.edges(.service), .detail(key), .trends(.service, [key]), .mesh], at: FrameTime(now: Timestamp(seconds: 1400), windowSeconds: 300))
        let then = try #require(past.edges[.service]?.first { $0.destination.service == "cart" })
        #expect((1200...1204).contains(then.signals.requests) && abs(then.signals.errors - 120) <= 1)
        #expect(then.signals.from == Timestamp(seconds: 1100) && then.signals.to == Timestamp(seconds: 1400))
        let rate = try #require(past.trends[key]?.rates)
        #expect(rate.dropLast(2).allSatisfy { abs($0 - 4) < 0.01 })
        #expect(past.details[key]?.charts.p50.dropLast(2).allSatisfy { abs($0 - 50) < 2 } == true)
        #expect((past.mesh?.signals.requests).map { (1200...1204).contains($0) } == true)
    }

    @Test(arguments: [1010.0, 1010.5, 1013.3, 1024.75])
    func aWindowOfTracesThatAreHeldIsCountedToTheInstant(_ now: Double) throws {
        let (engine, _) = engine(budget: 64 << 20, traces: 200)
        let data = engine.answer([.edges(.service)], at: FrameTime(now: Timestamp(seconds: now), windowSeconds: 7.1))
        let edge = try #require(data.edges[.service]?.first { $0.destination.service == "cart" })
        let starts = (0..<200).map { 1000 + Double($0) * 0.25 }
        #expect(Int(edge.signals.requests) == starts.count { $0 >= now - 7.1 && $0 <= now })
        #expect(edge.client?.latency?.count == edge.signals.requests)
    }

    @Test func aCallWhoseCalleeComesLateIsCountedOnce() throws {
        let symbols = SymbolTable()
        let engine = Engine(symbols: symbols)
        for half in 0..<2 {
            var batch = Self.call(9, at: 1000.9, symbols, bytes: 0)
            batch.spans = [batch.spans[1 - half]]
            engine.consume(batch)
            let rows = try #require(engine.answer([.edges(.service)], at: FrameTime(windowSeconds: .infinity)).edges[.service])
            #expect(rows.count == 1 && rows[0].signals.requests == 1 && rows[0].signals.errors == 1)
            #expect(rows[0].source.kind == (half == 0 ? .unknown : .workload))
        }
    }
}
