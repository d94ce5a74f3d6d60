/// A proxy's page as a plan: texts that never change, and the places of the counters that follow them.
struct DemoPage {
    private struct Line {
        var text: Range<Int>
        /// −1: the text stands alone (a TYPE line).
        var value: Int
        /// Left out while 0, as a proxy does with codes it has not answered yet.
        var hidesZero: Bool
    }
    private var text: [UInt8] = []
    private var lines: [Line] = []

    init() {}

    init(of pod: DemoWorld.Pod, in topology: DemoTopology) {
        let server = "inbound|8080||"
        family("envoy_cluster_upstream_rq", "counter") { page in
            for (cluster, side) in pod.sides(server) {
                for (index, code) in DemoWorld.codes.enumerated() {
                    page.value("envoy_cluster_upstream_rq{response_code=\"\(code)\",cluster_name=\"\(cluster)\"}", side.codes + index, hidesZero: true)
                }
            }
        }
        counters(pod, server)
        let prefix = "{http_conn_manager_prefix=\"inbound_0\"}"
        let spill = "envoy_http_0_0_0_15006_"
        if pod.service != topology.entry {
            single("\(spill)rbac_allowed", "counter", prefix, pod.inbound.histogram + DemoWorld.bounds.count)
            single("\(spill)rbac_denied", "counter", prefix, pod.denied)
        }
        single("\(spill)downstream_cx_total", "counter", prefix, pod.inbound.connections)
        single("\(spill)downstream_cx_active", "gauge", prefix, pod.inbound.connections)
        single("\(spill)downstream_cx_rx_bytes_total", "counter", prefix, pod.inbound.sent)
        single("\(spill)downstream_cx_tx_bytes_total", "counter", prefix, pod.inbound.received)
        histogram("\(spill)downstream_rq_time", [("http_conn_manager_prefix=\"inbound_0\"", pod.inbound)])
        if pod.service != topology.entry, !topology.services[pod.serviceIndex].isPlaintext {
            single("envoy_listener_ssl_handshake", "counter", "{listener_address=\"0.0.0.0_15006\"}", pod.inbound.handshakes)
            constant("envoy_listener_ssl_no_certificate", "counter", "{listener_address=\"0.0.0.0_15006\"}", "0")
        }
        family("envoy_cluster_ssl_handshake", "counter") { page in
            for cluster in pod.outbound where cluster.isTLS { page.value("envoy_cluster_ssl_handshake{cluster_name=\"\(cluster.host)\"}", cluster.side.handshakes) }
        }
        histogram("envoy_cluster_upstream_rq_time", pod.outbound.map { ("cluster_name=\"\($0.host)\"", $0.side) })
        constant("envoy_control_plane_connected_state", "gauge", "{}", "1")
        constant("envoy_server_memory_allocated", "gauge", "{}", "48234496")
        constant("envoy_server_live", "gauge", "{}", "1")
        single("envoy_server_uptime", "gauge", "{}", pod.uptime)
        constant("envoy_server_days_until_first_cert_expiring", "gauge", "{}", "61")
        if pod.inbound.bySource >= 0 { istio(pod, topology) }
    }

    private mutating func counters(_ pod: DemoWorld.Pod, _ server: String) {
        func rows(_ name: String, _ place: KeyPath<DemoWorld.Side, Int>, to page: inout DemoPage) {
            for (cluster, side) in pod.sides(server) { page.value("\(name){cluster_name=\"\(cluster)\"}", side[keyPath: place]) }
        }
        for (name, place) in [("upstream_rq_total", \DemoWorld.Side.total), ("upstream_rq_retry", \.retries), ("upstream_cx_total", \.connections),
                              ("upstream_rq_retry_success", \.retrySuccesses), ("upstream_rq_timeout", \.timeouts), ("upstream_rq_retry_limit_exceeded", \.retryLimits),
                              ("upstream_cx_connect_fail", \.failedConnections), ("upstream_cx_tx_bytes_total", \.sent), ("upstream_cx_rx_bytes_total", \.received)] {
            family("envoy_cluster_\(name)", "counter") { rows("envoy_cluster_\(name)", place, to: &$0) }
        }
        for (name, place) in [("upstream_cx_active", \DemoWorld.Side.connections), ("membership_healthy", \.healthyHosts)] {
            family("envoy_cluster_\(name)", "gauge") { rows("envoy_cluster_\(name)", place, to: &$0) }
        }
        family("envoy_cluster_membership_total", "gauge") { page in
            for cluster in pod.outbound { page.plain("envoy_cluster_membership_total{cluster_name=\"\(cluster.host)\"} \(cluster.hosts)\n") }
        }
        // What real proxies export and nothing here ever moves.
        for (name, kind, value) in [("upstream_rq_retry_overflow", "counter", 0), ("upstream_rq_rx_reset", "counter", 0),
                                    ("upstream_rq_pending_overflow", "counter", 0), ("upstream_cx_connect_timeout", "counter", 0), ("upstream_cx_overflow", "counter", 0),
                                    ("upstream_cx_none_healthy", "counter", 0), ("outlier_detection_ejections_enforced_total", "counter", 0),
                                    ("outlier_detection_ejections_active", "gauge", 0), ("circuit_breakers_default_rq_open", "gauge", 0),
                                    ("circuit_breakers_default_cx_open", "gauge", 0), ("circuit_breakers_default_remaining_retries", "gauge", 3)] {
            family("envoy_cluster_\(name)", kind) { page in
                for cluster in pod.outbound { page.plain("envoy_cluster_\(name){cluster_name=\"\(cluster.host)\"} \(value)\n") }
            }
        }
        family("envoy_cluster_ssl_connection_error", "counter") { page in
            for cluster in pod.outbound where cluster.isTLS { page.plain("envoy_cluster_ssl_connection_error{cluster_name=\"\(cluster.host)\"} 0\n") }
        }
    }

