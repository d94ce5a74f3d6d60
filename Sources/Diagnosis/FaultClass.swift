/// What kind of failure it is, by who gave the answer and why (Envoy's response flags: its access-log documentation, %RESPONSE_FLAGS%).
package enum FaultClass: String, Sendable, CaseIterable {
    /// The application itself answered so.
    case own
    case connection, capacity, timeout, configuration, policy, injected, overload, dns
    case callerGaveUp = "caller_gave_up"
    case protocolError = "protocol"
    /// It never answered, and nobody says why.
    case unanswered

    /// - Parameter flag: one, as proxies write it: `UF`.
    /// - Returns: nil for what says nothing of a failure (RFCF: served from the cache) or is not known.
    package init?(flag: some StringProtocol) {
        switch flag {
        case "UF", "UC", "UR", "LR", "DR", "LH": self = .connection
        case "UH", "UO", "URX": self = .capacity
        case "UT", "SI", "DT", "UMSDR": self = .timeout
        case "NR", "NC", "NFCF": self = .configuration
        case "UAEX", "RL", "RLSE": self = .policy
        case "FI", "DI": self = .injected
        case "OM", "DO", "UDO": self = .overload
        case "DF": self = .dns
        case "DC": self = .callerGaveUp
        case "DPE", "UPE", "IH": self = .protocolError
        default: return nil
        }
    }

    /// Of a caller's proxy: the callee's application never gave this answer.
    package var isOnTheWay: Bool {
        switch self {
        case .own, .policy, .injected: false
        default: true
        }
    }

    package var words: String {
        switch self {
        case .own: "own error"
        case .connection: "connection failure"
        case .capacity: "no capacity"
        case .timeout: "timeout"
        case .configuration: "configuration"
        case .policy: "denied by policy"
        case .injected: "injected fault"
        case .overload: "overload"
        case .dns: "name not resolved"
        case .callerGaveUp: "caller gave up"
        case .protocolError: "protocol error"
        case .unanswered: "no answer"
        }
    }
}

/// A response flag in words.
package enum ResponseFlag {
    /// Those known here, each alone.
    package static let all = ["UF", "UC", "UR", "LR", "DR", "LH", "UH", "UO", "URX", "UT", "SI", "DT", "UMSDR", "NR", "NC", "NFCF", "UAEX", "RL", "RLSE", "FI", "DI", "OM",
                              "DO", "UDO", "DF", "DC", "DPE", "UPE", "IH"]

    package static func words(_ flag: some StringProtocol) -> String? {
        switch flag {
        case "UF": "upstream connection failed"
        case "UC": "upstream closed the connection"
        case "UR": "upstream reset the stream"
        case "LR": "reset by this proxy"
        case "DR": "reset by the caller"
        case "LH": "failed its health check"
        case "UH": "no healthy upstream"
        case "UO": "circuit breaker open"
        case "URX": "retries used up"
        case "UT": "upstream timed out"
        case "SI": "stream idle for too long"
        case "DT": "connection lasted too long"
        case "UMSDR": "stream lasted too long"
        case "NR": "no route"
        case "NC": "cluster not found"
        case "NFCF": "filter configuration missing"
        case "UAEX": "denied by external authorization"
        case "RL": "rate limited"
        case "RLSE": "rate limit service failed"
        case "FI": "fault injected"
        case "DI": "delay injected"
        case "OM": "overload manager"
        case "DO", "UDO": "dropped on overload"
        case "DF": "name not resolved"
        case "DC": "caller closed the connection"
        case "DPE": "caller broke the protocol"
        case "UPE": "upstream broke the protocol"
        case "IH": "invalid header"
        case "RFCF": "served from the cache"
        default: nil
        }
    }
}
