package import MeshModel

/// Who stands behind a target, as its labels say: plain names first, then what Prometheus' Kubernetes, Consul and Nomad
/// discovery and the usual relabelling write. The first that is there counts.
package enum TargetLabels {
    static let service = ["service", "canonical_service", "service_istio_io_canonical_name", "app_kubernetes_io_name", "app", "k8s_app",
                          "consul_service", "nomad_service", "__meta_kubernetes_pod_label_service_istio_io_canonical_name",
                          "__meta_kubernetes_pod_label_app_kubernetes_io_name", "__meta_kubernetes_pod_label_app",
                          "__meta_consul_service", "__meta_nomad_service", "__meta_marathon_app"]
    static let namespace = ["namespace", "kubernetes_namespace", "exported_namespace", "__meta_kubernetes_namespace", "__meta_nomad_namespace"]
    static let pod = ["pod", "pod_name", "kubernetes_pod_name", "__meta_kubernetes_pod_name", "alloc_id", "instance_id", "__meta_marathon_task"]
    static let version = ["version", "canonical_revision", "service_istio_io_canonical_revision", "app_kubernetes_io_version",
                          "__meta_kubernetes_pod_label_service_istio_io_canonical_revision",
                          "__meta_kubernetes_pod_label_app_kubernetes_io_version", "__meta_kubernetes_pod_label_version"]
    static let node = ["node", "node_name", "kubernetes_node", "hostname", "__meta_kubernetes_pod_node_name", "__meta_consul_node",
                       "__meta_nomad_node_id"]
    static let app = ["app", "app_kubernetes_io_part_of", "__meta_kubernetes_pod_label_app", "__meta_kubernetes_pod_label_app_kubernetes_io_part_of"]
    static let workload = ["workload", "deployment", "statefulset", "daemonset", "__meta_kubernetes_pod_controller_name"]
    static let cluster = ["cluster", "kubernetes_cluster", "dc", "__meta_consul_dc", "__meta_nomad_dc"]

    package static func claim(_ labels: [(String, String)], symbols: inout SymbolTable.Storage) -> EntityClaim {
        func first(_ names: [String], _ symbols: inout SymbolTable.Storage) -> Symbol {
            for name in names {
                if let value = labels.first(where: { $0.0 == name })?.1, !value.isEmpty { return symbols.intern(value) }
            }
            return .empty
        }
        var claim = EntityClaim()
        claim.service = first(service, &symbols)
        claim.namespace = first(namespace, &symbols)
        claim.pod = first(pod, &symbols)
        claim.version = first(version, &symbols)
        claim.node = first(node, &symbols)
        claim.workload = first(workload, &symbols)
        claim.cluster = first(cluster, &symbols)
        claim.app = first(app, &symbols)
        return claim
    }

    /// `host:port` of a URL; the whole name where it is none.
    package static func address(of url: String) -> String {
        guard let scheme = url.range(ofText: "://") else { return url }
        let rest = url[scheme.upperBound...]
        return String(rest.prefix { $0 != "/" && $0 != "?" })
    }
}

extension String {
    func range(ofText text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
