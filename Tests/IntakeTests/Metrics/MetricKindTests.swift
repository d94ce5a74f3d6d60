@testable import Intake
import MeshModel
import TestSupport
import Testing
import WireFormats

/// What series the kinds of points become, in protobuf and in JSON.
@Suite struct MetricKindTests {
    private static let pb = Fixture.bytes("metrics/every-kind.otlp-metrics.pb")
    private static let json = Fixture.bytes("metrics/every-kind.otlp-metrics.json")

    private func pages(_ bytes: [UInt8], isJSON: Bool, keep: Intake.Keep = .all) -> [String] {
        var bench = MetricBench(keep: keep)
        let report = bench.send(at: 20, bytes: bytes, isJSON: isJSON)
        #expect(report.rejected == 0 && report.points == 14)
        let kept = bench.collector.all
        return kept.pages.map { page in
            "\(page.time.nanoseconds) " + page.samples.map { "\(kept.names[UInt64($0.ordinal)] ?? "?")=\($0.value)" }.sorted().joined(separator: " ")
        }
    }

    @Test(arguments: Intake.Keep.allCases) func jsonSaysTheSameAsProtobuf(_ keep: Intake.Keep) {
        let fromProtobuf = pages(Self.pb, isJSON: false, keep: keep)
        #expect(fromProtobuf.count == 3)
        #expect(pages(Self.json, isJSON: true, keep: keep) == fromProtobuf)
        #expect(pages(Self.json + Array("\n \n".utf8), isJSON: true, keep: keep) == fromProtobuf)
    }

    @Test func everyKindHasItsSeries() {
        let last = Set(pages(Self.pb, isJSON: false).last?.split(separator: " ").map(String.init) ?? [])
        let cart = "http_request_method=GET,http_response_status_code=503,http_route=/cart/{id}"
        for expected in [
            "http_server_active_requests{http_request_method=GET}=4.0", "queue_size_ratio{ok=true,share=0.25}=1.5", "jobs_done_total=10.0",
            "http_server_request_duration_seconds_bucket{\(cart.replacing("GET,", with: "GET,")),le=0.005}=20.0",
            "http_server_request_duration_seconds_bucket{\(cart),le=0.1}=32.0", "http_server_request_duration_seconds_bucket{\(cart),le=1}=36.0",
            "http_server_request_duration_seconds_bucket{\(cart),le=+Inf}=40.0", "http_server_request_duration_seconds_count{\(cart)}=40.0",
            "http_server_request_duration_seconds_sum{\(cart)}=2.5", "rpc_server_duration_milliseconds_count{rpc_grpc_status_code=14}=16.0",
            "rpc_server_duration_milliseconds_sum{rpc_grpc_status_code=14}=801.0", "rpc_server_duration_milliseconds_bucket{le=+Inf,rpc_grpc_status_code=14}=16.0",
            // 2^(16/8) = 4 is the end of the first bucket, 2^(19/8) = 5.19 of the last.
            "rpc_server_duration_milliseconds_bucket{le=2.8284271247461903,rpc_grpc_status_code=14}=2.0",
            "rpc_server_duration_milliseconds_bucket{le=4,rpc_grpc_status_code=14}=4.0",
            "rpc_server_duration_milliseconds_bucket{le=5.656854249492381,rpc_grpc_status_code=14}=16.0",
            "rpc_client_duration_milliseconds{quantile=0.99,server_address=payment}=9.5", "rpc_client_duration_milliseconds_count{server_address=payment}=8.0",
            "rpc_client_duration_milliseconds_sum{server_address=payment}=41.0",
        ] {
            #expect(last.contains(expected), "\(expected)")
        }
    }

    @Test func theResourceSaysWho() {
        var bench = MetricBench(keep: .mapped)
        bench.send(at: 20, bytes: Self.pb)
        let claim = bench.collector.all.claims[0] ?? EntityClaim()
        #expect([claim.service, claim.version, claim.namespace, claim.pod].map(bench.collector.text) == ["checkout", "v2", "shop", "checkout-7d9f-x2x4k"])
        #expect(bench.collector.all.states[0]?.name == "test: checkout checkout-7d9f-x2x4k")
        #expect(bench.collector.all.states[0]?.profiles == ["otel"])
    }

