import CallGraph
import Diagnosis
import MeshModel
import Panels

/// What traces add to what counts tell of somebody who got slower: one to look at, of which operation it is, and how many show it.
extension EngineState {
    /// Before the onset and since, the newest of so many traces and spans are opened.
    private static let mostOpened = 40, mostOpenedSpans = 2000
    /// Of all that requests take longer: an operation of less is not the one.
    private static let shareOfOperation = 0.8

    /// A request as the one that is asked about answered it, or as its caller waited for it.
    private struct Answer {
        var trace: TraceID
        var start: Timestamp
        var operation: Symbol
        var pod: Symbol
        var milliseconds: Double
    }

    /// - Parameters:
    ///   - service: who got slower; with a caller, the one it calls.
    mutating func addTraces(to verdict: inout Verdict, of service: ResolvedEntity, caller: ResolvedEntity?, _ findings: Findings, _ facts: inout HopFacts, _ frame: Frame) {
        guard hasSpans, let onset = verdict.onset, let change = verdict.origin?.changes.first, let party = party(of: service, findings, &facts) else { return }
        let calling = caller.flatMap { self.party(of: $0, findings, &facts) }
        guard caller == nil || calling != nil else { return }
        // As of counts, nothing of just before; and of what is let go of, failing and slow traces stay longest.
        let quiet = TimeRange(from: max(frame.window.from, traces.evictedUpTo), to: onset - Timestamp.Span(seconds: Double(lateSlots) * grid.seconds))
        let before = quiet.from < quiet.to ? answers(party, calling, quiet) : []
        let since = answers(party, calling, TimeRange(from: onset, to: frame.window.to))
        let isLong = { (answer: Answer) in answer.milliseconds > (change.usual + change.seen) / 2 }
        guard !since.isEmpty else { return }
        let pod = verdict.origin?.entity.pod.map { symbols.intern($0) }
        let long = since.filter(isLong), ofPod = long.filter { pod == nil || $0.pod == pod }
        verdict.evidence.sample = (ofPod.isEmpty ? long : ofPod).max { $0.start < $1.start }?.trace
        let usually = before.count(where: isLong)
        let counts = "\(long.count) of the last \(since.count) since then in traces take that long" + (before.isEmpty ? "" : ", \(usually) of \(before.count) before")
        // Few are opened: how certain it is counts tell.
        guard !long.isEmpty, before.isEmpty || long.count * before.count > usually * since.count else {
            verdict.remarks.append(counts)
            return
        }
        verdict.evidence.kinds.formUnion(.spans)
        verdict.evidence.passing.append(counts)
        verdict.origin?.operation = operation(before, since).map { symbols.string($0) }
    }

    /// The one whose requests make up for nearly all of the difference; nil where nothing is known of before.
    private func operation(_ before: [Answer], _ since: [Answer]) -> Symbol? {
        guard !before.isEmpty else { return nil }
        var usual: [Symbol: (count: Double, sum: Double)] = [:]
        for answer in before {
            usual[answer.operation, default: (0, 0)].count += 1
            usual[answer.operation, default: (0, 0)].sum += answer.milliseconds
        }
        let whole = before.reduce(0) { $0 + $1.milliseconds } / Double(before.count)
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
            for (index, call) in assembly.calls.enumerated() where traces.parties.service(of: call.destination) == service && assembly.arrivals[index] >= 0 {
                let arrival = Int(assembly.arrivals[index])
                // The caller waits as long as its outermost span lasts, attempts included.
                var timed = arrival
                if let caller {
                    guard assembly.departures[index] >= 0, traces.parties.service(of: call.source) == caller else { continue }
                    timed = Int(assembly.departures[index])
                }
                answers.append(Answer(trace: trace.id, start: assembly.at(arrival), operation: assembly.spans[arrival].name, pod: traces.parties[assembly.party[arrival]].pod,
                                      milliseconds: assembly.spans[timed].duration.seconds * 1000))
            }
        }
        return answers
    }
}
