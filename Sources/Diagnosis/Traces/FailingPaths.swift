import CallGraph
package import MeshModel

/// Failing traces of a window by where they begin to fail, and who passes where the good ones do not.
package struct FailingPaths: Sendable {
    /// Traces by the service they enter at, or of the one asked about.
    package struct Entry: Sendable {
        package var service: Int32
        package var failing = 0
        package var good = 0
        /// Failing ones that name spans nobody sent: where they begin to fail is not known, and they are in neither count.
        package var incomplete = 0
        /// Good traces that pass a party.
        package var passing: PartyCounts

        init(service: Int32, isDense: Bool) { (self.service, passing) = (service, PartyCounts(isDense: isDense)) }
    }

    package struct Group: Sendable {
        package struct Key: Hashable, Sendable {
            /// Services: who fails; of a call that failed on the way, the one called, and its caller (−1: none).
            package var service: Int32
            package var caller: Int32
            package var fault: FaultClass
            /// Place in `entries`.
            package var entry: Int
            package var reachesEntry: Bool
        }
        package var key: Key
        package var traces = 0
        package var sample: TraceID
        package var first: Timestamp
        package var last: Timestamp
        /// When the traces began, in the order they were met.
        package var times: [Timestamp] = []
        /// How it failed, whom exactly, and what was asked.
        package var answers: [TraceAnswer: Int] = [:]
        package var parties: [Int32: Int] = [:]
        package var operations: [Symbol: Int] = [:]
        package var paths: [[Int32]: Int] = [:]
        /// By party: its traces that pass it.
        package var passing: [Int32: Int] = [:]

        mutating func merge(_ other: Group) {
            traces += other.traces
            if other.last >= last { (last, sample) = (other.last, other.sample) }
            first = min(first, other.first)
            times += other.times
            answers.merge(other.answers, uniquingKeysWith: +)
            parties.merge(other.parties, uniquingKeysWith: +)
            operations.merge(other.operations, uniquingKeysWith: +)
            paths.merge(other.paths, uniquingKeysWith: +)
            passing.merge(other.passing, uniquingKeysWith: +)
        }
    }

    package struct TraceAnswer: Hashable, Sendable {
        package var code: UInt16
        package var grpcStatus: UInt8
        package var flags: Symbol
    }

    package private(set) var entries: [Entry] = []
    /// Those that entries fail for, the most traces first; then absorbed ones; refused calls among them, of `FaultClass.policy`.
    package private(set) var groups: [Group] = []
    /// Times of all traces by entry: what an onset is judged by.
    package private(set) var times: [[(start: Timestamp, isFailing: Bool)]] = []

    /// By party: traces that pass it, and when the first and the last of them began.
    package private(set) var passed: [Passed] = []
    package struct Passed: Sendable, Equatable {
        package private(set) var traces = 0
        package private(set) var first = Timestamp(nanoseconds: .max)
        package private(set) var last = Timestamp(nanoseconds: .min)
        package init() {}

        package mutating func merge(_ other: Passed) {
            traces += other.traces
            (first, last) = (min(first, other.first), max(last, other.last))
        }

        fileprivate mutating func add(_ start: Timestamp) {
            traces += 1
            (first, last) = (min(first, start), max(last, start))
        }
    }

    private var entryOf: [Int32: Int] = [:]
    private var groupOf: [Group.Key: Int] = [:]

    package init() {}

    /// Goes through some of the store's traces; `rank` follows the last of them.
    /// - Parameters:
    ///   - places: of the traces.
    ///   - service: whose failures; nil: those of the services where traces begin.
    ///   - memory: what was found in traces before, by their stamps.
    mutating func add(_ places: some Sequence<Int32>, of store: inout TraceStore, window: TimeRange, _ predicate: ErrorPredicate, service: Int32?,
                      flagClass: [Symbol: FaultClass], memory: inout OriginMemory) {
        memory.makeRoom(store.traces.count)
        var seen = [Int32](repeating: -1, count: store.parties.count), parties: [Int32] = []
        for place in places.lazy.map({ Int($0) }) where place < store.traces.count {
            // Field by field: who takes the whole of a trace counts up and down all that it holds.
            guard let isArriving = store.traces[place]?.isArriving, !isArriving, let start = store.traces[place]?.summary?.start, start >= window.from, start <= window.to,
                  let calls = store.traces[place]?.calls else { continue }
            var found = TraceFindings(isFailing: false)
            if let service {
                guard calls.contains(where: { store.parties.service(of: $0.destination) == service }), let trace = store.traces[place] else { continue }
                found = memory.findings(place, trace, &store, predicate, flagClass, service: service)
            } else if store.traces[place]?.summary?.errors(predicate) ?? 0 > 0 || calls.contains(where: { $0.seen.isDenied }), let trace = store.traces[place] {
                found = memory.findings(place, trace, &store, predicate, flagClass, service: nil)
            }
            guard let entered = store.traces[place]?.summary?.party, let orphans = store.traces[place]?.summary?.orphans, let id = store.traces[place]?.id else { continue }
            parties.removeAll(keepingCapacity: true)
            func pass(_ party: Int32) {
                guard seen[Int(party)] != Int32(place) else { return }
                seen[Int(party)] = Int32(place)
                parties.append(party)
            }
            // Who calls nobody and does not say that it was called is in no call.
            pass(entered)
            for call in calls {
                pass(call.source)
                pass(call.destination)
            }
            while passed.count < seen.count { passed.append(Passed()) }
            for party in parties { passed[Int(party)].add(start) }
            count(found, Met(id: id, start: start, orphans: orphans), entry(of: store.parties.service(of: service ?? entered)), parties, store.parties)
        }
    }

    mutating func rank() {
        groups.sort {
            ($0.key.reachesEntry ? 0 : 1, -$0.traces, $0.first, $0.key.service) < ($1.key.reachesEntry ? 0 : 1, -$1.traces, $1.first, $1.key.service)
        }
    }

    mutating func entry(of service: Int32) -> Int {
        if let known = entryOf[service] { return known }
        entryOf[service] = entries.count
        // Of more entries than there are of any mesh so much is not kept.
        entries.append(Entry(service: service, isDense: entries.count < 64))
        times.append([])
        return entries.count - 1
    }

    // MARK: - What was found before

    mutating func add(_ entry: KeptPaths.Entry, at number: Int) {
        entries[number].failing += entry.counts.failing
        entries[number].good += entry.counts.good
        entries[number].incomplete += entry.counts.incomplete
        for (party, count) in entry.passing { entries[number].passing.add(party, count) }
    }

    mutating func add(_ times: [(start: Timestamp, isFailing: Bool)], at number: Int) { self.times[number] += times }

    mutating func add(_ other: Passed, of party: Int32) {
        while passed.count <= party { passed.append(Passed()) }
        passed[Int(party)].merge(other)
    }

    mutating func add(_ group: Group) {
        if let place = groupOf[group.key] {
            groups[place].merge(group)
        } else {
            groupOf[group.key] = groups.count
            groups.append(group)
        }
    }

    private struct Met {
        var id: TraceID
        var start: Timestamp
        var orphans: Int
    }

    private mutating func count(_ found: TraceFindings, _ trace: Met, _ entry: Int, _ passed: [Int32], _ parties: Parties) {
        if trace.orphans > 0 || found.isFailing && found.origins.contains(where: { $0.isCutOff && $0.reachesEntry }) {
            if found.isFailing { entries[entry].incomplete += 1 }
            return
        }
        if found.isFailing {
            entries[entry].failing += 1
        } else {
            entries[entry].good += 1
            for party in passed { entries[entry].passing.add(party) }
        }
        times[entry].append((trace.start, found.isFailing))
        var counted = Set<Int>()
        for origin in found.origins {
            let key = Group.Key(service: parties.service(of: origin.party), caller: origin.caller < 0 ? -1 : parties.service(of: origin.caller), fault: origin.fault,
                                entry: entry, reachesEntry: origin.reachesEntry)
            let place = groupOf[key] ?? groups.count
            if place == groups.count {
                groupOf[key] = place
                groups.append(Group(key: key, sample: trace.id, first: trace.start, last: trace.start))
            }
            groups[place].answers[TraceAnswer(code: origin.code, grpcStatus: origin.grpcStatus, flags: origin.flags), default: 0] += 1
            groups[place].parties[origin.party, default: 0] += 1
            groups[place].operations[origin.operation, default: 0] += 1
            groups[place].paths[origin.path.map(parties.service(of:)), default: 0] += 1
            // Attempts of one request are several spans of one trace.
            guard counted.insert(place).inserted else { continue }
            groups[place].traces += 1
            groups[place].times.append(trace.start)
            if trace.start >= groups[place].last { (groups[place].last, groups[place].sample) = (trace.start, trace.id) }
            groups[place].first = min(groups[place].first, trace.start)
            for party in passed { groups[place].passing[party, default: 0] += 1 }
        }
    }
}

