import CallGraph
import MeshModel
import Panels
import SeriesStore
import WireFormats

/// What is kept of frames made of traces, until spans come.
struct TraceFrames {
    struct Terms: Equatable {
        var version: UInt64
        var window: TimeRange
        var predicate: ErrorPredicate
    }
    /// By the place of the trace in the store.
    var rows: [(stamp: UInt64, predicate: ErrorPredicate, row: TraceRow)?] = []
    var list: (terms: Terms, rows: [TraceRow], places: [Int])?
    /// By key: what a filter looks for in the attributes of the traces listed.
    var searched: [String: SearchedAttribute] = [:]
    /// The trace that is open: put together again only when spans of it came.
    var detail: (id: TraceID, stamp: UInt64, predicate: ErrorPredicate, trace: TraceDetail)?
    var fold: (terms: Terms, settlement: Int, fold: SpanFold)?
    /// By the number of the party.
    var parties: [PartyNames?] = []
    var texts = SymbolTexts()
    var rejected: [String: Int] = [:]
}

extension EngineState {
    /// A list of more traces than anyone scrolls through is cut: the newest are in it.
    static let mostTraces = 50_000

    /// - Returns: how many spans could not be kept.
    mutating func consume(_ batch: borrowing SpanBatch) -> Int {
        // Series and traces share the memory: each can have what the other leaves, and a quarter in any case.
        let others = store.bytes + symbols.bytes + spanSeries.bytes
        traces.budgetBytes = max(budgetBytes / 4, budgetBytes - max(others, budgetBytes / 8))
        let refused = traces.consume(batch)
        takeCallChanges()
        store.budgetBytes = budgetBytes - min(traces.bytes + spanSeries.bytes, budgetBytes * 3 / 4)
        if batch.spans.count > refused { newest = max(newest, batch.time) }
        if refused > 0 { dropped["span for which there was no memory left", default: 0] += refused }
        version += 1
        return refused
    }

    var hasSpans: Bool { traces.count > 0 || !spanSeries.isEmpty }

    /// Traces that got spans are put together, and their calls counted.
    mutating func settleTraces() { while !settleSomeTraces() {} }

    /// For whoever lets others in between.
    /// - Returns: false where some are left.
    mutating func settleSomeTraces() -> Bool {
        defer { takeCallChanges() }
        return traces.settle(most: 1 << 12)
    }

    /// So long after the last of its spans a trace is taken for whole, whatever is missing.
    static let quietSeconds = 5.0

    /// The clock of whoever receives spans. Without one, all has come that will.
    mutating func pass(to clock: Timestamp) {
        let quietSince = clock - Timestamp.Span(seconds: Self.quietSeconds)
        // Before they are put together: who asks for the first time is told of what is arriving, too.
        traces.quietSince = quietSince
        settleTraces()
        guard traces.pass(quietSince: quietSince) else { return }
        takeCallChanges()
        version += 1
    }

    private mutating func takeCallChanges() {
        spanSeries.setBudget(budgetBytes / 16)
        traces.takeCallChanges { spanSeries.take($0) }
    }

    mutating func answerTraces(_ query: PanelQuery, _ frame: Frame, to data: inout FrameData) {
        settleTraces()
        switch query {
        case .traces: data.traces = traceRows(frame)
        case .trace(let id): data.trace = traceDetail(id, frame.predicate)
        case .attributes(let keys): answerAttributes(keys, to: &data)
        case .span(let trace, let span, let kind): data.span = spanDetail(trace, span, kind)
        default: break
        }
    }

    var traceStats: TraceStats {
        var stats = TraceStats()
        (stats.traces, stats.spans, stats.bytes) = (traces.count, traces.spans, traces.bytes)
        (stats.evictedTraces, stats.evictedSpans) = (traces.evictedTraces, traces.evictedSpans)
        stats.oddities = traces.settledOddities.byName
        if traces.parties.folded > 0 { stats.oddities["caller or callee beyond the \(traces.parties.most) told apart"] = traces.parties.folded }
        if traces.foldedCalls > 0 { stats.oddities["call of a pair beyond the \(traces.mostPairs) told apart"] = traces.foldedCalls }
        stats.standsFor = spanSeries.standsFor
        stats.reachesBackTo = traces.reachesBackTo
        if traces.refusedSpans > 0 { stats.rejected["no memory left"] = traces.refusedSpans }
        return stats
    }

    // MARK: - List

    private mutating func traceRows(_ frame: Frame) -> [TraceRow] {
        // Counts of the whole run begin with the first call; a trace may begin before it.
        let window = frame.mode == .wholeRun ? TimeRange(from: Timestamp(nanoseconds: .min), to: frame.window.to) : frame.window
        let terms = TraceFrames.Terms(version: traces.stamps, window: window, predicate: frame.predicate)
        if let list = traceFrames.list, list.terms == terms { return list.rows }
        var found: [(start: Timestamp, place: Int)] = []
        for place in traces.places(in: window) {
            guard let start = traces.traces[place]?.summary?.start, start >= window.from, start <= window.to else { continue }
            found.append((start, place))
        }
        found.sort { ($1.start, $0.place) < ($0.start, $1.place) }
        let places = found.prefix(Self.mostTraces).map(\.place)
        let rows = places.compactMap { traceRow($0, frame.predicate) }
        traceFrames.list = (terms, rows, places)
        return rows
    }

