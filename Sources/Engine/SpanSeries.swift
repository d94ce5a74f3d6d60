import CallGraph
import MeshModel
import SeriesStore

/// What traces tell of calls, added up by pair and second: requests by outcome, and durations. It outlives the traces.
struct SpanSeries {
    private(set) var slots = AdditiveSlots()
    private var outcomes: [CallOutcome] = []
    private var places: [CallOutcome: UInt64] = [:]
    private var recent: (outcome: CallOutcome, place: UInt64)?
    /// Start of the earliest call and end of the latest there ever was.
    private var earliest = Timestamp(nanoseconds: .max)
    private(set) var latest = Timestamp(nanoseconds: .min)
    private var counted: (calls: Int64, standFor: Int64) = (0, 0)

    /// What a call stands for on average; 1 where nothing was sampled.
    var standsFor: Double { counted.calls > 0 ? Double(counted.standFor) / Double(counted.calls) : 1 }

    /// A series' number: its pair, what is counted, and of it which.
    private enum Code {
        static let pair: UInt64 = 32
        static let what: UInt64 = 24
        static let most = 1 << 24
        static let outcomes: UInt64 = 0
        static func steps(_ vantage: CallVantage) -> UInt64 { 1 + UInt64(vantage.rawValue) }
        static func microseconds(_ vantage: CallVantage) -> UInt64 { 5 + UInt64(vantage.rawValue) }
    }

    var isEmpty: Bool { slots.isEmpty }
    /// Texts of response flags that calls ended with.
    var flags: Set<Symbol> { Set(outcomes.flatMap { [$0.client.flags, $0.server.flags] }).subtracting([.empty]) }
    var bytes: Int { slots.bytes + outcomes.count * 128 }

    mutating func setBudget(_ bytes: Int) { slots.limits.budgetBytes = bytes }

    /// From when on everything is counted.
    var reachesBackTo: Timestamp? {
        guard let first = slots.first else { return nil }
        return max(earliest, Self.start(first))
    }

    /// From when on counts of a window that begins there are whole: its beginning, where something was counted in the day before it, else
    /// the first that was counted in it. One call of long ago, or of a clock that was not set, does not stretch what rates are of.
    func counts(since from: Timestamp) -> Timestamp? {
        guard let all = reachesBackTo, all < from else { return reachesBackTo }
        let second = Self.second(of: from)
        if slots.holds(from: second - 86_400, through: second) { return from }
        return slots.first(from: second).map { max(from, Self.start($0)) }
    }

    static func second(of time: Timestamp) -> Int64 {
        time.nanoseconds.dividedDown(by: 1_000_000_000).quotient
    }

    static func start(_ second: Int64) -> Timestamp {
        let (nanoseconds, isTooFar) = second.multipliedReportingOverflow(by: 1_000_000_000)
        return Timestamp(nanoseconds: isTooFar ? (second < 0 ? .min : .max) : nanoseconds)
    }

    mutating func take(_ change: CallChange) {
        let call = change.call, second = Self.second(of: call.start)
        earliest = min(earliest, call.start)
        var end = call.start.nanoseconds
        end.add(saturating: call.seen.microseconds * 1000)
        latest = max(latest, Timestamp(nanoseconds: end))
        let sign: Int64 = change.isTakenBack ? -1 : 1
        counted.calls += sign
        counted.standFor += sign * Int64(call.standsFor)
        let place = place(of: CallOutcome(call))
        Self.forEachPart(of: call, outcome: place) { series, value in slots.add(sign * value, to: series, at: second) }
    }

    private mutating func place(of outcome: CallOutcome) -> UInt64 {
        if let recent, recent.outcome == outcome { return recent.place }
        var outcome = outcome
        if places[outcome] == nil, outcomes.count >= Self.mostOutcomes {
            // Whoever invents response flags loses them.
            (outcome.client.flags, outcome.server.flags, outcome.attempts) = (.empty, .empty, 1)
        }
        let place = places[outcome] ?? UInt64(outcomes.count)
        if place == UInt64(outcomes.count) {
            outcomes.append(outcome)
            places[outcome] = place
        }
        recent = (outcome, place)
        return place
    }

    private static let mostOutcomes = 1 << 16

