package import CallGraph
package import MeshModel

/// Goes through the traces of a window a part at a time, for whoever lets others in between.
package struct PathsWalk: Sendable {
    private let window: TimeRange
    private let predicate: ErrorPredicate
    private let service: Int32?
    private let flagClass: [Symbol: FaultClass]
    package private(set) var paths = FailingPaths()
    /// Stretches still to come, the last first.
    private var stretches: [Int64]
    private var open: Open?

    /// A stretch that is gone through trace by trace.
    private struct Open {
        let number: Int64
        let stamp: UInt64
        let places: [Int32]
        var next = 0
        /// nil: it is counted with all others, and not kept.
        var own: FailingPaths?
    }

    /// What little a stretch of fewer traces tells is not kept.
    private static let fewestKept = 32
    /// In traces: what it takes to add what was kept of a stretch.
    private static let costOfKept = 50

    /// - Parameters:
    ///   - memory: of stretches outside the window, and of those whose traces are gone, nothing is kept from here on.
    ///   - service: whose failures; nil: those of the services where traces begin.
    package init(_ store: borrowing TraceStore, _ memory: inout PathsMemory, window: TimeRange, _ predicate: ErrorPredicate, service: Int32? = nil, flagClass: [Symbol: FaultClass]) {
        (self.window, self.predicate, self.service, self.flagClass) = (window, predicate, service, flagClass)
        stretches = store.stretches.numbers(in: window).reversed()
        let own = Set(stretches)
        memory.kept = memory.kept.filter { own.contains($0.key) }
    }

    /// - Parameter most: traces at once.
    /// - Returns: whether there are more; `paths` are ranked once there are not.
    package mutating func goOn(_ store: inout TraceStore, _ memory: inout PathsMemory, most: Int) -> Bool {
        // Another walk may have gone on meanwhile.
        memory.prepare(predicate, service)
        var left = most
        while left > 0 {
            if open == nil {
                guard let number = stretches.popLast() else {
                    paths.rank()
                    return false
                }
                left -= begin(number, store, memory)
            }
            left -= goOnWithOpen(&store, &memory, most: left)
        }
        return true
    }

    private mutating func begin(_ number: Int64, _ store: borrowing TraceStore, _ memory: borrowing PathsMemory) -> Int {
        guard let stretch = store.stretches[number] else { return 1 }
        if TraceStretches.isWhole(number, in: window), stretch.places.count >= Self.fewestKept {
            if let known = memory.kept[number], known.stamp == stretch.stamp {
                paths.add(known.paths)
                return Self.costOfKept
            }
            open = Open(number: number, stamp: stretch.stamp, places: stretch.places, own: FailingPaths())
        } else {
            open = Open(number: number, stamp: stretch.stamp, places: stretch.places)
        }
        return 1
    }

    private mutating func goOnWithOpen(_ store: inout TraceStore, _ memory: inout PathsMemory, most: Int) -> Int {
        guard var part = open.take() else { return 0 }
        // Of a place that another trace has taken meanwhile, its own stretch tells.
        let next = part.next + min(max(1, most), part.places.count - part.next)
        let places = part.places[part.next..<next].filter { store.stretches.has(Int($0), in: part.number) }
        part.next = next
        if var own = part.own.take() {
            own.add(places, of: &store, window: window, predicate, service: service, flagClass: flagClass, memory: &memory.origins)
            if part.next == part.places.count {
                let kept = KeptPaths(own)
                paths.add(kept)
                memory.kept[part.number] = (part.stamp, kept)
            } else {
                part.own = own
                open = part
            }
        } else {
            paths.add(places, of: &store, window: window, predicate, service: service, flagClass: flagClass, memory: &memory.origins)
            if part.next < part.places.count { open = part }
        }
        return max(1, places.count)
    }
}

/// What was found in traces and added up of stretches of them, until spans come.
package struct PathsMemory: Sendable {
    var origins = OriginMemory()
    fileprivate(set) var kept: [Int64: (stamp: UInt64, paths: KeptPaths)] = [:]
    private var terms: (predicate: ErrorPredicate, service: Int32?) = (.server, nil)

    package init() {}

    fileprivate mutating func prepare(_ predicate: ErrorPredicate, _ service: Int32?) {
        guard terms != (predicate, service) else { return }
        terms = (predicate, service)
        (origins, kept) = (OriginMemory(), [:])
    }
}

/// What some traces tell, in little room: of each party that is passed a number, whatever numbers there are.
struct KeptPaths: Sendable {
    struct Entry {
        let counts: FailingPaths.Entry
        let passing: [(party: Int32, count: Int32)]
    }
    let entries: [Entry]
    let groups: [FailingPaths.Group]
    let times: [[(start: Timestamp, isFailing: Bool)]]
    let passed: [(party: Int32, passed: FailingPaths.Passed)]

    init(_ paths: FailingPaths) {
        entries = paths.entries.map { entry in
            var counts = entry
            counts.passing = PartyCounts(isDense: false)
            return Entry(counts: counts, passing: entry.passing.all)
        }
        (groups, times) = (paths.groups, paths.times)
        passed = paths.passed.indices.filter { paths.passed[$0].traces > 0 }.map { (Int32($0), paths.passed[$0]) }
    }
}

extension FailingPaths {
    /// What was found in other traces.
    mutating func add(_ kept: KeptPaths) {
        let map = kept.entries.map { entry(of: $0.counts.service) }
        for (number, entry) in zip(map, kept.entries) { add(entry, at: number) }
        for (number, times) in zip(map, kept.times) { add(times, at: number) }
        for (party, passed) in kept.passed { add(passed, of: party) }
        for var group in kept.groups {
            group.key.entry = map[group.key.entry]
            add(group)
        }
    }
}
