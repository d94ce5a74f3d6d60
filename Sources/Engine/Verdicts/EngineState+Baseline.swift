import CallGraph
import Diagnosis
import MeshModel
import Panels

/// A quiet time, and what was found against it.
struct Baseline {
    var model: QuietModel
    var names: RowNames
    /// Traces that began from here on are held against it.
    var after: Timestamp
    /// Until traces come or something else is asked.
    var known: (stamps: UInt64, window: TimeRange, departures: Departures)?
}

extension EngineState {
    // MARK: - Learning

    mutating func quietTime(from: Timestamp, to: Timestamp) -> (model: QuietModel, names: RowNames) {
        settleTraces()
        var names = RowNames()
        let rows = CallRows(&traces, window: from...max(from, to), names: &names)
        return (QuietModel(rows, names), names)
    }

    mutating func setBaseline(_ quiet: (model: QuietModel, names: RowNames), after: Timestamp) -> Int {
        baseline = quiet.model.requests > 0 ? Baseline(model: quiet.model, names: quiet.names, after: after) : nil
        version += 1
        return quiet.model.requests
    }

    mutating func learnBaseline(firstSeconds: Double) -> (requests: Int, tracesAfter: Int) {
        settleTraces()
        guard let first = traces.reachesBackTo else { return (0, 0) }
        return learnBaseline(within: TimeRange(from: first, to: first + Timestamp.Span(seconds: firstSeconds)))
    }

    mutating func learnBaseline(within quiet: TimeRange) -> (requests: Int, tracesAfter: Int) {
        let requests = setBaseline(quietTime(from: quiet.from, to: quiet.to - Timestamp.Span(nanoseconds: 1)), after: quiet.to)
        return (requests, traces.traces.count { $0?.summary.map { $0.start >= quiet.to } ?? false })
    }

    // MARK: - Verdicts

    private mutating func departures(_ frame: Frame) -> Departures? {
        guard hasSpans else { return nil }
        settleTraces()
        guard var baseline else { return slowdown(frame) }
        let from = frame.mode == .wholeRun ? baseline.after : max(frame.window.from, baseline.after)
        let window = TimeRange(from: from, to: frame.window.to)
        if let known = baseline.known, known.stamps == traces.stamps, known.window == window { return known.departures }
        var names = baseline.names
        let rows = CallRows(&traces, window: window.from...window.to, names: &names)
        guard rows.requests > 0 else { return nil }
        let departures = Departures(baseline.model, rows, names)
        baseline.known = (traces.stamps, window, departures)
        self.baseline = baseline
        return departures
    }

    /// Origins of what is not as in the baseline, the likeliest first: those that are certain, and of the first three those that may be.
    mutating func changes(_ frame: Frame) -> [Verdict] {
        guard let departures = departures(frame) else { return [] }
        let least = max(Self.leastWeight, Self.listedShare * departures.all.reduce(0) { $0 + $1.score })
        let shown = departures.all.indices.filter { place in
            let departure = departures.all[place]
            return departure.standing == .found || departure.standing == .weak && place < 3 && departure.score >= least
        }
        let names = SpanNames(traces.parties)
        return shown.prefix(Self.mostVerdicts).map { change(departures, $0, names, frame) }
    }

    /// What of a request, for each request, is not worth a line.
    private static let leastWeight = 0.001
    /// Of all that was found: less is no other origin worth a mention; less than that, no item of its own unless it is certain.
    private static let leastShare = 0.01
    private static let listedShare = 0.05

    /// Behind failures: what is not as it was about the very origin of one only backs it.
    mutating func addChanges(to verdicts: inout [Verdict], _ slower: [Verdict], _ frame: Frame) {
        addSpanChanges(to: &verdicts, frame)
        for slow in slower { Self.add(slow, to: &verdicts) }
    }

    /// Who fails is slow, too, and whom others give up waiting for; what spans and counts both find is one finding.
    private static func add(_ slow: Verdict, to verdicts: inout [Verdict]) {
        func name(_ entity: Entity?) -> [String?] { [entity?.namespace, entity?.service] }
        guard let origin = slow.origin else { return }
        for (place, verdict) in verdicts.enumerated() where verdict.isFailure {
            // One that fails now and then as on any day is none of it.
            guard let known = verdict.origin, verdict.kind == .latency || !verdict.isOfAnyDay || known.isAbsorbed || verdict.hidesMost else { continue }
            // Calls that are tried again take longer on the way, for what they are tried again for.
            let isHidden = known.isAbsorbed || verdict.hidesMost, isTriedAgain = isHidden && origin.caller != nil && name(known.entity) == name(origin.entity)
            let isSame = name(known.entity) == name(origin.entity) && (known.caller == nil || name(known.caller) == name(origin.caller))
            // Who does not answer in time is slow, and who waits for it in vain is, too.
            let isWaitedFor = known.fault == .timeout || known.fault == .callerGaveUp
            let isOfCall = known.caller != nil && (name(known.caller) == name(origin.entity) || isWaitedFor && name(known.entity) == name(origin.entity))
            guard isTriedAgain || isWaitedFor && isOfCall || !isHidden && (isSame || isOfCall) else { continue }
            verdicts[place].evidence.passing += slow.evidence.passing
            if verdict.kind == .latency { verdicts[place].evidence.kinds.formUnion(slow.evidence.kinds) }
            return
        }
        verdicts.append(slow)
    }