    /// `istio_requests_total` as the callee's sidecar writes it.
    private mutating func istio(_ pod: DemoWorld.Pod, _ topology: DemoTopology) {
        family("istio_requests_total", "counter") { page in
            let own = "destination_workload=\"\(pod.service)-\(pod.version)\",destination_workload_namespace=\"\(pod.namespace)\",destination_principal="
                + "\"spiffe://cluster.local/ns/\(pod.namespace)/sa/\(pod.service)\",destination_app=\"\(pod.service)\",destination_version=\"\(pod.version)\","
                + "destination_service=\"\(pod.service).\(pod.namespace).svc.cluster.local\",destination_service_name=\"\(pod.service)\","
                + "destination_service_namespace=\"\(pod.namespace)\",destination_canonical_service=\"\(pod.service)\",destination_canonical_revision=\"\(pod.version)\""
            for (source, caller) in topology.callers.enumerated() where topology.services[caller.service].calls.contains(where: { $0.callee == pod.service }) {
                let service = topology.services[caller.service], version = service.versions[caller.version].name
                for (index, code) in DemoWorld.codes.enumerated() {
                    let labels = "reporter=\"destination\",source_workload=\"\(service.name)-\(version)\",source_workload_namespace=\"\(service.namespace)\",source_principal="
                        + "\"spiffe://cluster.local/ns/\(service.namespace)/sa/\(service.name)\",source_app=\"\(service.name)\",source_canonical_service=\"\(service.name)\","
                        + "source_canonical_revision=\"\(version)\",\(own),request_protocol=\"http\",response_code=\"\(code)\",grpc_response_status=\"\",response_flags=\"-\","
                        + "connection_security_policy=\"mutual_tls\""
                    page.value("istio_requests_total{\(labels)}", pod.inbound.bySource + source * DemoWorld.codes.count + index, hidesZero: true)
                }
            }
        }
    }

    // MARK: - Parts

    private mutating func family(_ name: String, _ type: String, _ body: (inout DemoPage) -> Void) {
        plain("# TYPE \(name) \(type)\n")
        body(&self)
    }

    private mutating func single(_ name: String, _ type: String, _ labels: String, _ place: Int) {
        family(name, type) { $0.value(name + labels, place) }
    }

    private mutating func constant(_ name: String, _ type: String, _ labels: String, _ value: String) {
        family(name, type) { $0.plain("\(name)\(labels) \(value)\n") }
    }

    private mutating func histogram(_ name: String, _ sides: [(labels: String, side: DemoWorld.Side)]) {
        family(name, "histogram") { page in
            for (labels, side) in sides {
                for (index, bound) in DemoWorld.bounds.enumerated() {
                    let text = bound == bound.rounded() ? "\(Int(bound))" : "\(bound)"
                    page.value("\(name)_bucket{\(labels),le=\"\(text)\"}", side.histogram + index)
                }
                page.value("\(name)_bucket{\(labels),le=\"+Inf\"}", side.histogram + DemoWorld.bounds.count)
                page.value("\(name)_sum{\(labels)}", side.sum)
                page.value("\(name)_count{\(labels)}", side.histogram + DemoWorld.bounds.count)
            }
        }
    }

    private mutating func plain(_ line: String) { add(line, -1, false) }
    private mutating func value(_ series: String, _ place: Int, hidesZero: Bool = false) { add(series + " ", place, hidesZero) }

    private mutating func add(_ line: String, _ place: Int, _ hidesZero: Bool) {
        let start = text.count
        text.append(contentsOf: line.utf8)
        lines.append(Line(text: start..<text.count, value: place, hidesZero: hidesZero))
    }

    // MARK: - Rendering

    func render(_ values: [Double], into bytes: inout [UInt8]) {
        for line in lines {
            guard line.value >= 0 else {
                bytes.append(contentsOf: text[line.text])
                continue
            }
            let value = values[line.value]
            if line.hidesZero, value == 0 { continue }
            bytes.append(contentsOf: text[line.text])
            Self.append(value, to: &bytes)
            bytes.append(10)
        }
    }

    /// Whole numbers as they are, others with three decimals.
    private static func append(_ value: Double, to bytes: inout [UInt8]) {
        var whole = UInt64(max(0, min(value, 1e18)))
        let fraction = UInt64((value - Double(whole)) * 1000)
        let start = bytes.count
        repeat {
            bytes.append(UInt8(48 + whole % 10))
            whole /= 10
        } while whole > 0
        bytes[start...].reverse()
        guard fraction > 0 else { return }
        bytes.append(46)
        bytes.append(UInt8(48 + fraction / 100))
        bytes.append(UInt8(48 + fraction / 10 % 10))
        bytes.append(UInt8(48 + fraction % 10))
    }
}

extension DemoWorld.Pod {
    /// The clusters of the proxy, its own application first.
    fileprivate func sides(_ server: String) -> [(String, DemoWorld.Side)] {
        [(server, inbound)] + outbound.map { ($0.host, $0.side) }
    }
}
