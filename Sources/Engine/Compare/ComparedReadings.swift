import CallGraph
import Diagnosis
import MeshModel
import Panels
import SeriesStore

/// What one window tells of every node and call.
struct ComparedReadings {
    enum Part: CaseIterable { case services, versions, pods, calls }
    /// A list that nobody reads to its end is cut.
    static let mostRows = 500

    struct Item {
        var subject: Comparison.Row.Subject
        var signals: GoldenSignals
        var steps: LatencySteps

        var reading: WindowReading {
            var reading = WindowReading()
            (reading.requests, reading.errors, reading.denied) = (signals.requests, signals.errors, signals.denied ?? 0)
            (reading.steps, reading.p50, reading.p95) = (steps, signals.latency?.p50, signals.latency?.p95)
            return reading
        }
    }

    /// Names alone: numbers of entities hold within one settling, and spans name no clusters.
    struct EdgeName: Hashable {
        var source: Entity
        var destination: Entity
        init(_ source: Entity, _ destination: Entity) {
            (self.source, self.destination) = (source, destination.asCallee)
            (self.source.cluster, self.destination.cluster) = (nil, nil)
        }
    }

    var nodes: [EntityKey: Item] = [:]
    var edges: [EdgeName: Item] = [:]

    private var requests: Double { nodes.values.reduce(0) { $0 + $1.signals.requests } }

    /// How much of the window anybody's counts cover: pages come at intervals.
    private func seconds(of window: TimeRange) -> Double {
        let covered = nodes.values.reduce(0) { max($0, $1.signals.requests > 0 ? $1.signals.seconds ?? 0 : 0) }
        return covered > 0 ? min(covered, window.length.seconds) : window.length.seconds
    }

    // MARK: - Two of them

    static func compare(_ before: ComparedReadings, _ after: ComparedReadings, into comparison: inout Comparison) {
        guard before.requests > 0, after.requests > 0 else {
            comparison.remarks.append(before.requests > 0 ? "nothing was counted since" : after.requests > 0 ? "nothing was counted before: there is nothing to hold it against" : "nothing was counted")
            return
        }
        let seconds = (before: before.seconds(of: comparison.before), after: after.seconds(of: comparison.after))
        var rows: [(change: WindowChange, row: Comparison.Row)] = [], unsure: [Comparison.Row] = []
        func take(_ old: Item?, _ new: Item?, _ subject: Comparison.Row.Subject, where picks: (WindowChange) -> Bool = { _ in true }) {
            let change = WindowChange(old?.reading, new?.reading, seconds: seconds)
            let row = Comparison.Row(subject, change, before: old?.signals, after: new?.signals)
            guard picks(change) else { return }
            switch change.kind {
            case .same: comparison.same += 1
            case .unsure:
                comparison.unsure += 1
                unsure.append(row)
            default: rows.append((change, row))
            }
        }
        let several = Parts(before, after)
        for key in Set(before.nodes.keys).union(after.nodes.keys) {
            guard let item = after.nodes[key] ?? before.nodes[key], several.tellsMore(key, item) else { continue }
            // What all pods of a service do is said of the service.
            take(before.nodes[key], after.nodes[key], item.subject) { key.level != .pod || $0.kind == .new || $0.kind == .gone }
        }
        for name in Set(before.edges.keys).union(after.edges.keys) {
            guard let item = after.edges[name] ?? before.edges[name] else { continue }
            take(before.edges[name], after.edges[name], item.subject)
        }
        rows.sort { ($0.change, order($0.row)) < ($1.change, order($1.row)) }
        unsure.sort { (-amount($0), order($0)) < (-amount($1), order($1)) }
        if rows.count > mostRows { comparison.remarks.append("\(rows.count - mostRows) more changed: the worst \(mostRows) are listed") }
        comparison.rows = Array((rows.map(\.row) + unsure).prefix(mostRows))
    }

    private static func amount(_ row: Comparison.Row) -> Double { (row.before?.requests ?? 0) + (row.after?.requests ?? 0) }

    private static func order(_ row: Comparison.Row) -> String {
        switch row.subject {
        case .entity(let key, _): "0\(key.level.rawValue)\u{1}\(key.name)\u{1}\(key.version)\u{1}\(key.namespace)"
        case .edge(let ends, _): "1\(ends.source.displayName)\u{1}\(ends.destination.displayName)"
        }
    }

    /// Services with several versions or pods: those of one tell nothing more.
    private struct Parts {
        private struct Owner: Hashable { var level: EntityLevel, namespace: String?, service: String? }
        private var counts: [Owner: Int] = [:]

        init(_ readings: ComparedReadings...) {
            var seen = Set<EntityKey>()
            for reading in readings {
                for (key, item) in reading.nodes where key.level != .service && seen.insert(key).inserted {
                    if let owner = Self.owner(key, item) { counts[owner, default: 0] += 1 }
                }
            }
        }

        func tellsMore(_ key: EntityKey, _ item: Item) -> Bool { key.level == .service || Self.owner(key, item).map { counts[$0, default: 0] > 1 } ?? false }

