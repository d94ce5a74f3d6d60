import CallGraph
import Diagnosis
import MeshModel
import Panels

/// What is worked out of one service's traces, a slice at a time.
struct LatencyWork {
    struct Terms: Equatable {
        var stamps: UInt64
        var window: TimeRange
        var mode: CountMode
        var predicate: ErrorPredicate
    }
    struct Place {
        var place: Int
        var stamp: UInt64
    }
    let terms: Terms
    var memory: LatencyMemory
    /// The newest first.
    let places: [Place]
    /// So many of them were read; and were timed anew.
    var read = 0
    var retimed = 0
    var ranking: LatencyRanking?
    var asked: [(path: Int32, speedup: WhatIf.Speedup)] = []
    var answer: ServiceLatency
    /// Of the same question a moment ago.
    var before: ServiceLatency?

    var isThrough: Bool { answer.isComplete }

    /// While it is gone through, what was known before.
    var shown: ServiceLatency {
        guard !isThrough, var before else { return answer }
        before.isOfBefore = true
        return before
    }

    /// The last that is whole, where it was asked alike.
    func last(_ terms: Terms) -> ServiceLatency? {
        let isAlike = self.terms.mode == terms.mode && self.terms.predicate == terms.predicate && (terms.mode == .wholeRun || self.terms.window.length == terms.window.length)
        return isAlike ? isThrough ? answer : before : nil
    }
}

extension EngineState {
    private static let mostRead = 4000
    /// Spans put together in one go: a few milliseconds.
    private static let sliceSpans = 4000
    private static let mostRows = 100

    /// What is known of it so far: there is more while it is not complete.
    /// - Returns: nil where there is no such service.
    mutating func serviceLatency(_ key: EntityKey, _ frame: Frame) -> ServiceLatency? {
        guard let service = service(of: key, frame) else { return nil }
        var answer = ServiceLatency(service: named(service))
        guard hasSpans else { return answer }
        settleTraces()
        answer.hasSpans = true
        guard let party = party(named: service) else { return answer }
        answer.isInSpans = traces.parties.speaks(party)
        let terms = LatencyWork.Terms(stamps: traces.stamps, window: frame.window, mode: frame.mode, predicate: frame.predicate)
        if let known = latencyWork, known.memory.service == party, known.terms == terms { return known.shown }
        let newest = newestTraces(through: party, frame, most: Self.mostRead + 1), places = newest.prefix(Self.mostRead)
        answer.hasMore = newest.count > Self.mostRead
        answer.traces = places.count
        answer.failed = places.count { traces.traces[$0]?.summary?.isFailed(frame.predicate) ?? false }
        let old = latencyWork.take().flatMap { $0.memory.service == party ? $0 : nil }
        var memory = old?.memory ?? LatencyMemory(of: party)
        // Names without end: all numbers are given anew now and then.
        if memory.paths.count > 1 << 15 { memory = LatencyMemory(of: party) }
        memory.forget(allBut: places)
        latencyWork = LatencyWork(terms: terms, memory: memory, places: places.map { .init(place: $0, stamp: traces.traces[$0]?.stamp ?? 0) }, answer: answer,
                                  before: old?.last(terms))
        // What was read before is there at once, and so is what few traces tell.
        workOnLatency(mostSpans: Self.sliceSpans / 8)
        return latencyWork?.shown
    }

    /// Goes through some more of the traces that were asked about last.
    /// - Returns: whether there are more.
    mutating func latencySlice() -> Bool {
        guard let work = latencyWork, !work.isThrough else { return false }
        workOnLatency(mostSpans: Self.sliceSpans)
        return latencyWork.map { !$0.isThrough } ?? false
    }

    private mutating func workOnLatency(mostSpans: Int) {
        // Taken out while it grows: held twice, it would be copied.
        guard var work = latencyWork.take() else { return }
        var spans = 0
        while work.read < work.places.count {
            if let (place, trace) = held(work.places[work.read]), !work.memory.isKnown(place, trace) {
                guard spans < mostSpans else { break }
                spans += trace.spanCount
                _ = work.memory.reading(place, trace, &traces)
            }
            work.read += 1
        }
        work.answer.read = work.read
        if work.read == work.places.count {
            if work.ranking == nil { rank(&work) }
            retime(&work, spans, mostSpans: mostSpans)
        }
        latencyWork = work
    }

