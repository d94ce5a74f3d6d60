import MeshModel

/// One sender of metrics, told apart by its resource: a target, as a scraped proxy is. Its points are gathered into *rounds*, what one
/// collection of the sender brought, and every round goes to the sink as one batch: with all that is known of it, as a page has it.
final class MetricExporter {
    /// Points that lie further apart are of two rounds, nanoseconds.
    static let slack: Int64 = 1_000_000_000
    /// What the specification has SDKs export at, until two rounds tell.
    static let usualInterval = 60.0

    let claim: EntityClaim
    /// For people.
    let name: String
    let job: String
    let naming: any MetricNaming
    let sink: any SampleSink
    private let work: RoundWork
    /// Since when it is listened; nil for files, which may begin anywhere.
    let since: Int64?
    /// A line among the sources from its first series that is kept.
    private(set) var state: SourceState?

    var streams: [MetricStream] = []
    var places: [MetricStreamKey: Int32] = [:]
    // By place of a value
    var last: [Double] = []
    var total: [Double] = []
    var ordinals: [UInt32] = []
    var others: [Int32: [MetricWriter]] = [:]
    /// By family: when it was first met.
    var familiesSince: [Int32: Int64] = [:]
    private var nextOrdinal: UInt32 = 0
    private var mapped = 0
    private var profilesSeen = Set<UInt8>()
    private var pending = Batch(source: SourceID(raw: 0), time: Timestamp(nanoseconds: 0))
    /// Ordinals of the first round that stood at 0 when their stream began, and when the first of them did.
    var beganAtZero = Set<UInt32>()
    var began = Int64.max

    private(set) var round: UInt32 = 1
    private(set) var isOpen = false
    private var roundFirst = Int64.min
    private var roundNewest = Int64.min
    private(set) var firstRound: Int64?
    private var lastRound = Int64.min
    private var lastEmitted = Int64.min
    private var distances: [Double] = []
    private var batch = Batch(source: SourceID(raw: 0), time: Timestamp(nanoseconds: 0))
    /// What it took of the room there is.
    private var heldBytes = 0
    /// When it sent something last.
    var heard = Timestamp(nanoseconds: 0)

    init(claim: EntityClaim, name: String, job: String, since: Int64?, naming: any MetricNaming, sink: any SampleSink, work: RoundWork) {
        self.claim = claim
        self.name = name
        self.job = job
        self.since = since
        self.naming = naming
        self.sink = sink
        self.work = work
    }

    deinit { naming.metricRoom.giveBack(heldBytes) }

    /// Of itself: its batches, its line, its place in the engine.
    static let ownBytes = 2_048
    /// Of a stream and of the values it has: their rows and places, with the room that arrays and tables keep free.
    static func bytes(ofStream values: Int) -> Int { 192 + 32 * values }
    /// Of its series where they are kept: their names go to the sink with the round.
    static func bytes(announcing entries: Int, labels: Int) -> Int { entries * MemoryLayout<SeriesEntry>.stride + labels * MemoryLayout<Label>.stride }

    func takeRoom(_ bytes: Int) -> Bool {
        guard naming.metricRoom.take(bytes) else { return false }
        heldBytes += bytes
        return true
    }

    func giveBackRoom(_ bytes: Int) {
        naming.metricRoom.giveBack(bytes)
        heldBytes -= bytes
    }

    var intervalSeconds: Double? {
        guard since != nil else { return nil }
        return distances.isEmpty ? Self.usualInterval : distances.sorted()[distances.count / 2]
    }

    // MARK: - Rounds

    /// Makes room for a point of this time of a stream: what would not be of one round with what came before goes to the sink first.
    func open(for time: Int64, _ stream: MetricStream?) {
        if isOpen, time > roundFirst &+ work.slack || !work.isTooMuch && stream.map({ $0.round == round && time > $0.time }) ?? false { close() }
        if !isOpen {
            isOpen = true
            (roundFirst, roundNewest) = (time, time)
            if firstRound == nil { firstRound = time }
        }
        roundNewest = max(roundNewest, time)
    }

