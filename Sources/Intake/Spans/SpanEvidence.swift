import MeshModel
import WireFormats

/// What a proxy's span says of the proxy that wrote it, beside its resource.
struct SpanEvidence: Hashable {
    /// `sidecar~10.244.0.20~reviews-v1-4m24g.bookinfo~bookinfo.svc.cluster.local`
    var nodeID = Symbol.empty
    var canonicalService = Symbol.empty
    var canonicalRevision = Symbol.empty
    var istioNamespace = Symbol.empty
    var istioCluster = Symbol.empty
    // Custom tags, under the names of the metric labels
    var service = Symbol.empty
    var version = Symbol.empty
    var namespace = Symbol.empty
    var pod = Symbol.empty
    var node = Symbol.empty

    /// By the numbers themselves: it is asked for every span.
    @inline(__always)
    static func == (a: SpanEvidence, b: SpanEvidence) -> Bool {
        (a.nodeID.raw ^ b.nodeID.raw) | (a.canonicalService.raw ^ b.canonicalService.raw) | (a.canonicalRevision.raw ^ b.canonicalRevision.raw)
            | (a.istioNamespace.raw ^ b.istioNamespace.raw) | (a.istioCluster.raw ^ b.istioCluster.raw) | (a.service.raw ^ b.service.raw)
            | (a.version.raw ^ b.version.raw) | (a.namespace.raw ^ b.namespace.raw) | (a.pod.raw ^ b.pod.raw) | (a.node.raw ^ b.node.raw) == 0
    }

    /// Takes over what it does not say itself.
    mutating func complete(with other: SpanEvidence) {
        for part in Self.parts where self[keyPath: part].isEmpty { self[keyPath: part] = other[keyPath: part] }
    }

    private static var parts: [WritableKeyPath<SpanEvidence, Symbol>] {
        [\.nodeID, \.canonicalService, \.canonicalRevision, \.istioNamespace, \.istioCluster, \.service, \.version, \.namespace, \.pod, \.node]
    }
}

/// What a `Resource` message says.
struct ResourceFacts {
    var service = Symbol.empty
    var version = Symbol.empty
    var serviceNamespace = Symbol.empty
    var pod = Symbol.empty
    var node = Symbol.empty
    var namespace = Symbol.empty
    var cluster = Symbol.empty
    var hostID = Symbol.empty
    var hostIP = Symbol.empty
    var hostName = Symbol.empty
    var workload = Symbol.empty
    var app = Symbol.empty
    private var workloadRank = UInt8.max

    init(_ resource: UnsafeRawBufferPointer, keys: SpanKeyTable, texts: inout SpanTexts) {
        var reader = ProtobufReader(resource)
        while reader.next() {
            guard reader.tag == 0x0A else {
                reader.skip()
                continue
            }
            guard let attribute = AttributeReader(reader.bytes()) else { continue }
            let key = keys.find(attribute.key)
            guard key.rawValue >= SpanKey.serviceName.rawValue, let text = Self.text(attribute) else { continue }
            take(key, texts.symbol(text))
        }
    }

    /// host.ip is a list of addresses: the first of them stands for the host.
    private static func text(_ attribute: AttributeReader) -> UnsafeRawBufferPointer? {
        if attribute.kind == .string { return attribute.bytes }
        guard attribute.kind == .array else { return nil }
        var reader = ProtobufReader(attribute.bytes)
        guard reader.next(), reader.tag == 0x0A else { return nil }
        var value = reader.message()
        return value.next() && value.tag == 0x0A ? value.bytes() : nil
    }

    private mutating func take(_ key: SpanKey, _ symbol: Symbol) {
        guard !symbol.isEmpty else { return }
        switch key {
        case .serviceName: service = symbol
        case .serviceVersion: version = symbol
        case .serviceNamespace: serviceNamespace = symbol
        case .podName: pod = symbol
        case .nodeName: node = symbol
        case .namespaceName: namespace = symbol
        case .clusterOfPod: cluster = symbol
        case .hostID: hostID = symbol
        case .hostIP: if hostIP.isEmpty { hostIP = symbol }
        case .hostName: hostName = symbol
        case .app: app = symbol
        // A Deployment says more than its ReplicaSet, a CronJob more than its Job.
        case .deployment, .statefulSet, .daemonSet, .cronJob, .job, .replicaSet:
            if key.rawValue < workloadRank {
                workloadRank = key.rawValue
                workload = symbol
            }
        default: break
        }
    }
}
