package import CallGraph

/// What one trace says of how long requests to a service took.
package struct LatencyReading: Sendable {
    /// One for each request to it that none of its own led to: of a trace the topmost ones.
    package var requests: [LatencyDigest] = []
    /// Of all that hangs on them.
    package var repeated: [Repeat] = []
    /// Nanoseconds that a request would win, by request, for each speedup that was asked about.
    fileprivate var gains: [Gain] = []
    /// More requests of one trace are much the same.
    package static let mostRequests = 64

    package struct Repeat: Sendable, Equatable {
        package var caller: Int32
        package var callee: Int32
        package var count: Int32
        package var nanoseconds: Int64
        /// Of what the caller lasted.
        package var share: Double
    }

    fileprivate struct Gain {
        var path: Int32
        var speedup: WhatIf.Speedup
        var nanoseconds: [Int64]
    }

    fileprivate init(_ trees: [SpanTree], paths: inout CallPaths) {
        for tree in trees {
            requests.append(LatencyDigest(tree, root: 0, paths: &paths))
            for calls in RepeatedCalls.found(in: tree) {
                repeated.append(Repeat(caller: tree.label[Int(calls.parent)], callee: calls.label, count: Int32(clamping: calls.count), nanoseconds: calls.nanoseconds, share: calls.share))
            }
        }
    }
}

/// Latency of the requests to one service, trace by trace, until spans of these come. Labels and paths are numbered for this service alone.
package struct LatencyMemory: Sendable {
    /// Its number among parties.
    package let service: Int32
    package private(set) var labels = SpanLabels()
    package private(set) var paths = CallPaths()
    private var known: [Int32: (stamp: UInt64, reading: LatencyReading)] = [:]

    package init(of service: Int32) { self.service = service }

    package func isKnown(_ place: Int, _ trace: HeldTrace) -> Bool { known[Int32(place)]?.stamp == trace.stamp }

    /// nil: not read yet, or spans of it came since.
    package func known(_ place: Int, _ trace: HeldTrace) -> LatencyReading? {
        known[Int32(place)].flatMap { $0.stamp == trace.stamp ? $0.reading : nil }
    }

    package mutating func reading(_ place: Int, _ trace: HeldTrace, _ store: inout TraceStore) -> LatencyReading {
        if let known = known(place, trace) { return known }
        let reading = LatencyReading(requests(in: trace, &store), paths: &paths)
        known[Int32(place)] = (trace.stamp, reading)
        return reading
    }

    /// Number of the service that a call path ends in.
    package func service(ofPath path: Int32) -> Int32 { labels[paths.label[Int(path)]].service }

    /// Those that are not asked about any more.
    package mutating func forget(allBut places: some Sequence<Int>) {
        let kept = Set(places.map { Int32($0) })
        known = known.filter { kept.contains($0.key) }
    }

    // MARK: - What if

    package func hasGains(_ place: Int, _ asked: [(path: Int32, speedup: WhatIf.Speedup)]) -> Bool {
        let gains = known[Int32(place)]?.reading.gains ?? []
        return gains.count == asked.count && zip(gains, asked).allSatisfy { $0.path == $1.path && $0.speedup == $1.speedup }
    }

    /// By request of the reading, for one of those asked about last.
    package func gains(_ place: Int, _ question: Int) -> [Int64]? {
        known[Int32(place)].flatMap { $0.reading.gains.indices.contains(question) ? $0.reading.gains[question].nanoseconds : nil }
    }

    /// Of a trace that was read: works out what is asked and forgets what was asked before.
    package mutating func retime(_ place: Int, _ trace: HeldTrace, _ store: inout TraceStore, _ asked: [(path: Int32, speedup: WhatIf.Speedup)]) {
        guard let reading = known(place, trace) else { return }
        let trees = requests(in: trace, &store)
        known[Int32(place)]?.reading.gains = asked.map { one in
            let way = paths.labels(of: one.path)
            let nanoseconds = zip(reading.requests, trees).map { digest, tree in
                digest.parts.contains { $0.path == one.path && $0.own > 0 } ? WhatIf.gains(tree, .path(way), one.speedup)[0] : 0
            }
            return .init(path: one.path, speedup: one.speedup, nanoseconds: nanoseconds)
        }
    }

    /// A tree for each request.
    private mutating func requests(in trace: HeldTrace, _ store: inout TraceStore) -> [SpanTree] {
        let tree = SpanTree(store.assembled(trace), parties: store.parties, labels: &labels, mergingSides: true)
        var isBelow = [Bool](repeating: false, count: tree.count), requests: [SpanTree] = []
        for place in 0..<tree.count {
            let isIts = labels[tree.label[place]].service == service
            let isUnder = tree.parent[place] >= 0 && isBelow[Int(tree.parent[place])]
            isBelow[place] = isIts || isUnder
            if isIts, !isUnder, requests.count < LatencyReading.mostRequests { requests.append(tree.below(place)) }
        }
        return requests
    }
}