    private mutating func addSpanChanges(to verdicts: inout [Verdict], _ frame: Frame) {
        // Who fails is slow, too, or makes fewer calls: without a baseline that is not said twice.
        guard baseline != nil || !verdicts.contains(where: { $0.isFailure && !$0.isOfAnyDay }) else { return }
        for change in changes(frame) {
            let same = verdicts.firstIndex { verdict in
                guard verdict.isFailure, verdict.kind != .latency, let origin = verdict.origin, let changed = change.origin else { return false }
                // One that fails now and then as on any day is none of it.
                guard !verdict.isOfAnyDay || origin.isAbsorbed || verdict.hidesMost else { return false }
                guard origin.entity.service == changed.entity.service, origin.entity.namespace == changed.entity.namespace else { return false }
                // Calls that are tried again take longer on the way.
                return origin.isAbsorbed || verdict.hidesMost ? changed.changes.first?.part == .wire : origin.caller == nil
            }
            if let same { verdicts[same].evidence.passing += change.evidence.passing } else { verdicts.append(change) }
        }
    }

    /// The first of them that a service has part in.
    mutating func change(on service: ResolvedEntity, _ frame: Frame) -> Verdict? {
        guard let departures = departures(frame) else { return nil }
        let names = SpanNames(traces.parties)
        let touching = departures.all.indices.filter { place in departures.all[place].path.contains { directory.met(names.entity($0)).asService.isNamed(as: service) } }
        guard let first = touching.first(where: { departures.all[$0].standing == .found }) ?? touching.first else { return nil }
        var verdict = change(departures, first, names, frame)
        verdict.service = named(service)
        return verdict
    }

    private func change(_ departures: Departures, _ place: Int, _ names: SpanNames, _ frame: Frame) -> Verdict {
        let departure = departures.all[place]
        func service(_ party: Int32) -> Entity { named(directory.met(names.entity(party)).asService) }
        let origin = origin(departure, names)
        var verdict = Verdict(service: departure.path.first.map(service) ?? origin.entity, kind: departure.standing == .found ? .latency : .notEnoughEvidence,
                              predicate: frame.predicate)
        verdict.origin = origin
        verdict.requests = Double(departures.requests)
        verdict.onset = departure.onset
        verdict.path = departure.path.map { Verdict.Hop(entity: service($0)) }
        verdict.evidence.kinds = .spans
        (verdict.evidence.requests, verdict.evidence.traces, verdict.evidence.sample) = (Double(departures.requests), departure.requestsHit, departure.sample)
        verdict.evidence.passing = origin.changes.map { "\($0.words), \(Verdict.number($0.z)) standard errors" }
        let total = departures.all.reduce(0) { $0 + $1.score }
        verdict.alternatives = departures.all.indices.filter { $0 != place && departures.all[$0].score >= Self.leastShare * total }.prefix(10).map {
            .init(origin: self.origin(departures.all[$0], names), share: departures.all[$0].score / total)
        }
        switch departure.standing {
        case .found: break
        case .weak: verdict.remarks.append("most likely \(origin.name), \(origin.what)")
        case .otherEnd: verdict.remarks.append("\(origin.name) is the other end of what \(self.origin(departures.all[0], names).name) explains, \(origin.what)")
        }
        verdict.remarks.append("weight \(Self.thousandths(departure.score)): of a median request's time, or of a request lost, for each request")
        if baseline == nil {
            verdict.remarks.append("no baseline was given: held against what was before requests got slower")
        } else if departure.requestsBefore == 0 {
            verdict.remarks.append("it was so when the recording began: the onset may be earlier")
        }
        if departures.tide > 1.005 { verdict.remarks.append("everything is slower by \(Verdict.percent(departures.tide - 1)), which is taken off") }
        return verdict
    }

    private func origin(_ departure: Departure, _ names: SpanNames) -> Verdict.Origin {
        var entity = directory.met(names.entity(departure.party))
        if departure.pod.isEmpty { entity = entity.asService } else { entity.pod = departure.pod }
        var origin = Verdict.Origin(entity: named(entity), fault: .own)
        let operation = departure.signs.first { $0.party == departure.party || traces.parties.service(of: departure.party) == $0.party }?.operation
        origin.operation = operation.map { symbols.string($0) }
        if departure.slowerSeconds > 0 { origin.slowerMilliseconds = departure.slowerSeconds * 1000 }
        origin.changes = departure.signs.map { sign in
            func called(_ party: Int32) -> Entity? { party < 0 ? nil : named(directory.met(names.entity(party)).asService) }
            let scale = sign.part == .lost ? 1 : 1000.0
            var change = Verdict.Change(part: sign.part, operation: symbols.string(sign.operation), usual: sign.usual * scale, seen: sign.seen * scale,
                                        calls: sign.count, hits: sign.hits, z: sign.z)
            if sign.part == .wire { (change.caller, change.callee) = (called(sign.party), called(sign.callee)) }
            change.isError = sign.isError
            // Spans of its own stand for the calls it makes.
            change.missing = sign.missing.map { call in
                let operation = symbols.string(call.operation)
                return call.party == sign.party ? operation : "\(called(call.party)?.displayName ?? "?") \(operation)"
            }
            return change
        }
        return origin
    }

    private static func thousandths(_ value: Double) -> String {
        let whole = Int((min(value, 1e9) * 1000).rounded()), digits = String(whole % 1000)
        return "\(whole / 1000).\(String(repeating: "0", count: 3 - digits.count))\(digits)"
    }
}
