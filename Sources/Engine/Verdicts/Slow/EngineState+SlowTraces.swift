import CallGraph
import Diagnosis
import MeshModel
import Panels

/// What traces add to what counts tell of somebody who got slower: one to look at, of which operation it is, and whether they show it at all.
extension EngineState {
    /// Before the onset and since, the newest of so many traces and spans are opened.
    private static let mostOpened = 40, mostOpenedSpans = 5000
    /// Of all that requests take longer: an operation of less is not the one.
    private static let shareOfOperation = 0.8

    /// A request that was answered, or a call as its caller saw it.
    private struct Answer {
        var trace: TraceID
        var start: Timestamp
        var operation: Symbol
        var pod: Symbol
        var milliseconds: Double
    }

    /// - Parameters:
    ///   - service: who got slower; with a caller, the one it calls.
    mutating func addTraces(to verdict: inout Verdict, of service: ResolvedEntity, caller: ResolvedEntity?, _ frame: Frame) {
        guard hasSpans, let onset = verdict.onset, let change = verdict.origin?.changes.first, let party = party(named: service) else { return }
        var calling: Int32?
        if let caller {
            calling = self.party(named: caller)
            guard calling != nil else { return }
        }
        let before = answers(party, calling, TimeRange(from: frame.window.from, to: onset - Timestamp.Span(nanoseconds: 1)))
        let since = answers(party, calling, TimeRange(from: onset, to: frame.window.to))
        guard !since.isEmpty else { return }
        verdict.evidence.kinds.formUnion(.spans)
        let isLong = { (answer: Answer) in answer.milliseconds > (change.usual + change.seen) / 2 }
        let pod = verdict.origin?.entity.pod.map { symbols.intern($0) }
        let long = since.filter(isLong), ofPod = long.filter { pod == nil || $0.pod == pod }
        verdict.evidence.sample = (ofPod.isEmpty ? long : ofPod).max { $0.start < $1.start }?.trace
        verdict.origin?.operation = operation(before, since).map { symbols.string($0) }
        compare(since, before, isLong, of: &verdict)
    }

    /// Agreement is evidence, disagreement a remark.
    private func compare(_ since: [Answer], _ before: [Answer], _ isLong: (Answer) -> Bool, of verdict: inout Verdict) {
        let long = since.count(where: isLong), usually = before.count(where: isLong)
        let now = Wilson(Double(long), of: Double(since.count))
        let counts = "\(long) of the last \(since.count) since then in traces take that long" + (before.isEmpty ? "" : ", \(usually) of \(before.count) before")
        // Few are opened: the larger share is evidence, how certain counts tell.
        if long > 0, before.isEmpty || long * before.count > usually * since.count {
            verdict.evidence.passing.append(counts)
        } else if Double(since.count) >= GoldenSignals.smallSample, now.high < 0.5 {
            verdict.remarks.append("traces do not show it: \(counts)")
        }
    }

    /// The one whose requests make up for nearly all of the difference.
    private func operation(_ before: [Answer], _ since: [Answer]) -> Symbol? {
        var usual: [Symbol: (count: Double, sum: Double)] = [:]
        for answer in before {
            usual[answer.operation, default: (0, 0)].count += 1
            usual[answer.operation, default: (0, 0)].sum += answer.milliseconds
        }
        let whole = before.isEmpty ? 0 : before.reduce(0) { $0 + $1.milliseconds } / Double(before.count)
        var longer: [Symbol: Double] = [:]
        for answer in since { longer[answer.operation, default: 0] += answer.milliseconds - (usual[answer.operation].map { $0.sum / $0.count } ?? whole) }
        let total = longer.values.reduce(0) { $0 + max(0, $1) }
        guard total > 0, let most = longer.max(by: { ($0.value, $1.key.raw) < ($1.value, $0.key.raw) }), most.value >= Self.shareOfOperation * total else { return nil }
        return most.key
    }

    private mutating func answers(_ service: Int32, _ caller: Int32?, _ window: TimeRange) -> [Answer] {
        var answers: [Answer] = [], spans = 0
        for place in newestTraces(through: service, in: window, most: Self.mostOpened) {
            guard let trace = traces.traces[place] else { continue }
            spans += trace.spanCount
            guard spans <= Self.mostOpenedSpans else { break }
            let assembly = traces.assembled(trace)
            for arrival in assembly.spans.indices where assembly.isIncoming(arrival) && traces.parties.service(of: assembly.party[arrival]) == service {
                var seen = arrival
                if let caller {
                    let above = Int(assembly.parent[arrival])
                    guard above >= 0, assembly.isOutgoing(above), traces.parties.service(of: assembly.party[above]) == caller else { continue }
                    seen = above
                }
                answers.append(Answer(trace: trace.id, start: assembly.at(arrival), operation: assembly.spans[arrival].name, pod: traces.parties[assembly.party[arrival]].pod,
                                      milliseconds: assembly.spans[seen].duration.seconds * 1000))
            }
        }
        return answers
    }
}
