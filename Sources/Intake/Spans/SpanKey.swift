import MeshModel

/// The attributes whose values assembling needs, under all their names: Envoy's own and Zipkin's, OpenTelemetry's old and new ones.
enum SpanKey: UInt8 {
    case none
    // Of spans
    case component, error, errorStatus, httpCode, grpcCode, flags, cluster, clusterName, shared, samplerType, samplerParam
    case peerService, database, databaseName, statement, messaging, destination, server, peerName, url, host
    // Of spans, about who wrote them
    case nodeID, canonicalService, canonicalRevision, istioNamespace, istioCluster, tagService, tagVersion, tagNamespace, tagPod, tagNode
    // Of resources
    case serviceName, serviceVersion, serviceNamespace, podName, nodeName, namespaceName, clusterOfPod, hostID, hostIP, hostName
    case deployment, statefulSet, daemonSet, cronJob, job, replicaSet, app

    static let names: [(StaticString, SpanKey)] = [
        ("component", .component), ("error", .error), ("otel.status_code", .errorStatus), ("zipkin.shared", .shared),
        ("http.status_code", .httpCode), ("http.response.status_code", .httpCode),
        ("grpc.status_code", .grpcCode), ("rpc.grpc.status_code", .grpcCode), ("rpc.response.status_code", .grpcCode),
        ("response_flags", .flags), ("upstream_cluster", .cluster), ("upstream_cluster.name", .clusterName),
        ("sampler.type", .samplerType), ("sampler.param", .samplerParam),
        ("peer.service", .peerService), ("service.peer.name", .peerService),
        ("db.system", .database), ("db.system.name", .database), ("db.type", .database),
        ("db.name", .databaseName), ("db.namespace", .databaseName), ("db.instance", .databaseName),
        // Brave's tracers say what they ask a database and not of which kind it is.
        ("sql.query", .statement), ("db.statement", .statement), ("db.query.text", .statement), ("cassandra.query", .statement),
        ("cassandra.keyspace", .statement), ("mongodb.command", .statement),
        ("messaging.system", .messaging), ("messaging.destination.name", .destination), ("messaging.destination", .destination),
        ("message_bus.destination", .destination), ("server.address", .server), ("net.peer.name", .peerName),
        ("peer.hostname", .peerName), ("url.full", .url), ("http.url", .url), ("http.host", .host),
        ("node_id", .nodeID), ("istio.canonical_service", .canonicalService), ("istio.canonical_revision", .canonicalRevision),
        ("istio.namespace", .istioNamespace), ("istio.cluster_id", .istioCluster), ("service", .tagService), ("version", .tagVersion),
        ("namespace", .tagNamespace), ("pod", .tagPod), ("node_name", .tagNode),
        ("service.name", .serviceName), ("service.version", .serviceVersion), ("service.namespace", .serviceNamespace),
        ("k8s.pod.name", .podName), ("k8s.node.name", .nodeName), ("k8s.namespace.name", .namespaceName),
        ("k8s.cluster.name", .clusterOfPod), ("host.id", .hostID), ("host.ip", .hostIP), ("net.host.ip", .hostIP), ("ip", .hostIP),
        ("host.name", .hostName), ("hostname", .hostName), ("k8s.deployment.name", .deployment),
        ("k8s.statefulset.name", .statefulSet), ("k8s.daemonset.name", .daemonSet), ("k8s.cronjob.name", .cronJob),
        ("k8s.job.name", .job), ("k8s.replicaset.name", .replicaSet), ("linkerd.io/proxy-deployment", .deployment),
        ("linkerd.io/proxy-statefulset", .statefulSet), ("linkerd.io/proxy-daemonset", .daemonSet), ("app", .app),
        ("app.kubernetes.io/name", .app),
    ]
}

/// Finds a key among `SpanKey.names` by one seeded hash; almost every attribute's key is one that nobody asks for.
struct SpanKeyTable {
    private struct Slot {
        var hash: UInt64 = 0
        var key = SpanKey.none
    }
    private var slots = [Slot](repeating: Slot(), count: 256)
    let seed: UInt64

    init(seed: UInt64) {
        self.seed = seed
        for (name, key) in SpanKey.names {
            let hash = ByteHash.hash(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), seed: seed)
            var slot = Int(truncatingIfNeeded: hash) & 255
            while slots[slot].key != .none { slot = (slot + 1) & 255 }
            slots[slot] = Slot(hash: hash, key: key)
        }
    }

    /// All 64 bits of a hash that no sender can know are taken for the key itself.
    @inline(__always)
    func find(_ name: UnsafeRawBufferPointer) -> SpanKey {
        guard let base = name.baseAddress, name.count <= 32 else { return .none }
        let hash = ByteHash.hash(base, name.count, seed: seed)
        var slot = Int(truncatingIfNeeded: hash) & 255
        while slots[slot].key != .none {
            if slots[slot].hash == hash { return slots[slot].key }
            slot = (slot + 1) & 255
        }
        return .none
    }
}