    /// A process that nobody named is no service, and metrics that no profile maps open no line.
    @Test func whoHasNoNameIsNobody() {
        var bench = MetricBench(keep: .mapped)
        bench.send(from: [("service.name", "unknown_service:python")], [.gauge("http.server.active_requests", 1, time: 1)])
        bench.send(from: [("service.name", "disks")], [.gauge("system.disk.usage", 1, time: 1)])
        let kept = bench.collector.all
        #expect(kept.claims.count == 1)
        #expect(kept.claims[0]?.kind == .unknown && kept.claims[0]?.service.isEmpty ?? false)
        #expect(bench.decoder.exporterCount == 1)
    }

    @Test(arguments: [
        ("http.server.duration", "ms", MetricKind.histogram, "http_server_duration_milliseconds"), ("http.server.duration", "", .histogram, "http_server_duration"),
        ("system.network.io", "By", .sum, "system_network_io_bytes_total"), ("requests.total", "1", .sum, "requests_total"), ("2xx", "", .sum, "_2xx_total"),
        ("speed", "By/s", .gauge, "speed_bytes_per_second"), ("share", "1", .gauge, "share_ratio"), ("cpu usage é", "%", .gauge, "cpu_usage_percent"),
        ("queue.bytes", "By", .gauge, "queue_bytes"), ("x", "{thing}/h", .gauge, "x_per_hour"),
        ("cluster.upstream_rq_total", "", .sum, "envoy_cluster_upstream_rq_total"), ("envoy.cluster.upstream_rq", "", .sum, "envoy_cluster_upstream_rq"),
        ("istio_requests_total", "", .sum, "istio_requests_total"), ("server.live", "", .gauge, "envoy_server_live"),
    ] as [(String, String, MetricKind, String)]) func names(_ name: String, _ unit: String, _ kind: MetricKind, _ expected: String) {
        var bench = MetricBench()
        let value: MetricParts.Value = kind == .histogram ? .histogram([1, 2], [5], sum: nil, count: nil) : .int(1)
        bench.send([MetricParts(name: name, unit: unit, kind: kind, points: [.init(value: value, start: 0, time: 1)])])
        #expect(bench.names.contains(kind == .histogram ? expected + "_count" : expected), "\(bench.names)")
    }

    @Test(arguments: [
        ("cluster.outbound|80||payment.shop.svc.cluster.local.upstream_rq_503", "envoy_cluster_upstream_rq",
         ["envoy_cluster_name=outbound|80||payment.shop.svc.cluster.local", "envoy_response_code=503"]),
        ("cluster.payment.upstream_rq_5xx", "envoy_cluster_upstream_rq_xx", ["envoy_cluster_name=payment", "envoy_response_code_class=5"]),
        ("cluster.payment.upstream_rq_total", "envoy_cluster_upstream_rq_total", ["envoy_cluster_name=payment"]),
        ("cluster.payment.circuit_breakers.default.rq_open", "envoy_cluster_circuit_breakers_default_rq_open", ["envoy_cluster_name=payment"]),
        ("http.inbound_0.0.0.0_80.downstream_rq_2xx", "envoy_http_downstream_rq_xx", ["envoy_http_conn_manager_prefix=inbound_0.0.0.0_80", "envoy_response_code_class=2"]),
        ("http.ingress.rbac.denied", "envoy_http_rbac_denied", ["envoy_http_conn_manager_prefix=ingress"]),
        ("listener.0.0.0.0_443.ssl.handshake", "envoy_listener_ssl_handshake", ["envoy_listener_address=0.0.0.0_443"]),
        ("http.server.request.duration", nil, []), ("cluster.upstream_rq_total", nil, []), ("cluster.", nil, []),
    ] as [(String, String?, [String])]) func envoyStatsWithTheirTagsInTheName(_ name: String, _ family: String?, _ labels: [String]) {
        let stat = EnvoyStatName(name)
        #expect(stat?.family == family)
        #expect(stat?.labels.map { "\($0.name)=\($0.value)" } ?? [] == labels)
    }
}
