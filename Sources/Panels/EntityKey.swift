/// The level at which entities are folded. The finest fact is a pod's; every level is a fold of it.
package enum EntityLevel: String, Sendable, CaseIterable, Hashable {
    case service, workload, version, pod, app, namespace, node
}

/// Identity of one row: what selection, drilling and the breadcrumb hold on to (never a row number).
/// Empty parts are unknown. `version` is set at level `.version` only.
package struct EntityKey: Hashable, Sendable, Comparable {
    package var level: EntityLevel
    package var cluster: String
    package var namespace: String
    package var name: String
    package var version: String

    package init(level: EntityLevel, cluster: String = "", namespace: String = "", name: String, version: String = "") {
        self.level = level
        self.cluster = cluster
        self.namespace = namespace
        self.name = name
        self.version = version
    }

    package static func < (a: EntityKey, b: EntityKey) -> Bool {
        (a.name, a.namespace, a.version, a.cluster) < (b.name, b.namespace, b.version, b.cluster)
    }
}

/// One end of an edge, or a row's full identity; nil parts are unknown or do not apply.
package struct Entity: Hashable, Sendable {
    package enum Kind: String, Sendable { case workload, external, database, queue, unknown }

    package var kind: Kind
    package var cluster: String?
    package var namespace: String?
    package var service: String?
    package var workload: String?
    package var version: String?
    package var pod: String?
    package var node: String?
    /// At level `.app` only, in the place of its services.
    package var app: String?
    /// Of who has no name: it is called. Callers nobody names are others than callees nobody names, and no call leads from these to those.
    package var isCallee = false

    package init(kind: Kind = .workload, cluster: String? = nil, namespace: String? = nil, service: String? = nil, workload: String? = nil,
                 version: String? = nil, pod: String? = nil, node: String? = nil, app: String? = nil) {
        self.kind = kind
        self.cluster = cluster
        self.namespace = namespace
        self.service = service
        self.workload = workload
        self.version = version
        self.pod = pod
        self.node = node
        self.app = app
    }

    /// What a table or a box calls it.
    package var displayName: String { service ?? app ?? workload ?? pod ?? node ?? namespace ?? kind.rawValue }

    /// Nobody says who it is.
    package var isNameless: Bool { kind != .workload && service == nil && app == nil && workload == nil && pod == nil && node == nil && namespace == nil }

    /// The same as the called end of a call.
    package var asCallee: Entity {
        var callee = self
        callee.isCallee = isNameless
        return callee
    }

    /// What a box calls it where levels do not matter: `payment`, `unknown-callee`.
    package var drawnName: String { isCallee ? versionedName + "-callee" : versionedName }

    /// `payment`, and at the level of versions `payment@v2`.
    package var versionedName: String { displayName + (version.map { "@" + $0 } ?? "") }

    /// What it is called among others of its level.
    package func name(at level: EntityLevel) -> String {
        switch level {
        case .pod: pod ?? workload ?? versionedName
        case .workload: workload ?? displayName
        case .version: versionedName
        case .service, .app, .namespace, .node: displayName
        }
    }
}
