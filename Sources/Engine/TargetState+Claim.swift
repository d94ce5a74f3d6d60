import MeshModel

extension TargetState {
    /// Who it and its peers are, as the directory settled it.
    mutating func settle(_ directory: Directory) {
        let own = directory.entity(of: completedClaim)
        setEntity(own, version: own < 0 ? .empty : directory[own].version)
        for cell in cells.indices {
            let source = cells[cell].source.map { directory.entity(of: $0) } ?? own
            let destination = cells[cell].destination.map { directory.entity(of: $0) } ?? own
            setEntities(cell: cell, source: source, destination: destination)
        }
    }

    /// The target's claim; what its labels leave open, with what the proxy says of itself in every report it makes. One that
    /// reports for several services, a gateway of many names or pages of a whole mesh, is none of them.
    var completedClaim: EntityClaim {
        var claim = claim
        guard claim.kind == .workload else { return claim }
        let isNamed = !claim.service.isEmpty || !claim.workload.isEmpty
        var own: EntityClaim?
        for cell in cells {
            let said: EntityClaim? = switch cell.vantage {
            case .client: cell.source
            case .server: cell.destination
            case .waypoint: nil
            }
            guard let said, said.kind == .workload, !said.isRawName, !said.service.isEmpty else { continue }
            if isNamed, said.service != claim.service || said.contradicts(claim) { return claim }
            if let own, (own.service, own.namespace) != (said.service, said.namespace) || isNamed && own.workload != said.workload { return claim }
            if own?.version.isEmpty ?? true { own = said }
        }
        guard let own else {
            if isNamed { return claim }
            // A proxy of which neither its labels nor its own metrics say whose it is, as a plain Envoy scraped by its URL, is known by its
            // pod's name or its address; without traffic of a mesh it is no proxy.
            claim.isRawName = claim.isRawName || !claim.pod.isEmpty && !cells.isEmpty
            return claim
        }
        if claim.app.isEmpty { claim.app = own.app }
        if !isNamed { claim.service = own.service }
        if claim.workload.isEmpty { claim.workload = own.workload }
        if claim.cluster.isEmpty { claim.cluster = own.cluster }
        if claim.namespace.isEmpty { claim.namespace = own.namespace }
        if claim.version.isEmpty { claim.version = own.version }
        claim.isRawName = false
        return claim
    }
}

extension EntityClaim {
    fileprivate func contradicts(_ other: EntityClaim) -> Bool {
        !workload.isEmpty && !other.workload.isEmpty && workload != other.workload
            || !namespace.isEmpty && !other.namespace.isEmpty && namespace != other.namespace
    }
}
