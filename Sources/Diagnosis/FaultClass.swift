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
        guard let known = Self.ofFlags[String(flag)] else { return nil }
        self = known
    }

    package static let ofFlags: [String: FaultClass] = {
        let flags: [FaultClass: [String]] = [
            .connection: ["UF", "UC", "UR", "LR", "DR", "LH"], .capacity: ["UH", "UO", "URX"], .timeout: ["UT", "SI", "DT", "UMSDR"], .configuration: ["NR", "NC", "NFCF"],
            .policy: ["UAEX", "RL", "RLSE"], .injected: ["FI", "DI"], .overload: ["OM", "DO", "UDO"], .dns: ["DF"], .callerGaveUp: ["DC"], .protocolError: ["DPE", "UPE", "IH"],
        ]
        return Dictionary(uniqueKeysWithValues: flags.flatMap { fault, flags in flags.map { ($0, fault) } })
    }()

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
