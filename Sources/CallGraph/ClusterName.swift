import MeshModel

/// What the raw name of an Envoy cluster says: toward the proxy's own application, or to whom.
struct ClusterName: Sendable {
    var isInbound = false
    var kind = EntityClaim.Kind.workload
    var service = Symbol.empty
    var namespace = Symbol.empty
    var version = Symbol.empty

    init(_ symbol: Symbol, _ symbols: SymbolTable) {
        let name = symbols.string(symbol)
        if Self.isOwnApplication(name) {
            isInbound = true
            return
        }
        let parts = Self.read(name)
        kind = parts.kind
        service = symbols.intern(parts.service)
        namespace = symbols.intern(parts.namespace)
        version = symbols.intern(parts.version)
    }

    private static func isOwnApplication(_ name: String) -> Bool {
        ["inbound|", "inbound-vip|", "inbound_", "localhost_", "self_inbound_", "InboundPassthrough"].contains { name.hasPrefix($0) }
            || name == "local_app" || name == "local_service"
    }

    struct Parts: Equatable {
        var kind = EntityClaim.Kind.workload
        var service = ""
        var namespace = ""
        var version = ""
    }

    static func read(_ name: String) -> Parts {
        let fields = name.split(separator: "|", omittingEmptySubsequences: false)
        if fields.count == 4, fields[0].hasPrefix("outbound") {
            var parts = host(String(fields[3]))
            parts.version = String(fields[2])
            return parts
        }
        if name == "PassthroughCluster" || name == "BlackHoleCluster" { return Parts(kind: .external, service: name) }
        if name.hasSuffix(".consul"), let parts = consul(name) { return parts }
        // Kuma: <service>_<namespace>_svc_<port>
        let dashes = name.split(separator: "_", omittingEmptySubsequences: false)
        if dashes.count == 4, dashes[2] == "svc" { return Parts(service: String(dashes[0]), namespace: String(dashes[1])) }
        return host(name)
    }

    /// `[subset.]service.namespace.datacenter.internal….trust-domain.consul`
    private static func consul(_ name: String) -> Parts? {
        let labels = name.split(separator: ".")
        guard let end = labels.firstIndex(where: { $0.hasPrefix("internal") || $0 == "external" }), end >= 3 else { return nil }
        var parts = Parts(service: String(labels[end - 3]), namespace: String(labels[end - 2]))
        if end >= 4 { parts.version = String(labels[end - 4].split(separator: "~").last ?? "") }
        return parts
    }

    /// A host of the mesh, one outside of it, or a bare name with a version behind it (`payment-v1`).
    static func host(_ host: String) -> Parts {
        let bare = host.split(separator: ":", omittingEmptySubsequences: false).first.map(String.init) ?? host
        let labels = bare.split(separator: ".")
        if labels.count >= 3, labels[2] == "svc" { return Parts(service: String(labels[0]), namespace: String(labels[1])) }
        if labels.count > 1 { return Parts(kind: .external, service: bare) }
        guard let dash = bare.lastIndex(of: "-"), dash != bare.startIndex else { return Parts(service: bare) }
        let last = bare[bare.index(after: dash)...]
        let isVersion = last.count > 1 && last.first == "v" && last.dropFirst().allSatisfy(\.isNumber)
        return isVersion ? Parts(service: String(bare[..<dash]), version: String(last)) : Parts(service: bare)
    }
}
