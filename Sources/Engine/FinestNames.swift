import MeshModel
import Panels

/// Whom a report means that names a service, or a version of it: its version, pod or machine, where there is only one it can be. Callers
/// name nobody finer, nor do callees their callers; without this one call would be two, as each side knows the other's end.
struct FinestNames {
    private let directory: Directory
    private let level: EntityLevel
    private var pods: [Int32: [Int32]] = [:]

    init(_ targets: [TargetState], _ directory: Directory, _ level: EntityLevel) {
        (self.directory, self.level) = (directory, level)
        guard Self.isFiner(level) else { return }
        for target in targets where target.entity >= 0 && target.source.health != .gone {
            let service = directory.serviceID(of: target.entity)
            if !(pods[service]?.contains(target.entity) ?? false) { pods[service, default: []].append(target.entity) }
        }
    }

    private static func isFiner(_ level: EntityLevel) -> Bool {
        switch level {
        case .version, .workload, .pod, .node: true
        case .service, .app, .namespace: false
        }
    }

    /// Folded to the level.
    func of(_ id: Int32) -> ResolvedEntity {
        let meant = directory[id], folded = meant.folded(to: level)
        guard Self.isFiner(level), meant.kind == .workload, meant.pod.isEmpty, let pods = pods[directory.serviceID(of: id)] else { return folded }
        var found: ResolvedEntity?
        for pod in pods.map({ directory[$0] }) where pod.isMeant(by: meant) {
            let entity = pod.folded(to: level)
            if let found, found != entity { return folded }
            found = entity
        }
        return found ?? folded
    }
}

extension ResolvedEntity {
    /// Nothing it is contradicts what was named.
    fileprivate func isMeant(by name: ResolvedEntity) -> Bool {
        (name.version.isEmpty || version.isEmpty || name.version == version) && (name.workload.isEmpty || workload.isEmpty || name.workload == workload)
    }
}
