import Testing
@testable import Engine
import MeshModel
import Panels

/// Attributes are found in bytes, a slice at a time.
@Suite struct AttributeTests {
    private let time = FrameTime(windowSeconds: .infinity)

    @Test func whatSpansEventsAndResourcesHoldIsFound() throws {
        let keys = ["upstream_cluster", "service.name", "nowhere"]
        let data = TraceAnswerTests.engine.answer([.traces, .attributes(keys)], at: time)
        let rows = try #require(data.traces)
        #expect(data.attributes.keys.sorted() == keys.sorted() && !data.isSearching)
        for (key, column) in data.attributes {
            #expect(column.values.count == rows.count && column.searched == rows.count)
            for (row, values) in zip(rows, column.values) {
                let values = try #require(values)
                #expect(Set(values).count == values.count)
                switch key {
                case "service.name": #expect(values.count == row.services.count)
                case "upstream_cluster": #expect(values.contains { $0.hasPrefix("outbound|80|") && $0.hasSuffix("checkout.shop.svc.cluster.local") } && values.contains { $0.hasPrefix("inbound|") })
                default: #expect(values.isEmpty)
                }
            }
        }
    }

    @Test func theSearchGoesOnBesideTheFramesAndFollowsNewSpans() throws {
        let symbols = SymbolTable()
        let engine = Engine(symbols: symbols)
        func send(_ traces: ClosedRange<UInt64>) {
            var batch = SpanBatch(source: SourceID(raw: 1), time: Timestamp(seconds: 100))
            batch.resources = [SpanResource()]
            // KeyValue { key: "k", value: AnyValue { string: "v" } } as attribute of a span.
            batch.bytes = [0x4A, 0x08, 0x0A, 0x01, 0x6B, 0x12, 0x03, 0x0A, 0x01, 0x76]
            for number in traces {
                var span = Span()
                (span.trace, span.id, span.kind) = (TraceID(high: 0, low: number), SpanID(raw: 1), .server)
                (span.start, span.end) = (Timestamp(seconds: Double(number) / 1000), Timestamp(seconds: Double(number) / 1000 + 1))
                span.bytes = ByteRange(start: 0, count: UInt32(batch.bytes.count))
                batch.spans.append(span)
            }
            engine.consume(batch)
        }
        func ask() throws -> FrameData { try #require(engine.answerIfReady([.traces, .attributes(["k"])], at: time)) }
        send(1...9000)
        #expect(try ask().attributes["k"]?.searched == 0)
        let version = engine.version
        #expect(engine.searchSlice() && engine.version > version)
        let some = try #require(try ask().attributes["k"])
        #expect(some.searched == 4000 && some.values[0] == ["v"] && some.values[8999] == nil)
        while engine.searchSlice() {}
        #expect(try !ask().isSearching)
        // What came since is looked into, and nothing else again.
        send(9001...9003)
        #expect(try ask().attributes["k"]?.searched == 9000)
        #expect(!engine.searchSlice())
        #expect(try ask().attributes["k"]?.values.allSatisfy { $0 == ["v"] } == true)
        // A filter that no longer names it forgets it.
        _ = engine.answerIfReady([.traces, .attributes(["other"])], at: time)
        #expect(try ask().attributes["k"]?.searched == 0)
    }
}
