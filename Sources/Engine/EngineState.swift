import CallGraph
import Diagnosis
import MeshModel
import Panels
import SeriesStore

/// Protected by the Engine's lock. Standing sums live in the targets; folds are made when asked for.
struct EngineState: ~Copyable {
    let symbols: SymbolTable
    var store: SeriesStore
    /// What series and traces may take together.
    let budgetBytes: Int
    var traces: TraceStore
    var spanSeries = SpanSeries()
    var traceFrames = TraceFrames()
    /// Of the entries' failures, and of those of the service asked about last: a page and its header ask for both.
    var entryPaths = PathsMemory()
    var servicePaths = PathsMemory()
    var verdictMemory = VerdictMemory()
    /// Whoever asks goes on with what there is, and has the rest made beside: how long that takes holds up nobody.
    var isBeside = false
    /// Something the frame asked for is being made.
    var isPending = false
    /// Of the newest traces that pass an entry, by its number among parties.
    var hopLatencies: [Int32: LatencyMemory] = [:]
    /// Of the service that is looked at.
    var latencyWork: LatencyWork?
    var timelineMemory: TimelineMemory?
    var comparison = ComparisonMemory()
    var baseline: Baseline?
    var ownSlowdown: OwnSlowdown?
    var targets: [TargetState] = []
    var glances: [TargetGlance] = []
    var targetIndex: [SourceID: Int] = [:]
    var directory = Directory()
    var isUnsettled = false
    var grid: SlotGrid
    var windowSeconds: Double
    /// Targets as they stood at another instant or over another window; kept while the same is asked again.
    var past: Past?
    /// What is being read back beside the lock.
    var rebuilding: Rebuilding?
    /// Counts the settlings: entities' numbers hold within one.
    var settlement = 0
    var levels: Levels?
    var version: UInt64 = 0
    /// How often of those the same data only told more.
    var told: UInt64 = 0
    /// How many layouts of levels there were.
    var layouts = 0
    /// Newest sample of any source: the `now` of a live frame.
    var newest = Timestamp(nanoseconds: 0)
    /// When targets are next looked through for what can be given back.
    var nextSweep = Timestamp(nanoseconds: .min)
    /// Sources whose series were given back, until Intake heard of it.
    var handedBack: Set<SourceID> = []
    var samples = 0
    var dropped: [String: Int] = [:]

    init(symbols: SymbolTable, windowSeconds: Double, budgetBytes: Int, rolledSeconds: Double?) {
        self.symbols = symbols
        var limits = SeriesStore.Limits()
        limits.budgetBytes = budgetBytes
        if let rolledSeconds {
            limits.rolledSeconds = rolledSeconds
            limits.rawSeconds = min(limits.rawSeconds, rolledSeconds)
        }
        store = SeriesStore(limits: limits)
        self.budgetBytes = budgetBytes
        traces = TraceStore(symbols: symbols, budgetBytes: budgetBytes / 2)
        self.windowSeconds = windowSeconds
        grid = SlotGrid(windowSeconds: windowSeconds)
    }

    mutating func register(_ source: SourceState, claim: EntityClaim) {
        if let index = targetIndex[source.id] {
            targets[index].source = source
            targets[index].claim = claim
            glance(index)
        } else {
            targetIndex[source.id] = targets.count
            targets.append(TargetState(source: source, claim: claim, grid: grid))
            glance(targets.count - 1)
        }
        isUnsettled = true
        version += 1
    }

    mutating func update(_ source: SourceState) {
        guard let index = targetIndex[source.id] else { return }
        targets[index].source = source
        version += 1
        // Nothing is known of its series from here on, until a page comes again.
        let gap: Timestamp? = switch source.health {
        case .failing: source.lastAttempt
        case .gone: max(newest, source.lastSuccess ?? newest) + Timestamp.Span(nanoseconds: 1)
        case .pending, .up: nil
        }
        if let gap, store.markGap(source.id, at: gap) {
            targets[index].takeSilence(store.changes)
            note(source.id, at: nil)
        }
        if case .gone = source.health { leave(index) } else { comeBack(index) }
        glance(index)
    }

    mutating func consume(_ batch: borrowing Batch) {
        guard let index = targetIndex[batch.source] else {
            dropped["batch of an unregistered source", default: 0] += batch.values.count
            return
        }
        guard !handedBack.contains(batch.source) else {
            dropped["page of series that were given back after a long silence", default: 0] += batch.values.count
            return
        }
        if !batch.entries.isEmpty, targets[index].announce(batch) { isUnsettled = true }
        guard store.append(batch) else {
            dropped["page not newer than the one before", default: 0] += batch.values.count
            return
        }
        if let shown = past?.now, batch.time <= shown { past = nil }
        if let rebuilding, !rebuilding.isStanding, batch.time <= rebuilding.now { self.rebuilding?.isSpoilt = true }
        targets[index].take(store.changes, at: batch.time)
        note(batch.source, at: batch.time)
        newest = max(newest, batch.time)
        if let terms = levels?.terms, !isUnsettled { refold(index, terms, at: batch.time) }
        glance(index)
        takeIntoLevels(index)
        samples += batch.values.count
        version += 1
        sweep()
    }

    mutating func settle() {
        guard isUnsettled else { return }
        isUnsettled = false
        settlement += 1
        levels = nil
        var peers = Set<EntityClaim>()
        for target in targets {
            for cell in target.cells {
                if let source = cell.source { peers.insert(source) }
                if let destination = cell.destination { peers.insert(destination) }
            }
        }
        let claims = targets.map(\.completedClaim)
        directory.settle(targets: claims, peers: Array(peers), symbols: symbols)
        for index in targets.indices { targets[index].settle(directory) }
        Self.setPrograms(aside: &targets, directory)
        for index in targets.indices { glance(index) }
        guard var past = past.take() else { return }
        settle(&past)
        self.past = past
    }

    /// Entities were numbered anew since.
    func settle(_ past: inout Past) {
        for index in past.targets.indices { past.targets[index].settle(directory) }
        Self.setPrograms(aside: &past.targets, directory)
        (past.levels, past.glances) = (nil, [])
    }

    var status: EngineStatus {
        EngineStatus(version: version, newest: newest, samples: samples, longestInterval: glances.reduce(0) { max($0, $1.intervalSeconds) },
                     isSinglePages: !glances.isEmpty && glances.allSatisfy { $0.scrapes <= 1 })
    }

    var statistics: EngineStats {
        var stats = EngineStats()
        stats.samples = samples
        stats.spans = traces.seenSpans
        for glance in glances {
            stats.seriesKept += glance.seriesKept
            stats.seriesMapped += glance.seriesMapped
            stats.badLines += glance.badLines
        }
        stats.dropped = dropped
        stats.targets = targets.count
        stats.entities = directory.entities.count
        stats.seriesNamed = store.index.count
        stats.storeBytes = store.bytes
        stats.sampleBytes = store.rowBytes
        stats.samplesHeld = store.samplesHeld
        stats.evictedSamples = store.samplesEvicted
        stats.retainedFrom = store.retainedFrom
        return stats
    }
}
