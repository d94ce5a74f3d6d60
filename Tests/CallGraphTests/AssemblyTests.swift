import Testing
@testable import CallGraph
import MeshModel
import TestSupport

@Suite struct AssemblyTests {
    func assembled(_ builder: SpanBuilder) -> TraceStore {
        var store = builder.store()
        #expect(store.consume(builder.batch) == 0)
        store.settle()
        return store
    }

    func opened(_ store: inout TraceStore) throws -> Assembly {
        let assembly = store.assembly(of: TraceID(high: 0, low: 1))
        return try #require(assembly)
    }

    @Test func fourSpansOfProxiesAreOneCall() throws {
        var builder = SpanBuilder()
        builder.add(1, 0, .server, "gateway.shop", 0...100, pod: "gateway.shop-0", cluster: "inbound|8080||", code: 502)
        builder.add(2, 1, .client, "gateway.shop", 1...99, pod: "gateway.shop-0", cluster: "inbound|8080||", code: 502)
        builder.hop(10, under: 2, "gateway.shop", "payment.shop", 10...50, code: 503, version: "v2")
        builder.hop(20, under: 2, "gateway.shop", "inventory.shop", 60...90, code: 403, isDenied: true)
        let store = assembled(builder)
        #expect(calls(store, builder.symbols) == ["(outside)>gateway:502", "gateway>inventory:403 denied", "gateway>payment:503"])
        #expect(store.oddities.byName == [:])
        let trace = try #require(store[TraceID(high: 0, low: 1)])
        let payment = try #require(trace.calls.first { $0.seen.code == 503 })
        #expect(builder.symbols.string(store.parties[payment.destination].version) == "v2")
        #expect(payment.client.microseconds == 40_000 && payment.server.microseconds == 36_000)
        #expect(payment.seen.isError(.server) && trace.summary?.isFailed(.server) == true)
        let denied = try #require(trace.calls.first { $0.seen.code == 403 })
        #expect(denied.client.isDenied && denied.server.isDenied && !denied.seen.isError(.strict))
    }

    @Test func aHopIsOneRowWithBothSides() throws {
        var builder = SpanBuilder()
        builder.add(1, 0, .server, "gateway.shop", 0...100, pod: "gateway.shop-0", cluster: "inbound|8080||", code: 200)
        builder.add(2, 1, .client, "gateway.shop", 1...99, pod: "gateway.shop-0", cluster: "inbound|8080||", code: 200)
        builder.hop(10, under: 2, "gateway.shop", "payment.shop", 10...50)
        builder.hop(20, under: 13, "payment.shop", "ledger.shop", 20...40)
        var store = assembled(builder)
        let assembly = try opened(&store)
        let rows = assembly.rows()
        #expect(rows.map { assembly.spans[$0.span].id.raw } == [1, 10, 20])
        #expect(rows.map { $0.server < 0 ? 0 : assembly.spans[$0.server].id.raw } == [0, 12, 22])
        #expect(rows.map(\.depth) == [0, 1, 2])
        #expect(rows.map(\.descendants) == [2, 1, 0])
        #expect(rows.map { $0.selfNanoseconds / 1_000_000 } == [60, 20, 20])
    }

    /// Istio's sidecars write one span a side: what goes out after a request came in is another request, also where it is the only one.
    @Test func twoSpansAHopAreOneRow() throws {
        var builder = SpanBuilder()
        func cluster(_ name: String) -> String { "outbound|80||\(name).shop.svc.cluster.local" }
        builder.add(1, 0, .server, "gateway.shop", 0...100, pod: "gateway-0", cluster: "inbound|8080||", code: 200)
        builder.add(2, 1, .client, "gateway.shop", 10...90, pod: "gateway-0", cluster: cluster("cart"), code: 200)
        builder.add(3, 2, .server, "cart.shop", 12...88, pod: "cart-0", cluster: "inbound|8080||", code: 200)
        builder.add(4, 3, .client, "cart.shop", 20...60, pod: "cart-0", cluster: cluster("store"), code: 200)
        builder.add(5, 4, .server, "store.shop", 22...58, pod: "store-0", cluster: "inbound|8080||", code: 200)
        var store = assembled(builder)
        let assembly = try opened(&store), rows = assembly.rows()
        #expect(rows.map { assembly.spans[$0.span].id.raw } == [1, 2, 4])
        #expect(rows.map { $0.server < 0 ? 0 : assembly.spans[$0.server].id.raw } == [0, 3, 5])
        #expect(rows.map { $0.selfNanoseconds / 1_000_000 } == [20, 40, 40])
    }

    @Test func anApplicationsOwnSpansMakeNoFurtherCalls() {
        var builder = SpanBuilder()
        builder.add(1, 0, .client, "a.shop", 0...100, name: "app")
        builder.hop(10, under: 1, "a.shop", "b.shop", 10...90)
        builder.add(30, 13, .server, "b.shop", 20...80, name: "app")
        builder.add(31, 30, .internal, "b.shop", 30...70)
        builder.add(32, 31, .client, "b.shop", 30...60, peer: ("orders", .database))
        #expect(calls(assembled(builder), builder.symbols) == ["a>b:200", "b>(database orders)"])
    }

