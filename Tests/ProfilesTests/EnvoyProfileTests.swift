import MeshModel
import Profiles
import Testing

@Suite struct EnvoyProfileTests {
    /// The same fact under Envoy's default tags and under Istio's.
    @Test(arguments: [
        ("envoy_cluster_upstream_rq{envoy_response_code=200,envoy_cluster_name=payment}", "envoy_cluster_upstream_rq{response_code=200,cluster_name=outbound|80|v1|payment.shop.svc.cluster.local}",
         "requests client 200 >payment?", "requests client 200 >payment.shop@v1"),
        ("envoy_cluster_upstream_rq_xx{envoy_response_code_class=5,envoy_cluster_name=payment}", "envoy_cluster_upstream_rq_xx{response_code_class=5xx,cluster_name=outbound|80||payment.shop.svc.cluster.local}",
         "requestsByClass client 5 >payment?", "requestsByClass client 5 >payment.shop"),
        ("envoy_http_downstream_rq_xx{envoy_response_code_class=2,envoy_http_conn_manager_prefix=ingress_http}", "envoy_http_downstream_rq_xx{response_code_class=2xx,http_conn_manager_prefix=inbound_0}",
         "requestsByClass server 2", "requestsByClass server 2"),
        ("envoy_listener_ssl_handshake{envoy_listener_address=0.0.0.0_80}", "envoy_listener_ssl_handshake{listener_address=0.0.0.0_15006}", "tlsHandshakes server", "tlsHandshakes server"),
    ])
    func bothTagFlavours(_ plain: String, _ istio: String, _ plainMeaning: String, _ istioMeaning: String) {
        var reading = Reading.builtin()
        #expect(reading(plain) == plainMeaning)
        #expect(reading(istio) == istioMeaning)
    }

    /// Class and exact code stand in one family; they are two signals, and the exact one comes first.
    @Test func aClassIsNeverAddedToItsCodes() throws {
        var reading = Reading.builtin()
        #expect(reading("envoy_cluster_upstream_rq{response_code_class=2xx,cluster_name=payment}") == "requestsByClass client 2 >payment?")
        #expect(reading("envoy_cluster_upstream_rq{response_code=200,cluster_name=payment}") == "requests client 200 >payment?")
        #expect(reading("envoy_cluster_upstream_rq{cluster_name=payment}") == nil)
        // The duplicates of the plain counters are no signal at all.
        for family in ["internal", "external", "canary", "zone_a_b", "retry"] {
            #expect(reading("envoy_cluster_\(family)_upstream_rq{response_code=200,cluster_name=payment}") == nil, "\(family)")
            #expect(reading("envoy_cluster_\(family)_upstream_rq_completed{cluster_name=payment}") == nil, "\(family)")
        }
        #expect(reading("envoy_cluster_upstream_rq_completed{cluster_name=payment}") == nil)
    }

    @Test(arguments: [
        ("inbound|8080||", "attempts server"),
        ("inbound|9080|http|reviews.default.svc.cluster.local", "attempts server"),
        ("inbound-vip|80|http|reviews.default.svc.cluster.local", "attempts server"),
        ("local_app", "attempts server"), ("localhost_8080", "attempts server"), ("InboundPassthroughClusterIpv4", "attempts server"),
        ("outbound|9080||reviews.default.svc.cluster.local", "attempts client >reviews.default"),
        ("outbound|9080|v2|reviews.default.svc.cluster.local", "attempts client >reviews.default@v2"),
        ("outbound_.9080_._v2_._reviews.default.svc.cluster.local", "attempts client >reviews.default@v2"),
        ("outbound|443||api.example.com", "attempts client >external:api.example.com"),
        ("PassthroughCluster", "attempts client >external:PassthroughCluster"), ("BlackHoleCluster", "attempts client >unknown:BlackHoleCluster"),
        ("backend_kuma-test_svc_8080", "attempts client >backend.kuma-test"),
        ("payment-v2", "attempts client >payment-v2?"), ("payment", "attempts client >payment?"),
    ])
    func clusterNamesTellServiceAndSubset(_ cluster: String, _ expected: String) {
        var reading = Reading.builtin()
        #expect(reading("envoy_cluster_upstream_rq_total{cluster_name=\(cluster)}") == expected)
        #expect(reading("envoy_cluster_upstream_rq_total{envoy_cluster_name=\(cluster)}") == expected)
    }

    @Test(arguments: ["telemetry", "zipkin", "jaeger", "otel-collector", "opentelemetry_collector", "xds-grpc", "ads_cluster", "sds-grpc", "agent", "prometheus_stats",
                      "kuma_envoy_admin", "access_log_sink", "consul-dataplane"])
    func theProxysOwnBusinessIsNoEdge(_ cluster: String) {
        var reading = Reading.builtin()
        #expect(reading("envoy_cluster_upstream_rq_total{cluster_name=\(cluster)}") == nil)
    }

