package import MeshModel

/// One trace of a list.
package struct TraceRow: Sendable, Equatable {
    package var id: TraceID
    /// The root span's service and operation; of the earliest span where the root is missing.
    package var service: String
    package var operation: String
    package var start: Timestamp
    package var durationSeconds: Double
    package var spans: Int
    /// Services it passes, sorted.
    package var services: [String]
    /// Spans that fail under the predicate.
    package var errors: Int
    /// Its entry call fails under the predicate.
    package var isFailed: Bool
    /// Spans whose parent is missing.
    package var orphans: Int
    /// Spans shown at corrected times (clock skew).
    package var adjusted: Int
    /// HTTP status of the entry call; 0: no response; nil: not HTTP.
    package var code: UInt16?
    /// Spans of it came a moment ago, and some they speak of have not: what is missing may come yet.
    package var isArriving = false

    package init(id: TraceID, service: String, operation: String, start: Timestamp, durationSeconds: Double, spans: Int, services: [String],
                 errors: Int = 0, isFailed: Bool = false, orphans: Int = 0, adjusted: Int = 0, code: UInt16? = nil) {
        self.id = id
        self.service = service
        self.operation = operation
        self.start = start
        self.durationSeconds = durationSeconds
        self.spans = spans
        self.services = services
        self.errors = errors
        self.isFailed = isFailed
        self.orphans = orphans
        self.adjusted = adjusted
        self.code = code
    }
}

/// What the traces of a list hold under one key, in the order of the list.
package struct AttributeColumn: Sendable, Equatable {
    /// Different values of each; nil: not looked into yet.
    package var values: [[String]?] = []
    package var searched = 0
    /// In so many not all is kept of the values: a filter sees their start.
    package var cut = 0
    package var isComplete: Bool { searched == values.count }
    package init() {}
}

/// One of the spans that a line of a waterfall stands for.
package struct SpanPart: Sendable, Equatable {
    package enum Role: String, Sendable {
        /// A proxy's: what its listener took in, and what its router sent on.
        case listener, router
        /// Written by the application.
        case client, server, other = "span"
    }
    package var id: SpanID
    package var kind: SpanKind
    package var role: Role
    /// The callee's side of the hop, or the caller's; nil where one side alone told of it.
    package var isCallee: Bool?
    package var service: String
    package var pod: String
    package var start: Timestamp
    package var durationSeconds: Double
    package var isError: Bool
    /// HTTP status; 0: no response; nil: not HTTP.
    package var code: UInt16?
    package var flags: String

    package init(id: SpanID, kind: SpanKind, role: Role, isCallee: Bool?, service: String, pod: String = "", start: Timestamp, durationSeconds: Double,
                 isError: Bool = false, code: UInt16? = nil, flags: String = "") {
        (self.id, self.kind, self.role, self.isCallee, self.service, self.pod) = (id, kind, role, isCallee, service, pod)
        (self.start, self.durationSeconds, self.isError, self.code, self.flags) = (start, durationSeconds, isError, code, flags)
    }
}

