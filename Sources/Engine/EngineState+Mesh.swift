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
        mesh.warnings = warnings(services, mesh, fold)
        addSpans(to: &mesh, frame)
        return mesh
    }

    /// The edges that fail: first those whose callee fails by itself, which its own calls do not explain; then those that pass it on;
    /// then denials. Amounts are compared by magnitude, so that what fails alike keeps its place from frame to frame.
    private func failing(_ fold: LevelFold, _ frame: Frame) -> [EdgeRow] {
        let found = fold.edges.indices.filter { index in
            (fold.edges[index].errors > 0 || fold.edges[index].denied > 0) && fold.nodes[Int(fold.edges[index].source)].entity.kind == .workload
        }
        let ranked = found.map { index in
            let edge = fold.edges[index]
            let own = edge.errors * ownShare(fold.nodes[Int(edge.destination)], fold)
            return (index: index, own: Magnitude.of(own), errors: Magnitude.of(edge.errors), denied: Magnitude.of(edge.denied))
        }.sorted { ($1.own, $1.errors, $1.denied, $0.index) < ($0.own, $0.errors, $0.denied, $1.index) }
        var vantages = CallVantages(fold)
        return ranked.prefix(20).compactMap { edgeRow(fold, $0.index, &vantages, frame) }
    }

    /// Share of the errors of its calls that a service did not get from those it calls: at least this much is its own.
    private func ownShare(_ node: LevelFold.Node, _ fold: LevelFold) -> Double {
        let answered = node.edgesIn.reduce(0) { $0 + fold.edges[Int($1)].errors }
        guard answered > 0 else { return 0 }
        let received = node.edgesOut.reduce(0) { $0 + fold.edges[Int($1)].errors }
        let share = max(0, 1 - received / answered)
        // Proxies are read a moment apart.
        return share < 0.1 ? 0 : share
    }

    /// Errors of a service that it did not get from those it calls, whoever called it.
    private func ownErrors(_ row: Int, _ fold: LevelFold) -> Double {
        let errors = fold.rows[row].signals.errors
        let own = errors - fold.nodes[Int(fold.nodeOfRow[row])].edgesOut.reduce(0) { $0 + fold.edges[Int($1)].errors }
        // Proxies are read a moment apart.
        return own < 0.1 * errors ? 0 : own
    }

    /// The row that fails more by itself than the one the failing edges name: what is called from outside fails on no edge of the mesh.
    private func atFault(insteadOf named: EntityKey, _ failing: [Int], _ fold: LevelFold) -> Int? {
        let own = failing.map { Magnitude.of(ownErrors($0, fold)) }
        guard let most = own.indices.max(by: { own[$0] < own[$1] }) else { return nil }
        let known = Self.place(of: named, in: fold.rows).map { Magnitude.of(ownErrors($0, fold)) } ?? .max
        return own[most] > known ? failing[most] : nil
    }

    /// - Parameter fold: what metrics tell of the services; nil where spans alone do.
    func warnings(_ services: [EntityRow], _ mesh: MeshSummary, _ fold: LevelFold? = nil) -> [MeshSummary.Warning] {
        var result: [MeshSummary.Warning] = []
        if let failing = failingService(services, mesh, fold) { result.append(failing) }
        if mesh.sourcesStale > 0 { result.append(staleSources(mesh)) }
        if mesh.sourcesFailing > 0 {
            result.append(.init(text: mesh.sourcesFailing == 1 ? "1 source failing" : "\(mesh.sourcesFailing) sources failing"))
        }
        if let edge = mesh.failingEdges.first(where: { ($0.signals.denied ?? 0) > 0 }) {
            result.append(.init(text: "\(edge.source.displayName) → \(edge.destination.displayName) denied by policy",
                                target: edge.calledService))
        }
        return result
    }

    /// The service that fails by itself, else the one that fails most, and how many more do.
    private func failingService(_ services: [EntityRow], _ mesh: MeshSummary, _ fold: LevelFold?) -> MeshSummary.Warning? {
        let failing = services.indices.filter { services[$0].state == .failing }
        let name: String, share: Double, key: EntityKey
        let edge = mesh.failingEdges.first.flatMap { $0.state == .failing ? $0 : nil }
        if let edge, let fold, let index = atFault(insteadOf: edge.calledService, failing, fold) {
            key = services[index].key
            (name, share) = Self.worst(key.name, services[index].signals, services[index].versions)
        } else if let edge {
            key = edge.calledService
            (name, share) = Self.worst(edge.destination.displayName, edge.signals, edge.versions)
        } else if let index = failing.max(by: { Magnitude.of(1 - (services[$0].signals.success ?? 1)) < Magnitude.of(1 - (services[$1].signals.success ?? 1)) }) {
            key = services[index].key
            (name, share) = Self.worst(key.name, services[index].signals, services[index].versions)
        } else {
            return nil
        }
        let others = failing.count { services[$0].key != key }
        return .init(text: "\(name) fails \(Health.percentage(share)) %\(others > 0 ? ", \(others) more failing" : "")", target: key)
    }

    /// Where one of several versions fails more, it is named.
    private static func worst(_ name: String, _ signals: GoldenSignals, _ versions: [VersionRow]) -> (String, Double) {
        func share(_ signals: GoldenSignals) -> Double { 1 - (signals.success ?? 1) }
        let all = share(signals)
        guard versions.count > 1, let worst = versions.max(by: { share($0.signals) < share($1.signals) }), share(worst.signals) > 1.5 * all else { return (name, all) }
        return ("\(name) \(worst.version)", share(worst.signals))
    }

    private func staleSources(_ mesh: MeshSummary) -> MeshSummary.Warning {
        guard mesh.sourcesStale == 1, let index = glances.firstIndex(where: { $0.isStale && !$0.isGone }) else { return .init(text: "\(mesh.sourcesStale) proxies stale") }
        let entity = targets[index].entity
        guard entity >= 0, !directory[entity].pod.isEmpty else { return .init(text: "1 proxy stale") }
        let pod = key(directory[entity], .pod)
        return .init(text: "\(pod.name) stale", target: pod)
    }
}

/// Amounts by powers of √2: what differs by less than a fifth or so is alike.
enum Magnitude {
    static func of(_ amount: Double) -> Int {
        guard amount > 0, amount.isFinite else { return .min }
        return 2 * Int(amount.exponent) + (amount.significand >= 2.0.squareRoot() ? 1 : 0)
    }
}

extension EdgeRow {
    fileprivate var calledService: EntityKey {
        EntityKey(level: .service, cluster: destination.cluster ?? "", namespace: destination.namespace ?? "", name: destination.service ?? "")
    }
}
