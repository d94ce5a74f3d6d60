import CallGraph
import Diagnosis
import MeshModel
import Panels

/// Where on the way the time goes.
extension EngineState {
    /// Of an entry's traces so many, the newest, and of large ones fewer: a frame waits for them.
    private static let mostSampled = 200, mostSampledSpans = 10_000
    private static let mostSpansOfAll = 20_000
    private static let mostSampledEntries = 8

    /// By hop; traces: 0 where means of metrics tell. Of fewer traces than say much, means come first.
    mutating func latencyShares(_ path: [ResolvedEntity], _ findings: Findings, _ facts: inout HopFacts, _ frame: Frame) -> (of: [Double?], traces: Int) {
        let seen = sharesInTraces(path, findings, &facts, frame)
        if let seen, Double(seen.traces) >= GoldenSignals.smallSample { return seen }
        let told = sharesOfMeans(path, findings, &facts, frame)
        return told.contains { $0 != nil } ? (told, 0) : seen ?? (told, 0)
    }

    // MARK: - Traces

    private mutating func sharesInTraces(_ path: [ResolvedEntity], _ findings: Findings, _ facts: inout HopFacts, _ frame: Frame) -> (of: [Double?], traces: Int)? {
        guard hasSpans, let first = path.first else { return nil }
        let parties = path.map { party(of: $0, findings, &facts) }
        guard let entry = party(of: first, findings, &facts) else { return nil }
        if facts.samples[entry] == nil {
            guard facts.samples.count < Self.mostSampledEntries else { return nil }
            facts.samples[entry] = sample(entry, findings, &facts, frame)
        }
        // Taken out while it grows: held twice, it would be copied.
        guard var memory = hopLatencies.removeValue(forKey: entry) else { return nil }
        defer { hopLatencies[entry] = memory }
        var lasted: Int64 = 0, critical = [Int64](repeating: 0, count: path.count), count = 0
        for place in facts.samples[entry] ?? [] {
            guard let trace = traces.traces[place], let passed = trace.summary?.services, parties.allSatisfy({ $0.map(passed.contains) ?? true }) else { continue }
            let reading = memory.reading(place, trace, &traces)
            count += 1
            for request in reading.requests {
                lasted.add(saturating: request.nanoseconds)
                for part in request.parts where part.critical > 0 {
                    let service = memory.service(ofPath: part.path)
                    if let hop = parties.firstIndex(of: service) { critical[hop].add(saturating: part.critical) }
                }
            }
        }
        guard count > 0, lasted > 0 else { return nil }
        return (path.indices.map { parties[$0] == nil ? nil : Double(critical[$0]) / Double(lasted) }, count)
    }

    /// The number of a service among parties: all are looked up at once.
    func party(of service: ResolvedEntity, _ findings: Findings, _ facts: inout HopFacts) -> Int32? {
        guard let names = findings.names else { return nil }
        if facts.parties == nil {
            facts.parties = [:]
            for party in 0..<Int32(traces.parties.count) where traces.parties.service(of: party) == party {
                facts.parties?[findings.reading.known(directory.met(names.entity(party)).asService)] = party
            }
        }
        return facts.parties?[findings.reading.known(service)]
    }

    private mutating func sample(_ entry: Int32, _ findings: Findings, _ facts: inout HopFacts, _ frame: Frame) -> [Int] {
        var spans = 0
        let left = Self.mostSpansOfAll - facts.sampledSpans
        let places = newestTraces(through: entry, frame, most: Self.mostSampled, passing: findings.tracesPassing(entry)).prefix { place in
            spans += traces.traces[place]?.spanCount ?? 0
            return spans <= min(Self.mostSampledSpans, left)
        }
        facts.sampledSpans += min(spans, left)
        if hopLatencies[entry] == nil, hopLatencies.count >= 2 * Self.mostSampledEntries { hopLatencies.removeAll() }
        var memory = hopLatencies.removeValue(forKey: entry) ?? LatencyMemory(of: entry)
        memory.forget(allBut: places)
        hopLatencies[entry] = memory
        return Array(places)
    }

