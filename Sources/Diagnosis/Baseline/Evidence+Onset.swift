import MeshModel

/// Since when, and in which pod.
extension Evidence {
    struct Onset {
        /// Nanoseconds.
        var time: Int64
        /// Requests before it that this origin's tests are of.
        var before: Int
        /// Places of the roots of requests hit since then.
        var hits: [Int32]
    }

    /// Of each request the worst that its rows say, each within ±z₀ and less what the largest of so many is by chance; the best tail of
    /// those. The first request hit comes on average one distance between hits after the fault began.
    func onset(_ candidate: Candidate) -> Onset {
        struct Request {
            var root: Int32
            var worst = -Double.infinity
            var rows = 0
            var start = Int64.max
        }
        var requests: [Int32: Request] = [:]
        let most = BaselineParameters.halfSurprise
        for part in candidate.telling {
            forEachValue(tests[part.amount.test]) { row, value in
                var request = requests[row.root] ?? Request(root: row.root)
                request.worst = max(request.worst, min(most, max(-most, value)))
                request.rows += 1
                request.start = min(request.start, row.start)
                requests[row.root] = request
            }
        }
        let order = requests.values.sorted { ($0.start, $0.root) < ($1.start, $1.root) }
        let at = Statistics.split(order.map { $0.worst - Normal.quantile((Double($0.rows) - 0.375) / (Double($0.rows) + 0.25)) })
        let first = rows.all.first?.start ?? 0
        guard at < order.count else { return Onset(time: first, before: 0, hits: []) }
        let hit = order[at...].filter { $0.worst >= most }
        var distance: Int64 = 0
        if hit.count > 1, let begin = hit.first, let end = hit.last { distance = (end.start - begin.start) / Int64(hit.count - 1) }
        return Onset(time: max(first, order[at].start - distance), before: at, hits: hit.map(\.root))
    }

    /// Standard errors of single rows of a test, about 0 in a quiet time.
    private func forEachValue(_ test: ChangeTest, _ body: (CallRow, Double) -> Void) {
        let group = test.id.group
        guard let quiet = model.quiet(group) else { return }
        if test.id.what == .time {
            let deviation = scan.deviation(quiet)
            for place in groups[group] { body(rows.all[Int(place)], scan.residual(rows.all[Int(place)], group, quiet) / deviation) }
        } else if let usual = quiet.share(test.id.what, scan.names) {
            let chance = usual.chance, deviation = (chance * (1 - chance)).squareRoot()
            for place in groups[group] where scan.isOfFamily(rows.all[Int(place)], test.id.what) {
                body(rows.all[Int(place)], ((scan.is(rows.all[Int(place)], test.id.what) ? 1 : 0) - chance) / deviation)
            }
        }
    }

    // MARK: - Pod

    /// The only one there is, or the one with more of the excess than halfway between its share of the calls and all of it.
    func pod(_ candidate: Candidate) -> Symbol {
        let service = candidate.suspect.service
        if !candidate.suspect.pod.isEmpty { return candidate.suspect.pod }
        let all = Set(rows.all.lazy.filter { $0.service == service }.map(\.pod))
        if all.count == 1, let only = all.first { return only }
        let called = podsCalled(service)
        var calls: [Symbol: Double] = [:], excess: [Symbol: Double] = [:]
        for part in candidate.telling {
            let test = tests[part.amount.test], group = test.id.group
            // Beside its own calls its time is its callees'.
            if group.slice == .gap, scan.names.service(ofKey: group.key) == service { continue }
            guard let quiet = model.quiet(group) else { continue }
            for place in groups[group] {
                let row = rows.all[Int(place)]
                guard row.start >= test.first, scan.isOfFamily(row, test.id.what) else { continue }
                let pod = row.service == service ? row.pod : called[place] ?? .empty
                calls[pod, default: 0] += 1
                excess[pod, default: 0] += test.id.what == .time ? (rows.seconds(row, group) - quiet.centre(row.set).seconds) / model.requestSeconds
                    : scan.is(row, test.id.what) ? 1 : 0
            }
        }
        let total = excess.values.reduce(0) { $0 + max(0, $1) }, count = calls.values.reduce(0, +)
        guard total > 0, count > 0 else { return .empty }
        return excess.filter { !$0.key.isEmpty && 2 * $0.value / total >= 1 + (calls[$0.key] ?? 0) / count }.map(\.key).min { $0.raw < $1.raw } ?? .empty
    }

    /// By place of the caller's row: the pod of the first row of the service below it.
    private func podsCalled(_ service: Int32) -> [Int32: Symbol] {
        var called: [Int32: Symbol] = [:]
        for row in rows.all where row.service == service && row.parent >= 0 && called[row.parent] == nil { called[row.parent] = row.pod }
        return called
    }
}
