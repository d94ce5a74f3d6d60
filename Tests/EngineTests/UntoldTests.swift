import Engine
import Intake
import MeshModel
import Panels
import Profiles
import Testing

/// What a proxy does not say is unknown, neither good nor bad.
struct UntoldTests {
    private func rows(_ first: String, _ second: String) throws -> [EntityRow] {
        let intake = Intake(profiles: try ProfileSet.builtin())
        let engine = Engine(symbols: intake.symbols, windowSeconds: 60)
        let session = intake.openSource(name: "http://10.0.0.1:15020/stats", labels: [("pod", "cart-1"), ("service", "cart"), ("namespace", "shop")],
                                        intervalSeconds: 5, sink: engine)
        for (time, page) in [(100.0, first), (105, second)] {
            session.begin(time: Timestamp(seconds: time))
            Array(page.utf8).withUnsafeBytes { session.feed($0) }
            _ = session.finish(into: engine)
        }
        return engine.answer([.entities(.service)], at: FrameTime(windowSeconds: 60)).entities[.service] ?? []
    }

    private func istio(_ labels: String, _ count: Int) -> String {
        "istio_requests_total{reporter=\"destination\",source_workload=\"web\",destination_workload=\"cart\",destination_service_name=\"cart\","
            + "destination_workload_namespace=\"shop\",destination_service_namespace=\"shop\"\(labels)} \(count)\n"
    }

    /// A plain Envoy scraped by its URL, and a pod whose labels name no service.
    @Test(arguments: [([], "127.0.0.1:21002", "127.0.0.1:21002"), ([("pod", "cart-7d9f8c6b5-x2x4k")], "cart", "cart-7d9f8c6b5-x2x4k")])
    func aProxyNobodyNamesHasItsAddressForAName(_ labels: [(String, String)], _ service: String, _ pod: String) throws {
        let intake = Intake(profiles: try ProfileSet.builtin())
        let engine = Engine(symbols: intake.symbols, windowSeconds: 60)
        let session = intake.openSource(name: "http://127.0.0.1:21002/stats/prometheus", labels: labels, intervalSeconds: 5, sink: engine)
        for (time, count) in [(100.0, 10), (105, 40)] {
            session.begin(time: Timestamp(seconds: time))
            let page = "envoy_http_downstream_rq_xx{envoy_response_code_class=\"2\",envoy_http_conn_manager_prefix=\"inbound_0.0.0.0_8080\"} \(count)\n"
            Array(page.utf8).withUnsafeBytes { session.feed($0) }
            _ = session.finish(into: engine)
        }
        let data = engine.answer([.entities(.service), .entities(.pod)], at: FrameTime(windowSeconds: 60))
        #expect(data.entities[.service]?.map(\.key.name) == [service])
        #expect(data.entities[.service]?.first?.signals.requests == 30)
        #expect(data.entities[.pod]?.map(\.key.name) == [pod])
    }

    /// Users take labels off Istio's metrics to save series.
    @Test func requestsWithoutACodeAreNoErrors() throws {
        let cart = try #require(rows(istio("", 10), istio("", 40)).first { $0.key.name == "cart" })
        #expect(cart.signals.requests == 30)
        #expect(cart.signals.errors == 0)
        #expect(cart.signals.codes.isEmpty)
    }

    @Test func codeZeroIsNoAnswer() throws {
        let labels = ",response_code=\"0\",response_flags=\"DC\""
        let cart = try #require(rows(istio(labels, 10), istio(labels, 40)).first { $0.key.name == "cart" })
        #expect(cart.signals.errors == 30)
        #expect(cart.signals.codes == [.init(code: 0, count: 30)])
    }

    @Test func securityIsUnknownWhereNothingTellsOfTLS() throws {
        let page = { (count: Int) in "envoy_cluster_upstream_rq{envoy_response_code=\"200\",envoy_cluster_name=\"ledger\"} \(count)\n" }
        let ledger = try #require(rows(page(10), page(40)).first { $0.key.name == "ledger" })
        #expect(ledger.signals.security == .unknown)
        let tls = "envoy_cluster_ssl_handshake{envoy_cluster_name=\"other\"} 3\n"
        let told = try #require(rows(page(10) + tls, page(40) + tls).first { $0.key.name == "ledger" })
        #expect(told.signals.security == .none)
        let connections = "envoy_cluster_upstream_cx_total{envoy_cluster_name=\"ledger\"} 3\n"
        let plain = try #require(rows(page(10) + connections, page(40) + connections).first { $0.key.name == "ledger" })
        #expect(plain.signals.security == .none)
    }
}
