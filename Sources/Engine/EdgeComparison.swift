import MeshModel
import Panels

/// Where the kinds of evidence of one edge tell different things, and why. A difference that a scrape's edges, requests under way or chance
/// explain is none.
enum EdgeComparison {
    /// What is known of an edge beside its numbers.
    struct Facts {
        /// Proxies of it are read.
        var hasCallerProxy = true
        var hasCalleeProxy = true
        /// They tell for whom they count; plain Envoys do not.
        var doesCalleeTellCallers = true
        /// Seconds since the newest page of that side, where all of it fell silent.
        var clientSilence: Double?
        var serverSilence: Double?
        /// Seconds between two pages.
        var interval = 0.0
    }

    // MARK: - Metrics

    static func ofMetrics(_ row: EdgeRow, _ facts: Facts) -> [Disagreement] {
        var found = oneSided(row, facts)
        if let silence = facts.serverSilence, row.client != nil, facts.clientSilence == nil { found.append(stale("callee", silence)) }
        if let silence = facts.clientSilence, row.server != nil, facts.serverSilence == nil { found.append(stale("caller", silence)) }
        guard let (client, server) = row.pair, facts.clientSilence == nil, facts.serverSilence == nil else { return found + attempts(row.client, facts) }
        let slack = Slack(client, server, interval: facts.interval)
        if let window = window(client, server, slack) { found.append(window) }
        return found + sides(client, server, slack)
    }

    private static func oneSided(_ row: EdgeRow, _ facts: Facts) -> [Disagreement] {
        if row.server == nil, let client = row.client, row.destination.kind == .workload {
            let numbers = [Disagreement.Number("client", client.requests)]
            if !facts.hasCalleeProxy {
                return [.init(.uninstrumented, "no proxy of \(row.destination.displayName) is read: only its callers tell of these calls", numbers)]
            }
            if facts.doesCalleeTellCallers {
                return [.init(.uninstrumented, "the proxies of \(row.destination.displayName) tell of other callers and not of \(row.source.displayName): "
                        + "its calls do not come through a proxy they know, or do not arrive", numbers)]
            }
        }
        if row.client == nil, let server = row.server, row.source.kind == .workload, !facts.hasCallerProxy {
            return [.init(.uninstrumented, "no proxy of \(row.source.displayName) is read: what it sent that never arrived is not seen", [.init("server", server.requests)])]
        }
        return []
    }

    private static func stale(_ side: String, _ seconds: Double) -> Disagreement {
        .init(.stale, "the \(side)'s proxies have given no page for \(Health.duration(seconds)); the other side goes on", [.init("seconds", seconds.rounded())])
    }

    private static func window(_ client: GoldenSignals, _ server: GoldenSignals, _ slack: Slack) -> Disagreement? {
        guard let ours = client.seconds, let theirs = server.seconds, abs(ours - theirs) > max(3 * slack.interval, 0.1 * max(ours, theirs)) else { return nil }
        return .init(.window, "the caller's counts cover \(Health.duration(ours)), the callee's \(Health.duration(theirs)): rates are compared",
                     [.init("client_seconds", ours), .init("server_seconds", theirs)])
    }

    /// What differs between the two halves, whoever tells of them: metrics or spans.
    private static func sides(_ client: GoldenSignals, _ server: GoldenSignals, _ slack: Slack) -> [Disagreement] {
        guard client.requests + server.requests >= GoldenSignals.smallSample else { return [] }
        var found: [Disagreement] = []
        let wire = client.beyond(\.errors, of: server)
        if wire > slack.of(client.errors) {
            let flags = client.flags.isEmpty ? "" : " (\(client.flags.prefix(3).map { "\($0.flag) \(Health.whole($0.count))" }.joined(separator: ", ")))"
            found.append(.init(.wireErrors, "\(Health.whole(wire)) of \(Health.whole(client.requests)) calls failed for the caller and not at the callee: on the way\(flags)",
                               [.init("client_errors", client.errors), .init("server_errors", server.errors), .init("wire_errors", wire)]))
        }
        let more = server.beyond(\.requests, of: client, atLengthOf: client), fewer = client.beyond(\.requests, of: server)
        let counts = [Disagreement.Number("client", client.requests), .init("server", server.requests)]
        if slack.isExceeded(by: more, of: client.requests) {
            let tried = client.attempts.map { max(0, $0 - client.requests) } ?? client.retries
            if let tried, tried < more / 2 {
                found.append(.init(.missing, "the callee counts \(Health.whole(more)) calls more than the caller, whose proxies tried again \(Health.whole(tried)) times: "
                                   + "some of the caller's proxies are not read", counts))
            } else {
                found.append(.init(.retries, "the callee was asked \(Health.whole(more)) times more than the caller asked: its proxy tried again", counts + [.init("retry_excess", more)]))
            }
        } else if slack.isExceeded(by: fewer, of: client.requests), fewer - wire > slack.of(client.requests) {
            found.append(.init(.missing, "the callee counts \(Health.whole(fewer)) of \(Health.whole(client.requests)) calls fewer than the caller, and they did not fail: "
                               + "some of the callee's proxies are not read", counts))
        }
        return found
    }

    /// Where the callee does not tell, the caller's proxy may: it counts what it tried.
    private static func attempts(_ client: GoldenSignals?, _ facts: Facts) -> [Disagreement] {
        guard let client, let attempts = client.attempts, facts.clientSilence == nil, client.requests >= GoldenSignals.smallSample else { return [] }
        let more = attempts - client.requests
        guard Slack(client, client, interval: 0).isExceeded(by: more, of: client.requests) else { return [] }
        return [.init(.retries, "the caller's proxy made \(Health.whole(attempts)) attempts at \(Health.whole(client.requests)) calls",
                      [.init("client", client.requests), .init("attempts", attempts), .init("retry_excess", more)])]
    }

