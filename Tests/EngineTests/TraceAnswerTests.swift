import Testing
@testable import Engine
@testable import Intake
import MeshModel
import Panels
import TestSupport

/// Panels answered from spans of a real fleet alone.
@Suite struct TraceAnswerTests {
    static let engine: Engine = {
        let symbols = SymbolTable()
        let engine = Engine(symbols: symbols)
        guard let bytes = try? Gzip.unpacked(Fixture.bytes("spans/istio-spans.otlp.gz"), limit: 1 << 26) else { return engine }
        var decoder = SpanDecoder(symbols: symbols)
        var batch = SpanBatch(source: SourceID(raw: 1), time: Timestamp(seconds: 1))
        var at = 0
        while at + 4 <= bytes.count {
            let count = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
            batch.removeAll(source: SourceID(raw: 1), time: Timestamp(seconds: 1))
            batch.bytes = Array(bytes[at + 4..<at + 4 + count])
            _ = decoder.decode(&batch)
            batch.time = batch.spans.map(\.end).max() ?? batch.time
            engine.consume(batch)
            at += 4 + count
        }
        return engine
    }()

    @Test func servicesCountWhatTheyAnswered() throws {
        let data = Self.engine.answer([.entities(.service), .entities(.pod)], at: FrameTime(windowSeconds: .infinity))
        let rows = try #require(data.entities[.service])
        #expect(rows.map(\.key.name) == ["cart", "catalog", "checkout", "frontend", "gateway", "inventory", "ledger", "payment", "recommendation", "shipping"])
        #expect(rows.map { Int($0.signals.requests) } == [348, 348, 174, 174, 174, 559, 174, 174, 174, 174])
        #expect(rows.map { Int($0.signals.errors) } == [0, 0, 8, 8, 8, 0, 0, 8, 0, 0])
        let inventory = try #require(rows.first { $0.key.name == "inventory" })
        #expect(inventory.signals.denied == 37 && inventory.signals.success == 1 && inventory.signals.evidence == .spans)
        #expect(inventory.key.namespace == "shop")
        let payment = try #require(rows.first { $0.key.name == "payment" })
        #expect(payment.versions.map { "\($0.version) \(Int($0.signals.requests)) \(Int($0.signals.errors))" } == ["v1 139 0", "v2 35 8"])
        #expect(payment.pods == 2)
        #expect(data.entities[.pod]?.count == 11)
    }

    /// Each call once, where its duration lies.
    @Test func latenciesAreSpreadOverTime() throws {
        let key = EntityKey(level: .service, namespace: "shop", name: "payment")
        let heat = try #require(Self.engine.answer([.detail(key)], at: FrameTime(windowSeconds: .infinity)).details[key]?.charts.heat)
        #expect(heat.upperBounds == heat.upperBounds.sorted() && heat.counts.count % heat.upperBounds.count == 0)
        #expect(heat.counts.reduce(0, +) >= 174)
        #expect(heat.counts.prefix(heat.upperBounds.count * 10).allSatisfy { $0 >= 0 })
    }

    @Test func edgesCountWhatCallersSaw() throws {
        let data = Self.engine.answer([.edges(.service)], at: FrameTime(windowSeconds: .infinity))
        let rows = try #require(data.edges[.service])
        #expect(rows.count == 14)
        let entry = rows[0]
        #expect(entry.source.kind == .external && entry.destination.service == "gateway" && entry.client == nil && entry.server?.requests == 174)
        let refused = try #require(rows.first { $0.source.service == "recommendation" && $0.destination.service == "inventory" })
        #expect(refused.signals.denied == 37 && refused.signals.errors == 0 && refused.state == .warning)
        #expect(refused.client?.requests == 37 && refused.server?.requests == 37)
        #expect(refused.protocol == "http" && refused.signals.security == .unknown)
        let waits = try #require(rows.first { $0.destination.service == "ledger" })
        let client = try #require(waits.client?.latency), server = try #require(waits.server?.latency)
        #expect(client.p50 > server.p50)
    }

