import MeshModel
import Testing
@testable import Intake

/// Who wrote a span: resource, node_id, Istio's attributes, custom tags.
@Suite struct SpanIdentityTests {
    static let node = "sidecar~10.0.0.1~pay-v1-x.shop~shop.svc.cluster.local"
    static let other = "sidecar~10.0.0.2~pay-v2-y.shop~shop.svc.cluster.local"

    static let resources: [([(String, Value)], [(String, Value)], String)] = [
        ([("service.name", "pay"), ("service.version", "2"), ("service.namespace", "shop")], [], "ns=shop service=pay version=2"),
        ([("service.name", "pay.shop")], [], "service=pay.shop"),
        ([("service.name", "pay.shop"), ("k8s.namespace.name", "shop")], [], "ns=shop service=pay"),
        ([("service.name", "pay.shop"), ("k8s.namespace.name", "bank")], [], "ns=bank service=pay.shop"),
        ([("service.name", "pay.shop")], [("node_id", .text(node))], "ns=shop service=pay pod=pay-v1-x"),
        ([("service.name", "unknown_service:envoy")], [("node_id", .text(node))], "ns=shop pod=pay-v1-x"),
        ([("service.name", "unknown_service")], [], ""),
        ([("service.name", "pay.shop")], [("istio.canonical_service", "pay"), ("istio.canonical_revision", "v3"), ("istio.namespace", "shop"),
                                          ("istio.cluster_id", "east")], "ns=shop service=pay version=v3 cluster=east"),
        ([("service.name", "pay")], [("istio.canonical_revision", "latest")], "service=pay"),
        ([("service.name", "pay.shop")], [("component", "proxy"), ("service", "pay"), ("version", "v1"), ("pod", "p"), ("namespace", "shop"),
                                          ("node_name", "n")], "ns=shop service=pay version=v1 pod=p node=n"),
        ([("service.name", "pay")], [("service", "other"), ("version", "9"), ("pod", "p")], "service=pay"),
        ([("service.name", "pay"), ("k8s.pod.name", "p"), ("k8s.node.name", "n"), ("k8s.replicaset.name", "pay-7f"), ("k8s.deployment.name", "pay-d"),
          ("k8s.cluster.name", "c")], [], "service=pay workload=pay-d pod=p node=n cluster=c"),
        ([("service.name", "linkerd-proxy"), ("linkerd.io/proxy-deployment", "web"), ("host.name", "web-1")], [], "workload=web pod=web-1"),
        ([("service.name", "pay")], [("node_id", "plain-node")], "service=pay"),
    ]

    @Test(arguments: resources.indices) func claims(_ index: Int) {
        let (resource, attributes, claim) = Self.resources[index]
        #expect(Decoded(resource, SpanParts(1, attributes)).claim(0) == claim)
    }

    @Test(arguments: [
        ([("host.name", Value.text("h")), ("host.id", .text("i"))], "i"), ([("host.name", .text("h")), ("host.ip", .texts(["10.1.1.1", "::1"]))], "10.1.1.1"),
        ([("host.name", .text("h"))], "h"), ([], ""),
    ] as [([(String, Value)], String)]) func hosts(_ resource: [(String, Value)], _ host: String) {
        let decoded = Decoded(resource, SpanParts())
        #expect(decoded.text(decoded.batch.resources[0].host) == host)
    }

    @Test func proxiesOfOneResourceAreTakenApart() {
        let decoded = Decoded([("service.name", "pay.shop")],
                              SpanParts(1, [("node_id", .text(Self.node))]), SpanParts(2, parent: 1), SpanParts(3, [("node_id", .text(Self.other))]),
                              SpanParts(4, parent: 3), SpanParts(5, parent: 9))
        #expect(decoded.batch.resources.count == 3)
        #expect((0..<5).map(decoded.claim) == [
            "ns=shop service=pay pod=pay-v1-x", "ns=shop service=pay pod=pay-v1-x", "ns=shop service=pay pod=pay-v2-y",
            "ns=shop service=pay pod=pay-v2-y", "service=pay.shop",
        ])
    }

    @Test func aProxysSpansAreOneWriterWhateverEachOfThemSays() {
        let tags: [(String, Value)] = [("component", "proxy"), ("pod", "pay-v1-x"), ("version", "v1")]
        let decoded = Decoded([("service.name", "pay.shop")], SpanParts(1, tags), SpanParts(2, [("node_id", .text(Self.node))]), SpanParts(3))
        #expect(decoded.batch.resources.count == 1)
        #expect((0..<3).map(decoded.claim) == .init(repeating: "ns=shop service=pay version=v1 pod=pay-v1-x", count: 3))
    }
}
