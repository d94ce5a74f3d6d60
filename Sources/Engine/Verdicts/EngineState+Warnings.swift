import Diagnosis
import MeshModel
import Panels

/// What is wrong in one sentence each: the causes of failures first, then who is not heard of, what policy refuses, and what others make up for.
extension EngineState {
    mutating func warnings(_ services: [EntityRow], _ mesh: MeshSummary, _ frame: Frame) -> [MeshSummary.Warning] {
        let verdicts = knownVerdicts(frame) ?? []
        var result: [MeshSummary.Warning] = [], changes = 0
        for verdict in verdicts {
            if verdict.isCertainCause {
                result.append(Self.cause(verdict))
            } else if verdict.kind == .latency, let origin = verdict.origin, changes < Self.mostChanges {
                changes += 1
                result.append(.init(text: "\(origin.name): \(origin.what)", short: origin.slowerMilliseconds == nil ? "\(origin.name) changed" : "\(origin.name) slower",
                                    target: Self.key(ofService: origin.entity), cause: verdict.key))
            }
        }
        if let other = Self.unexplained(services, servicesTold) { result.append(other) }
        if mesh.sourcesStale > 0 { result.append(staleSources(mesh)) }
        if mesh.sourcesFailing > 0 {
            result.append(.init(text: mesh.sourcesFailing == 1 ? "1 source failing" : "\(mesh.sourcesFailing) sources failing"))
        }
        result += verdicts.filter { $0.isDenial }.compactMap { verdict in
            verdict.origin.map { .init(text: "\($0.name) denied by policy", target: Self.key(ofService: $0.entity), cause: verdict.key) }
        }
        result += verdicts.filter { $0.isAbsorbed }.compactMap { verdict in
            verdict.origin.map { .init(text: "\($0.name) fails \(Verdict.share($0.errors, of: $0.requests))", target: Self.key(ofService: $0.entity), cause: verdict.key) }
        }
        return result
    }

    private static let mostChanges = 3

    /// `3 services fail because of payment v2 (91 %)`; of who is asked from outside itself, `gateway fails 60 %`.
    private static func cause(_ verdict: Verdict) -> MeshSummary.Warning {
        guard let origin = verdict.origin else { preconditionFailure("BUG: a cause without an origin") }
        let victims = verdict.passingOn.filter { $0.errors >= 1 }
        let share = verdict.share.map { " (\(Verdict.share($0 * verdict.failures, of: verdict.failures)))" } ?? ""
        let text = switch victims.count {
        case 0: "\(origin.name) fails \(Verdict.share(origin.errors, of: origin.requests))"
        case 1: "\(victims[victims.startIndex].entity.displayName) fails because of \(origin.name)\(share)"
        default: "\(victims.count) services fail because of \(origin.name)\(share)"
        }
        return .init(text: text, short: "\(origin.name)\(share)", target: key(ofService: origin.entity), cause: verdict.key)
    }

    /// Of services that fail and that no verdict speaks of: the one that fails most, and how many more do.
    private static func unexplained(_ services: [EntityRow], _ told: Set<EntityKey>) -> MeshSummary.Warning? {
        func share(_ row: EntityRow) -> Double { 1 - (row.signals.success ?? 1) }
        let failing = services.filter { $0.state == .failing && !told.contains($0.key) }
        guard let worst = failing.max(by: { share($0) < share($1) }) else { return nil }
        let others = failing.count > 1 ? ", \(failing.count - 1) more failing" : ""
        return .init(text: "\(worst.key.name) fails \(Health.percentage(share(worst))) %\(others)", target: worst.key)
    }

    static func key(ofService entity: Entity) -> EntityKey {
        EntityKey(level: .service, cluster: entity.cluster ?? "", namespace: entity.namespace ?? "", name: entity.service ?? "")
    }

    private func staleSources(_ mesh: MeshSummary) -> MeshSummary.Warning {
        guard mesh.sourcesStale == 1, let index = glances.firstIndex(where: { $0.isStale && !$0.isGone }) else { return .init(text: "\(mesh.sourcesStale) proxies stale") }
        let entity = targets[index].entity
        guard entity >= 0, !directory[entity].pod.isEmpty else { return .init(text: "1 proxy stale") }
        let pod = key(directory[entity], .pod)
        return .init(text: "\(pod.name) stale", target: pod)
    }
}

extension Verdict {
    /// Worth a word on every screen: enough of the entry's requests fail for certain, and some of it begins there.
    fileprivate var isCertainCause: Bool {
        guard isFailure, let origin, !origin.isAbsorbed, let share else { return false }
        guard failures >= 1, requests >= GoldenSignals.smallSample else { return false }
        return Wilson(failures, of: requests).low > Health.warningShare && share >= Self.leastWarned
    }

    private static let leastWarned = 0.05
}