    @Test func tracesAreListedNewestFirst() throws {
        let data = Self.engine.answer([.traces], at: FrameTime(windowSeconds: .infinity))
        let rows = try #require(data.traces)
        #expect(rows.count == 174)
        #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.start >= $1.start })
        #expect(rows.filter(\.isFailed).count == 8 && rows.filter(\.isFailed).allSatisfy { $0.code == 502 })
        #expect(rows.allSatisfy { $0.service == "gateway" && $0.services.count == 10 && $0.orphans == 0 })
        #expect(Set(rows.map(\.spans)) == [54, 57])
        #expect(data.traceStats?.traces == 174 && data.traceStats?.spans == 9507 && data.stats?.spans == 9507)
        // Half of the window: fewer.
        let middle = rows[87].start
        let half = Self.engine.answer([.traces], at: FrameTime(now: middle, windowSeconds: 3600))
        #expect(half.traces?.count == 87)
    }

    @Test func aTraceOpensAsOneLinePerCall() throws {
        let rows = try #require(Self.engine.answer([.traces], at: FrameTime(windowSeconds: .infinity)).traces)
        let failed = try #require(rows.first { $0.isFailed })
        let detail = try #require(Self.engine.answer([.trace(failed.id)], at: FrameTime(windowSeconds: .infinity)).trace)
        #expect(detail.row == failed && detail.remarks.isEmpty)
        // The entry, and each of 13 calls or 14 with the denied one.
        #expect(detail.spans.count == (failed.spans == 54 ? 14 : 15))
        #expect(detail.spans[0].service == "gateway" && detail.spans[0].depth == 0 && detail.spans[0].descendants == detail.spans.count - 1)
        #expect(detail.spans.dropFirst().allSatisfy { $0.serverStart != nil && $0.kind == .server })
        #expect(detail.spans.filter(\.isError).map(\.service) == ["gateway", "frontend", "checkout", "payment"])
        let payment = try #require(detail.spans.first { $0.service == "payment" })
        #expect(payment.pod == "payment-v2-06x" && payment.code == 503)
        let span = try #require(Self.engine.answer([.span(failed.id, payment.id, .server)], at: FrameTime(windowSeconds: .infinity)).span)
        #expect(span.attributes.contains(.init(key: "upstream_cluster", value: "outbound|80|v2|payment.shop.svc.cluster.local")))
        #expect(span.resource.contains(.init(key: "service.name", value: "checkout.shop")))
        // The hop's four spans: each opens by itself.
        #expect(payment.parts.map { "\($0.isCallee == true ? "callee" : "caller") \($0.role) \($0.service)" } == [
            "caller listener checkout", "caller router checkout", "callee listener payment", "callee router payment",
        ])
        #expect(payment.parts[0].id == payment.id && zip(payment.parts, payment.parts.dropFirst()).allSatisfy { $0.durationSeconds >= $1.durationSeconds })
        for part in payment.parts {
            let opened = try #require(Self.engine.answer([.span(failed.id, part.id, part.kind)], at: FrameTime(windowSeconds: .infinity)).span)
            #expect(opened.id == part.id && opened.resource.contains(.init(key: "service.name", value: part.service + ".shop")))
            #expect(opened.attributes.contains { $0.key == "upstream_cluster" && $0.value.hasPrefix(part.isCallee == true ? "inbound|" : "outbound|") })
        }
        let entry = detail.spans[0]
        #expect(entry.parts.map(\.isCallee) == [nil, nil] && entry.parts.map(\.role) == [.listener, .router])
    }

    @Test func anOpenTraceTakesInWhatComesLate() throws {
        let symbols = SymbolTable()
        let engine = Engine(symbols: symbols)
        let id = TraceID(high: 1, low: 2)
        func send(_ number: UInt64, under parent: UInt64, code: UInt16) {
            var batch = SpanBatch(source: SourceID(raw: 1), time: Timestamp(seconds: 10))
            batch.resources = [SpanResource()]
            batch.resources[0].claim.service = symbols.intern("cart")
            var span = Span()
            (span.trace, span.id, span.parent, span.kind, span.code) = (id, SpanID(raw: number), SpanID(raw: parent), .server, code)
            (span.start, span.end) = (Timestamp(seconds: 8), Timestamp(seconds: 9))
            batch.spans = [span]
            engine.consume(batch)
        }
        func open(_ predicate: ErrorPredicate = .server) -> [Bool] {
            let time = FrameTime(windowSeconds: .infinity, predicate: predicate)
            return engine.answer([.trace(id)], at: time).trace?.spans.map(\.isError) ?? []
        }
        send(1, under: 0, code: 404)
        #expect(open() == [false] && open() == [false])
        #expect(open(.client) == [true], "another predicate, other errors")
        send(2, under: 1, code: 500)
        #expect(open() == [false, true], "a span that came late is in it")
        #expect(engine.answer([.trace(TraceID(high: 1, low: 3))], at: FrameTime(windowSeconds: .infinity)).trace == nil)
    }

    /// What the rows were waited for tiles what the request took, to the nanosecond.
    @Test func rowsShareOutWhatTheRequestWaitedFor() throws {
        let rows = try #require(Self.engine.answer([.traces], at: FrameTime(windowSeconds: .infinity)).traces)
        for row in rows.prefix(20) {
            let detail = try #require(Self.engine.answer([.trace(row.id)], at: FrameTime(windowSeconds: .infinity)).trace)
            let all = detail.spans.flatMap(\.critical).sorted { $0.from < $1.from }
            #expect(all.first?.from == detail.spans[0].start && zip(all, all.dropFirst()).allSatisfy { $0.to == $1.from })
            #expect(abs(detail.spans.reduce(0) { $0 + $1.criticalSeconds } - detail.spans[0].durationSeconds) < 1e-8)
            // A hop's four spans are one row: where they follow each other, one stretch.
            for span in detail.spans { #expect(zip(span.critical, span.critical.dropFirst()).allSatisfy { $0.to < $1.from }) }
        }
    }

    @Test(arguments: [(10, []), (12, ["shop get list calls db get row 12 times, one after another: 60 % of its time"])])
    func callsRepeatedOneAfterAnotherAreRemarked(_ count: Int, _ remarks: [String]) {
        let symbols = SymbolTable()
        let engine = Engine(symbols: symbols)
        let id = TraceID(high: 1, low: 2)
        var batch = SpanBatch(source: SourceID(raw: 1), time: Timestamp(seconds: 10))
        batch.resources = ["shop", "db"].map { name in
            var resource = SpanResource()
            (resource.claim.service, resource.host) = (symbols.intern(name), symbols.intern("one"))
            return resource
        }
        for number in 0...count {
            var span = Span()
            (span.trace, span.id, span.parent, span.kind) = (id, SpanID(raw: UInt64(number) + 1), SpanID(raw: number == 0 ? 0 : 1), .server)
            let start = number == 0 ? 0 : Double(number) * 0.07
            (span.start, span.end) = (Timestamp(seconds: 8 + start), Timestamp(seconds: 8 + (number == 0 ? 1 : start + 0.05)))
            (span.resource, span.name) = (number == 0 ? 0 : 1, symbols.intern(number == 0 ? "get list" : "get row"))
            batch.spans.append(span)
        }
        engine.consume(batch)
        #expect(engine.answer([.trace(id)], at: FrameTime(windowSeconds: .infinity)).trace?.remarks == remarks)
    }

    @Test func aTraceWithoutItsRootIsSaidToBeArrivingForAWhile() throws {
        let symbols = SymbolTable()
        let engine = Engine(symbols: symbols)
        let id = TraceID(high: 1, low: 2)
        var batch = SpanBatch(source: SourceID(raw: 1), time: Timestamp(seconds: 10))
        batch.resources = [SpanResource()]
        batch.resources[0].claim.service = symbols.intern("cart")
        var span = Span()
        (span.trace, span.id, span.parent, span.kind) = (id, SpanID(raw: 2), SpanID(raw: 1), .server)
        (span.start, span.end) = (Timestamp(seconds: 8), Timestamp(seconds: 9))
        batch.spans = [span]
        engine.pass(to: Timestamp(seconds: 9))
        engine.consume(batch)
        let time = FrameTime(windowSeconds: .infinity)
        func answer() -> FrameData { engine.answer([.traces, .trace(id), .edges(.service)], at: time) }
        engine.pass(to: Timestamp(seconds: 11))
        let before = answer()
        #expect(before.traces?.map(\.isArriving) == [true] && before.traceStats?.oddities == [:] && before.edges[.service] == [])
        #expect(before.trace?.remarks == [] && before.trace?.spans.map(\.isOrphan) == [false] && before.trace?.spans.map(\.isAwaitingParent) == [true])
        let version = engine.version
        engine.pass(to: Timestamp(seconds: 14.9))
        #expect(engine.version == version, "nothing is drawn anew for it")
        engine.pass(to: Timestamp(seconds: 15))
        #expect(engine.version > version)
        let after = answer()
        #expect(after.traces?.map(\.isArriving) == [false] && after.traceStats?.oddities["parent missing"] == 1 && after.edges[.service]?.count == 1)
        #expect(after.trace?.remarks.first == "1 span without the parent they name" && after.trace?.spans.map(\.isOrphan) == [true])
    }

    /// What a command prints when its time is up: nobody will wait for what is missing.
    @Test func whoNeverPassesTheClockCountsAllThatCame() throws {
        let symbols = SymbolTable()
        func engine() -> Engine {
            let engine = Engine(symbols: symbols)
            var batch = SpanBatch(source: SourceID(raw: 1), time: Timestamp(seconds: 10))
            batch.resources = [SpanResource(), SpanResource()]
            for (place, name) in ["shop", "cart"].enumerated() { batch.resources[place].claim.service = symbols.intern(name) }
            for number in 1...3 {
                var span = Span()
                (span.trace, span.kind, span.code) = (TraceID(high: 1, low: UInt64(number)), .server, number == 3 ? 503 : 200)
                (span.start, span.end, span.resource) = (Timestamp(seconds: 9), Timestamp(seconds: 9.5), 1)
                (span.id, span.parent) = (SpanID(raw: 2), SpanID(raw: 1))
                batch.spans.append(span)
                // Of the last one the caller's half has not come.
                (span.id, span.parent, span.kind, span.resource) = (SpanID(raw: 1), .none, .client, 0)
                if number < 3 { batch.spans.append(span) }
            }
            engine.consume(batch)
            return engine
        }
        let queries: [PanelQuery] = [.traces, .entities(.service), .edges(.service)], time = FrameTime(windowSeconds: .infinity)
        let ended = engine(), all = ended.answer(queries, at: time)
        #expect(all.entities[.service]?.first { $0.key.name == "cart" }.map { [$0.signals.requests, $0.signals.errors] } == [3, 1])
        #expect(all.edges[.service]?.map(\.signals.requests).reduce(0, +) == 3 && all.traces?.allSatisfy { !$0.isArriving } == true)
        #expect(ended.statistics.spans == 5)
        let live = engine()
        live.pass(to: Timestamp(seconds: 11))
        let soFar = live.answer(queries, at: time)
        #expect(soFar.traces?.map(\.isArriving).filter { $0 }.count == 1, "told by the first that asks")
        #expect(soFar.entities[.service]?.first { $0.key.name == "cart" }?.signals.requests == 2)
        live.pass(to: Timestamp(seconds: 15))
        #expect(live.answer(queries, at: time).entities[.service]?.first { $0.key.name == "cart" }?.signals.requests == 3)
    }

    @Test func pagesAndTheMeshAreFilledFromSpansAlone() throws {
        let newest = Self.engine.status.newest
        let time = FrameTime(now: newest, windowSeconds: 300)
        let key = EntityKey(level: .service, namespace: "shop", name: "payment")
        let data = Self.engine.answer([.mesh, .verdicts, .detail(key), .trends(.service, [key])], at: time)
        let mesh = try #require(data.mesh)
        #expect(mesh.signals.requests == 174 && mesh.signals.errors == 8)
        #expect(mesh.services == 10 && mesh.pods == 11 && mesh.namespaces == ["shop"])
        #expect(data.verdicts?.first?.origin?.entity.service == "payment" && mesh.warnings.first?.cause == data.verdicts?.first?.key)
        let seconds = mesh.charts.slotSeconds
        #expect(abs(mesh.charts.rate.filter { !$0.isNaN }.reduce(0) { $0 + Double($1) * seconds } - 174) < 0.01)
        let detail = try #require(data.details[key])
        #expect(detail.inbound.map(\.source.service) == ["checkout"] && detail.outbound.map(\.destination.service) == ["ledger"])
        #expect(detail.members.map(\.key.name) == ["payment-v1-06x", "payment-v2-06x"])
        let trend = try #require(data.trends[key])
        #expect(abs(trend.errors.filter { !$0.isNaN }.reduce(0) { $0 + Double($1) * seconds } - 8) < 0.01)
    }
}
