/// Envoy's response flags in words.
/// https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage (%RESPONSE_FLAGS%)
package enum ResponseFlag {
    package static func words(_ flag: String) -> String? { table[flag] }

    /// Flags as they came, each with its meaning.
    package static func sentence(_ flags: String) -> String {
        flags.split(separator: ",").map { flag in "\(flag)\(words(String(flag)).map { " (\($0))" } ?? "")" }.joined(separator: ", ")
    }

    private static let table: [String: String] = [
        "UH": "no healthy upstream host", "UF": "upstream connection failed", "UO": "circuit breaker open (overflow)", "NR": "no route",
        "URX": "retries or connect attempts used up", "NC": "upstream cluster not found", "DT": "over the allowed request or connection time",
        "DC": "the caller hung up", "LH": "failed its local health check", "UT": "upstream timed out", "LR": "reset locally", "UR": "reset by the upstream",
        "UC": "upstream closed the connection", "DI": "delayed by fault injection", "FI": "failed by fault injection", "RL": "rate limited",
        "UAEX": "denied by external authorization", "RLSE": "rate limit service failed", "IH": "invalid header value", "SI": "idle for too long",
        "DPE": "the caller broke the protocol", "UPE": "the upstream broke the protocol", "UMSDR": "stream lived too long", "NFCF": "no filter config",
        "OM": "overload manager stopped it", "DF": "name resolution failed", "DO": "dropped under load",
        "UDO": "all dropped under load", "DR": "reset by the caller",
    ]
}
