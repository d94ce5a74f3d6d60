import Glibc
import MeshModel
import Panels

/// Numbers as people read them, in few cells. Unknown is "–", never 0; a share is only 100 % when nothing failed.
enum Format {
    static let unknown = "–"

    /// What is below it has no digit of its own.
    static let leastRate = 0.01

    /// Per second: `0.04`, `8.2`, `82.1`, `412`, `1.2k`, `3.4M`.
    static func rate(_ value: Double?) -> String {
        guard let value, value.isFinite else { return unknown }
        let size = abs(value)
        if size == 0 { return "0" }
        if size < leastRate { return "<0.01" }
        if size < 1 { return decimal(value, 2) }
        return compact(value)
    }

    /// Counts and sizes: `7`, `412`, `1.2k`, `12k`, `3.4M`.
    static func count(_ value: Double?) -> String {
        guard let value, value.isFinite else { return unknown }
        return abs(value) < 1000 ? decimal(value, value == value.rounded() ? 0 : 1) : compact(value)
    }

    static func count(_ value: Int) -> String { count(Double(value)) }

    private static func compact(_ value: Double) -> String {
        let size = abs(value)
        for (limit, suffix) in [(1e3, ""), (1e6, "k"), (1e9, "M"), (1e12, "G"), (1e15, "T")] where size < limit * 0.9995 {
            let scaled = value / (limit / 1e3)
            return decimal(scaled, abs(scaled) < 99.95 ? 1 : 0) + suffix
        }
        return ">999T"
    }

    /// Binary units as in `12.3 MB`, without the blank.
    static func bytes(_ value: Double?) -> String {
        guard let value, value.isFinite else { return unknown }
        return value < 1000 ? decimal(value, 0) + "B" : compact(value) + "B"
    }

    /// A share of 0…1 in percent. Rounds toward 0 from above 99 %, so that "100 %" means all.
    static func percent(_ share: Double?) -> String {
        guard let share, share.isFinite else { return unknown }
        let percent = share * 100
        if percent >= 100 { return "100 %" }
        if percent <= 0 { return "0 %" }
        if percent < 0.1 { return "<0.1 %" }
        if percent >= 99.9 { return decimal(floor(percent * 100) / 100, 2) + " %" }
        return decimal(percent >= 99 ? floor(percent * 10) / 10 : percent, 1) + " %"
    }

    /// `98%`, without decimals: 100 only when it is all, 0 only when it is none.
    static func wholePercent(_ share: Double) -> String {
        guard share.isFinite else { return unknown }
        if share > 0, share < 0.01 { return "<1%" }
        return "\(Int(min(max(share, 0), 1) * 100))%"
    }

    /// Success as a share, or as counts "17/18" where there are too few for a share.
    static func success(_ signals: GoldenSignals) -> String {
        guard let success = signals.success else { return unknown }
        let judged = signals.judged
        guard judged < GoldenSignals.smallSample else { return percent(success) }
        return "\(count((judged - min(signals.errors, judged)).rounded()))/\(count(judged.rounded()))"
    }

    /// Milliseconds: `0.4ms`, `31ms`, `1.24s`, `12.4s`, `10m`.
    static func milliseconds(_ value: Double?) -> String {
        guard let value, value.isFinite, value >= 0 else { return unknown }
        if value == 0 { return "0ms" }
        if value < 0.05 { return "<0.1ms" }
        if value < 9.95 { return decimal(value, 1) + "ms" }
        if value < 999.5 { return decimal(value, 0) + "ms" }
        if value < 9995 { return decimal(value / 1000, 2) + "s" }
        if value < 99_950 { return decimal(value / 1000, 1) + "s" }
        if value < 600_000 { return decimal(value / 1000, 0) + "s" }
        return decimal(min(value / 60_000, 9_999), 0) + "m"
    }

    /// A quantile; "≥" where it fell into the last, open bucket.
    static func quantile(_ value: Double?, of latency: LatencySummary?) -> String {
        guard let latency, let value, latency.count > 0 else { return unknown }
        let text = milliseconds(value)
        return latency.atLeast && value >= latency.p99 ? "≥" + text : text
    }

    /// Bytes per second in and out in one unit: `0.2/0.9M/s`.
    static func traffic(_ incoming: Double?, _ outgoing: Double?) -> String {
        guard incoming != nil || outgoing != nil else { return unknown }
        let largest = max(incoming ?? 0, outgoing ?? 0)
        let (factor, unit) = largest >= 5e8 ? (1e9, "G") : largest >= 5e5 ? (1e6, "M") : largest >= 500 ? (1e3, "k") : (1, "B")
        let parts = [incoming, outgoing].map { value -> String in
            guard let value, value.isFinite else { return unknown }
            let scaled = value / factor
            return decimal(scaled, scaled == 0 || scaled >= 99.95 ? 0 : 1)
        }
        return "\(parts[0])/\(parts[1])\(unit)/s"
    }

    /// A mark of an axis: what `format` says, without decimals that are none (`40`, `75kB`, `1.5k`).
    static func axis(_ text: String) -> String {
        guard let point = text.firstIndex(of: ".") else { return text }
        let fraction = text[text.index(after: point)...].prefix { $0.isNumber }
        return fraction.allSatisfy { $0 == "0" } ? String(text[..<point]) + text[fraction.endIndex...] : text
    }

    /// A length of time: `12s`, `5m`, `1h30m`, `2d`; up to two units.
    static func duration(_ seconds: Double?) -> String {
        if seconds == .infinity { return "all" }
        guard let seconds, seconds.isFinite, seconds >= 0 else { return unknown }
        if seconds < 1 { return seconds == 0 ? "0s" : "<1s" }
        let whole = Int(min(seconds, 3.2e9))
        if whole < 60 { return "\(whole)s" }
        let (large, small, units) =
            whole < 3600 ? (whole / 60, whole % 60, ("m", "s")) : whole < 86_400 ? (whole / 3600, whole / 60 % 60, ("h", "m"))
            : (whole / 86_400, whole / 3600 % 24, ("d", "h"))
        return small == 0 ? "\(large)\(units.0)" : "\(large)\(units.0)\(small)\(units.1)"
    }

    /// The larger unit of a duration alone, for narrow columns: `12s`, `5m`, `2h`.
    static func age(_ seconds: Double?) -> String {
        guard let seconds, seconds.isFinite, seconds >= 0 else { return unknown }
        let whole = Int(min(seconds, 3.2e9))
        return whole < 60 ? "\(whole)s" : whole < 3600 ? "\(whole / 60)m" : whole < 86_400 ? "\(whole / 3600)h" : "\(whole / 86_400)d"
    }

    /// `1,234,567`
    static func grouped(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return value < 0 ? "-" + result : result
    }

    /// Fixed decimals, half away from zero.
    static func decimal(_ value: Double, _ places: Int) -> String {
        let factor = [1.0, 10, 100, 1000][min(max(0, places), 3)]
        guard abs(value) < 9e14 else { return value < 0 ? "<-9e14" : ">9e14" }
        let scaled = Int((abs(value) * factor).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard places > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % Int(factor))
        return "\(sign)\(scaled / Int(factor)).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
    }
}
