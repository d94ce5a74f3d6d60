import CallGraph
import MeshModel
import Panels

/// Verdicts made, and those that frames wait for: every screen's header asks for them beside the lists and pages that show them.
struct VerdictMemory {
    /// What verdicts are made of, and how. Of another instant than the newest the pages do not change any more.
    struct Terms: Equatable {
        var heard: UInt64
        var now: Timestamp
        var window: TimeRange
        var mode: CountMode
        var predicate: ErrorPredicate
        var isNewest: Bool
    }

    struct Made {
        var terms: Terms
        /// One for each origin; of a service that is asked about one, or none where there is no such service.
        var verdicts: [Verdict]
        /// Of the mesh: who takes longer than before.
        var slow = SlowStates()
        /// Services that one of them speaks of.
        var told = Set<EntityKey>()
    }

    /// By who is asked about; nil: the mesh.
    var made: [EntityKey?: Made] = [:]
    /// In the order they were asked for.
    var wanted: [VerdictJob] = []
    /// Who was asked about lately: pages of others that were left are forgotten.
    private static let most = 16

    mutating func keep(_ made: Made, about subject: EntityKey?) {
        if self.made.count >= Self.most { self.made = self.made.filter { $0.key == nil } }
        self.made[subject] = made
    }
}

extension EngineState {
    /// nil: they are being made.
    mutating func knownVerdicts(_ frame: Frame) -> [Verdict]? { known(nil, frame)?.verdicts }
    mutating func knownSlowStates(_ frame: Frame) -> SlowStates? { known(nil, frame)?.slow }
    /// - Returns: nil where there is no such service, or it is not known yet.
    mutating func knownVerdict(on key: EntityKey, _ frame: Frame) -> Verdict? { known(key, frame)?.verdicts.first }
    var servicesTold: Set<EntityKey> { verdictMemory.made[nil]?.told ?? [] }

    private mutating func known(_ subject: EntityKey?, _ frame: Frame) -> VerdictMemory.Made? {
        let terms = terms(frame), old = verdictMemory.made[subject]
        if let old, old.terms == terms || isFreshEnough(old.terms, terms) { return old }
        if isBeside, !isQuick {
            want(subject, frame, terms)
            // Meanwhile those made a moment ago.
            return old.flatMap { $0.terms.isLike(terms) ? $0 : nil }
        }
        var job = VerdictJob(subject, frame, terms)
        while let progress = step(&job, frame, isWhole: true), progress == .going {}
        return verdictMemory.made[subject]
    }

    private mutating func want(_ subject: EntityKey?, _ frame: Frame, _ terms: VerdictMemory.Terms) {
        isPending = true
        if let place = verdictMemory.wanted.firstIndex(where: { $0.subject == subject }) {
            // What is under way is finished, unless it is of another time.
            if verdictMemory.wanted[place].terms.isLike(terms) { return }
            verdictMemory.wanted.remove(at: place)
        }
        verdictMemory.wanted.append(VerdictJob(subject, frame, terms))
    }

    private func terms(_ frame: Frame) -> VerdictMemory.Terms {
        let isNewest = frame.mode == .wholeRun || frame.now >= newest
        return .init(heard: isNewest ? version &- told : traces.stamps, now: frame.now, window: frame.window, mode: frame.mode, predicate: frame.predicate, isNewest: isNewest)
    }

    /// So little is judged within a frame that nobody waits for it.
    private var isQuick: Bool { targets.count <= Self.quickTargets && traces.count <= Self.quickTraces && baseline == nil }
    private static let quickTargets = 50
    private static let quickTraces = 1000

    /// Of a large mesh that goes on, verdicts may be older than its numbers: a second for every thousand services.
    private func isFreshEnough(_ old: VerdictMemory.Terms, _ new: VerdictMemory.Terms) -> Bool {
        let services = levels?.folds[.service]?.rows.count ?? 0
        guard services >= 1000, old.isLike(new) else { return false }
        let age = (new.now - old.now).seconds
        return age >= 0 && age < Double(services) / 1000
    }
}

extension VerdictMemory.Terms {
    /// The same question, at most a while ago.
    func isLike(_ other: Self) -> Bool {
        guard mode == other.mode, predicate == other.predicate, isNewest == other.isNewest, mode == .wholeRun || window.length == other.window.length else { return false }
        return isNewest || now == other.now
    }
}