    private mutating func traceRow(_ place: Int, _ predicate: ErrorPredicate) -> TraceRow? {
        guard let trace = traces.traces[place], let summary = trace.summary else { return nil }
        if place < traceFrames.rows.count, let known = traceFrames.rows[place], known.stamp == trace.stamp, known.predicate == predicate { return known.row }
        var row = row(trace.id, summary, predicate)
        row.isArriving = trace.isArriving
        while traceFrames.rows.count <= place { traceFrames.rows.append(nil) }
        traceFrames.rows[place] = (trace.stamp, predicate, row)
        return row
    }

    private mutating func row(_ id: TraceID, _ summary: TraceSummary, _ predicate: ErrorPredicate) -> TraceRow {
        TraceRow(id: id, service: name(ofParty: summary.party), operation: symbols.string(summary.operation), start: summary.start,
                 durationSeconds: (summary.end - summary.start).seconds, spans: summary.spans,
                 services: summary.services.map { name(ofParty: $0) }.sorted(), errors: summary.errors(predicate), isFailed: summary.isFailed(predicate),
                 orphans: summary.orphans, adjusted: summary.adjusted, code: summary.code)
    }

    // MARK: - One trace

    private mutating func traceDetail(_ id: TraceID, _ predicate: ErrorPredicate) -> TraceDetail? {
        guard let held = traces[id] else { return nil }
        let stamp = held.stamp
        if let known = traceFrames.detail, known.id == id, known.stamp == stamp, known.predicate == predicate { return known.trace }
        guard let summary = held.summary, let assembly = traces.assembly(of: id) else { return nil }
        let lines = assembly.rows()
        var rows: [SpanRow] = []
        rows.reserveCapacity(lines.count)
        for line in lines { rows.append(spanRow(line, assembly, predicate, isArriving: held.isArriving)) }
        let latency = traceLatency(&rows, lines, assembly)
        var row = row(id, summary, predicate)
        row.isArriving = held.isArriving
        let trace = TraceDetail(row: row, spans: rows, remarks: held.isArriving ? [] : Self.remarks(assembly.oddities) + latency)
        traceFrames.detail = (id, stamp, predicate, trace)
        return trace
    }

    private mutating func spanRow(_ row: AssemblyRow, _ assembly: Assembly, _ predicate: ErrorPredicate, isArriving: Bool) -> SpanRow {
        let span = assembly.spans[row.span]
        let callee = row.server < 0 ? row.span : row.server
        let other = assembly.spans[callee]
        // A request between proxies is the callee's line, in the caller's time.
        let names = names(ofParty: assembly.party[callee])
        var result = SpanRow(id: span.id, depth: row.depth, descendants: row.descendants, service: names.name, version: names.version, pod: names.pod,
                             operation: text(span.name), kind: other.kind, start: assembly.at(row.span), durationSeconds: span.duration.seconds)
        result.selfSeconds = Double(row.selfNanoseconds) / 1e9
        result.isError = !assembly.isDenied(callee) && (span.isError(predicate) || other.isError(predicate))
        (result.isOrphan, result.isAwaitingParent) = (assembly.isOrphan(row.span) && !isArriving, assembly.isOrphan(row.span) && isArriving)
        result.adjustedSeconds = Double(assembly.shift[row.span]) / 1e9
        if row.server >= 0 { (result.serverStart, result.serverDurationSeconds) = (assembly.at(callee), other.duration.seconds) }
        let code = span.code == Meaning.untoldCode ? other.code : span.code
        result.code = code == Meaning.untoldCode ? nil : code
        result.flags = text(span.flags.isEmpty ? other.flags : span.flags)
        if !row.parts.isEmpty { result.parts = parts(row, assembly, predicate) }
        return result
    }

    private static func remarks(_ oddities: Oddities) -> [String] {
        Oddities.Kind.allCases.compactMap { kind in
            let count = oddities[kind]
            guard count > 0 else { return nil }
            func spans(_ what: String) -> String { "\(count) span\(count == 1 ? "" : "s") \(what)" }
            switch kind {
            case .parentMissing: return spans("without the parent they name")
            case .parentCycle: return "\(count) cycle\(count == 1 ? "" : "s") of parents, cut at the earliest span"
            case .duplicate: return spans("sent twice, counted once")
            case .idTaken: return spans("with an id that another span has")
            case .severalRoots: return "several roots"
            case .kindMissing: return spans("without a kind")
            case .clockSkew: return spans("shown at corrected times: clocks disagree")
            case .clockTooFar: return spans("more than an hour off their parents: shown as they came")
            case .noServerHalf: return "\(count) call\(count == 1 ? "" : "s") whose callee told nothing"
            case .noClientHalf: return "\(count) call\(count == 1 ? "" : "s") whose caller told nothing"
            case .late: return spans("came late")
            case .negativeDuration: return spans("that end before they start: shown without a duration")
            case .longDuration: return spans("longer than a day: among latencies, a day")
            }
        }
    }
}
