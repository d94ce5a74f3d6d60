import WireFormats

/// OpenTelemetry's names as Prometheus has them (OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility"; the collector's
/// translator), so that one profile reads both.
enum MetricNames {
    /// Every character that a name may not have becomes `_`: `http.server.duration` → `http_server_duration`.
    static func plain(_ name: String) -> String {
        var result = ""
        result.reserveCapacity(name.utf8.count + 1)
        for byte in name.utf8 {
            switch byte {
            case 48...57:
                if result.isEmpty { result.append("_") }
                result.unicodeScalars.append(Unicode.Scalar(byte))
            case 65...90, 97...122, UInt8(ascii: "_"), UInt8(ascii: ":"): result.unicodeScalars.append(Unicode.Scalar(byte))
            // The rest of a character beyond ASCII is no character of its own.
            case 0x80...0xBF: continue
            default: result.append("_")
            }
        }
        return result
    }

    /// With the unit's and the kind's suffix: `http.server.duration` in `ms` → `http_server_duration_milliseconds`, a counter ends in `_total`.
    static func translated(_ name: String, unit: String, isCounter: Bool, isGauge: Bool) -> String {
        var words = plain(name).split(separator: "_").map(String.init)
        for word in unitWords(unit) where !words.contains(word) { words.append(word) }
        if isGauge, unit == "1", !words.contains("ratio") { words.append("ratio") }
        if isCounter {
            words.removeAll { $0 == "total" }
            words.append("total")
        }
        let joined = words.joined(separator: "_")
        return joined.first?.isNumber ?? false ? "_" + joined : joined
    }

    /// A bound or quantile as pages have it: `5`, not `5.0`.
    static func bound(_ value: Double) -> String {
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value.magnitude < 1e15 && value == value.rounded() ? "\(Int64(value))" : "\(value)"
    }

    /// `By/s` → bytes, per_second; what is in braces is a remark, `1` is none.
    private static func unitWords(_ unit: String) -> [String] {
        let parts = unit.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
        var words: [String] = []
        if let main = parts.first, !main.isEmpty, !main.contains("{") {
            let word = units[main] ?? plain(main)
            if !word.isEmpty { words.append(word) }
        }
        if parts.count > 1, !parts[1].isEmpty, !parts[1].contains("{") {
            let word = rates[parts[1]] ?? plain(parts[1])
            if !word.isEmpty { words.append("per_" + word) }
        }
        return words
    }

    private static let units: [String: String] = [
        "d": "days", "h": "hours", "min": "minutes", "s": "seconds", "ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds",
        "By": "bytes", "KiBy": "kibibytes", "MiBy": "mebibytes", "GiBy": "gibibytes", "TiBy": "tibibytes", "KBy": "kilobytes", "MBy": "megabytes",
        "GBy": "gigabytes", "TBy": "terabytes", "m": "meters", "V": "volts", "A": "amperes", "J": "joules", "W": "watts", "g": "grams",
        "Cel": "celsius", "Hz": "hertz", "%": "percent", "1": "",
    ]
    private static let rates: [String: String] = ["s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week", "mo": "month", "y": "year"]
}

/// Envoy's stats as its OpenTelemetry sink names them where tags are not taken out of the name: `cluster.payment.upstream_rq_503`.
/// The name is split as Envoy's own tag extraction does, which the scraped page shows the result of.
struct EnvoyStatName: Equatable {
    /// As the page names it: `envoy_cluster_upstream_rq`.
    var family: String
    var labels: [(name: String, value: String)]

    static func == (a: EnvoyStatName, b: EnvoyStatName) -> Bool {
        a.family == b.family && a.labels.elementsEqual(b.labels) { $0 == $1 }
    }

    private static let roots: [(prefix: String, label: String, begins: [String])] = [
        ("cluster.", "envoy_cluster_name", [".upstream_", ".circuit_breakers.", ".outlier_detection.", ".membership_", ".ssl.", ".ext_authz.", ".lb_",
                                            ".update_", ".http1.", ".http2.", ".external.", ".internal.", ".canary.", ".zone.", ".retry_or_shadow_",
                                            ".max_host_weight", ".bind_errors", ".assignment_", ".default."]),
        ("http.", "envoy_http_conn_manager_prefix", [".downstream_", ".rbac.", ".no_route", ".no_cluster", ".rq_", ".tracing.", ".fault.", ".ext_authz.",
                                                     ".local_rate_limit."]),
        ("listener.", "envoy_listener_address", [".downstream_", ".ssl.", ".no_filter_chain_match", ".http.", ".worker_", ".connections_accepted_per_socket_event"]),
        ("tcp.", "envoy_tcp_prefix", [".downstream_", ".upstream_", ".idle_timeout", ".max_downstream_"]),
    ]

    /// nil where it is no such name.
    init?(_ name: String) {
        for root in Self.roots where name.hasPrefix(root.prefix) {
            // With its dot: where the stat follows at once, the tag was taken out of the name already.
            let rest = String(name.dropFirst(root.prefix.count - 1))
            guard let border = root.begins.compactMap({ rest.range(ofText: $0)?.lowerBound }).min(), border != rest.startIndex else { return nil }
            labels = [(root.label, String(rest[..<border].dropFirst()))]
            var stat = String(rest[rest.index(after: border)...])
            Self.takeCode(&stat, &labels)
            family = "envoy_" + MetricNames.plain(root.prefix + stat)
            return
        }
        return nil
    }

    /// `upstream_rq_503` → `upstream_rq` with its code, `upstream_rq_5xx` → `upstream_rq_xx` with its class.
    private static func takeCode(_ stat: inout String, _ labels: inout [(name: String, value: String)]) {
        let end = stat.suffix(4)
        guard stat.contains("_rq_"), end.count == 4, end.first == "_", let digit = end.dropFirst().first, ("1"..."5").contains(digit) else { return }
        if end.hasSuffix("xx") {
            labels.append(("envoy_response_code_class", String(digit)))
            stat = stat.dropLast(3) + "xx"
        } else if end.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber }) {
            labels.append(("envoy_response_code", String(end.dropFirst())))
            stat = String(stat.dropLast(4))
        }
    }
}