/// One line of a waterfall.
package struct SpanRow: Sendable, Equatable {
    package var id: SpanID
    /// 0 for roots; orphans and what follows them are roots, too.
    package var depth: Int
    /// Rows below it that belong to it: what folding hides.
    package var descendants: Int
    package var service: String
    package var version: String
    package var pod: String
    package var operation: String
    package var kind: SpanKind
    /// Corrected where clocks disagree.
    package var start: Timestamp
    package var durationSeconds: Double
    /// Time no child of it was at work.
    package var selfSeconds: Double
    package var isError: Bool
    package var isOrphan: Bool
    /// Its parent is missing, but the trace is still arriving.
    package var isAwaitingParent = false
    /// Its times were moved by so much; 0: as they came.
    package var adjustedSeconds: Double
    /// Of one hop between proxies: the callee's side of it, which starts and ends inside this one.
    package var serverStart: Timestamp?
    package var serverDurationSeconds: Double?
    /// HTTP status; 0: no response; nil: not HTTP.
    package var code: UInt16?
    package var flags: String
    /// Of a hop told by several spans: all of them, from the caller's outermost to the callee's innermost.
    package var parts: [SpanPart] = []
    /// When its root waited for it and for nobody below it, by time: those of all rows under a root tile that.
    package var critical: [TimeRange] = []
    package var criticalSeconds: Double { critical.reduce(0) { $0 + $1.length.seconds } }

    package init(id: SpanID, depth: Int, descendants: Int = 0, service: String, version: String = "", pod: String = "", operation: String, kind: SpanKind,
                 start: Timestamp, durationSeconds: Double, selfSeconds: Double = 0, isError: Bool = false, isOrphan: Bool = false,
                 adjustedSeconds: Double = 0, serverStart: Timestamp? = nil, serverDurationSeconds: Double? = nil, code: UInt16? = nil, flags: String = "") {
        self.id = id
        self.depth = depth
        self.descendants = descendants
        self.service = service
        self.version = version
        self.pod = pod
        self.operation = operation
        self.kind = kind
        self.start = start
        self.durationSeconds = durationSeconds
        self.selfSeconds = selfSeconds
        self.isError = isError
        self.isOrphan = isOrphan
        self.adjustedSeconds = adjustedSeconds
        self.serverStart = serverStart
        self.serverDurationSeconds = serverDurationSeconds
        self.code = code
        self.flags = flags
    }
}

/// A whole trace, opened: rows in the order of a depth-first walk.
package struct TraceDetail: Sendable, Equatable {
    package var row: TraceRow
    package var spans: [SpanRow]
    /// What is odd about it, one sentence each: missing parents, cycles, duplicates, several roots, clocks that disagree.
    package var remarks: [String]

    package init(row: TraceRow, spans: [SpanRow], remarks: [String] = []) {
        self.row = row
        self.spans = spans
        self.remarks = remarks
    }
}

/// One span with all its bytes decoded.
package struct SpanDetail: Sendable, Equatable {
    package var id: SpanID
    package var kind: SpanKind
    package var attributes: [Attribute] = []
    package var resource: [Attribute] = []
    package var events: [Event] = []
    package var links: [Link] = []
    package var statusMessage = ""

    package struct Attribute: Sendable, Equatable {
        package var key: String
        package var value: String
        package init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }
    package struct Event: Sendable, Equatable {
        package var time: Timestamp
        package var name: String
        package var attributes: [Attribute]
        package init(time: Timestamp, name: String, attributes: [Attribute]) {
            self.time = time
            self.name = name
            self.attributes = attributes
        }
    }
    package struct Link: Sendable, Equatable {
        package var trace: TraceID
        package var span: SpanID
        /// The root of that trace in words; nil where it is not held.
        package var root: String?
        package init(trace: TraceID, span: SpanID, root: String?) {
            self.trace = trace
            self.span = span
            self.root = root
        }
    }

    package init(id: SpanID, kind: SpanKind = .unspecified) {
        self.id = id
        self.kind = kind
    }
}

/// What the trace store holds and what it had to let go of.
package struct TraceStats: Sendable, Equatable {
    package var traces = 0
    package var spans = 0
    package var bytes = 0
    package var evictedTraces = 0
    package var evictedSpans = 0
    /// Spans refused because they were not valid, by reason.
    package var rejected: [String: Int] = [:]
    /// By kind: "no server half", "parent missing", "parent cycle", "duplicate", "late half".
    package var oddities: [String: Int] = [:]
    /// Calls that one seen in spans stands for on average, as samplers say; 1 where nothing was left out. What is counted from spans is
    /// that many times what was seen.
    package var standsFor = 1.0
    /// Start of the oldest trace held.
    package var reachesBackTo: Timestamp?
    package init() {}
}
