import CallGraph
import Diagnosis
import MeshModel
import Panels

/// What happened on the way to an origin: who failed first, and what was rolled out.
extension EngineState {
    /// Of so many verdicts, the worst, it is told, and of so many services on the way, the last.
    static let mostCourses = 10
    private static let mostHops = 12
    /// Pods of one service that came or went one by one; more are a rollout of the whole, and the first says when.
    private static let mostPods = 3

    /// In order of time; of what happened within one slot, what is nearer to the origin first.
    mutating func course(_ finding: OriginFinding, _ findings: Findings, _ frame: Frame) -> [Verdict.Event] {
        guard !finding.key.isDenial else { return [] }
        let finding = completed(finding, findings.reading, frame)
        let way = Array((finding.path + (finding.key.caller == nil ? [] : [finding.key.service])).suffix(Self.mostHops))
        var events: [Verdict.Event] = []
        for (index, service) in way.enumerated().reversed() {
            addOnset(of: service, calledBy: index > 0 ? way[index - 1] : nil, findings.reading, frame, to: &events)
            events += rollouts(of: service, findings, frame)
        }
        return Self.inOrder(events)
    }

    /// Of one that got slower.
    /// - Parameter way: services from the entry to whom it is about.
    func course(_ onset: Verdict.Event, along way: [ResolvedEntity], _ findings: Findings, _ frame: Frame) -> [Verdict.Event] {
        Self.inOrder(way.suffix(Self.mostHops).reversed().flatMap { rollouts(of: $0, findings, frame) } + [onset])
    }

    /// What was rolled out comes before what fails, and neither changes places with its like.
    private static func inOrder(_ events: [Verdict.Event]) -> [Verdict.Event] {
        func isRollout(_ place: Int) -> Bool { events[place].kind == .appears || events[place].kind == .leaves }
        let order = events.indices.sorted { (events[$0].time, isRollout($0) ? 0 : 1, $0) < (events[$1].time, isRollout($1) ? 0 : 1, $1) }
        return order.map { events[$0] }
    }

    private func rollouts(of service: ResolvedEntity, _ findings: Findings, _ frame: Frame) -> [Verdict.Event] {
        let told = rolloutsInMetrics(of: service, findings.reading, frame)
        return told.isEmpty ? rolloutsInTraces(of: service, findings) : told
    }

    // MARK: - Who failed when

    private mutating func addOnset(of service: ResolvedEntity, calledBy caller: ResolvedEntity?, _ reading: ServiceReading, _ frame: Frame, to events: inout [Verdict.Event]) {
        let fold = fold(.service, frame)
        func node(_ entity: ResolvedEntity) -> LevelFold.Node? {
            reading.place(of: entity).map { reading.foldNodes[Int($0)] }.flatMap { $0 < 0 ? nil : fold.nodes[Int($0)] }
        }
        guard let called = node(service) else { return }
        if let time = Onset.of(ownSlotSums(of: called, frame).steps(isDenial: false, grid: grid)) {
            events.append(.init(time: time, kind: .fails, entity: named(service)))
        }
        guard let caller, let calling = node(caller), !calling.targets.isEmpty else { return }
        let calls = slotSums(ofCallsOf: calling, to: called.entity, frame).steps(isDenial: false, grid: grid)
        // A call that was never made before, by one that was at work.
        if let first = calls.firstIndex(where: { $0.trials > 0 }), let start = calls[first...].first?.time {
            let before = ownSlotSums(of: calling, frame).steps(isDenial: false, grid: grid).prefix { $0.time < start }
            if before.reduce(0, { $0 + $1.trials }) >= Self.sureAbsence { events.append(.init(time: start, kind: .appears, entity: named(service), caller: named(caller))) }
        }
    }

    /// So many requests without it, and it was not there: a share of a twentieth would have been missed by chance in 6 of 1,000 cases.
    private static let sureAbsence = 100.0

    // MARK: - What was rolled out

    /// Pods whose proxies came after the first of the mesh, or left.
    private func rolloutsInMetrics(of service: ResolvedEntity, _ reading: ServiceReading, _ frame: Frame) -> [Verdict.Event] {
        guard let place = reading.place(of: service), reading.foldNodes[Int(place)] >= 0, let fold = levels?.folds[.service] else { return [] }
        struct Pod { var entity: ResolvedEntity, came: Timestamp?, left: Timestamp? }
        let begin = meshBegan
        var pods: [Pod] = []
        for index in fold.nodes[Int(reading.foldNodes[Int(place)])].targets {
            let target = targets[Int(index)]
            guard target.entity >= 0, let first = target.firstTime else { continue }
            let margin = max(3 * (target.expectedInterval ?? 0), 5)
            let isNew = (first - begin).seconds > margin && first >= frame.window.from
            pods.append(Pod(entity: directory[target.entity], came: isNew ? first : nil, left: target.goneSince))
        }
        var events: [Verdict.Event] = []
        for version in Set(pods.map(\.entity.version)).sorted(by: { $0.raw < $1.raw }) where !version.isEmpty && pods.contains(where: { $0.entity.version != version }) {
            let own = pods.filter { $0.entity.version == version }, times = own.compactMap(\.came)
            guard times.count == own.count, let first = times.min() else { continue }
            var entity = service
            entity.version = version
            events.append(.init(time: first, kind: .appears, entity: named(entity)))
            pods.removeAll { $0.entity.version == version }
        }
        for (kind, times) in [(Verdict.Event.Kind.appears, pods.compactMap { pod in pod.came.map { ($0, pod.entity) } }), (.leaves, pods.compactMap { pod in pod.left.map { ($0, pod.entity) } })] {
            for (time, pod) in times.sorted(by: { ($0.0, $0.1.pod.raw) < ($1.0, $1.1.pod.raw) }).prefix(Self.mostPods) where time >= frame.window.from {
                var entity = service
                (entity.version, entity.pod) = (pod.version, pod.pod)
                events.append(.init(time: time, kind: kind, entity: named(entity)))
            }
        }
        return events
    }

    /// When the first proxy gave a page.
    private var meshBegan: Timestamp { targets.reduce(Timestamp(nanoseconds: .max)) { min($0, $1.firstTime ?? $0) } }

    /// Versions first seen when so many requests had passed the service without them, at the pace they came at altogether.
    private func rolloutsInTraces(of service: ResolvedEntity, _ findings: Findings) -> [Verdict.Event] {
        guard let paths = findings.paths, let names = findings.names else { return [] }
        var first: [Symbol: Timestamp] = [:], whole = FailingPaths.Passed()
        for (party, passed) in paths.passed.enumerated() where passed.traces > 0 {
            let entity = directory.met(names.entity(Int32(party)))
            guard entity.asService.isNamed(as: service) else { continue }
            whole.merge(passed)
            first[entity.version] = min(first[entity.version] ?? passed.first, passed.first)
        }
        let seconds = (whole.last - whole.first).seconds
        guard first.count > 1, seconds > 0 else { return [] }
        let pace = Double(whole.traces) / seconds
        return first.sorted { ($0.value, $0.key.raw) < ($1.value, $1.key.raw) }.compactMap { version, time in
            guard !version.isEmpty, (time - whole.first).seconds * pace >= Self.sureAbsence else { return nil }
            var entity = service
            entity.version = version
            return .init(time: time, kind: .appears, entity: named(entity))
        }
    }
}
