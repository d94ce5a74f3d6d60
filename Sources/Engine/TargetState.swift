import MeshModel
import SeriesStore

/// Everything standing of one source: its mapped series with their window sums, kept current by every batch.
struct TargetState {
    var source: SourceState
    var claim: EntityClaim
    /// Entity the proxy itself resolves to.
    var entity: Int32 = -1
    /// That entity's version.
    var version = Symbol.empty
    /// Newest instant known when it left its list.
    var goneSince: Timestamp?
    /// It is left out of frames; `entity` is then −1, and this the one it resolves to.
    var isHidden = false
    var settledEntity: Int32 = -1

    private(set) var series: [MappedSeries] = []
    var cells: [Cell] = []
    private(set) var histograms: [HistogramGroup] = []
    /// Those its series name, each once; the first is nobody.
    var principals = [PrincipalPair()]
    /// It counts handshakes, or connections where its profile knows handshakes: a side without any is then plain text, and not merely
    /// unknown. Envoy has TLS counters only where TLS is configured.
    private(set) var tellsTLS = false
    /// Some of its series are a proxy's.
    private var tellsOfProxy = false
    /// All of it is what a program counts of its own calls.
    var isProgram: Bool { !series.isEmpty && !tellsOfProxy }
    /// Its proxy counts the same: it is left out of frames.
    var isSetAside = false
    var cellIndex: [CellKey: UInt16] = [:]
    private var byOrdinal: [Int32] = []

    private(set) var firstTime: Timestamp?
    private(set) var lastTime: Timestamp?
    private(set) var scrapes = 0
    /// Where the sums of the window begin, if that is later than the first scrape of all: they were read back, and what is kept reaches no
    /// further.
    private(set) var readFrom: Timestamp?

    private(set) var grid: SlotGrid
    /// rows × SlotGrid.count increases; a row belongs to a series that has moved.
    private(set) var ring: [Float] = []
    /// Seconds of each slot that lie between two scrapes.
    private(set) var covered = [Float](repeating: 0, count: SlotGrid.count)
    /// Newest slot the ring holds.
    private(set) var headSlot: Int64 = .min
    /// Nothing of it is left in the window, and the ring was given back.
    private(set) var isAtRest = false

    /// What it says, and when that was last made anew: by count of the engine's versions. Kept by `Levels`.
    var folded = TargetFold()
    var foldVersion: UInt64 = 0
    var needsFold = true
    /// Its own side by slot.
    var trend = SlotSums()

    struct CellKey: Hashable {
        var vantage: Vantage
        var source: EntityClaim?
        var destination: EntityClaim?
    }

    init(source: SourceState, claim: EntityClaim, grid: SlotGrid) {
        self.source = source
        self.claim = claim
        self.grid = grid
    }

    /// Where the window of its sums begins: the oldest slot of the ring.
    var windowStart: Timestamp { headSlot == .min ? Timestamp(nanoseconds: .min) : grid.start(of: headSlot - Int64(SlotGrid.count) + 1) }

    /// When its histograms moved last.
    private var lastFlush: Timestamp?
    /// The newest row taken in was one of those kept a minute apart.
    private var isCoarse = false
    /// A replay that began while the proxy gave no page: the page after that is no baseline.
    private(set) var beganSilent = false
    /// It gave no page when it was asked last.
    private(set) var isSilent = false

    /// Seconds between two rows when all is well; nil for files.
    var expectedInterval: Double? { source.intervalSeconds.map { isCoarse ? max($0, RolledLog.stepSeconds) : $0 } }

    // MARK: - Batches

