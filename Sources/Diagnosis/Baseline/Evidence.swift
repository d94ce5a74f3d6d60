import Glibc
import MeshModel

/// A service, or one of its pods, that may be at fault.
struct Suspect: Hashable, Comparable {
    /// Number in `RowNames`.
    var service: Int32
    /// Empty: all of the service.
    var pod = Symbol.empty

    static func < (a: Suspect, b: Suspect) -> Bool { (a.service, a.pod.raw) < (b.service, b.pod.raw) }
}

/// Everything in a recording that is not as it was, weighed and booked on whom it may speak against.
///
/// One scale for all: how many median requests' worth of time, or how many requests, for each request.
struct Evidence {
    /// Of a test, by its place.
    struct Amount {
        var amount: Double
        var test: Int
    }
    /// Calls of one service by another, as far as a suspect has part in them.
    struct Link {
        var caller: Int32
        var callee: Int32
        var calls = 0
        var amounts: [Amount] = []
    }

    let scan: ChangeScan
    let groups: RowGroups
    let requests: Int
    private(set) var tests: [ChangeTest] = []
    /// Services, and pods of those with several.
    private(set) var pods: [Int32: Set<Symbol>] = [:]
    /// Of keys that mostly make one call of another service: that service. Their own time is the wire's.
    private(set) var callee: [Int32: Int32] = [:]
    /// By key: of its own time, what touches calls of a service.
    private(set) var gaps: [Int32: [Int32: Double]] = [:]
    private(set) var own: [Suspect: [Amount]] = [:]
    private(set) var links: [Suspect: [Link]] = [:]
    /// By root: the worst that a request lost.
    private(set) var lost: [Suspect: [Int32: Amount]] = [:]

    var rows: CallRows { scan.rows }
    var model: QuietModel { scan.model }

    init(_ model: QuietModel, _ rows: CallRows, _ names: RowNames) {
        let crowded = model.crowded.union(rows.crowded)
        groups = RowGroups(rows, rows.all.indices, crowded: crowded)
        requests = max(1, rows.requests)
        let tide = Self.tide(ChangeScan(model: model, rows: rows, names: names), groups)
        scan = ChangeScan(model: model, rows: rows, names: names, tide: tide)
        var tests = scan.tests(groups)
        for row in rows.all {
            pods[row.service, default: []].formUnion(crowded.contains(row.service) && !row.pod.isEmpty ? [row.pod] : [])
        }
        findCallees()
        countCalls(crowded)
        var cuts = Cuts()
        for place in tests.indices { weigh(&tests[place], place, &cuts) }
        self.tests = tests
        settle(cuts)
    }

    /// The slowdown that the median service shares, in log seconds: the machines are busier, and nobody's fault. Of few services there is
    /// no such thing.
    private static func tide(_ scan: ChangeScan, _ groups: RowGroups) -> Double {
        var shifts: [Int32: [Double]] = [:]
        for group in groups.groups where group.slice == .whole {
            let places = groups[group]
            guard places.count >= BaselineParameters.few, let quiet = scan.model.quiet(group), quiet.count >= BaselineParameters.few else { continue }
            let mean = Statistics.mean(places.map { scan.residual(scan.rows.all[Int($0)], group, quiet) })
            shifts[scan.names.service(ofKey: group.key), default: []].append(mean)
        }
        return shifts.count > 4 ? max(0, Statistics.median(shifts.values.map { Statistics.median($0) })) : 0
    }

