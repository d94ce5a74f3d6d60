import MeshModel
import Panels

/// Verdicts of one instant, kept while nothing changes: every screen's header asks for them beside the lists and pages that show them.
struct VerdictMemory {
    struct Terms: Equatable {
        var version: UInt64
        var now: Timestamp
        var window: TimeRange
        var mode: CountMode
        var predicate: ErrorPredicate
    }

    let terms: Terms
    var all: [Verdict]?
    /// Services that one of them speaks of.
    var told = Set<EntityKey>()
    /// nil: no such service.
    var ofService: [EntityKey: Verdict?] = [:]
}

extension EngineState {
    mutating func knownVerdicts(_ frame: Frame) -> [Verdict] {
        if let all = memory(frame).all { return all }
        let all = verdicts(frame)
        verdictMemory?.all = all
        verdictMemory?.told = Set(all.flatMap { verdict in (verdict.path.map(\.entity) + [verdict.origin?.entity].compactMap(\.self)).map { Self.key(ofService: $0) } })
        return all
    }

    mutating func knownVerdict(on key: EntityKey, _ frame: Frame) -> Verdict? {
        if let known = memory(frame).ofService[key] { return known }
        let verdict = verdict(on: key, frame)
        verdictMemory?.ofService[key] = .some(verdict)
        return verdict
    }

    private mutating func memory(_ frame: Frame) -> VerdictMemory {
        let terms = VerdictMemory.Terms(version: version, now: frame.now, window: frame.window, mode: frame.mode, predicate: frame.predicate)
        if let memory = verdictMemory, memory.terms == terms || isFreshEnough(memory.terms, terms) { return memory }
        let memory = VerdictMemory(terms: terms)
        verdictMemory = memory
        return memory
    }

    /// Of a large mesh that goes on, verdicts may be older than its numbers: a second for every thousand services.
    private func isFreshEnough(_ old: VerdictMemory.Terms, _ new: VerdictMemory.Terms) -> Bool {
        let services = levels?.folds[.service]?.rows.count ?? 0
        guard services >= 1000, old.mode == .window, old.mode == new.mode, old.predicate == new.predicate, old.window.length == new.window.length else { return false }
        let age = (new.now - old.now).seconds
        return age >= 0 && age < Double(services) / 1000
    }
}