    /// Returns true when a cell was added: identities have to be settled anew.
    mutating func announce(_ batch: borrowing Batch) -> Bool {
        let cellsBefore = cells.count
        var newBuckets = false
        for entry in batch.entries {
            guard let meaning = entry.meaning, cells.count < Int(UInt16.max) else { continue }
            let index = Int(entry.ordinal)
            while byOrdinal.count <= index { byOrdinal.append(-1) }
            byOrdinal[index] = Int32(series.count)
            var item = MappedSeries(
                ordinal: entry.ordinal, cell: cell(for: meaning), signal: meaning.signal, rank: meaning.rank, code: meaning.code,
                grpcStatus: meaning.grpcStatus ?? 255, security: meaning.security,
                isCumulative: !meaning.signal.isGauge, flags: meaning.flags, scale: Float(meaning.scale), upperBound: Float(meaning.upperBound))
            if item.signal == .latencyBucket { item.family = entry.name }
            item.principals = principals(of: meaning)
            series.append(item)
            tellsOfProxy = tellsOfProxy || !meaning.isOfProgram
            tellsTLS = tellsTLS || item.signal == .tlsHandshakes
                || meaning.isOfTLSProfile && (item.signal == .connectionsOpened || item.signal == .connectionsActive)
            if item.signal == .requests || item.signal == .requestsByClass { cells[Int(item.cell)].hasRequests = true }
            newBuckets = newBuckets || meaning.signal == .latencyBucket
        }
        if newBuckets { histograms = HistogramGroup.groups(of: series) }
        return cells.count != cellsBefore
    }

    /// One more row: what it changed of the series.
    mutating func take(_ changes: [SampleChange], at time: Timestamp) {
        guard lastTime.map({ time > $0 }) ?? true else { return }
        advance(to: grid.slot(of: time))
        (isAtRest, isSilent) = (false, false)
        let span = previousSpan(to: time)
        // What the first page shows happened before it was read.
        let isBaseline = scrapes == 0 && !beganSilent
        let even = SlotShares(evenly: span, grid)
        var flush: SlotShares?
        for change in changes {
            guard let place = place(of: change.ordinal) else { continue }
            guard change.isPresent else {
                forget(place)
                continue
            }
            series[place].last = change.new
            guard !isBaseline, series[place].isCumulative, change.new.isFinite, change.old.isFinite else { continue }
            // A lower value is a reset: the proxy restarted, and all it shows happened since.
            let increase = change.new >= change.old ? change.new - change.old : change.new
            let isHistogram = series[place].signal == .latencyBucket || series[place].signal == .latencySum
            if isHistogram, flush == nil { flush = SlotShares(flushSpan(span), grid) }
            add(increase, to: place, isHistogram ? flush ?? even : even)
        }
        if flush != nil { lastFlush = time }
        if !isBaseline { cover(span) }
        needsFold = true
        lastTime = time
        if firstTime == nil { firstTime = time }
        scrapes += 1
    }

    /// The proxy gave no page: its gauges stand no longer, its counters wait for the next.
    mutating func takeSilence(_ changes: [SampleChange]) {
        (needsFold, isSilent) = (true, true)
        for change in changes {
            if let place = place(of: change.ordinal) { forget(place) }
        }
    }

    mutating func take(_ row: StoredRow) {
        isCoarse = row.isRolled
        if row.isSilent {
            if scrapes == 0, !beganSilent {
                beganSilent = true
                (firstTime, lastTime) = (row.time, row.time)
            }
            takeSilence(row.changes)
        } else {
            take(row.changes, at: row.time)
        }
    }

    private func place(of ordinal: UInt32) -> Int? {
        guard Int(ordinal) < byOrdinal.count, byOrdinal[Int(ordinal)] >= 0 else { return nil }
        return Int(byOrdinal[Int(ordinal)])
    }

    private mutating func forget(_ place: Int) {
        if !series[place].isCumulative { series[place].last = .nan }
    }

    // MARK: - Read back

    /// The same series and cells with nothing taken in yet, over another grid.
    func blank(grid: SlotGrid) -> TargetState {
        var copy = self
        copy.grid = grid
        copy.ring = []
        copy.covered = .init(repeating: 0, count: SlotGrid.count)
        (copy.headSlot, copy.isAtRest) = (.min, false)
        (copy.folded, copy.trend, copy.needsFold) = (TargetFold(), SlotSums(), true)
        (copy.firstTime, copy.lastTime, copy.readFrom, copy.scrapes) = (nil, nil, nil, 0)
        (copy.isCoarse, copy.beganSilent, copy.isSilent, copy.lastFlush) = (false, false, false, nil)
        for index in copy.series.indices {
            copy.series[index].ringRow = -1
            copy.series[index].last = .nan
            copy.series[index].total = 0
            copy.series[index].window = 0
        }
        return copy
    }

    /// The first page that is read back is not its first of all.
    mutating func followPages() { readFrom = firstTime }

