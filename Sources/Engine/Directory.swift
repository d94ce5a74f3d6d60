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
    /// By service, where labels name one application alone.
    private var apps: [ResolvedEntity: Symbol] = [:]
    /// By the name of a service, where it is.
    private var namespaces: [Symbol: Set<Symbol>] = [:]
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
            var told: [EntityClaim: ResolvedEntity] = [:]
            var order: [EntityClaim] = []
            for claim in targets + peers where told[claim] == nil {
                told[claim] = resolve(claim, &symbols)
                order.append(claim)
            }
            learnApps(told.values)
            for claim in order {
                guard var entity = told[claim] else { continue }
                if entity.app.isEmpty { entity.app = app(of: entity.asService) }
                settled[claim] = number(entity)
            }
        }
        let finest = entities
        services = []
        for entity in finest { services.append(number(entity.asService)) }
        // A service is its own.
        services += Int32(finest.count)..<Int32(entities.count)
        versions = entities.map(\.version)
        namespaces = [:]
        for entity in finest where entity.kind == .workload { namespaces[entity.service, default: []].insert(entity.namespace) }
    }

    private mutating func learnApps(_ entities: some Sequence<ResolvedEntity>) {
        apps = [:]
        for entity in entities where !entity.app.isEmpty && entity.kind == .workload {
            let service = entity.asService
            // Several are none.
            apps[service] = apps[service].map { $0 == entity.app ? $0 : .empty } ?? entity.app
        }
    }

    /// The application of a service; empty where nobody says, or several do.
    func app(of service: ResolvedEntity) -> Symbol { apps[service] ?? .empty }

    /// Someone whom spans name, as metrics call the same: where one side does not say in which namespace, it is that of the other.
    func met(_ entity: ResolvedEntity) -> ResolvedEntity {
        guard entity.kind != .external, entity.kind != .unknown, let known = namespaces[entity.service] else { return entity }
        var met = entity
        // Who is in the mesh and goes by the name of a database is one node.
        met.kind = .workload
        if known.count == 1, let only = known.first, entity.namespace.isEmpty || only.isEmpty { met.namespace = only }
        met.app = app(of: met.asService)
        return met
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

    /// Of an entity that was numbered.
    func id(of entity: ResolvedEntity) -> Int32? { index[entity] }

    private func resolve(_ claim: EntityClaim, _ symbols: inout SymbolTable.Storage) -> ResolvedEntity {
        var entity = ResolvedEntity(kind: claim.kind, cluster: claim.cluster, namespace: claim.namespace, service: claim.service,
                                    workload: claim.workload, version: claim.version, pod: claim.pod, node: claim.node, app: claim.app)
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

    func services(of relation: TargetFold.Relation) -> (Int32, Int32) { (serviceID(of: relation.source), serviceID(of: relation.destination)) }
}
