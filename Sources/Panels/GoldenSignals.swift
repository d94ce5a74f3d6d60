package import MeshModel

/// Quantiles interpolated inside one bucket of the summed vector (never averaged), milliseconds.
/// `atLeast` marks a quantile that fell into the +Inf bucket: the number is then the last finite bound.
package struct LatencySummary: Sendable, Equatable {
    package var p50: Double
    package var p95: Double
    package var p99: Double
    package var meanMilliseconds: Double?
    /// Observations in the buckets; Envoy merges histograms every 5 s, so this lags the request count.
    package var count: Double
    package var atLeast: Bool

    package init(p50: Double, p95: Double, p99: Double, meanMilliseconds: Double? = nil, count: Double, atLeast: Bool = false) {
        self.p50 = p50
        self.p95 = p95
        self.p99 = p99
        self.meanMilliseconds = meanMilliseconds
        self.count = count
        self.atLeast = atLeast
    }
}

/// Which kinds of evidence a number rests on.
package struct Evidence: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static let metricsClient = Evidence(rawValue: 1)
    package static let metricsServer = Evidence(rawValue: 2)
    package static let spans = Evidence(rawValue: 4)

    package var names: [String] {
        [(Evidence.metricsClient, "metrics_client"), (.metricsServer, "metrics_server"), (.spans, "spans")]
            .filter { contains($0.0) }.map(\.1)
    }
}

/// Rate, errors, duration and bytes of one entity or one side of an edge over one stretch of time.
/// Counts are requests in that stretch; nil is "unknown" or "not exported", never 0.
package struct GoldenSignals: Sendable, Equatable {
    package struct CodeCount: Sendable, Equatable {
        /// 0 = no response; 1…5 = a class, where no exact codes are exported.
        package var code: UInt16
        package var count: Double
        package init(code: UInt16, count: Double) {
            self.code = code
            self.count = count
        }
    }
    /// Requests that ended alike: by code, gRPC status and response flags at once.
    package struct Answer: Sendable, Equatable {
        /// As of `CodeCount`; nil = not HTTP, or not told.
        package var code: UInt16?
        package var grpcStatus: UInt8?
        /// As the proxy writes them (`UF,URX`); empty for none.
        package var flags: String
        package var count: Double
        /// Of `count`, what the predicate calls errors: denied ones are none.
        package var errors: Double

        package init(code: UInt16?, grpcStatus: UInt8? = nil, flags: String = "", count: Double, errors: Double = 0) {
            self.code = code
            self.grpcStatus = grpcStatus
            self.flags = flags
            self.count = count
            self.errors = errors
        }
    }
    package struct FlagCount: Sendable, Equatable {
        package var flag: String
        package var count: Double
        package init(flag: String, count: Double) {
            self.flag = flag
            self.count = count
        }
    }

    package var requests: Double = 0
    package var errors: Double = 0
    /// Denied by policy; part of `requests`, neither success nor error. nil = no policy counter exported.
    package var denied: Double?
    package var attempts: Double?
    package var latency: LatencySummary?
    /// Request direction and response direction, seen from the entity itself: in = received by it.
    package var bytesIn: Double?
    package var bytesOut: Double?
    package var connectionsActive: Double?
    package var connectionsOpened: Double?
    package var retries: Double?
    /// Not sent by the caller's proxy, because its queue was full; part of `requests` where it answers them itself.
    package var turnedAway: Double?
    /// A circuit breaker is open now.
    package var hasOpenBreaker = false
    package var codes: [CodeCount] = []
    package var flags: [FlagCount] = []
    /// Of edges alone, the most frequent first; empty elsewhere.
    package var answers: [Answer] = []
    package var security: TransportSecurity = .unknown
    /// Share of requests (of TCP: of bytes) that were mutually authenticated, 0…1. `security` is the weakest there was.
    package var mutualShare: Double?
    package var evidence: Evidence = []
    /// First and last sample the counts span; from a single page `from` is nil and counts are since proxy start.
    package var from: Timestamp?
    package var to: Timestamp?

    package init() {}

    /// Requests per second over (to − from); nil for a single page.
    package var rate: Double? { perSecond(requests) }

    package func perSecond(_ count: Double) -> Double? {
        guard let from, let to, to > from else { return nil }
        return count / (to - from).seconds
    }

    /// 1 − errors ÷ (requests − denied); nil when nothing was allowed through.
    package var success: Double? {
        let judged = requests - (denied ?? 0)
        return judged > 0 ? max(0, 1 - errors / judged) : nil
    }

    /// Below this many judged requests a share is shown as counts ("1/3"), not as a percentage.
    package static let smallSample = 20.0
    /// Of errors more than this share is worth a look (Kiali's and Linkerd's defaults).
    package static let warningShare = 0.001
}
