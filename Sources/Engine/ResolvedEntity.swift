import MeshModel

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
}