    /// The root alone says how the whole trace was sampled; who says otherwise below it stands for himself.
    @Test func samplingIsToldByWhoDecided() {
        var builder = SpanBuilder()
        builder.add(1, 0, .server, "a.shop", 0...100)
        builder.add(2, 1, .client, "a.shop", 10...90)
        builder.add(3, 2, .server, "b.shop", 20...80)
        builder.add(4, 3, .client, "b.shop", 30...60, peer: ("orders", .database))
        builder.batch.spans[0].standsFor = 100
        builder.batch.spans[3].standsFor = 200
        let found = assembled(builder).traces.compactMap { $0 }.flatMap(\.calls)
        #expect(found.map(\.standsFor).sorted() == [100, 100, 200])
    }

    /// A caller that says nothing does not take the callee's word away.
    @Test func theCalleesSamplingCountsWhereTheCallerTellsNone() {
        var builder = SpanBuilder()
        builder.add(1, 0, .client, "a.shop", 0...100)
        builder.add(2, 1, .server, "b.shop", 20...80)
        builder.batch.spans[1].standsFor = 100
        #expect(assembled(builder).traces.compactMap { $0 }.flatMap(\.calls).map(\.standsFor) == [100])
    }

    @Test func attemptsAreNoRequests() {
        var builder = SpanBuilder()
        let out = "outbound|80|v1|b.shop.svc.cluster.local"
        builder.add(1, 0, .server, "a.shop", 0...100, cluster: "inbound|1||", code: 200)
        builder.add(2, 1, .client, "a.shop", 0...100, cluster: "inbound|1||", code: 200)
        builder.add(10, 2, .server, "a.shop", 10...90, cluster: out, code: 200)
        builder.add(11, 10, .client, "a.shop", 11...30, cluster: out, code: 503)
        builder.add(12, 11, .server, "b.shop", 12...29, cluster: "inbound|1||", code: 503)
        builder.add(13, 10, .client, "a.shop", 40...80, cluster: out, code: 200)
        builder.add(14, 13, .server, "b.shop", 41...79, cluster: "inbound|1||", code: 200)
        #expect(calls(assembled(builder), builder.symbols) == ["(outside)>a:200", "a>b:200 x2", "a>b:503 attempt"])
    }

    /// One client's span for all of them, as Istio's sidecars write; of two callees under one span either is called.
    @Test func attemptsUnderOneSpanAreNoRequests() {
        var builder = SpanBuilder()
        builder.add(1, 0, .server, "a.shop", 0...100, cluster: "inbound|1||", code: 200)
        builder.add(2, 1, .client, "a.shop", 10...90, cluster: "outbound|80||b.shop.svc.cluster.local", code: 200)
        builder.add(3, 2, .server, "b.shop", 12...29, pod: "b-1", cluster: "inbound|1||", code: 503)
        builder.add(4, 2, .server, "b.shop", 41...79, pod: "b-2", cluster: "inbound|1||", code: 200)
        builder.add(5, 1, .client, "a.shop", 91...99)
        builder.add(6, 5, .server, "c.shop", 92...93)
        builder.add(7, 5, .server, "d.shop", 94...95)
        #expect(calls(assembled(builder), builder.symbols) == ["(outside)>a:200", "a>b:200 x2", "a>b:503 attempt", "a>c", "a>d"])
    }

    /// What is asked at once, or is another operation, is another request.
    @Test func severalRequestsUnderOneSpanAreNoAttempts() {
        for (name, start) in [("GET /y", 85.0), ("GET /x", 13)] {
            var builder = SpanBuilder()
            builder.add(1, 0, .client, "a.shop", 10...95, code: 200)
            builder.add(2, 1, .server, "b.shop", 12...80, code: 503, name: "GET /x")
            builder.add(3, 1, .server, "b.shop", start...90, code: 200, name: name)
            #expect(calls(assembled(builder), builder.symbols) == ["a>b:200", "a>b:200"], "as the caller saw both")
        }
    }