        private static func owner(_ key: EntityKey, _ item: Item) -> Owner? {
            guard case .entity(_, let entity) = item.subject, let service = entity.service else { return nil }
            return Owner(level: key.level, namespace: entity.namespace, service: service)
        }
    }
}

extension EngineState {
    mutating func readNodes(_ level: EntityLevel, _ frame: Frame, into readings: inout ComparedReadings) {
        let fold = fold(level, frame)
        for (place, row) in fold.rows.enumerated() {
            let node = Int(fold.nodeOfRow[place])
            readings.nodes[row.key] = .init(subject: .entity(row.key, row.entity), signals: row.signals, steps: LatencySteps(fold.nodes[node].sums.latency))
        }
        guard hasSpans else { return }
        var steps: [EntityKey: LatencySteps] = [:]
        for node in spanFold(frame).nodes(level) where !isNameless(node.entity, level) { steps[key(node.entity, level)] = LatencySteps(node.tally.answered.durations) }
        // Where metrics count nothing of somebody in this window, spans do.
        for row in addSpanRows(to: fold.rows.filter { $0.signals.requests > 0 }, level, frame) where row.signals.evidence == .spans {
            readings.nodes[row.key] = .init(subject: .entity(row.key, row.entity), signals: row.signals, steps: steps[row.key] ?? LatencySteps())
        }
    }

    /// Where a trace begins nobody calls: of spans that do not say they answer somebody, whole traces tell what their entry does.
    func readEntries(_ frame: Frame, into readings: inout ComparedReadings) {
        var tallies: [Int32: (durations: DurationTally, failed: Double)] = [:]
        for place in traces.places(in: frame.window) where traces.traces[place]?.isArriving == false {
            guard let summary = traces.traces[place]?.summary, summary.start >= frame.window.from, summary.start <= frame.window.to else { continue }
            let service = traces.parties.service(of: summary.party), microseconds = Int(clamping: (summary.end - summary.start).nanoseconds / 1000)
            var tally = tallies[service] ?? (DurationTally(), 0)
            tally.durations.add(.step(DurationTally.step(microseconds)), 1)
            tally.durations.add(.microseconds, microseconds)
            if summary.isFailed(frame.predicate) { tally.failed += 1 }
            tallies[service] = tally
        }
        let names = SpanNames(traces.parties)
        for (party, tally) in tallies {
            let entity = directory.met(names.entity(party)).asService, key = key(entity, .service), durations = tally.durations
            guard !isNameless(entity, .service), (readings.nodes[key]?.signals.requests ?? 0) == 0 else { continue }
            var signals = GoldenSignals()
            (signals.requests, signals.errors, signals.evidence, signals.from, signals.to) = (Double(durations.count), tally.failed, .spans, frame.window.from, frame.window.to)
            signals.latency = LatencySummary(p50: durations.quantile(0.5), p95: durations.quantile(0.95), p99: durations.quantile(0.99), count: Double(durations.count))
            readings.nodes[key] = .init(subject: .entity(key, named(entity)), signals: signals, steps: LatencySteps(durations))
        }
    }

    mutating func readEdges(_ frame: Frame, into readings: inout ComparedReadings) {
        let metrics = edgeRows(.service, frame)
        var steps: [ComparedReadings.EdgeName: LatencySteps] = [:]
        let fold = fold(.service, frame)
        if let facts = levels?.facts {
            var vantages = CallVantages(fold)
            for index in fold.edges.indices where fold.edges[index].requests > 0 {
                let sides = fold.sides(of: index, targets, facts, &vantages), edge = fold.edges[index]
                guard let sums = sides.client.flatMap({ $0.requests > 0 ? $0 : nil }) ?? sides.server else { continue }
                steps[.init(named(fold.nodes[Int(edge.source)].entity), named(fold.nodes[Int(edge.destination)].entity))] = LatencySteps(sums.latency)
            }
        }
        var rows = metrics
        if hasSpans {
            rows = addSpanEdges(to: metrics, .service, frame)
            for edge in spanFold(frame).edges(.service) {
                let name = ComparedReadings.EdgeName(named(edge.source), named(edge.destination))
                if steps[name] == nil { steps[name] = LatencySteps(edge.tally.seen.durations) }
            }
        }
        for row in rows {
            let name = ComparedReadings.EdgeName(row.source, row.destination)
            readings.edges[name] = .init(subject: .edge(row.ends, protocol: row.protocol), signals: row.signals, steps: steps[name] ?? LatencySteps())
        }
    }
}

extension LatencySteps {
    fileprivate init(_ vector: BucketVector) {
        self.init()
        for (bound, count) in zip(vector.bounds, vector.counts) where !bound.isNaN { add(count, upTo: Double(bound)) }
    }

    fileprivate init(_ durations: DurationTally) {
        self.init(isSparse: true)
        durations.forEachStep { add(Double($1), upTo: $0) }
    }
}
