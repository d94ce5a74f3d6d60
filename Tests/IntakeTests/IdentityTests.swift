@testable import Intake
import MeshModel
import TestSupport
import Testing

/// Who stands behind a source, before any series is read.
@Suite struct IdentityTests {
    struct Who: Equatable {
        var cluster = "", namespace = "", service = "", workload = "", version = "", pod = "", node = ""
    }

    private func claim(_ labels: [(String, String)], name: String = "http://10.0.0.7:15020/stats/prometheus", rawName: String? = nil) -> (Who, isRaw: Bool) {
        let intake = Intake(profiles: builtin)
        let collector = Collector(intake)
        let session = intake.openSource(name: name, labels: labels, rawName: rawName, sink: collector)
        let claim = collector.all.claims[session.source.raw] ?? EntityClaim()
        let text = intake.symbols.string
        return (Who(cluster: text(claim.cluster), namespace: text(claim.namespace), service: text(claim.service), workload: text(claim.workload),
                    version: text(claim.version), pod: text(claim.pod), node: text(claim.node)), claim.isRawName)
    }

    @Test func plainLabelsNameEverything() {
        let (who, isRaw) = claim([("service", "cart"), ("namespace", "shop"), ("pod", "cart-v1-04x"), ("version", "v1"), ("node", "node-a"), ("app", "other")])
        #expect(who == Who(namespace: "shop", service: "cart", version: "v1", pod: "cart-v1-04x", node: "node-a"))
        #expect(!isRaw)
    }

    @Test func kubernetesDiscoveryNamesAPod() {
        let (who, _) = claim([
            ("__meta_kubernetes_namespace", "shop"), ("__meta_kubernetes_pod_name", "cart-6c9-x"), ("__meta_kubernetes_pod_label_app", "cart"),
            ("__meta_kubernetes_pod_label_version", "v2"), ("__meta_kubernetes_pod_node_name", "node-b"), ("__meta_kubernetes_pod_controller_name", "cart"),
        ])
        #expect(who == Who(namespace: "shop", service: "cart", workload: "cart", version: "v2", pod: "cart-6c9-x", node: "node-b"))
    }

    @Test func canonicalNamesComeBeforeTheApp() {
        let (who, _) = claim([("app", "cart"), ("service_istio_io_canonical_name", "basket"), ("version", ""), ("service_istio_io_canonical_revision", "v3")])
        #expect(who.service == "basket")
        #expect(who.version == "v3", "an empty label says nothing")
    }

    @Test func consulAndNomadNameAService() {
        #expect(claim([("__meta_consul_service", "web"), ("__meta_consul_node", "n1"), ("__meta_consul_dc", "dc1")]).0 == Who(cluster: "dc1", service: "web", pod: "10.0.0.7:15020", node: "n1"))
        #expect(claim([("__meta_nomad_service", "api"), ("__meta_nomad_namespace", "default"), ("alloc_id", "f00")]).0 == Who(namespace: "default", service: "api", pod: "f00"))
    }

    @Test func withoutLabelsTheAddressIsThePod() {
        #expect(claim([]).0 == Who(pod: "10.0.0.7:15020"))
        #expect(claim([], name: "https://host.example:9901/stats?format=prometheus").0.pod == "host.example:9901")
        #expect(claim([], name: "https://host.example?x").0.pod == "host.example")
    }

    @Test func aFileNameIsThePodAndMayCarryServiceAndVersion() {
        let (who, isRaw) = claim([], name: "dumps/cart-v1-04x.txt", rawName: "cart-v1-04x")
        #expect(who == Who(pod: "cart-v1-04x"))
        #expect(isRaw)
    }

    @Test(arguments: [
        ("dumps/payment-v1.txt", "payment-v1", Int64?.none), ("payment-v1@1700000000.txt", "payment-v1", 1_700_000_000_000), ("/x/a@1700000000.5.prom", "a", 1_700_000_000_500),
        ("a.metrics", "a", nil), ("a.b.txt", "a.b", nil), ("noextension", "noextension", nil), ("mail@host.txt", "mail@host", nil), ("@17.txt", "@17", nil), ("a@b@3.txt", "a@b", 3000),
    ])
    func fileNamesTellProxyAndTime(_ path: String, _ proxy: String, _ milliseconds: Int64?) {
        let named = PageFileNames.named(path)
        #expect(named.proxy == proxy)
        #expect(named.time?.milliseconds == milliseconds)
    }
}
