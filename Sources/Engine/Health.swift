import MeshModel
import Panels

/// How a row stands, by stated rules. Thresholds of the share of errors follow Kiali's and Linkerd's defaults: above 0.1 %
/// worth a look, above 5 % failing; a share of fewer than 20 requests is not judged by percentage.
enum Health {
    static let warningShare = GoldenSignals.warningShare
    static let failingShare = 0.05
    /// More retries than these, of requests, are load that nobody asked for (Envoy's default retry budget).
    static let retryShare = 0.2

    /// - Parameters:
    ///   - deniedCounts: whether denials are this row's own concern: they are an edge's, not the callee's whose policy works.
    ///   - calls: it calls others.
    static func judge(_ signals: GoldenSignals, versions: [VersionRow] = [], staleFor seconds: Double?, predicate: ErrorPredicate,
                      deniedCounts: Bool, calls: Bool = false) -> (state: HealthState, reason: String) {
        if let seconds {
            // What its callers see of one that fell silent goes on.
            let told = signals.evidence.contains(.metricsServer) ? nil : Optional(judge(signals, versions: versions, staleFor: nil, predicate: predicate, deniedCounts: deniedCounts))
            let silence = "no sample for \(duration(seconds))"
            if let told, told.state == .failing { return (.failing, "\(silence); callers: \(told.reason)") }
            return (.warning, silence)
        }
        let judged = signals.requests - (signals.denied ?? 0)
        if signals.requests == 0 { return withoutRequests(signals, calls: calls) }
        if deniedCounts, let denied = signals.denied, denied > 0, judged == 0 { return (.warning, "every call denied by policy (\(whole(denied)))") }
        guard judged > 0 else { return (.idle, "no traffic") }
        let own = worse(judge(signals, predicate: predicate, name: nil), saturation(signals))
        // A failing canary is seen although its service as a whole still looks well.
        let worst = versions.count < 2 ? nil : versions.map { judge($0.signals, predicate: predicate, name: $0.version) }.max { $0.state < $1.state }
        if let worst, worst.state > own.state, worst.state >= .warning { return worst }
        if own.state == .good, deniedCounts, let denied = signals.denied, denied > 0 { return (.warning, "\(whole(denied)) denied by policy") }
        return own
    }

    /// Bytes that flow are traffic, and so are calls to others: idle is who has neither.
    private static func withoutRequests(_ signals: GoldenSignals, calls: Bool) -> (state: HealthState, reason: String) {
        if (signals.bytesIn ?? 0) + (signals.bytesOut ?? 0) > 0 { return worse((.good, ""), saturation(signals)) }
        return calls ? (.unknown, "it calls others; nobody tells of calls to it") : (.idle, "no traffic")
    }

    /// The first where both are as bad.
    private static func worse(_ a: (state: HealthState, reason: String), _ b: (state: HealthState, reason: String)) -> (state: HealthState, reason: String) {
        b.state > a.state ? b : a
    }

    /// Queues, breakers and retries: what goes wrong before requests fail, and why they do.
    private static func saturation(_ signals: GoldenSignals) -> (state: HealthState, reason: String) {
        if let away = signals.turnedAway, away >= 1 {
            let share = away / max(away, signals.requests)
            let isFailing = signals.requests >= GoldenSignals.smallSample && share > failingShare
            return (isFailing ? .failing : .warning, "saturation: \(whole(away)) turned away, the queue to it is full")
        }
        if signals.hasOpenBreaker { return (.warning, "saturation: a circuit breaker is open") }
        if let retries = signals.retries, signals.requests >= GoldenSignals.smallSample, retries > retryShare * signals.requests {
            return (.warning, "saturation: retries \(percentage(retries / signals.requests)) % > 20 %")
        }
        return (.good, "")
    }

    /// Who was taken off the target list is no proxy that fell silent: that is as it should be, unless those who still call it fail.
    static func gone(_ state: HealthState, _ reason: String) -> (state: HealthState, reason: String) {
        (state == .failing ? .failing : .idle, "taken off its target list; \(reason)")
    }

    private static func judge(_ signals: GoldenSignals, predicate: ErrorPredicate, name: String?) -> (state: HealthState, reason: String) {
        let judged = signals.requests - (signals.denied ?? 0)
        let who = name.map { "\($0): " } ?? ""
        guard judged > 0 else { return (.idle, "no traffic") }
        if judged < GoldenSignals.smallSample {
            return signals.errors > 0 ? (.warning, "\(who)\(whole(signals.errors)) of \(whole(judged)) failed (\(predicate.rawValue))") : (.good, "")
        }
        let share = signals.errors / judged
        if share > failingShare { return (.failing, "\(who)errors \(percentage(share)) % > 5 % (\(predicate.rawValue))") }
        if share > warningShare { return (.warning, "\(who)errors \(percentage(share)) % > 0.1 % (\(predicate.rawValue))") }
        return (.good, "")
    }

    static func duration(_ seconds: Double) -> String {
        let seconds = Int(min(max(seconds, 0), 1e15))
        func two(_ large: String, _ rest: Int, _ unit: String) -> String { rest > 0 ? "\(large) \(rest) \(unit)" : large }
        if seconds < 60 { return "\(seconds) s" }
        return seconds < 3600 ? two("\(seconds / 60) min", seconds % 60, "s") : two("\(seconds / 3600) h", seconds / 60 % 60, "min")
    }

    /// A count in words; one that is spread over the window's edge is still one.
    static func whole(_ count: Double) -> Int { Int(min(max(count.rounded(.up), 0), 1e15)) }

    /// One decimal; below 1 % two, or 0.14 % would read as no more than the 0.1 % it is judged by.
    static func percentage(_ share: Double) -> String {
        let hundredths = Int((share * 10_000).rounded())
        if hundredths < 100 { return "0." + (hundredths < 10 ? "0" : "") + "\(hundredths)" }
        let tenths = Int((share * 1000).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
