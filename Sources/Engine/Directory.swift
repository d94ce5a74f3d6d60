import MeshModel

/// Settles who is meant by every claim that was read, from all of them together. Claims are never rewritten: when new ones
/// come, everything is settled anew.
///
/// Whose word counts: target labels, then the proxy's own labels, then cluster names, then the file name.
struct Directory {
    private(set) var entities: [ResolvedEntity] = []
    private var index: [ResolvedEntity: Int32] = [:]
    private var settled: [EntityClaim: Int32] = [:]
    private var names = KnownNames()
    fileprivate var services: [Int32] = []
    /// Each entity's version, by its number.
    private(set) var versions: [Symbol] = []

    /// Entity by number; numbers hold until the next `settle`.
    subscript(_ id: Int32) -> ResolvedEntity { entities[Int(id)] }

    /// - Parameters:
    ///   - targets: what is claimed about the proxies themselves.
    ///   - peers: what they say about others.
    mutating func settle(targets: [EntityClaim], peers: [EntityClaim], symbols: SymbolTable) {
        entities = []
        index = [:]
        settled = [:]
        names = KnownNames()
        symbols.withLock { symbols in
            for claim in targets where !claim.isRawName { names.learn(claim, symbols: symbols) }
            for claim in peers where !claim.isRawName { names.learn(claim, symbols: symbols) }
            for claim in peers where claim.isRawName { names.learnCluster(claim.service, symbols: symbols) }
            let files = targets.filter(\.isRawName).map { symbols.string($0.pod) }
            names.learnPrefix(of: files)
            for claim in targets where claim.isRawName {
                let parts = names.pod(symbols.string(claim.pod))
                names.learn(service: parts.service, version: parts.version, namespace: nil)
            }
            for claim in targets + peers where settled[claim] == nil { settled[claim] = number(resolve(claim, &symbols)) }
        }
        let finest = entities
        services = []
        for entity in finest { services.append(number(entity.asService)) }
        versions = entities.map(\.version)
    }

    func entity(of claim: EntityClaim) -> Int32 { settled[claim] ?? -1 }

    /// The entity of a fold: the same at a coarser grain.
    mutating func number(_ entity: ResolvedEntity) -> Int32 {
        if let known = index[entity] { return known }
        let id = Int32(entities.count)
        entities.append(entity)
        index[entity] = id
        return id
    }

    private func resolve(_ claim: EntityClaim, _ symbols: inout SymbolTable.Storage) -> ResolvedEntity {
        var entity = ResolvedEntity(kind: claim.kind, cluster: claim.cluster, namespace: claim.namespace, service: claim.service,
                                    workload: claim.workload, version: claim.version, pod: claim.pod, node: claim.node)
        guard claim.kind == .workload else { return entity }
        if claim.isRawName {
            let isFile = claim.service.isEmpty
            let parts = isFile ? names.pod(symbols.string(claim.pod)) : names.cluster(symbols.string(claim.service))
            entity.service = symbols.intern(parts.service)
            if entity.version.isEmpty, let version = parts.version { entity.version = symbols.intern(version) }
        }
        if entity.service.isEmpty, !entity.workload.isEmpty { entity.service = entity.workload }
        if entity.namespace.isEmpty, !entity.service.isEmpty, let only = names.onlyNamespace(of: symbols.string(entity.service)) {
            entity.namespace = symbols.intern(only)
        }
        return entity
    }
}

extension Directory {
    /// The number of an entity's service: peers named differently in detail meet in it.
    func serviceID(of id: Int32) -> Int32 { services[Int(id)] }
}
