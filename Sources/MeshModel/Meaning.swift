/// What one series measures, as a profile reads it. Everything downstream of Profiles speaks in signals and
/// knows no metric name of any proxy.
public enum Signal: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    /// Ended requests by exact response code (`Meaning.code`).
    case requests
    /// Ended requests by class only (`code` is 1…5); used where no exact codes are exported.
    case requestsByClass
    /// Everything sent to the peer, retries included.
    case attempts
    /// Requests that ended without any response (the caller left, the pool was torn down).
    case unanswered
    case requestsActive  // gauge
    case latencyBucket, latencySum, latencyCount  // `Meaning.scale` makes milliseconds
    case bytesSent  // toward the callee: request direction
    case bytesReceived  // toward the caller: response direction
    case connectionsOpened, connectionsClosed, connectionsFailed, connectTimeouts, connectionOverflow
    case connectionsActive  // gauge
    case timeouts, perTryTimeouts, resetsReceived, resetsSent
    case retries, retrySuccess, retryOverflow, retryLimitExceeded
    case pendingOverflow, pendingActive
    case noHealthyHost, noRoute, noFilterChain
    case breakerOpen  // gauge 0/1 per priority and kind
    case remainingRetries, remainingConnections, remainingPending, remainingRequests  // gauges
    case outlierEjectionsActive  // gauge
    case outlierEjections
    case hostsHealthy, hostsTotal  // gauges
    case rbacAllowed, rbacDenied, rbacShadowAllowed, rbacShadowDenied
    case rateLimited, externalAuthDenied
    case tlsHandshakes, tlsErrors, tlsNoCertificate
    case certificateDaysLeft  // gauge
    case proxyLive, proxyUptimeSeconds, proxyMemoryBytes, controlPlaneConnected  // gauges

    public var isGauge: Bool {
        switch self {
        case .requestsActive, .connectionsActive, .pendingActive, .breakerOpen, .outlierEjectionsActive, .hostsHealthy, .hostsTotal,
            .remainingRetries, .remainingConnections, .remainingPending, .remainingRequests, .certificateDaysLeft, .proxyLive,
            .proxyUptimeSeconds, .proxyMemoryBytes, .controlPlaneConnected: true
        default: false
        }
    }
}

/// How a connection or request was protected, as far as one vantage can tell.
public enum TransportSecurity: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    case unknown, none, tls, mutual

    /// The word for it in JSON, tables and expressions.
    package var name: String {
        switch self {
        case .unknown: "unknown"
        case .none: "none"
        case .tls: "tls"
        case .mutual: "mutual"
        }
    }

    package init?(named name: String) {
        guard let security = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = security
    }
}

public struct Meaning: Sendable {
    /// The series does not say how its requests were answered: its code label was taken off. They are neither errors nor without
    /// an answer.
    public static let untoldCode = UInt16.max

    public var signal: Signal
    public var vantage: Vantage
    /// Multiplies the value into the signal's unit (seconds × 1000 for a latency).
    public var scale: Double = 1
    /// Exact code 0…599 (0 = no response), 1…5 for `requestsByClass`, or `untoldCode`.
    public var code: UInt16 = 0
    public var grpcStatus: UInt8?
    /// Response flags, comma-joined as exported; empty for none.
    public var flags = Symbol.empty
    public var security = TransportSecurity.unknown
    /// Who called and who was called by their certificates; empty where the series does not say.
    public var sourcePrincipal = Symbol.empty
    public var destinationPrincipal = Symbol.empty
    /// Upper bound of a bucket in the signal's unit; +Inf for the last.
    public var upperBound: Double = .infinity
    /// Who called; nil = the scraped proxy itself (client vantage) or any caller (server vantage).
    public var source: EntityClaim?
    /// Who was called; nil = the scraped proxy itself (server vantage).
    public var destination: EntityClaim?
    /// Orders series that say the same thing twice about one edge or side: the lowest present rank counts,
    /// the others are ignored (istio_requests_total before Envoy's own counters before listener totals).
    public var rank: UInt8 = 0
    public var isGRPC = false
    /// Index of the profile that said so, for Sources.
    public var profile: UInt8 = 0
    /// That profile maps TLS handshakes.
    public var isOfTLSProfile = false
    /// That profile reads what programs count of their own calls, which their proxies may count as well.
    public var isOfProgram = false

    public init(signal: Signal, vantage: Vantage) {
        self.signal = signal
        self.vantage = vantage
    }
}
