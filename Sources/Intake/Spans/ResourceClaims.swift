import MeshModel

/// Turns what a resource and its spans say into claims, remembering each answer: a proxy says the same in every request.
struct ResourceClaims: ~Copyable {
    struct Answer {
        var claim: EntityClaim
        var host: Symbol
    }
    private struct Key: Hashable {
        var resource: UInt64
        var evidence: SpanEvidence
    }
    private static let most = 4096
    private var known: [Key: Answer] = [:]

    mutating func answer(resource hash: UInt64, bytes: UnsafeRawBufferPointer, evidence: SpanEvidence, keys: SpanKeyTable,
                         texts: inout SpanTexts) -> Answer {
        let key = Key(resource: hash, evidence: evidence)
        if let answer = known[key] { return answer }
        let facts = ResourceFacts(bytes, keys: keys, texts: &texts)
        let answer = Self.settle(facts, evidence, &texts)
        if known.count >= Self.most { known.removeAll(keepingCapacity: true) }
        known[key] = answer
        return answer
    }

    /// A proxy's own word (node_id, canonical labels, custom tags) counts before the resource's.
    private static func settle(_ facts: ResourceFacts, _ evidence: SpanEvidence, _ texts: inout SpanTexts) -> Answer {
        var claim = EntityClaim()
        let node = nodeID(evidence.nodeID, &texts)
        claim.pod = first(node.pod, evidence.pod, facts.pod)
        claim.namespace = first(node.namespace, evidence.istioNamespace, evidence.namespace, facts.namespace, facts.serviceNamespace)
        claim.cluster = first(evidence.istioCluster, facts.cluster)
        claim.node = first(evidence.node, facts.node)
        claim.workload = facts.workload
        let revision = texts.string(evidence.canonicalRevision) == "latest" ? Symbol.empty : evidence.canonicalRevision
        claim.version = first(revision, evidence.version, facts.version)
        claim.service = first(evidence.canonicalService, evidence.service)
        if claim.service.isEmpty { claim.service = service(facts, in: claim.namespace, &texts) }
        // Every Linkerd proxy calls itself that; its pod's labels tell them apart, and in a pod the host's name is the pod's.
        if texts.string(facts.service) == "linkerd-proxy" {
            claim.service = facts.app
            if claim.pod.isEmpty { claim.pod = facts.hostName }
        }
        return Answer(claim: claim, host: first(facts.hostID, first(facts.hostIP, facts.hostName), node.address))
    }

    private static func service(_ facts: ResourceFacts, in namespace: Symbol, _ texts: inout SpanTexts) -> Symbol {
        let name = texts.string(facts.service)
        if name.hasPrefix("unknown_service") { return .empty }
        // Istio's `app.namespace`, where something else names that namespace.
        guard !namespace.isEmpty, let dot = name.lastIndex(of: "."), dot > name.startIndex else { return facts.service }
        return name[name.index(after: dot)...] == texts.string(namespace) ? texts.symbol(String(name[..<dot])) : facts.service
    }

    /// `type~ip~pod.namespace~domain`; a plain Envoy's node id is any text and says nothing here.
    private static func nodeID(_ symbol: Symbol, _ texts: inout SpanTexts) -> (pod: Symbol, namespace: Symbol, address: Symbol) {
        let parts = texts.string(symbol).split(separator: "~", omittingEmptySubsequences: false)
        guard parts.count == 4, let dot = parts[2].lastIndex(of: ".") else { return (.empty, .empty, .empty) }
        return (texts.symbol(String(parts[2][..<dot])), texts.symbol(String(parts[2][parts[2].index(after: dot)...])),
                texts.symbol(String(parts[1])))
    }

    private static func first(_ symbols: Symbol...) -> Symbol { symbols.first { !$0.isEmpty } ?? .empty }
}
