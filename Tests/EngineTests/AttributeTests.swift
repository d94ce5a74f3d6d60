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
        #expect(engine.workSlice() == .worthShowing && engine.version > version)
        let some = try #require(try ask().attributes["k"])
        #expect(some.searched == 4000 && some.values[0] == ["v"] && some.values[8999] == nil)
        while engine.workSlice() != .nothing {}
        #expect(try !ask().isSearching)
        // What came since is looked into, and nothing else again.
        send(9001...9003)
        #expect(try ask().attributes["k"]?.searched == 9000)
        #expect(engine.workSlice() == .nothing)
        #expect(try ask().attributes["k"]?.values.allSatisfy { $0 == ["v"] } == true)
        // A filter that no longer names it forgets it.
        _ = engine.answerIfReady([.traces, .attributes(["other"])], at: time)
        #expect(try ask().attributes["k"]?.searched == 0)
    }

    /// A batch of one trace, each span with an attribute `k` of that text.
    private func trace(_ number: UInt64, _ values: [String]) -> SpanBatch {
        func field(_ tag: UInt8, _ body: [UInt8]) -> [UInt8] {
            var length = body.count, out = [tag]
            repeat {
                out.append(UInt8(length & 127) | (length > 127 ? 128 : 0))
                length >>= 7
            } while length > 0
            return out + body
        }
        var batch = SpanBatch(source: SourceID(raw: 1), time: Timestamp(seconds: 100))
        batch.resources = [SpanResource()]
        for (place, value) in values.enumerated() {
            var span = Span()
            (span.trace, span.id, span.kind) = (TraceID(high: 0, low: number), SpanID(raw: UInt64(place) + 1), .server)
            (span.start, span.end) = (Timestamp(seconds: 1), Timestamp(seconds: 2))
            let message = field(0x4A, field(0x0A, Array("k".utf8)) + field(0x12, field(0x0A, Array(value.utf8))))
            span.bytes = ByteRange(start: UInt32(batch.bytes.count), count: UInt32(message.count))
            batch.bytes += message
            batch.spans.append(span)
        }
        return batch
    }

    @Test func ofLongValuesTheStartIsKeptAndThatIsSaid() throws {
        let engine = Engine(symbols: SymbolTable())
        engine.consume(trace(1, ["short"]))
        engine.consume(trace(2, ["a" + String(repeating: "é", count: 4000), "more"]))
        let data = engine.answer([.traces, .attributes(["k"])], at: time)
        let column = try #require(data.attributes["k"])
        #expect(column.isComplete && column.cut == 1)
        #expect(Set(column.values.compactMap { $0?.first }) == ["short", "a" + String(repeating: "é", count: 511)])
    }

    @Test func whatAllTracesTogetherMayKeepIsLimited() throws {
        let engine = Engine(symbols: SymbolTable(), budgetBytes: 1 << 20)
        for number in 1...40 as ClosedRange<UInt64> { engine.consume(trace(number, ["\(number)" + String(repeating: "x", count: 1000)])) }
        let column = try #require(engine.answer([.traces, .attributes(["k"])], at: time).attributes["k"])
        let kept = column.values.compactMap { $0?.first }
        #expect(column.isComplete && column.values.count == 40 && column.cut + kept.count == 40)
        #expect(kept.reduce(0) { $0 + $1.utf8.count } <= 1 << 15 && kept.count >= 32)
    }

    @Test func aLargeTraceIsSearchedInSlicesToo() throws {
        let engine = Engine(symbols: SymbolTable())
        let filler = String(repeating: "x", count: 60_000)
        var values = Array(repeating: filler, count: 200)
        values[150] = "late"
        engine.consume(trace(1, values))
        func ask() throws -> AttributeColumn { try #require(engine.answerIfReady([.traces, .attributes(["k"])], at: time)?.attributes["k"]) }
        #expect(try ask().searched == 0)
        #expect(engine.workSlice() == .worthShowing && engine.workSlice() == .worthShowing)
        #expect(try ask().searched == 0, "12 MB are three slices")
        // Spans that come meanwhile: it begins again.
        var more = trace(1, ["latest"])
        more.spans[0].id = SpanID(raw: 1000)
        engine.consume(more)
        #expect(try ask().searched == 0)
        var slices = 1
        while engine.workSlice() != .nothing { slices += 1 }
        #expect(slices == 3)
        #expect(try ask().isComplete)
    }
}
