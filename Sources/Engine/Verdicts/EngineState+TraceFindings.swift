import CallGraph
import Diagnosis
import MeshModel
import Panels

/// What is found in the traces of a window, as far as they were gone through.
struct TraceWalk {
    /// Whose failures; nil: those of the entries.
    let service: ResolvedEntity?
    fileprivate var walk: PathsWalk?
    /// Spans know nobody of the service's name.
    fileprivate var isOver = false

    var isBegun: Bool { walk != nil }

    init(_ service: ResolvedEntity?) { self.service = service }
}

/// What traces add to what counts tell.
extension EngineState {
    /// Goes through some of the traces held, from where it stopped.
    /// - Returns: whether there are more.
    mutating func walkTraces(_ walk: inout TraceWalk, _ window: TimeRange, _ mode: CountMode, _ predicate: ErrorPredicate, most: Int) -> Bool {
        if walk.walk == nil {
            settleTraces()
            let window = mode == .wholeRun ? TimeRange(from: Timestamp(nanoseconds: .min), to: window.to) : window, flags = flagClasses()
            if let service = walk.service {
                let asked = party(named: service)
                walk.isOver = asked == nil
                walk.walk = PathsWalk(traces, &servicePaths, window: window, predicate, service: asked, flagClass: flags)
            } else {
                walk.walk = PathsWalk(traces, &entryPaths, window: window, predicate, flagClass: flags)
            }
        }
        guard !walk.isOver else { return false }
        return (walk.service == nil ? walk.walk?.goOn(&traces, &entryPaths, most: most) : walk.walk?.goOn(&traces, &servicePaths, most: most)) ?? false
    }

    mutating func addTraces(_ walk: TraceWalk, to findings: inout Findings) {
        guard !walk.isOver, let paths = walk.walk?.paths else { return }
        // Not before: gone through, traces may name somebody new, and who holds those known would have them copied.
        let names = SpanNames(traces.parties)
        (findings.paths, findings.names, findings.isOfAllTraces) = (paths, names, walk.service == nil)
        for party in 0..<Int32(traces.parties.count) { findings.parties[traces.parties.service(of: party), default: []].append(party) }
        if findings.requests == 0 {
            findings.requests = Double(findings.failingTraces + findings.goodTraces)
            findings.failures = Double(findings.failingTraces)
        }
        for group in paths.groups {
            func entity(_ party: Int32) -> ResolvedEntity { findings.reading.known(directory.met(names.entity(party)).asService) }
            let isDenial = group.key.fault == .policy
            let key = OriginFinding.Key(service: entity(group.key.service), caller: group.key.caller < 0 ? nil : entity(group.key.caller), isDenial: isDenial)
            let path = group.paths.max { ($0.value, $1.key.count) < ($1.value, $0.key.count) }?.key.map(entity) ?? []
            // What the entry fails for in one trace may be absorbed in another.
            if let place = findings.all.firstIndex(where: { $0.key == key && ($0.isAbsorbed == !group.key.reachesEntry || isDenial || $0.groups.isEmpty) }) {
                if findings.all[place].groups.isEmpty { (findings.all[place].path, findings.all[place].fault) = (path, group.key.fault) }
                if group.key.reachesEntry { findings.all[place].isAbsorbed = false }
                guard group.key.reachesEntry || findings.all[place].isAbsorbed else {
                    findings.all[place].hidden.append(group)
                    continue
                }
                findings.all[place].groups.append(group)
            } else {
                if !group.key.reachesEntry, let place = findings.all.firstIndex(where: { $0.key == key }) {
                    findings.all[place].hidden.append(group)
                    continue
                }
                findings.all.append(OriginFinding(key: key, fault: group.key.fault, path: path, isAbsorbed: !group.key.reachesEntry, groups: [group]))
            }
        }
        // Counts of the same spans know less: a half that was lost looks like a call that failed on the way.
        if findings.failingTraces > 0, findings.reading.evidence.isDisjoint(with: [.metricsClient, .metricsServer]) { findings.all.removeAll { $0.groups.isEmpty } }
    }

    /// The number of a service among parties.
    func party(named service: ResolvedEntity) -> Int32? {
        let names = SpanNames(traces.parties)
        return (0..<Int32(traces.parties.count)).first { traces.parties.service(of: $0) == $0 && directory.met(names.entity($0)).asService.isNamed(as: service) }
    }

    /// Of the flags that proxies wrote so far.
    private mutating func flagClasses() -> [Symbol: FaultClass] {
        var classes: [Symbol: FaultClass] = [:]
        // A hop's spans tell of one attempt each, its call of all of them: `UF` beside `UF,URX`.
        for flag in spanSeries.flags.union(FaultClass.ofFlags.keys.map { symbols.intern($0) }) {
            classes[flag] = symbols.string(flag).split(separator: ",").lazy.compactMap { FaultClass(flag: $0) }.first
        }
        return classes
    }
}