    /// Nothing of it is kept any more, but how long it has been silent is known.
    mutating func rest(since time: Timestamp) { lastTime = time }

    /// What counts since the first scrape of all, not since the first row of a window.
    mutating func keepRun(of other: TargetState) {
        needsFold = needsFold || lastTime != other.lastTime || scrapes != other.scrapes && min(scrapes, other.scrapes) <= 1
        readFrom = other.scrapes > 1 ? firstTime : nil
        (firstTime, lastTime, scrapes) = (other.firstTime, other.lastTime, other.scrapes)
        (source, claim, goneSince) = (other.source, other.claim, other.goneSince)
        (isCoarse, beganSilent) = (false, false)
        for index in series.indices {
            series[index].total = other.series[index].total
            series[index].last = other.series[index].last
        }
    }

    private func previousSpan(to time: Timestamp) -> TimeRange {
        TimeRange(from: lastTime ?? time, to: time)
    }

    /// Envoy merges its histograms every five seconds: what a page then shows of them happened since the merge before.
    private func flushSpan(_ span: TimeRange) -> TimeRange {
        let longest = min(span.from, span.to - Timestamp.Span(seconds: 5))
        return TimeRange(from: max(longest, lastFlush ?? span.from), to: span.to)
    }

    /// Spreads an increase over the slots it happened in; what lies before the window is not part of it.
    private mutating func add(_ increase: Double, to place: Int, _ shares: SlotShares) {
        series[place].total += increase
        guard increase > 0 else { return }
        if series[place].ringRow < 0 {
            series[place].ringRow = Int32(ring.count / SlotGrid.count)
            ring.append(contentsOf: repeatElement(0, count: SlotGrid.count))
        }
        let row = Int(series[place].ringRow) * SlotGrid.count
        let kept = max(shares.first, oldestSlot)
        guard kept <= shares.last else { return }
        var left = 0.0
        for slot in kept...shares.last {
            let part = increase * shares.share(of: slot)
            ring[row + SlotGrid.place(slot)] += Float(part)
            left += part
        }
        series[place].window += kept == shares.first ? increase : left
    }

    /// A stretch of more than three intervals is a gap: what was counted in it is known, but not when.
    private mutating func cover(_ span: TimeRange) {
        guard span.to > span.from else { return }
        let shares = SlotShares(evenly: span, grid)
        let first = max(isGap(span) ? shares.last : shares.first, oldestSlot)
        guard first <= shares.last else { return }
        for slot in first...shares.last { covered[SlotGrid.place(slot)] += Float(span.length.seconds * shares.share(of: slot)) }
    }

    /// A frame may have moved the ring on past a page that came late.
    private var oldestSlot: Int64 { headSlot - Int64(SlotGrid.count) + 1 }

    private func isGap(_ span: TimeRange) -> Bool {
        guard let interval = expectedInterval else { return false }
        return span.length.seconds > 3 * interval
    }

    /// Moves the window on: slots that leave it are taken off the sums.
    mutating func advance(to slot: Int64) {
        guard slot > headSlot else { return }
        defer { headSlot = slot }
        guard !isAtRest else { return }
        needsFold = true
        guard headSlot != .min else { return restIfOver(slot) }
        let steps = min(slot - headSlot, Int64(SlotGrid.count))
        for index in series.indices where series[index].ringRow >= 0 {
            let row = Int(series[index].ringRow) * SlotGrid.count
            var left: Float = 0
            for step in 0..<steps {
                let place = row + SlotGrid.place(slot - step)
                left += ring[place]
                ring[place] = 0
            }
            // Summed anew rather than taken off: rounding would leave a trace of what is gone.
            if left != 0 { series[index].window = ring[row..<row + SlotGrid.count].reduce(0) { $0 + Double($1) } }
        }
        for step in 0..<steps { covered[SlotGrid.place(slot - step)] = 0 }
        restIfOver(slot)
    }

    private mutating func restIfOver(_ slot: Int64) {
        guard let lastTime, slot - grid.slot(of: lastTime) >= Int64(SlotGrid.count) else { return }
        isAtRest = true
        ring = []
        for index in series.indices {
            series[index].ringRow = -1
            series[index].window = 0
        }
    }
}
