package import MeshModel

/// What a screen needs. `queries(for: model)` in Dashboard says it, a `FrameSource` answers it.
package enum PanelQuery: Hashable, Sendable {
    case mesh
    case entities(EntityLevel)
    case edges(EntityLevel)
    case detail(EntityKey)
    /// The trends of these rows: a screen names those it shows.
    case trends(EntityLevel, [EntityKey])
    /// The trend of the calls of a row to one of those it calls.
    case callTrend(EntityKey, to: Entity)
    case sources
    /// The traces held that began in the window, newest first.
    case traces
    /// What those traces hold under these keys in attributes of spans, events and resources; after `traces`.
    case attributes([String])
    case trace(TraceID)
    /// One span of it, opened. Two halves of a call may have one id: their kinds tell them apart.
    case span(TraceID, SpanID, SpanKind)
    /// What fails in the mesh and where it begins, one verdict for each origin; and why one service does.
    case verdicts
    case why(EntityKey)
    /// Where the time of requests to a service goes.
    case latency(EntityKey)
    /// All that is held as one line of time: for a recording.
    case timeline
    /// Two windows that meet somewhere, held against each other.
    case comparison(ComparisonSplit)
}

/// When and how the questions are meant: the same for every query of one frame. Time is an input; live, paused
/// and replayed frames differ only in `now`.
package struct FrameTime: Hashable, Sendable {
    /// The instant the frame shows; nil = the newest data.
    package var now: Timestamp?
    package var windowSeconds: Double
    package var predicate: ErrorPredicate

    package init(now: Timestamp? = nil, windowSeconds: Double = 300, predicate: ErrorPredicate = .server) {
        self.now = now
        self.windowSeconds = windowSeconds
        self.predicate = predicate
    }
}

/// The mesh as a whole: the first panel of the Overview and the header line.
package struct MeshSummary: Sendable, Equatable {
    package var signals = GoldenSignals()
    package var charts: Charts
    package var services = 0
    package var pods = 0
    package var nodes = 0
    package var namespaces: [String] = []
    package var sourcesUp = 0
    package var sourcesFailing = 0
    package var sourcesStale = 0
    /// One sentence each, most urgent first.
    package var warnings: [Warning] = []

    package struct Warning: Sendable, Equatable {
        package var text: String
        /// The same in fewer words.
        package var short: String?
        /// Whose page tells more.
        package var target: EntityKey?
        /// The verdict it is the short form of: why so stands there.
        package var cause: Verdict.Key?
        package init(text: String, short: String? = nil, target: EntityKey? = nil, cause: Verdict.Key? = nil) {
            self.text = text
            self.short = short
            self.target = target
            self.cause = cause
        }
    }

    package init(charts: Charts) { self.charts = charts }
}

/// What telltale knows about itself: shown on Sources, written by `--stats`.
package struct EngineStats: Sendable, Equatable {
    package var samples: Int = 0
    package var seriesKept: Int = 0
    package var seriesMapped: Int = 0
    /// Targets, entities and named series held now: they go with what is given back.
    package var targets: Int = 0
    package var entities: Int = 0
    package var seriesNamed: Int = 0
    package var spans: Int = 0
    package var storeBytes: Int = 0
    /// Part of `storeBytes`: what the samples themselves take.
    package var sampleBytes: Int = 0
    /// Samples the store holds now.
    package var samplesHeld: Int = 0
    package var evictedSamples: Int = 0
    package var badLines: Int = 0
    package var dropped: [String: Int] = [:]
    /// Oldest sample still held raw.
    package var retainedFrom: Timestamp?

    package init() {}
}

/// The answers of one frame, all of one instant. A panel that was not asked for is nil or absent.
package struct FrameData: Sendable, Equatable {
    /// The instant the frame shows (event time), and the stretch its window covers.
    package var now: Timestamp
    package var window: TimeRange
    /// Grows with every batch taken in; a frame of an unchanged version need not be painted again.
    package var version: UInt64
    package var mesh: MeshSummary?
    package var entities: [EntityLevel: [EntityRow]] = [:]
    package var edges: [EntityLevel: [EdgeRow]] = [:]
    package var trends: [EntityKey: Trend] = [:]
    package var callTrend: CallTrend?
    package var details: [EntityKey: EntityDetail] = [:]
    package var sources: [SourceState]?
    package var traces: [TraceRow]?
    /// By key.
    package var attributes: [String: AttributeColumn] = [:]
    package var trace: TraceDetail?
    package var span: SpanDetail?
    package var verdicts: [Verdict]?
    package var why: [EntityKey: Verdict] = [:]
    /// Of the service asked about.
    package var latency: ServiceLatency?
    package var comparison: Comparison?
    package var traceStats: TraceStats?
    package var timeline: Timeline?
    package var stats: EngineStats?
    /// Something that was asked for is being made, and comes with a later version.
    package var isPending = false

    package init(now: Timestamp, window: TimeRange, version: UInt64) {
        self.now = now
        self.window = window
        self.version = version
    }

    /// Traces are still gone through.
    package var isSearching: Bool { attributes.values.contains { !$0.isComplete } || latency?.isComplete == false }
    /// The same question has more of an answer in a moment.
    package var isUnfinished: Bool { isSearching || isPending }
}

/// Answers panel queries: the embedded Engine, or later a query backend.
package protocol FrameSource: Sendable {
    func answer(_ queries: [PanelQuery], at time: FrameTime) -> FrameData
    /// Changes with every batch, so that a loop knows when there is something new to ask.
    var version: UInt64 { get }
}