/// What one trace says.
package struct TraceFindings: Sendable {
    package var isFailing: Bool
    /// Refused calls among them.
    package var origins: [TraceOrigin] = []
}

/// What was found in traces under one predicate, and of one service or the entries, until spans of them come.
struct OriginMemory: Sendable {
    private var known: [(stamp: UInt64, findings: TraceFindings)?] = []

    mutating func makeRoom(_ count: Int) {
        if known.count < count { known.append(contentsOf: repeatElement(nil, count: count - known.count)) }
    }

    mutating func findings(_ place: Int, _ trace: HeldTrace, _ store: inout TraceStore, _ predicate: ErrorPredicate, _ flagClass: [Symbol: FaultClass],
                           service: Int32?) -> TraceFindings {
        if let known = known[place], known.stamp == trace.stamp { return known.findings }
        var findings = TraceFindings(isFailing: trace.summary?.isFailed(predicate) ?? false)
        let assembly = store.assembled(trace)
        var starts = [assembly.root]
        if let service {
            starts = assembly.order.map(Int.init).filter { assembly.isIncoming($0) && store.parties.service(of: assembly.party[$0]) == service }
            findings.isFailing = starts.contains { !assembly.isDenied($0) && assembly.spans[$0].isError(predicate) }
        }
        for start in starts {
            let found = TraceOrigins(of: assembly, from: start, store.parties, predicate, flagClass: flagClass)
            findings.origins += found.origins + found.denials
        }
        known[place] = (trace.stamp, findings)
        return findings
    }
}
