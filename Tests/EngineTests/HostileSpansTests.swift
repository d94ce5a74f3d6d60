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
}