    private mutating func findCallees() {
        for group in groups.groups where group.slice == .whole {
            var counts = model.peers[group.key] ?? [:]
            for place in groups[group] where rows.all[Int(place)].set != 0 { counts[rows.all[Int(place)].peer, default: 0] += 1 }
            let all = counts.values.reduce(0, +)
            if let most = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), most.key >= 0, 2 * most.value > all { callee[group.key] = most.key }
        }
    }

    private mutating func countCalls(_ crowded: Set<Int32>) {
        for group in groups.groups where group.slice == .gap && callee[group.key] == nil {
            count(Suspect(service: group.service), scan.names.service(ofKey: group.key), group.service, groups[group].count)
        }
        for (key, peer) in callee.sorted(by: { $0.key < $1.key }) {
            let caller = scan.names.service(ofKey: key)
            for place in groups[RowGroup(key: key)] {
                let row = rows.all[Int(place)]
                count(Suspect(service: caller), caller, peer, 1)
                count(Suspect(service: peer), caller, peer, 1)
                if crowded.contains(caller), !row.pod.isEmpty { count(Suspect(service: caller, pod: row.pod), caller, peer, 1) }
                if crowded.contains(peer), row.peer == peer, !row.peerPod.isEmpty { count(Suspect(service: peer, pod: row.peerPod), caller, peer, 1) }
            }
        }
    }

    private mutating func count(_ suspect: Suspect, _ caller: Int32, _ callee: Int32, _ calls: Int) {
        links[suspect, default: []].update(caller, callee) { $0.calls += calls }
    }

    // MARK: - Weights

    /// Cut rows: the worst that is said of each, by all of its key and by its pod's part.
    private struct Cuts {
        var whole: [Int32: (Amount, Symbol)] = [:]
        var slices: [Int32: (Amount, Symbol)] = [:]
    }

    /// Weight of a test: z² / (z² + z₀²), z less what quiet stretches reach by themselves.
    private mutating func weigh(_ test: inout ChangeTest, _ place: Int, _ cuts: inout Cuts) {
        let id = test.id, group = id.group
        let known = model.quietZ[id] == nil ? id.whole : id
        test.z *= BaselineParameters.white / max(BaselineParameters.white, model.quietZ[known] ?? 0, model.quietZ[id.whole] ?? 0)
        guard test.z > 0 else { return }
        let weight = test.z * test.z / (test.z * test.z + BaselineParameters.halfSurprise * BaselineParameters.halfSurprise)
        let share = known == id ? 1 : Double(groups[group].count) / Double(max(1, groups[group.whole].count))
        let excess = test.excess - Double(requests) * (model.quietExcess[known] ?? 0) * share
        guard excess > 0 else { return }
        if id.what == .time {
            book(group, Amount(amount: weight * excess / (Double(requests) * model.requestSeconds), test: place))
        } else if group.slice == .whole || group.slice == .at {
            let hits = groups[group].filter { rows.all[Int($0)].start >= test.first && scan.is(rows.all[Int($0)], id.what) }
            let each = Amount(amount: weight * excess / Double(max(1, hits.count)), test: place)
            for hit in hits {
                if group.slice == .whole, each.amount > cuts.whole[hit]?.0.amount ?? 0 { cuts.whole[hit] = (each, .empty) }
                if group.slice == .at, each.amount > cuts.slices[hit]?.0.amount ?? 0 { cuts.slices[hit] = (each, group.pod) }
            }
        }
    }

    private mutating func book(_ group: RowGroup, _ amount: Amount) {
        let service = scan.names.service(ofKey: group.key)
        guard let peer = callee[group.key] else {
            switch group.slice {
            case .whole: own[Suspect(service: service), default: []].append(amount)
            case .at: own[Suspect(service: service, pod: group.pod), default: []].append(amount)
            case .called: break
            case .gap:
                gaps[group.key, default: [:]][group.service] = amount.amount
                // Beside a call nobody but the one called is told apart from the caller's own work.
                links[Suspect(service: group.service), default: []].update(service, group.service) { $0.amounts.append(amount) }
            }
            return
        }
        switch group.slice {
        case .whole:
            for suspect in [service, peer] { links[Suspect(service: suspect), default: []].update(service, peer) { $0.amounts.append(amount) } }
        case .at: links[Suspect(service: service, pod: group.pod), default: []].update(service, peer) { $0.amounts.append(amount) }
        case .called: links[Suspect(service: peer, pod: group.pod), default: []].update(service, peer) { $0.amounts.append(amount) }
        case .gap: break
        }
    }

    /// What stands above a cut row only passes it on; who was never called has no row. So the topmost operation that made fewer calls is left.
    private mutating func settle(_ cuts: Cuts) {
        for cut in [cuts.whole, cuts.slices] {
            var above = Set<Int32>()
            for place in cut.keys {
                var at = rows.all[Int(place)].parent
                while at >= 0, above.insert(at).inserted { at = rows.all[Int(at)].parent }
            }
            for (place, (amount, pod)) in cut.sorted(by: { $0.key < $1.key }) where !above.contains(place) {
                let row = rows.all[Int(place)], suspect = Suspect(service: row.service, pod: pod)
                if amount.amount > lost[suspect]?[row.root]?.amount ?? 0 { lost[suspect, default: [:]][row.root] = amount }
            }
        }
    }
}

extension [Evidence.Link] {
    fileprivate mutating func update(_ caller: Int32, _ callee: Int32, _ body: (inout Evidence.Link) -> Void) {
        let place = firstIndex { $0.caller == caller && $0.callee == callee } ?? count
        if place == count { append(Evidence.Link(caller: caller, callee: callee)) }
        body(&self[place])
    }
}