    @Test func whoWroteNothingIsNamedByItsCaller() {
        var builder = SpanBuilder()
        builder.add(1, 0, .server, "a.shop", 0...100, cluster: "inbound|1||", code: 200)
        builder.add(2, 1, .client, "a.shop", 0...100, cluster: "inbound|1||", code: 200)
        builder.add(3, 2, .server, "a.shop", 10...20, cluster: "outbound|80||b.shop.svc.cluster.local", code: 503, flags: "UF")
        builder.add(4, 3, .client, "a.shop", 10...20, cluster: "outbound|80||b.shop.svc.cluster.local", code: 503, flags: "UF")
        builder.add(5, 2, .client, "a.shop", 30...40, peer: ("api.example.com", .external))
        builder.add(6, 2, .producer, "a.shop", 50...60, peer: ("orders", .queue))
        builder.add(7, 2, .client, "a.shop", 70...80)
        #expect(calls(assembled(builder), builder.symbols)
            == ["(outside)>a:200", "a>(external api.example.com)", "a>(queue orders)", "a>(unknown)", "a>b:503"])
    }

    @Test func aQueueIsCalledAndCalls() {
        var builder = SpanBuilder()
        builder.add(1, 0, .producer, "a", 0...10, peer: ("orders", .queue))
        builder.add(2, 1, .consumer, "b", 20...30, peer: ("orders", .queue))
        // One that does not say whose queue: who sent it is its caller.
        builder.add(3, 0, .producer, "c", 0...10)
        builder.add(4, 3, .consumer, "d", 20...30)
        #expect(calls(assembled(builder), builder.symbols) == ["(queue orders)>b", "a>(queue orders)", "c>d"])
    }

    @Test func aGatewayIsCalledAndCalls() {
        var builder = SpanBuilder()
        builder.add(1, 0, .server, "gateway.shop", 0...100, cluster: "outbound|80||b.shop.svc.cluster.local", code: 200)
        builder.add(2, 1, .client, "gateway.shop", 1...99, cluster: "outbound|80||b.shop.svc.cluster.local", code: 200)
        builder.add(3, 2, .server, "b.shop", 2...98, cluster: "inbound|1||", code: 200)
        #expect(calls(assembled(builder), builder.symbols) == ["(outside)>gateway:200", "gateway>b:200"])
    }

    @Test func sharedIdsAreTwoHalves() throws {
        var builder = SpanBuilder()
        builder.add(1, 0, .client, "a", 0...100)
        builder.add(1, 0, .server, "b", 10...90, shared: true)
        builder.add(2, 1, .client, "b", 20...30, peer: ("db", .database))
        builder.add(3, 1, .internal, "a", 92...95)
        var store = assembled(builder)
        #expect(calls(store, builder.symbols) == ["a>b", "b>(database db)"])
        let assembly = try opened(&store)
        #expect(assembly.parent == [-1, 0, 1, 0])
        #expect(assembly.rows().count == 3)
    }

    @Test func theRestOfAHalfSentApartIsNoCall() {
        var builder = SpanBuilder()
        builder.add(1, 0, .server, "a", 0...100)
        builder.add(2, 1, .unspecified, "b", 21...22)
        builder.add(2, 1, .server, "b", 20...80, shared: true)
        builder.add(2, 1, .client, "a", 10...90)
        #expect(calls(assembled(builder), builder.symbols) == ["(outside)>a", "a>b"])
    }

    @Test func whatIsBrokenIsKeptAndCounted() throws {
        var builder = SpanBuilder()
        builder.add(1, 9, .server, "a", 0...50)  // its caller's span is missing
        builder.add(2, 3, .internal, "a", 10...20)  // each the other's parent
        builder.add(3, 2, .internal, "a", 11...19)
        builder.add(4, 4, .internal, "a", 12...13)  // its own
        builder.add(5, 0, .unspecified, "a", 14...15)
        builder.add(5, 0, .unspecified, "a", 14...15)  // sent twice
        builder.add(6, 1, .internal, "a", 20...20)
        builder.batch.spans[6].end = Timestamp(seconds: 1)
        var store = assembled(builder)
        #expect(store.oddities.byName == ["parent missing": 1, "parent cycle": 2, "duplicate": 1, "kind missing": 1, "several roots": 1, "no client half": 1,
                                          "ends before it starts": 1])
        let assembly = try opened(&store)
        #expect(assembly.order.count == 6 && store.spans == 6)
        #expect(calls(store, builder.symbols) == ["(unknown)>a"])
    }

    @Test func clocksAreStraightenedByJaegersRule() throws {
        var builder = SpanBuilder()
        builder.add(1, 0, .server, "a", 100...200, host: "one")
        builder.add(2, 1, .client, "a", 110...190, host: "one")
        builder.add(3, 2, .server, "b", 10...50, host: "two")  // shorter: into the middle
        builder.add(4, 3, .internal, "b", 20...30, host: "two")  // same clock: with it
        builder.add(5, 2, .server, "c", 10...210, host: "three")  // longer: to its parent's start
        builder.add(6, 1, .client, "a", 50...60, host: "one")  // same clock: stays
        var store = assembled(builder)
        let assembly = try opened(&store)
        #expect(assembly.shift.map { $0 / 1_000_000 } == [0, 0, 120, 120, 100, 0])
        #expect(store[TraceID(high: 0, low: 1)]?.summary?.adjusted == 3)
    }

    @Test func aHundredThousandSpansInOneTrace() throws {
        var builder = SpanBuilder()
        for id in 1...100_000 { builder.add(UInt64(id), UInt64(id - 1), .internal, "a", 0...10, message: 1) }
        var store = builder.store(budget: 1 << 26)
        #expect(store.consume(builder.batch) == 0)
        store.settle()
        let assembly = try opened(&store)
        #expect(assembly.rows().last?.depth == 99_999)
    }
}
