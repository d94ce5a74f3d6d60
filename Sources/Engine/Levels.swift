import MeshModel
import Panels

/// What frames are made of, kept from one to the next: each target's fold, and the fleet at every level asked for.
struct Levels {
    /// Under which all of it was made; under others it is made anew.
    struct Terms: Equatable {
        var mode: CountMode
        var predicate: ErrorPredicate
    }

    var terms: Terms
    var folds: [EntityLevel: LevelFold] = [:]
    var facts: ServiceFacts?
    var changedServices: [EntityLevel: Set<Int32>] = [:]
    /// Relations per target when the folds were laid out: another number means another layout.
    var relationCounts: [Int32] = []
    var version: UInt64 = 0
    var census: Census?
    /// Of the frame being made: whether any target is stale, and which levels are up to date.
    var hasStale = false
    var upToDate: Set<EntityLevel> = []
    /// The frame that last asked for a level: one that no screen shows is let go of, not kept current with every page.
    var lastAsked: [EntityLevel: UInt64] = [:]
    var lastFrame: EngineState.Frame?
    static let framesKept: UInt64 = 10
    /// Who sums up more than this (a machine, a namespace, what all call) is summed once a frame, not once for each of their pages.
    static let limitAtOnce = LevelFold.Limit(proxies: 4, parts: 32, merged: 8)

    /// How many there are of what, which is settled with the identities.
    struct Census {
        var pods: Int
        var nodes: Int
        var namespaces: [String]
    }
}

extension EngineState {
    /// Brings what each target says up to date. What a level shows of it, `fold` brings up to date when asked.
    mutating func refreshFolds(_ frame: Frame) {
        let terms = Levels.Terms(mode: frame.mode, predicate: frame.predicate)
        if levels?.terms != terms {
            levels = Levels(terms: terms)
            for index in targets.indices {
                targets[index].needsFold = true
                glances[index].needsFold = true
            }
        }
        guard var levels = levels.take() else { return }
        levels.version += 1
        levels.lastFrame = frame
        levels.upToDate.removeAll()
        levels.hasStale = false
        var isLaidOut = levels.relationCounts.count == targets.count
        for index in glances.indices {
            glances[index].isStale = glances[index].staleAfter.map { $0 < frame.now } ?? false
            if glances[index].isStale {
                levels.hasStale = true
                // A target that went silent gets no batch to move its window on.
                if frame.mode == .window { targets[index].advance(to: frame.head) }
                glances[index].needsFold = targets[index].needsFold
            }
            if glances[index].needsFold {
                let isStale = glances[index].isStale
                refold(index, levels.terms, at: frame.now)
                glance(index)
                glances[index].isStale = isStale
            }
            if glances[index].foldVersion == 0 {
                targets[index].foldVersion = levels.version
                glances[index].foldVersion = levels.version
            }
            isLaidOut = isLaidOut && levels.relationCounts[index] == glances[index].relationCount
        }
        for (level, asked) in levels.lastAsked where levels.version > asked + Levels.framesKept {
            levels.folds[level] = nil
            levels.lastAsked[level] = nil
        }
        for (level, fold) in levels.folds where fold.list.map({ levels.version > $0.lastAsked + Levels.framesKept }) ?? false { levels.folds[level]?.list = nil }
        if !isLaidOut {
            levels.folds = [:]
            levels.facts = nil
            levels.relationCounts = glances.map(\.relationCount)
            levels.census = nil
        }
        let facts = ServiceFacts(targets, glances, directory)
        let changed = facts.changed(since: levels.facts)
        for level in levels.folds.keys { levels.changedServices[level, default: []].formUnion(changed) }
        levels.facts = facts
        if levels.census == nil { levels.census = census }
        self.levels = levels
    }

    private var census: Levels.Census {
        let pods = Set(targets.indices.filter { !glances[$0].isGone }.map { targets[$0].entity }).filter { $0 >= 0 && directory[$0].kind == .workload }
        let nodes = Set(pods.map { directory[$0].node }).subtracting([.empty])
        var namespaces = Set(pods.map { directory[$0].namespace })
        for index in targets.indices {
            for relation in targets[index].folded.relations where relation.destination >= 0 && directory[relation.destination].kind == .workload {
                namespaces.insert(directory[relation.destination].namespace)
            }
        }
        return .init(pods: pods.count, nodes: nodes.count, namespaces: namespaces.subtracting([.empty]).map { symbols.string($0) }.sorted())
    }

