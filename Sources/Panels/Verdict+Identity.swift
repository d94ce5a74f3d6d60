import Diagnosis

extension Verdict {
    /// Where failures begin: the same while their share, and the version and pod that are found out, change.
    package struct Key: Hashable, Sendable {
        /// The one that fails; of a call that fails, the one called.
        package var service: Entity
        package var caller: Entity?
        package var isDenial: Bool
        package var isAbsorbed: Bool
        /// It is not as in the baseline, whether or not it fails.
        package var isChange: Bool

        package init(service: Entity, caller: Entity? = nil, isDenial: Bool = false, isAbsorbed: Bool = false, isChange: Bool = false) {
            (self.service, self.caller) = (service.asService, caller?.asService)
            (self.isDenial, self.isAbsorbed, self.isChange) = (isDenial, isAbsorbed, isChange)
        }

        /// `payment`, `checkout → payment`.
        package var name: String { caller.map { "\($0.displayName) → \(service.displayName)" } ?? service.displayName }
    }

    /// nil: nothing fails.
    package var key: Key? { origin?.key }
    package var isDenial: Bool { origin?.isDenial ?? false }
    package var isAbsorbed: Bool { origin?.isAbsorbed ?? false }
    package var isChange: Bool { origin?.isChange ?? false }

    /// Failures it stands for, of denials the denied, of what others make up for its own, of what is not as it was the requests it is seen in: a count
    /// of the window.
    package var amount: Double {
        guard let origin else { return 0 }
        if origin.isChange { return evidence.traces > 0 ? Double(evidence.traces) : evidence.requests }
        if origin.isDenial { return origin.answers.reduce(0) { $0 + $1.count } }
        return share.map { $0 * failures } ?? origin.errors
    }

    /// Services on the way that fail because of it, from the entry on.
    package var passingOn: ArraySlice<Hop> { origin?.caller == nil ? path.dropLast() : path[...] }
}

extension Verdict.Origin {
    package var isDenial: Bool { fault == .policy }
    package var isChange: Bool { !changes.isEmpty || slowerMilliseconds != nil }
    package var key: Verdict.Key { Verdict.Key(service: entity, caller: caller, isDenial: isDenial, isAbsorbed: isAbsorbed, isChange: isChange) }
}

extension FrameData {
    /// What became of it: who passed failures on may by now make up for them.
    package func verdict(_ key: Verdict.Key) -> Verdict? {
        func isAlike(_ other: Verdict.Key?) -> Bool { other.map { $0.service == key.service && $0.caller == key.caller && $0.isDenial == key.isDenial && $0.isChange == key.isChange } ?? false }
        return verdicts?.first { $0.key == key } ?? verdicts?.first { isAlike($0.key) }
    }
}

extension Entity {
    /// Whatever version, pod and machine of it is meant.
    package var asService: Entity {
        var service = Entity(kind: kind, cluster: cluster, namespace: namespace, service: service, workload: service == nil ? workload : nil, app: app)
        service.isCallee = isCallee
        return service
    }
}
