/// One label of a series; both halves interned.
public struct Label: Hashable, Sendable, BitwiseCopyable {
    public var name: Symbol
    public var value: Symbol
    public init(name: Symbol, value: Symbol) {
        self.name = name
        self.value = value
    }
}

/// What a sample's value is, as its `# TYPE` and suffix say. A counter and the three histogram parts only grow,
/// but for resets.
public enum SeriesKind: UInt8, Sendable {
    case unknown, gauge, counter, histogramBucket, histogramSum, histogramCount, summaryQuantile, info, stateSet

    public var isCumulative: Bool {
        switch self {
        case .counter, .histogramBucket, .histogramSum, .histogramCount: true
        case .unknown, .gauge, .summaryQuantile, .info, .stateSet: false
        }
    }
}

/// Names one source (a scrape target, a file, a receiver's peer) for as long as the process runs.
public struct SourceID: Hashable, Sendable, BitwiseCopyable {
    public var raw: UInt32
    public init(raw: UInt32) { self.raw = raw }
}

/// The dictionary entry of one series: announced once, in the batch in which the series is first seen.
/// `ordinal` is dense per source and belongs to Intake; it is reused only after a sink handed it back.
public struct SeriesEntry: Sendable {
    public var ordinal: UInt32
    /// The sample's name as exposed, suffix included (`…_bucket`).
    public var name: Symbol
    /// Where this entry's labels lie in `Batch.labels`, sorted by label name; target labels are not repeated.
    public var labels: Range<Int>
    public var kind: SeriesKind
    /// What a profile says it means; nil for a series that is kept but not mapped (`--keep all`).
    public var meaning: Meaning?

    public init(ordinal: UInt32, name: Symbol, labels: Range<Int>, kind: SeriesKind, meaning: Meaning?) {
        self.ordinal = ordinal
        self.name = name
        self.labels = labels
        self.kind = kind
        self.meaning = meaning
    }
}

/// All samples of one scrape (or one page of a file): they share source and time. `ordinals` and `values` run
/// in parallel; a series of the source that is not in a batch is stale from its time on.
public struct Batch: Sendable {
    public var source: SourceID
    public var time: Timestamp
    public var entries: [SeriesEntry] = []
    public var labels: [Label] = []
    public var ordinals: [UInt32] = []
    public var values: [Double] = []

    public init(source: SourceID, time: Timestamp) {
        self.source = source
        self.time = time
    }

    /// A first page announces thousands of series, those after it next to none: that room is given back at once.
    public mutating func forgetEntries() {
        entries = []
        labels = []
    }

    public mutating func removeAll(source: SourceID, time: Timestamp) {
        self.source = source
        self.time = time
        forgetEntries()
        ordinals.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
    }
}

/// What is known of a source before and beside its samples: who it is, and how its last fetch went.
public struct SourceState: Sendable, Equatable {
    public enum Health: Sendable, Equatable {
        /// Not asked yet.
        case pending
        case up
        /// Nothing usable came; `reason` is a sentence for people ("timed out after 5 s", "answered 500").
        case failing(reason: String)
        /// Taken off the target list.
        case gone
    }

    public var id: SourceID
    /// For people: the URL or file name.
    public var name: String
    public var job: String
    /// Who is behind it, as far as is known: a pod. Set by who answers for it; empty where that says no more than `name`.
    public var proxy = ""
    public var health: Health
    public var lastAttempt: Timestamp?
    public var lastSuccess: Timestamp?
    public var durationSeconds: Double?
    /// The interval it is asked at; nil for files.
    public var intervalSeconds: Double?
    public var consecutiveFailures: Int
    public var bytes: Int
    public var samples: Int
    public var seriesKept: Int
    public var seriesMapped: Int
    /// Profiles that recognised something on its page.
    public var profiles: [String]
    public var badLines: Int
    /// First bad line in words: `line 12, byte 340: no value after the name: "foo"`.
    public var firstBadLine: String?
    /// Departures from OpenMetrics on the last page of a new shape that called itself so; nothing was dropped for them.
    public var departures: Int
    /// First departure in words: `line 12, byte 340: a counter is negative`.
    public var firstDeparture: String?

    public init(id: SourceID, name: String, job: String = "", health: Health = .pending, intervalSeconds: Double? = nil) {
        self.id = id
        self.name = name
        self.job = job
        self.health = health
        self.lastAttempt = nil
        self.lastSuccess = nil
        self.durationSeconds = nil
        self.intervalSeconds = intervalSeconds
        self.consecutiveFailures = 0
        self.bytes = 0
        self.samples = 0
        self.seriesKept = 0
        self.seriesMapped = 0
        self.profiles = []
        self.badLines = 0
        self.firstBadLine = nil
        self.departures = 0
        self.firstDeparture = nil
    }
}

/// Takes batches of samples: the Engine, a recorder, a test. Called from any thread, once per batch.
public protocol SampleSink: Sendable {
    /// Announces a source with what is claimed about the proxy behind it (target labels, then file name).
    /// A second call for the same id replaces the claim.
    func register(_ source: SourceState, claim: EntityClaim)
    func consume(_ batch: borrowing Batch)
    func update(_ source: SourceState)
    /// Whether the sink gave the source's ordinals back since it was asked last: all its series are then announced anew.
    func takesHandedBack(_ source: SourceID) -> Bool
}

extension SampleSink {
    public func takesHandedBack(_ source: SourceID) -> Bool { false }
}