    /// A call that was sampled counts as often as it stands for.
    private static func forEachPart(of call: Call, outcome: UInt64, _ body: (_ series: UInt64, _ value: Int64) -> Void) {
        let count = Int64(call.standsFor)
        let pair = UInt64(UInt32(bitPattern: call.pair)) << Code.pair
        func side(_ side: CallSide, _ vantage: CallVantage) {
            body(pair | Code.steps(vantage) << Code.what | UInt64(DurationTally.step(Int(side.microseconds))), count)
            body(pair | Code.microseconds(vantage) << Code.what, side.microseconds * count)
        }
        body(pair | Code.outcomes << Code.what | outcome, count)
        if call.client.isPresent { side(call.client, call.server.isPresent ? .clientOfBoth : .clientAlone) }
        if call.server.isPresent { side(call.server, call.client.isPresent || call.isAttempt ? .serverOfBoth : .serverAlone) }
    }

    // MARK: - Reading

    enum Part {
        case calls(CallOutcome)
        case duration(CallVantage, DurationPart)
    }

    private static func read(_ series: UInt64, _ outcomes: [CallOutcome]) -> (pair: Int, part: Part) {
        let pair = Int(series >> Code.pair), what = series >> Code.what & 0xFF, which = Int(series & UInt64(Code.most - 1))
        guard what > 0 else { return (pair, .calls(outcomes[which])) }
        let vantage = CallVantage(rawValue: Int(what - 1) % CallVantage.allCases.count) ?? .clientAlone
        return (pair, .duration(vantage, what < Code.microseconds(.clientOfBoth) ? .step(which) : .microseconds))
    }

    /// What was counted in slots that begin from `from` to `through`, slot by slot, oldest first.
    func forEach(from: Int64, through: Int64, slot: (AdditiveSlot) -> Void = { _ in }, _ body: (_ pair: Int, _ part: Part, _ value: Int) -> Void) {
        slots.forEachSlot(from: from, through: through) { each in
            slot(each)
            each.forEach { series, value in
                let (pair, part) = Self.read(series, outcomes)
                body(pair, part, Int(value))
            }
        }
    }

    /// By the number of their pair, what was counted from a time on up to and with another. Slots at both ends count whole; what
    /// traces that are held say of the rest of them is taken off again.
    mutating func tally(_ window: TimeRange, of store: borrowing TraceStore) -> [PairTally] {
        var tallies = [PairTally](repeating: PairTally(), count: store.pairEnds.count)
        let from = Self.second(of: window.from), through = Self.second(of: window.to)
        // Not of the slots, which keep sums of themselves meanwhile.
        let outcomes = outcomes
        slots.forEachBlock(from: from, through: through) { block in
            block.forEach { series, value in
                let (pair, part) = Self.read(series, outcomes)
                tallies[pair].add(part, Int(value))
            }
        }
        let begin = Self.start(from), end = Self.start(through + 1)
        guard slots.isBySecond(from) || slots.isBySecond(through) else { return tallies }
        takeOff(begin, before: window.from, store, &tallies)
        if window.to < end { takeOff(max(begin, window.to + Timestamp.Span(nanoseconds: 1)), before: end, store, &tallies) }
        return tallies
    }

    private func takeOff(_ begin: Timestamp, before end: Timestamp, _ store: borrowing TraceStore, _ tallies: inout [PairTally]) {
        guard begin < end else { return }
        for number in store.stretches.numbers(underWayIn: TimeRange(from: begin, to: end)) {
            for place in store.stretches[number]?.places ?? [] {
                // Field by field: who takes the whole of a trace counts up and down all that it holds.
                guard let summary = store.traces[Int(place)]?.summary, summary.end >= begin, summary.start < end, store.traces[Int(place)]?.isArriving == false,
                      let calls = store.traces[Int(place)]?.calls else { continue }
                for call in calls where call.start >= begin && call.start < end {
                    guard slots.isBySecond(Self.second(of: call.start)), let outcome = places[CallOutcome(call)] else { continue }
                    Self.forEachPart(of: call, outcome: outcome) { series, value in
                        let (pair, part) = Self.read(series, outcomes)
                        tallies[pair].add(part, -Int(value))
                    }
                }
            }
        }
    }
}

extension PairTally {
    fileprivate mutating func add(_ part: SpanSeries.Part, _ value: Int) {
        switch part {
        case .calls(let outcome): add(outcome, value)
        case .duration(let vantage, let part): add(vantage, part, value)
        }
    }
}