    /// Done when a batch came, while someone watches, so that a frame finds most of it done; else when a frame is asked for.
    mutating func refold(_ index: Int, _ terms: Levels.Terms, at now: Timestamp) {
        targets[index].refold(terms, at: now, directory: directory)
    }

    /// The fleet at one level, up to date.
    mutating func fold(_ level: EntityLevel, _ frame: Frame) -> LevelFold {
        if let levels, levels.upToDate.contains(level), let fold = levels.folds[level] { return fold }
        guard var levels = levels.take(), let facts = levels.facts else { preconditionFailure("BUG: a level is asked for before the folds are made") }
        var fold = levels.folds.removeValue(forKey: level) ?? laidOut(level)
        fold.mark(glances, asOf: levels.version, changedServices: levels.changedServices.removeValue(forKey: level) ?? [])
        fold.markStale(glances, isAnyStale: levels.hasStale, callersTell: frame.mode == .window)
        bringUpToDate(&fold, facts, now: frame.now, frame.predicate)
        levels.upToDate.insert(level)
        levels.lastAsked[level] = levels.version
        levels.folds[level] = fold
        self.levels = levels
        return fold
    }

    /// What a page changed is worked into the levels on screen while it is at hand: a frame after a thousand pages then has little
    /// left to do. Without a layout that knows its calls, the next frame does it all.
    mutating func takeIntoLevels(_ index: Int) {
        guard !isUnsettled, let facts = levels?.facts, var frame = levels?.lastFrame, levels?.folds.isEmpty == false, levels?.relationCounts.count == targets.count,
              levels?.relationCounts[index] == glances[index].relationCount, glances[index].foldVersion == 0 else { return }
        guard var levels = levels.take() else { return }
        frame.now = newest
        // As of the last frame: whoever saw that one is told here, and a level that did not sees it as new.
        targets[index].foldVersion = levels.version
        glances[index].foldVersion = levels.version
        for level in Array(levels.folds.keys) {
            guard var fold = levels.folds.removeValue(forKey: level) else { continue }
            fold.mark(target: index)
            bringUpToDate(&fold, facts, now: newest, levels.terms.predicate, within: Levels.limitAtOnce)
            remakeRows(&fold, facts, frame, within: Levels.limitAtOnce)
            levels.folds[level] = fold
        }
        self.levels = levels
    }

    private func bringUpToDate(_ fold: inout LevelFold, _ facts: ServiceFacts, now: Timestamp, _ predicate: ErrorPredicate, within limit: LevelFold.Limit = .init()) {
        let refusedIsError = SignalSums.isRefusalError(predicate)
        let changed = fold.refresh(targets, facts, refusedIsError: refusedIsError, within: limit)
        // Taken out while they change, so that nobody else holds them: only the last frame does.
        var rows = fold.rows
        fold.rows = []
        for index in changed {
            let place = Int(fold.nodes[index].row)
            if place >= 0 { rows[place] = filled(rows[place], fold, index, now: now, predicate) }
        }
        fold.rows = rows
    }

    private mutating func laidOut(_ level: EntityLevel) -> LevelFold {
        var fold = LevelFold(targets, directory: directory, level: level)
        layouts += 1
        fold.layout = layouts
        var rows: [(node: Int, row: EntityRow)] = []
        for (index, node) in fold.nodes.enumerated() where node.entity.kind == .workload && !isNameless(node.entity, level) {
            // Who only calls, and is no proxy of ours, is no row: nothing is known of what it answers.
            guard !node.targets.isEmpty || !node.reporters.isEmpty else { continue }
            rows.append((index, EntityRow(key: key(node.entity, level), entity: named(node.entity), signals: GoldenSignals(), pods: node.pods)))
        }
        rows.sort { $0.row.key < $1.row.key }
        fold.place(rows)
        return fold
    }
}
