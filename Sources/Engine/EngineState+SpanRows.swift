import CallGraph
import MeshModel
import Panels

/// Rows made of spans, for those of whom no metrics tell.
extension EngineState {
    mutating func spanFold(_ frame: Frame) -> SpanFold {
        settleTraces()
        let terms = TraceFrames.Terms(version: traces.stamps, window: frame.window, predicate: .server)
        if let known = traceFrames.fold, known.terms == terms, known.settlement == settlement { return known.fold }
        let directory = directory
        let fold = SpanFold(&spanSeries, traces, window: frame.window, newest: min(newest, frame.window.to)) { directory.met($0) }
        traceFrames.fold = (terms, settlement, fold)
        return fold
    }

    /// `rows` of metrics stay as they are, but for those that count nothing where spans do: a proxy that is read for the first time, or counts something else.
    /// In the order of their keys.
    mutating func addSpanRows(to rows: [EntityRow], _ level: EntityLevel, _ frame: Frame) -> [EntityRow] {
        guard hasSpans else { return rows }
        let fold = spanFold(frame)
        let known = KnownRows(rows)
        var added: [EntityRow] = [], rows = rows
        for node in fold.nodes(level) where !isNameless(node.entity, level) {
            let key = key(node.entity, level)
            let place = Self.place(of: key, in: rows), isSilent = place.map { !rows[$0].stale && rows[$0].signals.isSilent } ?? false
            guard !known.has(key) || isSilent && node.tally.answered.requests > 0 else { continue }
            let signals = golden(node.tally.answered, attempts: nil, fold.range, frame.predicate)
            let versions = node.versions.map { VersionRow(version: symbols.string($0.key), signals: golden($0.value.answered, attempts: nil, fold.range, frame.predicate)) }
                .sorted { $0.version < $1.version }
            let (state, reason) = Health.judge(signals, versions: versions, staleFor: nil, predicate: frame.predicate, deniedCounts: false, calls: node.calls > 0)
            if let place, isSilent {
                rows[place] = EntityRow(rows[place].identity, signals: signals, versions: versions, pods: rows[place].pods, state: state, reason: reason, stale: false, lastSample: rows[place].lastSample)
                continue
            }
            added.append(EntityRow(key: key, entity: named(node.entity), signals: signals, versions: versions, pods: node.pods.count, state: state, reason: reason))
        }
        return added.isEmpty ? rows : (rows + added).sorted { $0.key < $1.key }
    }

    /// - Parameter answers: whether it is asked for how requests ended one by one.
    func golden(_ side: SideTally, attempts: Int?, _ range: TimeRange, _ predicate: ErrorPredicate, answers: Bool = false) -> GoldenSignals {
        var signals = GoldenSignals()
        signals.requests = Double(side.requests)
        signals.errors = Double(side.errors(predicate))
        signals.denied = Double(side.denied)
        signals.attempts = attempts.map(Double.init)
        if side.durations.count > 0 {
            let all = side.durations
            signals.latency = LatencySummary(p50: all.quantile(0.5), p95: all.quantile(0.95), p99: all.quantile(0.99),
                                             meanMilliseconds: all.milliseconds / Double(all.count), count: Double(all.count))
        }
        end(&signals, side.outcomes, predicate, answers: answers)
        signals.evidence = .spans
        (signals.from, signals.to) = (range.from, range.to)
        return signals
    }

    private func end(_ signals: inout GoldenSignals, _ outcomes: [SideOutcome: Int], _ predicate: ErrorPredicate, answers: Bool) {
        var codes: [UInt16: Double] = [:], flags: [Symbol: Double] = [:]
        for (outcome, count) in outcomes where count > 0 {
            if outcome.code != Meaning.untoldCode { codes[outcome.code, default: 0] += Double(count) }
            if !outcome.flags.isEmpty { flags[outcome.flags, default: 0] += Double(count) }
        }
        let names = FlagNames(symbols: symbols)
        signals.codes = codes.map { .init(code: $0.key, count: $0.value) }.sorted { $0.code < $1.code }
        signals.flags = names.split(flags)
        guard answers else { return }
        // Whether it was denied is told apart by the errors alone.
        var sums = SignalSums(), errors = [Double]()
        for (outcome, count) in outcomes where count > 0 {
            let place = sums.add(.init(code: outcome.code, grpcStatus: outcome.grpcStatus, flags: outcome.flags, count: Double(count)))
            if place == errors.count { errors.append(0) }
            if outcome.isError(predicate) { errors[place] += Double(count) }
        }
        signals.answers = zip(sums.outcomes, errors).map { names.answer($0, errors: $1) }
        signals.sortAnswers()
    }
}

extension GoldenSignals {
    /// Metrics that tell of no request and no byte.
    var isSilent: Bool { requests == 0 && (bytesIn ?? 0) + (bytesOut ?? 0) == 0 }
}

/// Which rows metrics have, by name: spans may not name a cluster or a namespace where metrics do.
private struct KnownRows {
    private var namespaces: [String: Set<String>] = [:]

    init(_ rows: [EntityRow]) {
        for row in rows { namespaces[row.key.name + "\u{1}" + row.key.version, default: []].insert(row.key.namespace) }
    }

    func has(_ key: EntityKey) -> Bool {
        guard let known = namespaces[key.name + "\u{1}" + key.version] else { return false }
        return key.namespace.isEmpty || known.contains(key.namespace) || known.contains("")
    }
}