    // MARK: - Spans

    /// Of one edge's spans, what half of a call wrote none.
    static func ofHalves(_ row: EdgeRow, callerWrites: Bool, calleeWrites: Bool) -> [Disagreement] {
        let client = row.spans?.client?.requests ?? 0, server = row.spans?.server?.requests ?? 0
        let numbers = [Disagreement.Number("client", client), .init("server", server)]
        if client > 0, server == 0, row.destination.kind == .workload {
            return [.init(.uninstrumented, calleeWrites ? "\(row.destination.displayName) writes spans, but of none of these \(Health.whole(client)) calls"
                          : "\(row.destination.displayName) writes no spans: only its callers tell of these calls", numbers)]
        }
        if server > 0, client == 0, row.source.kind == .workload {
            return [.init(.uninstrumented, callerWrites ? "\(row.source.displayName) writes spans, but of none of these \(Health.whole(server)) calls"
                          : "\(row.source.displayName) writes no spans of what it calls: what never arrived is not seen", numbers)]
        }
        guard client > 0, server > 0, client + server >= GoldenSignals.smallSample, row.source.kind == .workload, row.destination.kind == .workload else { return [] }
        let calls = row.spans?.seen.requests ?? client
        let missing = calls - min(client, server)
        guard missing > max(3, 0.05 * calls) else { return [] }
        let who = server < client ? row.destination.displayName : row.source.displayName
        return [.init(.uninstrumented, "of \(Health.whole(missing)) of \(Health.whole(calls)) calls \(who) wrote no span", numbers)]
    }

    /// Spans for each call that metrics count, over all edges both tell of; nil where there are none.
    static func spanShare(_ rows: [EdgeRow]) -> Double? {
        var spans = 0.0, calls = 0.0
        for row in rows {
            guard let counts = counts(row) else { continue }
            spans += counts.spans
            calls += counts.calls
        }
        return calls > 0 ? spans / calls : nil
    }

    /// Calls that metrics count and those that spans tell of, over the spans' stretch.
    private static func counts(_ row: EdgeRow) -> (calls: Double, spans: Double)? {
        guard let spans = row.spans?.seen, let metrics = [row.client, row.server].compactMap(\.self).first(where: { !$0.evidence.contains(.spans) && $0.requests > 0 }) else { return nil }
        guard let length = metrics.seconds, let other = spans.seconds, other > 1.1 * length || length > 1.1 * other else { return (metrics.requests, spans.requests) }
        return (metrics.requests, spans.requests * length / other)
    }

    /// - Parameter share: `spanShare` of all edges.
    static func ofSpans(_ row: EdgeRow, share: Double?) -> [Disagreement] {
        guard let share else { return [] }
        guard let (calls, spans) = counts(row) else {
            guard row.spans == nil, row.source.kind == .workload, row.destination.kind == .workload, row.signals.requests * min(1, share) >= GoldenSignals.smallSample else { return [] }
            return [.init(.uninstrumented, "no span tells of these \(Health.whole(row.signals.requests)) calls, where of others \(Health.percentage(share)) % have spans",
                          [.init("metrics", row.signals.requests), .init("spans", 0)])]
        }
        guard calls >= GoldenSignals.smallSample else { return [] }
        let numbers = [Disagreement.Number("metrics", calls), .init("spans", spans), .init("share", spans / calls), .init("share_of_all", share)]
        let noise = 3 * (calls * min(share, 1) * max(0.05, 1 - share)).squareRoot() + 5
        if abs(spans - calls * share) <= max(noise, 0.2 * calls * share) {
            guard share < 0.95, calls - spans > noise else { return [] }
            return [.init(.sampling, "spans tell of \(Health.whole(spans)) of \(Health.whole(calls)) calls (\(Health.percentage(spans / calls)) %), as all over the mesh: sampled", numbers)]
        }
        if spans < calls * share {
            return [.init(.uninstrumented, "spans tell of \(Health.percentage(spans / calls)) % of these calls, of others of \(Health.percentage(share)) %: "
                          + "some of its pods write none, or spans were lost", numbers)]
        }
        guard spans > calls + noise else { return [] }
        return [.init(.missing, "spans tell of \(Health.whole(spans)) calls where metrics count \(Health.whole(calls)): some of the proxies are not read", numbers)]
    }

    // MARK: - Chance

    /// By how much two counts of the same calls differ though nothing is wrong: requests under way at both ends, and those of the moments
    /// between two scrapes that were counted by one alone.
    private struct Slack {
        let interval: Double
        private let seconds: Double

        init(_ a: GoldenSignals, _ b: GoldenSignals, interval: Double) {
            self.interval = interval
            var apart = 0.0
            if let from = a.from, let other = b.from { apart += abs((from - other).seconds) }
            if let to = a.to, let other = b.to { apart += abs((to - other).seconds) }
            seconds = max(a.seconds ?? 1, 1)
            offset = min(apart, 2 * interval)
        }

        private let offset: Double

        func of(_ count: Double) -> Double {
            let rate = max(0, count) / seconds
            return 3 + rate * offset + 3 * (rate * (offset + interval)).squareRoot()
        }

        func isExceeded(by difference: Double, of count: Double) -> Bool { difference > of(count) && difference > 0.01 * count }
    }
}
