import MeshModel
import Panels

extension EngineState {
    /// The mesh as a whole. Its requests are those that entered it: calls from outside; where none are seen, all calls once each.
    func mesh(_ frame: inout Frame) -> MeshSummary {
        let fold = fold(.service, &frame)
        let all = Array(targets.indices)
        let entries = fold.edges.filter { $0.key.source.kind == .external && $0.key.destination.kind == .workload }
        let entryTargets = Set(entries.flatMap(\.value.targets)).sorted()
        let isWhole = entries.isEmpty
        var mesh = MeshSummary(charts: charts(of: isWhole ? all : entryTargets, own: true, entity: ResolvedEntity(), frame))
        var sums = SignalSums()
        if isWhole {
            for node in fold.nodes.values where node.hasOwn { sums.merge(node.sums) }
        } else {
            for edge in entries.values { if let side = edge.server ?? edge.client { sums.merge(side) } }
        }
        mesh.signals = sums.golden(frame.predicate, names: FlagNames(symbols: symbols))
        let services = entityRows(.service, &frame)
        mesh.services = services.count
        let pods = targets.filter { $0.entity >= 0 }
        mesh.pods = Set(pods.map(\.entity)).count
        mesh.nodes = Set(pods.map { directory[$0.entity].node }).subtracting([.empty]).count
        mesh.namespaces = Set(services.compactMap(\.entity.namespace)).sorted()
        for target in targets {
            if target.isStale(at: frame.now) {
                mesh.sourcesStale += 1
            } else if case .failing = target.source.health {
                mesh.sourcesFailing += 1
            } else if target.scrapes > 0 {
                mesh.sourcesUp += 1
            }
        }
        let edges = edgeRows(.service, &frame)
        mesh.failingEdges = Array(edges.filter { ($0.signals.errors > 0 || ($0.signals.denied ?? 0) > 0) && $0.source.kind == .workload }
            .sorted { ($0.signals.errors, $0.signals.denied ?? 0) > ($1.signals.errors, $1.signals.denied ?? 0) }.prefix(20))
        mesh.warnings = warnings(services, mesh)
        return mesh
    }

    private func warnings(_ services: [EntityRow], _ mesh: MeshSummary) -> [MeshSummary.Warning] {
        var result: [MeshSummary.Warning] = []
        let failing = services.filter { $0.state == .failing }.sorted { ($1.signals.success ?? 1) > ($0.signals.success ?? 1) }
        if let worst = failing.first {
            let version = worst.versions.count > 1 ? worst.versions.min { ($0.signals.success ?? 1) < ($1.signals.success ?? 1) } : nil
            let name = [worst.key.name, version?.version].compactMap(\.self).joined(separator: " ")
            let share = version?.signals.success ?? worst.signals.success ?? 1
            let rest = failing.count > 1 ? ", \(failing.count - 1) more failing" : ""
            result.append(.init(text: "\(name) fails \(Health.percentage(1 - share)) %\(rest)", target: worst.key))
        }
        if mesh.sourcesStale > 0 { result.append(.init(text: mesh.sourcesStale == 1 ? "1 proxy stale" : "\(mesh.sourcesStale) proxies stale")) }
        if mesh.sourcesFailing > 0 {
            result.append(.init(text: mesh.sourcesFailing == 1 ? "1 source failing" : "\(mesh.sourcesFailing) sources failing"))
        }
        if let edge = mesh.failingEdges.first(where: { ($0.signals.denied ?? 0) > 0 }) {
            result.append(.init(text: "\(edge.source.displayName) → \(edge.destination.displayName) denied by policy",
                                target: EntityKey(level: .service, cluster: edge.destination.cluster ?? "", namespace: edge.destination.namespace ?? "",
                                                  name: edge.destination.service ?? "")))
        }
        return result
    }
}