    /// nil: let go of meanwhile, or another took its place.
    private func held(_ place: LatencyWork.Place) -> (Int, HeldTrace)? {
        guard let trace = traces.traces[place.place], trace.stamp == place.stamp else { return nil }
        return (place.place, trace)
    }

    private func readings(_ work: borrowing LatencyWork) -> [(place: LatencyWork.Place, id: TraceID, reading: LatencyReading)] {
        var all: [(LatencyWork.Place, TraceID, LatencyReading)] = []
        for place in work.places {
            guard let (number, trace) = held(place), let reading = work.memory.known(number, trace) else { continue }
            all.append((place, trace.id, reading))
        }
        return all
    }

    private mutating func retime(_ work: inout LatencyWork, _ spent: Int, mostSpans: Int) {
        var spans = spent
        while work.retimed < work.places.count, !work.asked.isEmpty {
            if let (place, trace) = held(work.places[work.retimed]), !work.memory.hasGains(place, work.asked) {
                guard spans < mostSpans else { break }
                spans += trace.spanCount * (1 + work.asked.count / 2)
                work.memory.retime(place, trace, &traces, work.asked)
            }
            work.retimed += 1
        }
        if work.asked.isEmpty { work.retimed = work.places.count }
        work.answer.retimed = work.retimed
        guard work.isThrough, let ranking = work.ranking else { return }
        let all = readings(work)
        for (index, one) in work.asked.enumerated() {
            guard let row = ranking.rows.firstIndex(where: { $0.path == one.path }), row < work.answer.rows.count else { continue }
            let gains = all.map { work.memory.gains($0.place.place, index) ?? [] }
            let answer = LatencyRanking.answer(all.map(\.reading), entry: ranking.rows[row].entry, gains: gains)
            work.answer.rows[row].faster = .init(one.speedup, answer)
        }
    }

    // MARK: - In names

    private mutating func rank(_ work: inout LatencyWork) {
        let all = readings(work)
        let ranking = LatencyRanking(all.map(\.reading), paths: work.memory.paths)
        (work.ranking, work.asked) = (ranking, ranking.questions)
        let seconds = ServiceLatency.Percentiles(ranking.percentiles)
        (work.answer.requests, work.answer.operations) = (ranking.requests, ranking.entries)
        (work.answer.p50, work.answer.p95, work.answer.p99) = (seconds.p50, seconds.p95, seconds.p99)
        for row in ranking.rows.prefix(Self.mostRows) {
            let way = work.memory.paths.labels(of: row.path).map { step(work.memory.labels[$0]) }
            var shown = ServiceLatency.Row(way: way, share: row.share, bands: row.bands, ownSeconds: Double(row.sums.own) / 1e9 / Double(max(1, row.sums.calls)),
                                           calls: Double(row.sums.calls) / Double(max(1, row.sums.traces)), traces: row.sums.traces)
            let sample = Int(row.sums.worst.trace)
            if ranking.readingOf.indices.contains(sample) { shown.sample = all[ranking.readingOf[sample]].id }
            work.answer.rows.append(shown)
        }
        work.answer.otherRows = max(0, ranking.rows.count - Self.mostRows)
        work.answer.otherShare = ranking.rows.dropFirst(Self.mostRows).reduce(0) { $0 + $1.share }
        work.answer.repeated = ranking.repeated.prefix(Self.mostRows).map { calls in
            .init(caller: step(work.memory.labels[calls.caller]), callee: step(work.memory.labels[calls.callee]), calls: calls.calls, share: calls.share, traces: calls.traces,
                  sample: all[calls.sample].id)
        }
    }

    private mutating func step(_ label: SpanLabels.Name) -> ServiceLatency.Step {
        .init(service: name(ofParty: label.service), operation: symbols.string(label.operation))
    }
}

extension ServiceLatency.Percentiles {
    fileprivate init(_ nanoseconds: WhatIf.Answer.Percentiles) {
        self.init(p50: Double(nanoseconds.p50) / 1e9, p95: Double(nanoseconds.p95) / 1e9, p99: Double(nanoseconds.p99) / 1e9)
    }
}

extension ServiceLatency.Faster {
    fileprivate init(_ speedup: WhatIf.Speedup, _ answer: WhatIf.Answer) {
        var less: Double?
        if case .nanoseconds(let nanoseconds) = speedup { less = Double(nanoseconds) / 1e9 }
        self.init(less: less, before: .init(answer.before), after: .init(answer.after))
    }
}
