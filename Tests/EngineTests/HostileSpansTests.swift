import Testing
@testable import Engine
import Intake
import MeshModel
import Panels

/// Spans that a mistake or an attacker sends: whatever numbers they hold, all that comes of them is a number.
@Suite struct HostileSpansTests {
    private static func engine(_ documents: [String]) -> Engine {
        let symbols = SymbolTable()
        let engine = Engine(symbols: symbols)
        var decoder = SpanDecoder(symbols: symbols)
        for var document in documents {
            var batch = SpanBatch(source: SourceID(raw: 1), time: Timestamp(seconds: 2))
            let problem = document.withUTF8 { decoder.decode(UnsafeRawBufferPointer($0), as: .otlpJSON, into: &batch) }
            #expect(problem == nil)
            _ = engine.consume(batch)
        }
        return engine
    }

    private static func document(_ spans: Range<Int>, start: String, end: String) -> String {
        let list = spans.map { number in
            let id = "\(number + 1)"
            let trace = String(repeating: "0", count: 32 - id.count) + id, span = String(repeating: "0", count: 16 - id.count) + id
            return #"{"traceId":"\#(trace)","spanId":"\#(span)","name":"op","kind":2,"startTimeUnixNano":"\#(start)","endTimeUnixNano":"\#(end)"}"#
        }.joined(separator: ",")
        return #"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"a"}}]},"scopeSpans":[{"spans":[\#(list)]}]}]}"#
    }

    @Test(arguments: [("1000000000", "9223372036854775807"), ("1", "9223372036854775807")])
    func durationsOfCenturiesAddUp(_ start: String, _ end: String) throws {
        // More of them than Int64 has room for, were they taken as they come.
        let engine = Self.engine([Self.document(0..<1200, start: start, end: end)])
        let data = engine.answer([.entities(.service), .edges(.service), .mesh, .traces], at: FrameTime(windowSeconds: .infinity))
        let row = try #require(data.entities[.service]?.first)
        #expect(row.signals.requests == 1200)
        let latency = try #require(row.signals.latency)
        #expect(latency.count == 1200 && (latency.meanMilliseconds ?? .nan) <= 86_400_000)
        let key = row.key
        _ = engine.answer([.detail(key), .trends(.service, [key])], at: FrameTime(windowSeconds: 300))
        if start == "1000000000", end == "9223372036854775807" {
            #expect(latency.meanMilliseconds == 86_400_000)
            #expect(data.traceStats?.oddities == ["lasts longer than a day": 1200])
        }
    }

    /// Each a call from outside to a pod of its own, of so many services.
    private static func batch(_ calls: Range<Int>, services: Int, _ symbols: SymbolTable) -> SpanBatch {
        var batch = SpanBatch(source: SourceID(raw: 1), time: Timestamp(seconds: 1001))
        for number in calls {
            var resource = SpanResource()
            (resource.claim.service, resource.claim.pod) = (symbols.intern("s\(number % services)"), symbols.intern("p\(number)"))
            batch.resources.append(resource)
            var span = Span()
            (span.trace, span.id) = (TraceID(high: 9, low: UInt64(number + 1)), SpanID(raw: 1))
            (span.kind, span.start, span.end) = (.server, Timestamp(seconds: 1000), Timestamp(seconds: 1000.01))
            span.resource = Int32(number - calls.lowerBound)
            batch.spans.append(span)
        }
        return batch
    }

    @Test func podsBeyondTheLimitAreTheirServices() throws {
        let symbols = SymbolTable()
        let engine = Engine(symbols: symbols, budgetBytes: 4 << 20)
        for start in stride(from: 0, to: 5000, by: 500) { _ = engine.consume(Self.batch(start..<start + 500, services: 50, symbols)) }
        let data = engine.answer([.entities(.service), .entities(.pod), .traces], at: FrameTime(windowSeconds: .infinity))
        #expect(data.entities[.service]?.map { Int($0.signals.requests) } == [Int](repeating: 100, count: 50))
        #expect((data.entities[.pod] ?? []).count <= 1024)
        #expect(data.traceStats?.oddities.contains { $0.key.contains("beyond the 1024") && $0.value >= 3900 } == true)
    }

    @Test func servicesBeyondTheLimitAreOthers() throws {
        let symbols = SymbolTable()
        let engine = Engine(symbols: symbols, budgetBytes: 4 << 20)
        for start in stride(from: 0, to: 5000, by: 500) { _ = engine.consume(Self.batch(start..<start + 500, services: 5000, symbols)) }
        let data = engine.answer([.entities(.service), .traces], at: FrameTime(windowSeconds: .infinity))
        let rows = try #require(data.entities[.service])
        #expect(rows.count > 500 && rows.count <= 2050)
        #expect(rows.reduce(0) { $0 + $1.signals.requests } == 5000)
        let others = try #require(rows.first { $0.key.name == "(others)" })
        #expect(others.signals.requests >= 2900)
        // Traces have room beside the names.
        #expect((data.traceStats?.traces ?? 0) > 100)
    }
}
