import MeshModel
import Panels

extension EngineState {
    /// The mesh as a whole. Its requests are those that entered it: calls from outside; where none are seen, all calls once each.
    mutating func mesh(_ frame: Frame) -> MeshSummary {
        let fold = fold(.service, frame)
        var sums = SignalSums()
        var entries = Set<Int>(), vantages = CallVantages(fold)
        for edge in fold.entryEdges {
            guard let facts = levels?.facts else { continue }
            let sides = fold.sides(of: edge, targets, facts, &vantages)
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
        mesh.services = fold.rows.count
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
        let services = addSpans(to: &mesh, frame) ?? fold.rows
        mesh.warnings = warnings(services, mesh, frame)
        return mesh
    }
}