    @Test(arguments: [
        ("envoy_cluster_upstream_rq_retry", "retries"), ("envoy_cluster_upstream_rq_retry_success", "retrySuccess"),
        ("envoy_cluster_upstream_rq_retry_overflow", "retryOverflow"), ("envoy_cluster_upstream_rq_retry_limit_exceeded", "retryLimitExceeded"),
        ("envoy_cluster_upstream_rq_timeout", "timeouts"), ("envoy_cluster_upstream_rq_per_try_timeout", "perTryTimeouts"),
        ("envoy_cluster_upstream_rq_pending_overflow", "pendingOverflow"), ("envoy_cluster_upstream_rq_cancelled", "unanswered"),
        ("envoy_cluster_circuit_breakers_default_cx_open", "breakerOpen"), ("envoy_cluster_circuit_breakers_high_rq_pending_open", "breakerOpen"),
        ("envoy_cluster_circuit_breakers_default_cx_pool_open", "breakerOpen"), ("envoy_cluster_circuit_breakers_default_remaining_rq", "remainingRequests"),
        ("envoy_cluster_outlier_detection_ejections_active", "outlierEjectionsActive"), ("envoy_cluster_outlier_detection_ejections_enforced_total", "outlierEjections"),
        ("envoy_cluster_membership_healthy", "hostsHealthy"), ("envoy_cluster_ssl_handshake", "tlsHandshakes"), ("envoy_cluster_ssl_connection_error", "tlsErrors"),
        ("envoy_cluster_upstream_cx_none_healthy", "noHealthyHost"), ("envoy_cluster_upstream_cx_active", "connectionsActive"),
        ("envoy_cluster_upstream_cx_tx_bytes_total", "bytesSent"), ("envoy_cluster_upstream_cx_rx_bytes_total", "bytesReceived"),
    ])
    func clusterCounters(_ family: String, _ signal: String) {
        var reading = Reading.builtin()
        #expect(reading("\(family){cluster_name=payment}") == "\(signal) client >payment?")
        #expect(reading("\(family){cluster_name=inbound|8080||}") == "\(signal) server")
        #expect(reading(family) == nil, "without its cluster it says nothing")
    }

    /// A stat prefix with dots spills into the name; the prefix label alone says which side it is.
    @Test(arguments: [
        ("envoy_http_0_0_0_21010_rbac_denied{http_conn_manager_prefix=inbound_0}", "rbacDenied server"),
        ("envoy_http_rbac_allowed{envoy_http_conn_manager_prefix=ingress_http}", "rbacAllowed server"),
        ("envoy_http_rbac_shadow_denied{http_conn_manager_prefix=inbound_0}", "rbacShadowDenied server"),
        ("envoy_http_rbac_denied{http_conn_manager_prefix=outbound_0}", nil), ("envoy_http_rbac_denied{http_conn_manager_prefix=admin}", nil),
        ("envoy_http_rbac_denied", nil), ("envoy_http_xrbac_denied{http_conn_manager_prefix=inbound_0}", nil),
        ("envoy_http_downstream_cx_active{http_conn_manager_prefix=inbound_0}", "connectionsActive server"),
        ("envoy_http_downstream_cx_rx_bytes_total{http_conn_manager_prefix=inbound_0}", "bytesSent server"),
        ("envoy_http_local_rate_limit_rate_limited{envoy_local_http_ratelimit_prefix=x}", "rateLimited server"),
        ("envoy_http_local_rate_limiter_http_local_rate_limit_rate_limited", "rateLimited server"), ("envoy_listener_ssl_fail_verify_san{listener_address=0.0.0.0_80}", "tlsErrors server"),
        ("envoy_http_no_route{http_conn_manager_prefix=inbound_0}", "noRoute server"),
        ("envoy_http_downstream_rq_total{http_conn_manager_prefix=inbound_0}", nil),
    ] as [(String, String?)])
    func listenerSideCounters(_ series: String, _ expected: String?) {
        var reading = Reading.builtin()
        #expect(reading(series) == expected)
    }

    @Test(arguments: [
        ("envoy_cluster_upstream_rq_time_bucket{cluster_name=p,le=0.5}", "latencyBucket client le0.5 >p?"), ("envoy_cluster_upstream_rq_time_bucket{cluster_name=p,le=1e+03}", "latencyBucket client le1000.0 >p?"),
        ("envoy_cluster_upstream_rq_time_bucket{cluster_name=p,le=+Inf}", "latencyBucket client leinf >p?"), ("envoy_cluster_upstream_rq_time_sum{cluster_name=p}", "latencySum client >p?"),
        ("envoy_cluster_upstream_rq_time_count{cluster_name=p}", "latencyCount client >p?"), ("envoy_cluster_upstream_rq_time_bucket{cluster_name=p}", nil),
        ("envoy_cluster_upstream_rq_time_bucket{cluster_name=p,le=x}", nil), ("envoy_cluster_upstream_rq_time{cluster_name=p,quantile=0.5}", nil),
        ("envoy_http_downstream_rq_time_bucket{http_conn_manager_prefix=inbound_0,le=5}", "latencyBucket server le5.0"),
    ] as [(String, String?)])
    func histograms(_ series: String, _ expected: String?) {
        var reading = Reading.builtin()
        #expect(reading(series) == expected)
    }

    @Test func theProxyItself() {
        var reading = Reading.builtin()
        #expect(reading("envoy_server_live", .gauge) == "proxyLive server")
        #expect(reading("envoy_server_days_until_first_cert_expiring", .gauge) == "certificateDaysLeft server")
        #expect(reading("envoy_control_plane_connected_state", .gauge) == "controlPlaneConnected server")
        #expect(reading("go_goroutines", .gauge) == nil)
    }

    @Test func exactCodesComeBeforeClassesBeforeListenerTotals() {
        var reading = Reading.builtin()
        let series = [
            "envoy_cluster_upstream_rq{response_code=200,cluster_name=inbound|80||}", "envoy_cluster_upstream_rq{response_code_class=2xx,cluster_name=inbound|80||}",
            "envoy_http_downstream_rq_xx{response_code_class=2xx,http_conn_manager_prefix=inbound_0}",
        ]
        #expect(series.map { reading.rank($0) } == [1, 2, 3])
        #expect(reading.rank("istio_requests_total{reporter=destination,response_code=200}") == 0)
    }
}
