import CallGraph
@testable import Diagnosis
import MeshModel
import Testing
import TestSupport

@Suite struct TraceOriginTests {
    /// `gateway>checkout>payment own 503 POST /pay`; of a call that failed on the way, `gateway>payment->ledger connection 503`; `-` before what
    /// the entry does not fail for, `denied` before what policy refused.
    private func origins(_ builder: SpanBuilder, _ predicate: ErrorPredicate = .server, from entry: Int? = nil) throws -> [String] {
        var store = builder.store()
        #expect(store.consume(builder.batch) == 0)
        store.settle()
        let opened = store.assembly(of: TraceID(high: 0, low: 1))
        let assembly = try #require(opened)
        let flags = ["UF", "UT", "UH"].map { (builder.symbols.intern($0), FaultClass(flag: $0)) }
        let found = TraceOrigins(of: assembly, from: entry ?? assembly.root, store.parties, predicate, flagClass: Dictionary(uniqueKeysWithValues: flags).compactMapValues { $0 })
        func name(_ party: Int32) -> String { builder.symbols.string(store.parties[party].service) }
        func text(_ origin: TraceOrigin) -> String {
            let way = origin.path.map(name).joined(separator: ">") + (origin.caller < 0 ? "" : "->" + name(origin.party))
            return "\(origin.reachesEntry ? "" : "-")\(way) \(origin.fault) \(origin.code == Meaning.untoldCode ? "" : "\(origin.code)")".trimmingSpaces
        }
        return found.origins.map(text) + found.denials.map { "denied " + text($0) }
    }

    private func entered(code: UInt16) -> SpanBuilder {
        var builder = SpanBuilder()
        builder.add(1, 0, .server, "gateway.shop", 0...100, pod: "gateway.shop-0", cluster: "inbound|8080||", code: code)
        builder.add(2, 1, .client, "gateway.shop", 1...99, pod: "gateway.shop-0", cluster: "inbound|8080||", code: code)
        return builder
    }

    @Test func theEndOfAChainOfProxies() throws {
        var builder = entered(code: 502)
        builder.hop(10, under: 2, "gateway.shop", "checkout.shop", 10...90, code: 502)
        builder.hop(20, under: 13, "checkout.shop", "payment.shop", 20...80, code: 503)
        builder.hop(30, under: 23, "payment.shop", "ledger.shop", 30...50)
        #expect(try origins(builder) == ["gateway>checkout>payment own 503"])
    }

    @Test func whatNeverArrivedIsTheEdges() throws {
        var builder = entered(code: 503)
        builder.add(10, 2, .server, "gateway.shop", 10...90, pod: "gateway.shop-0", cluster: "outbound|80|v1|ledger.shop.svc.cluster.local", code: 503, flags: "UF")
        builder.add(11, 10, .client, "gateway.shop", 11...89, pod: "gateway.shop-0", cluster: "outbound|80|v1|ledger.shop.svc.cluster.local", code: 503, flags: "UF")
        #expect(try origins(builder) == ["gateway->ledger connection 503"])
    }

    @Test func whoDidNotWaitIsTheEdges() throws {
        var builder = entered(code: 504)
        builder.add(10, 2, .server, "gateway.shop", 10...50, pod: "gateway.shop-0", cluster: "outbound|80|v1|search.shop.svc.cluster.local", code: 504, flags: "UT")
        builder.add(11, 10, .client, "gateway.shop", 11...50, pod: "gateway.shop-0", cluster: "outbound|80|v1|search.shop.svc.cluster.local", code: 504, flags: "UT")
        builder.add(12, 11, .server, "search.shop", 12...95, pod: "search.shop-0", cluster: "inbound|8080||", code: 200)
        #expect(try origins(builder) == ["gateway->search timeout 504"])
    }

    @Test func whoWasGivenUpIsNotTheCause() throws {
        var builder = entered(code: 504)
        builder.add(10, 2, .server, "gateway.shop", 10...50, pod: "gateway.shop-0", cluster: "outbound|80|v1|search.shop.svc.cluster.local", code: 504, flags: "UT")
        builder.add(11, 10, .client, "gateway.shop", 11...50, pod: "gateway.shop-0", cluster: "outbound|80|v1|search.shop.svc.cluster.local", code: 504, flags: "UT")
        builder.add(12, 11, .server, "search.shop", 12...51, pod: "search.shop-0", cluster: "inbound|8080||", code: 0, flags: "DC")
        builder.add(13, 12, .client, "search.shop", 13...51, pod: "search.shop-0", cluster: "inbound|8080||", code: 0)
        #expect(try origins(builder) == ["gateway->search timeout 504"])
    }

