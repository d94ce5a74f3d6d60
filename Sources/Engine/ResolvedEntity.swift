import MeshModel
import Panels

/// An entity as the directory settled it: the finest identity known for one claim.
struct ResolvedEntity: Hashable {
    var kind: EntityClaim.Kind = .workload
    var cluster = Symbol.empty
    var namespace = Symbol.empty
    var service = Symbol.empty
    var workload = Symbol.empty
    var version = Symbol.empty
    var pod = Symbol.empty
    var node = Symbol.empty
    /// Where a label says so.
    var app = Symbol.empty
}

extension ResolvedEntity {
    /// This entity at a coarser level: what a level does not tell apart is left out.
    func folded(to level: EntityLevel) -> ResolvedEntity {
        var result = ResolvedEntity()
        result.kind = kind
        result.cluster = cluster
        guard kind == .workload else {
            if kind != .external || !service.isEmpty { result.service = service }
            return result
        }
        switch level {
        case .service:
            result.namespace = namespace
            result.service = service
        case .workload:
            result.namespace = namespace
            result.service = service
            result.workload = workload
        case .version:
            result.namespace = namespace
            result.service = service
            result.version = version
        case .pod: return self
        case .app:
            result.namespace = namespace
            result.app = app.isEmpty ? service : app
        // Of whom that is not known, nothing more is.
        case .namespace:
            result.namespace = namespace
            if namespace.isEmpty { result.kind = .unknown }
        case .node:
            result.node = node
            if node.isEmpty { result.kind = .unknown }
        }
        return result
    }

    /// Without what tells two clusters apart where nobody named a cluster.
    var asService: ResolvedEntity { folded(to: .service) }
}
