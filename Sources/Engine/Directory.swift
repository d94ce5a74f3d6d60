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

/// The names a fleet uses, from which raw names are read.
struct KnownNames {
    private var namespaces: [String: Set<String>] = [:]  // by service
    private var versions: [String: Set<String>] = [:]
    private var clusters: [String: NameParts.Parts] = [:]
    /// A prefix several file names carry before a known name (`plain-payment-v1`): a label of the recording.
    private var filePrefix = ""

    mutating func learn(_ claim: EntityClaim, symbols: borrowing SymbolTable.Storage) {
        guard claim.kind == .workload, !claim.service.isEmpty else { return }
        learn(service: symbols.string(claim.service), version: claim.version.isEmpty ? nil : symbols.string(claim.version),
              namespace: claim.namespace.isEmpty ? nil : symbols.string(claim.namespace))
    }

    mutating func learn(service: String, version: String?, namespace: String?) {
        if let namespace { namespaces[service, default: []].insert(namespace) } else { namespaces[service, default: []].formUnion([]) }
        if let version { versions[service, default: []].insert(version) }
    }

    mutating func learnCluster(_ name: Symbol, symbols: borrowing SymbolTable.Storage) {
        let text = symbols.string(name)
        guard clusters[text] == nil else { return }
        clusters[text] = read(text)
    }

    private func read(_ name: String) -> NameParts.Parts {
        if namespaces[name] != nil { return .init(service: name, version: nil) }
        for (service, known) in versions {
            for version in known where name == service + "-" + version { return .init(service: service, version: version) }
        }
        // a.b is service.namespace only where b is a known namespace.
        if let dot = name.firstIndex(of: "."), namespaces.values.contains(where: { $0.contains(String(name[name.index(after: dot)...])) }) {
            return NameParts.versioned(String(name[..<dot]))
        }
        return NameParts.versioned(name)
    }

    func cluster(_ name: String) -> NameParts.Parts { clusters[name] ?? read(name) }

    /// The longest known cluster or service name that begins `name`, else `name` without its pod suffix.
    func pod(_ name: String) -> NameParts.Parts {
        let name = !filePrefix.isEmpty && name.hasPrefix(filePrefix) ? String(name.dropFirst(filePrefix.count)) : name
        return longestKnown(beginning: name) ?? NameParts.pod(name)
    }

    private func longestKnown(beginning name: String) -> NameParts.Parts? {
        var best: (length: Int, parts: NameParts.Parts)?
        for (cluster, parts) in clusters where cluster.count > best?.length ?? 0 {
            if let rest = NameParts.rest(of: name, after: cluster) {
                best = (cluster.count, .init(service: parts.service, version: parts.version ?? NameParts.firstVersion(in: rest)))
            }
        }
        for service in namespaces.keys where service.count > best?.length ?? 0 {
            guard let rest = NameParts.rest(of: name, after: service) else { continue }
            let known = versions[service]?.first { NameParts.rest(of: String(rest.dropFirst()), after: $0) != nil }
            best = (service.count, .init(service: service, version: known ?? NameParts.firstVersion(in: rest)))
        }
        return best?.parts
    }

    mutating func learnPrefix(of files: [String]) {
        var votes: [String: Int] = [:]
        for file in files where longestKnown(beginning: file) == nil {
            var start = file.startIndex
            while let dash = file[start...].firstIndex(of: "-") {
                start = file.index(after: dash)
                if longestKnown(beginning: String(file[start...])) != nil {
                    votes[String(file[..<start]), default: 0] += 1
                    break
                }
            }
        }
        if let best = votes.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), best.value >= 2 { filePrefix = best.key }
    }

    func onlyNamespace(of service: String) -> String? {
        guard let all = namespaces[service], all.count == 1 else { return nil }
        return all.first
    }
}

extension Directory {
    /// The number of an entity's service: peers named differently in detail meet in it.
    func serviceID(of id: Int32) -> Int32 { services[Int(id)] }
}
