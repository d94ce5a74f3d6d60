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
    /// nil: no such service.
    var ofService: [EntityKey: Verdict?] = [:]
}

extension EngineState {
    mutating func knownVerdicts(_ frame: Frame) -> [Verdict] {
        if let all = memory(frame).all { return all }
        let all = verdicts(frame)
        verdictMemory?.all = all
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
        if let memory = verdictMemory, memory.terms == terms { return memory }
        let memory = VerdictMemory(terms: terms)
        verdictMemory = memory
        return memory
    }
}