    @Test func twoFaultsOfOneTraceAreTwo() throws {
        var builder = entered(code: 500)
        builder.hop(10, under: 2, "gateway.shop", "cart.shop", 10...40, code: 500)
        builder.hop(20, under: 2, "gateway.shop", "search.shop", 50...90, code: 503)
        #expect(try origins(builder) == ["gateway>cart own 500", "gateway>search own 503"])
    }

    @Test func whatSomebodyGotByWithoutIsNotTheCause() throws {
        var builder = entered(code: 500)
        builder.hop(10, under: 2, "gateway.shop", "frontend.shop", 10...90, code: 200)
        builder.hop(20, under: 13, "frontend.shop", "ads.shop", 20...40, code: 503)
        #expect(try origins(builder) == ["gateway own 500", "-gateway>frontend>ads own 503"])
    }

    @Test func aFirstAttemptThatFailedIsNotTheCause() throws {
        var builder = entered(code: 200)
        builder.hop(10, under: 2, "gateway.shop", "cart.shop", 10...40, code: 503)
        builder.hop(20, under: 2, "gateway.shop", "cart.shop", 50...90, code: 200)
        #expect(try origins(builder) == ["-gateway>cart own 503"])
    }

    @Test func denialsAreAClassOfTheirOwn() throws {
        var builder = entered(code: 200)
        builder.hop(10, under: 2, "gateway.shop", "inventory.shop", 10...40, code: 403, isDenied: true)
        #expect(try origins(builder) == ["denied -gateway->inventory policy 403"])
        #expect(try origins(builder, .client) == ["denied -gateway->inventory policy 403"])
    }

    @Test func applicationsSpansWithoutAnswersPassErrorsOn() throws {
        var builder = SpanBuilder()
        builder.add(1, 0, .server, "gateway.shop", 0...100, code: 500)
        builder.add(2, 1, .internal, "gateway.shop", 1...99)
        builder.add(3, 2, .client, "gateway.shop", 2...98, code: 500)
        builder.add(4, 3, .server, "orders.shop", 3...97, status: .error)
        builder.add(5, 4, .client, "orders.shop", 10...90, peer: ("mysql", .database), status: .error)
        #expect(try origins(builder) == ["gateway>orders>mysql own"])
    }

    @Test func aPartOfATrace() throws {
        var builder = entered(code: 200)
        builder.hop(10, under: 2, "gateway.shop", "frontend.shop", 10...90, code: 500)
        builder.hop(20, under: 13, "frontend.shop", "ads.shop", 20...40, code: 503)
        #expect(try origins(builder, from: 4) == ["frontend>ads own 503"], "from the span where it came in")
    }

    @Test func whoSpeaksElsewhereAndAnsweredHereLostItsSpans() throws {
        var builder = entered(code: 502)
        builder.add(10, 2, .client, "gateway.shop", 10...40, code: 502, peer: ("cart.shop.svc.cluster.local", .workload))
        builder.hop(20, under: 2, "gateway.shop", "cart.shop", 50...90)
        var store = builder.store()
        #expect(store.consume(builder.batch) == 0)
        store.settle()
        let opened = store.assembly(of: TraceID(high: 0, low: 1))
        let assembly = try #require(opened)
        let found = TraceOrigins(of: assembly, from: assembly.root, store.parties, .server, flagClass: [:])
        #expect(found.origins.map(\.isCutOff) == [true])
    }

    @Test func aFailureWithoutAnAnswerIsTheEdges() throws {
        var builder = entered(code: 502)
        builder.add(10, 2, .client, "gateway.shop", 10...40, peer: ("cart.shop.svc.cluster.local", .workload), status: .error)
        builder.hop(20, under: 2, "gateway.shop", "cart.shop", 50...90)
        #expect(try origins(builder) == ["gateway->cart unanswered"])
    }

    @Test func oneSpanIsItsOwnCause() throws {
        var builder = SpanBuilder()
        builder.add(1, 0, .server, "a.shop", 0...1, code: 500)
        #expect(try origins(builder) == ["a own 500"])
    }
}

extension String {
    fileprivate var trimmingSpaces: String { hasSuffix(" ") ? String(dropLast()) : self }
}