    /// Before points of it are read: where the sink knows none of its series any more, they are announced anew.
    func prepare() {
        guard !isOpen, let state, sink.takesHandedBack(state.id) else { return }
        (streams, places, last, total, ordinals, others, familiesSince) = ([], [:], [], [], [], [:], [:])
        (nextOrdinal, mapped, firstRound, lastEmitted, began, beganAtZero) = (0, 0, nil, .min, .max, [])
        pending.removeAll(source: pending.source, time: pending.time)
        giveBackRoom(heldBytes - Self.ownBytes)
    }

    /// Ends the round and hands it over.
    func close() {
        guard isOpen else { return }
        isOpen = false
        round &+= 1
        guard let id = state?.id, nextOrdinal > 0 else { return }
        if lastRound != .min, !work.isTooMuch, roundFirst > lastRound &+ Self.slack / 2 {
            distances.append(Double(roundFirst - lastRound) / 1e9)
            if distances.count > 5 { distances.removeFirst() }
        }
        if !hasEmitted, began < roundNewest {
            // What was counted since the streams began is an increase, not what stood before anyone looked.
            emit(id, at: began, zeros: beganAtZero)
        }
        lastRound = roundFirst
        emit(id, at: max(roundNewest, lastEmitted == .min ? .min : lastEmitted &+ 1), zeros: [])
        beganAtZero = []
    }

    private func emit(_ id: SourceID, at time: Int64, zeros: Set<UInt32>) {
        batch.removeAll(source: id, time: Timestamp(nanoseconds: time))
        swap(&batch.entries, &pending.entries)
        swap(&batch.labels, &pending.labels)
        // A sender repeats its streams every time, but for deltas, which it leaves out where nothing happened.
        let oldest = time &- Timestamp.Span(seconds: 3 * (intervalSeconds ?? Self.usualInterval)).nanoseconds
        for stream in streams where stream.count > 0 && !stream.hasEnded && (stream.time >= oldest || stream.start == Self.isDelta) {
            for place in Int(stream.first)..<Int(stream.first + stream.count) where ordinals[place] != LineCache.dropped {
                batch.ordinals.append(ordinals[place])
                batch.values.append(!zeros.isEmpty && zeros.contains(ordinals[place]) ? 0 : total[place])
            }
        }
        lastEmitted = time
        state?.samples = batch.values.count
        work.values += batch.values.count
        sink.consume(batch)
        batch.forgetEntries()
    }

    /// Stands for the start of a stream of deltas, each of which has its own.
    static let isDelta = Int64.min

    // MARK: - Series

    /// Numbers the series of a new stream and announces those that are kept.
    /// - Returns: how many are.
    func announce(_ named: [SeriesEntry], labels: [Label]) -> Int {
        var kept = 0
        for entry in named {
            guard entry.meaning != nil || naming.keepsAll else {
                ordinals.append(LineCache.dropped)
                continue
            }
            if state == nil { register() }
            if let meaning = entry.meaning {
                mapped += 1
                if profilesSeen.insert(meaning.profile).inserted { state?.profiles.append(naming.profileName(meaning.profile)) }
            }
            var entry = entry
            entry.ordinal = nextOrdinal
            let first = pending.labels.count
            pending.labels.append(contentsOf: labels[entry.labels])
            entry.labels = first..<pending.labels.count
            pending.entries.append(entry)
            ordinals.append(nextOrdinal)
            nextOrdinal += 1
            kept += 1
        }
        return kept
    }

    private func register() {
        state = naming.openExporter(name, job: job, claim: claim, intervalSeconds: intervalSeconds, sink: sink)
    }

    var seriesKept: Int { Int(nextOrdinal) }
    /// A batch of it is with the sink: what comes now is compared with that.
    var hasEmitted: Bool { lastEmitted != .min }
    /// Time of its newest round.
    var newest: Int64 { max(lastEmitted, 0) }

    /// Tells the sink how it is after a request of `bytes` was heard.
    func tell(at time: Timestamp, bytes: Int) {
        heard = time
        guard state != nil else { return }
        state?.health = .up
        state?.lastAttempt = time
        state?.lastSuccess = time
        state?.bytes = bytes
        state?.seriesKept = Int(nextOrdinal)
        state?.seriesMapped = mapped
        state?.intervalSeconds = intervalSeconds
        if let state { sink.update(state) }
    }

    /// Nothing came of it for long: it is taken off, as a proxy that left its list.
    func leave() {
        state?.health = .gone
        if let state { sink.update(state) }
    }
}
