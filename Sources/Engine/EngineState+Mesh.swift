import MeshModel
import Panels

extension EngineState {
    /// The mesh as a whole. Its requests are those that entered it: calls from outside; where none are seen, all calls once each.
    mutating func mesh(_ frame: Frame) -> MeshSummary {
        let fold = fold(.service, frame)
        var sums = SignalSums()
        var entries = Set<Int>()
        for edge in fold.entryEdges {
            guard let facts = levels?.facts else { continue }
            let sides = fold.sides(of: edge, targets, facts)
            if let side = sides.server ?? sides.client { sums.merge(side) }
            entries.formUnion(sides.targets.map(Int.init))
        }
        for node in fold.answersOutside.sorted() {
            guard let outside = fold.nodes[node].outside else { continue }
            sums.merge(outside)
            entries.formUnion(fold.nodes[node].targets.map(Int.init))
        }
        if entries.isEmpty {
            for node in fold.nodes.indices where fold.nodes[node].hasOwn { sums.merge(fold.nodes[node].sums) }
        }
        var mesh = MeshSummary(charts: entries.isEmpty ? rateCharts(of: targets.indices, frame) : rateCharts(of: entries.sorted(), frame))
        mesh.signals = sums.golden(frame.predicate, names: FlagNames(symbols: symbols))
        let services = fold.rows
        mesh.services = services.count
        if let census = levels?.census { (mesh.pods, mesh.nodes, mesh.namespaces) = (census.pods, census.nodes, census.namespaces) }
        // What was taken off the target list is no proxy that fell silent.
        for glance in glances where !glance.isGone {
            if glance.isStale {
                mesh.sourcesStale += 1
            } else if glance.isFailing {
                mesh.sourcesFailing += 1
            } else if glance.scrapes > 0 {
                mesh.sourcesUp += 1
            }
        }
        mesh.failingEdges = failing(fold, frame)
        mesh.warnings = warnings(services, mesh)
        return mesh
    }

    /// The edges that fail most, denials after errors.
    private func failing(_ fold: LevelFold, _ frame: Frame) -> [EdgeRow] {
        let worst = fold.edges.indices.filter { index in
            (fold.edges[index].errors > 0 || fold.edges[index].denied > 0) && fold.nodes[Int(fold.edges[index].source)].entity.kind == .workload
        }.sorted { a, b in
            let (x, y) = (fold.edges[a], fold.edges[b])
            return x.errors != y.errors ? x.errors > y.errors : x.denied != y.denied ? x.denied > y.denied : a < b
        }
        return worst.prefix(20).compactMap { edgeRow(fold, $0, frame) }
    }

    private func warnings(_ services: [EntityRow], _ mesh: MeshSummary) -> [MeshSummary.Warning] {
        var result: [MeshSummary.Warning] = []
        let failing = services.indices.filter { services[$0].state == .failing }.map { services[$0] }
            .sorted { ($1.signals.success ?? 1) > ($0.signals.success ?? 1) }
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