    /// Places of whole traces of the window that pass a service, the newest first.
    /// - Parameter passing: no more traces than that do.
    func newestTraces(through service: Int32, _ frame: Frame, most: Int, passing: Int = .max) -> [Int] {
        // Counts of the whole run begin with the first call; a trace may begin before it.
        let from = frame.mode == .wholeRun ? Timestamp(nanoseconds: .min) : frame.window.from
        return newestTraces(through: service, in: TimeRange(from: from, to: frame.window.to), most: most, passing: passing)
    }

    func newestTraces(through service: Int32, in window: TimeRange, most: Int, passing: Int = .max) -> [Int] {
        var newest: [(start: Timestamp, place: Int)] = []
        for number in traces.stretches.numbers(in: window).reversed() {
            // What is in an older one is older.
            if newest.count >= min(most, passing) { break }
            var floor = Timestamp(nanoseconds: .min)
            for place in traces.stretches[number]?.places.lazy.map(Int.init) ?? [] {
                // Field by field: who takes the whole of a trace counts up and down all that it holds.
                guard let start = traces.traces[place]?.summary?.start, start >= max(window.from, floor), start <= window.to, traces.traces[place]?.isArriving == false,
                      traces.traces[place]?.summary?.services.contains(service) == true else { continue }
                newest.append((start, place))
                guard newest.count >= 4 * most else { continue }
                newest.sort { ($1.start, $0.place) < ($0.start, $1.place) }
                newest.removeSubrange(most...)
                floor = newest[most - 1].start
            }
        }
        newest.sort { ($1.start, $0.place) < ($0.start, $1.place) }
        return newest.prefix(most).map(\.place)
    }

    // MARK: - Means

    /// What a service takes on average less what those take that it calls, one after the other, as often as it calls them. One that calls several at
    /// once takes less than these together: of it nothing is said.
    private mutating func sharesOfMeans(_ path: [ResolvedEntity], _ findings: Findings, _ facts: inout HopFacts, _ frame: Frame) -> [Double?] {
        let services = findings.reading, reading = services.reading
        var shares = [Double?](repeating: nil, count: path.count)
        // How often the hop is called for each request to the first.
        var calls = 1.0, before: Int32?, whole: Double?
        for (index, entity) in path.enumerated() {
            guard let node = services.place(of: entity) else { return shares }
            if let before {
                let answered = reading.answered(before).requests
                guard answered > 0, let edge = services.edge(from: path[index - 1], to: entity) else { return shares }
                calls *= reading.edges[Int(edge)].seen.requests / answered
            }
            before = node
            guard let mean = latency(ofNode: node, services, &facts, frame)?.meanMilliseconds else { continue }
            if index == 0 { whole = mean }
            let answered = reading.answered(node).requests
            guard let whole, whole > 0, answered > 0 else { continue }
            var own = mean
            for edge in reading.nodes[Int(node)].edgesOut.map({ reading.edges[Int($0)] }) {
                guard let other = latency(ofNode: edge.destination, services, &facts, frame)?.meanMilliseconds else { continue }
                own -= other * edge.seen.requests / answered
            }
            let share = own * calls / whole
            if own >= 0, share <= 1 { shares[index] = share }
        }
        return shares
    }

    mutating func latency(ofNode node: Int32, _ services: ServiceReading, _ facts: inout HopFacts, _ frame: Frame) -> LatencySummary? {
        if let known = facts.latencies[node] { return known }
        var latency: LatencySummary?
        let place = services.foldNodes[Int(node)]
        if place >= 0 {
            latency = fold(.service, frame).nodes[Int(place)].sums.golden(frame.predicate, names: FlagNames(symbols: symbols)).latency
        } else if hasSpans, let known = spanLatency(of: services.entities[Int(node)], &facts, frame) {
            latency = known
        }
        facts.latencies[node] = .some(latency)
        return latency
    }

    private mutating func spanLatency(of entity: ResolvedEntity, _ facts: inout HopFacts, _ frame: Frame) -> LatencySummary? {
        let fold = spanFold(frame)
        if facts.answered == nil { facts.answered = fold.nodes(.service).reduce(into: [:]) { $0[$1.entity] = $1.tally.answered } }
        return facts.answered?[entity].flatMap { golden($0, attempts: nil, fold.range, frame.predicate).latency }
    }
}
