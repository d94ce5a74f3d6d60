import Testing
@testable import Engine
import MeshModel
import Panels

/// A trace that is looked at while its spans come is at every moment what it would be if they had come at once.
@Suite struct GrowingTraceTests {
    static let id = TraceID(high: 3, low: 4)

    /// Of five services; parents come before and after their children, some never, and every seventh span is sent twice.
    private static func spans(_ seed: UInt64, _ symbols: SymbolTable) -> [Span] {
        var random = Steps(state: seed)
        var spans: [Span] = []
        for number in 1...60 {
            var span = Span()
            (span.trace, span.id) = (id, SpanID(raw: UInt64(number)))
            if number > 1 { span.parent = SpanID(raw: random.next() % 64 + 1) }
            span.kind = [.server, .client, .internal, .producer, .consumer][Int(random.next() % 5)]
            let start = 100 + Double(random.next() % 100) / 10
            (span.start, span.end) = (Timestamp(seconds: start), Timestamp(seconds: start + Double(random.next() % 30) / 10))
            span.code = [200, 404, 503, Meaning.untoldCode][Int(random.next() % 4)]
            span.resource = Int32(random.next() % 5)
            span.name = symbols.intern("operation \(number % 9)")
            if random.next() % 3 == 0 { span.flags = symbols.intern("UF") }
            spans.insert(span, at: Int(random.next() % UInt64(spans.count + 1)))
        }
        for place in stride(from: 6, to: 60, by: 7) { spans.append(spans[place]) }
        return spans
    }

    private static func send(_ spans: ArraySlice<Span>, _ symbols: SymbolTable, to engine: Engine) {
        var batch = SpanBatch(source: SourceID(raw: 1), time: Timestamp(seconds: 200))
        for name in ["cart", "catalog", "checkout", "payment", "shipping"] {
            var resource = SpanResource()
            (resource.claim.service, resource.claim.pod) = (symbols.intern(name), symbols.intern(name + "-v1-1"))
            (resource.claim.namespace, resource.claim.version) = (symbols.intern("shop"), symbols.intern("v1"))
            batch.resources.append(resource)
        }
        batch.spans = Array(spans)
        engine.consume(batch)
    }

    @Test(arguments: 1...8) func itIsWhatItWouldBeAtOnce(_ seed: UInt64) throws {
        let symbols = SymbolTable()
        let spans = Self.spans(seed, symbols)
        let time = FrameTime(windowSeconds: .infinity)
        let queries: [PanelQuery] = [.traces, .trace(Self.id), .edges(.service), .entities(.pod)]
        let growing = Engine(symbols: symbols)
        var sent = 0
        while sent < spans.count {
            let end = min(spans.count, sent + 1 + sent % 5)
            Self.send(spans[sent..<end], symbols, to: growing)
            sent = end
            let whole = Engine(symbols: symbols)
            Self.send(spans[..<sent], symbols, to: whole)
            // Looked at now and then: what is kept from one look to the next must not outlive it.
            let isLookedAt = sent % 3 != 0
            let seen = growing.answer(isLookedAt ? queries : queries.filter { $0 != .trace(Self.id) }, at: time), expected = whole.answer(queries, at: time)
            if isLookedAt {
                let opened = try #require(seen.trace)
                #expect(opened == expected.trace && opened.spans.count > sent / 2)
            }
            #expect(seen.traces == expected.traces)
            #expect(Self.counts(seen) == Self.counts(expected))
        }
    }

    /// Without the stretch of time they cover: it begins with the earliest call there ever was.
    private static func counts(_ data: FrameData) -> [String] {
        func text(_ signals: GoldenSignals?) -> String {
            guard var signals else { return "-" }
            (signals.from, signals.to) = (nil, nil)
            return "\(signals)"
        }
        let edges = data.edges[.service] ?? [], pods = data.entities[.pod] ?? []
        return edges.map { "\($0.source.service ?? "-") \($0.destination.service ?? "-") \(text($0.signals)) \(text($0.client)) \(text($0.server))" }.sorted()
            + pods.map { "\($0.key) \(text($0.signals))" }
    }

    private struct Steps {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
    }
}
