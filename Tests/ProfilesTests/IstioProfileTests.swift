import MeshModel
import Profiles
import Testing

@Suite struct IstioProfileTests {
    private static let peers = "source_workload=checkout-v1,source_workload_namespace=shop,source_canonical_service=checkout,source_canonical_revision=v1,"
        + "destination_workload=payment-v2,destination_workload_namespace=shop,destination_canonical_service=payment,destination_canonical_revision=v2"

    @Test(arguments: [
        ("reporter=destination,response_code=200,response_flags=-,connection_security_policy=mutual_tls,request_protocol=http,grpc_response_status=",
         "requests server 200 mutual <checkout.shop@v1/checkout-v1 >payment.shop@v2/payment-v2"),
        ("reporter=source,response_code=503,response_flags=UF,connection_security_policy=unknown,request_protocol=http",
         "requests client 503 flags:UF <checkout.shop@v1/checkout-v1 >payment.shop@v2/payment-v2"),
        ("reporter=waypoint,response_code=200,response_flags=-,connection_security_policy=none,request_protocol=grpc,grpc_response_status=14",
         "requests waypoint 200 grpc14 isGRPC none <checkout.shop@v1/checkout-v1 >payment.shop@v2/payment-v2"),
        ("reporter=source,response_code=0,response_flags=DC", "requests client 0 flags:DC <checkout.shop@v1/checkout-v1 >payment.shop@v2/payment-v2"),
    ])
    func requests(_ labels: String, _ expected: String) {
        var reading = Reading.builtin()
        #expect(reading("istio_requests_total{\(labels),\(Self.peers)}") == expected)
    }

    @Test func withoutAReporterItIsNobodysFact() {
        var reading = Reading.builtin()
        #expect(reading("istio_requests_total{response_code=200}") == nil)
        #expect(reading("istio_requests_total{reporter=else,response_code=200}") == nil)
    }

    @Test(arguments: [
        // Unknown peers: a caller from outside, a destination nobody knows, the default revision.
        ("source_workload=unknown,source_canonical_service=unknown,source_canonical_revision=latest,destination_canonical_service=a,destination_canonical_revision=latest", "<external: >a"),
        ("destination_service_name=PassthroughCluster,destination_service=api.example.com,destination_workload=unknown", "<external: >external:api.example.com"),
        ("destination_service_name=InboundPassthroughCluster,destination_service=unknown", "<external: >external:InboundPassthroughCluster"),
        ("destination_service_name=BlackHoleCluster,destination_service=10.0.0.9,destination_canonical_service=unknown", "<external: >unknown:10.0.0.9"),
        ("destination_service=reviews.default.svc.cluster.local,destination_canonical_service=unknown,destination_workload=unknown", "<external: >reviews.default.svc.cluster.local"),
        ("destination_service_name=reviews,destination_service_namespace=default,destination_workload=unknown", "<external: >reviews.default"),
        ("source_app=old,destination_app=older", "<old >older"),
        ("source_cluster=east,source_canonical_service=a,destination_cluster=west,destination_canonical_service=b", "<a#east >b#west"),
    ])
    func peersAsFarAsTheyAreKnown(_ labels: String, _ expected: String) {
        var reading = Reading.builtin()
        #expect(reading("istio_requests_total{reporter=source,response_code=200,\(labels)}") == "requests client 200 " + expected)
    }

    @Test(arguments: [
        ("istio_request_duration_milliseconds_bucket{le=25,", "latencyBucket server le25.0"), ("istio_request_duration_seconds_bucket{le=0.025,", "latencyBucket server le25.0 x1000.0"),
        ("istio_request_duration_milliseconds_sum{", "latencySum server"), ("istio_request_duration_milliseconds_count{", "latencyCount server"),
        ("istio_request_bytes_sum{", "bytesSent server"), ("istio_response_bytes_sum{", "bytesReceived server"),
        // Sent is the response direction in Istio's TCP metrics.
        ("istio_tcp_sent_bytes_total{", "bytesReceived server"), ("istio_tcp_received_bytes_total{", "bytesSent server"),
        ("istio_tcp_connections_opened_total{", "connectionsOpened server"), ("istio_tcp_connections_closed_total{", "connectionsClosed server"),
    ])
    func otherFamilies(_ start: String, _ expected: String) {
        var reading = Reading.builtin()
        #expect(reading(start + "reporter=destination,source_app=a,destination_app=b}") == expected + " <a >b")
    }

    @Test(arguments: ["istio_request_bytes_bucket{le=1,", "istio_request_bytes_count{", "istio_response_bytes_bucket{le=1,", "istio_agent_go_goroutines{", "istio_build{"])
    func whatIsNoTrafficIsNotMapped(_ start: String) {
        var reading = Reading.builtin()
        #expect(reading(start + "reporter=destination,source_app=a,destination_app=b}") == nil)
    }
}
