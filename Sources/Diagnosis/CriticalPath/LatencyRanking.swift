import MeshModel

/// What many traces say of the latency of a service's requests: call paths by what was waited for there, and calls repeated one after another.
package struct LatencyRanking: Sendable {
    package struct Row: Sendable {
        /// Number of the call path, and of the one it begins with.
        package var path: Int32
        package var entry: Int32
        package var sums: AggregatePath.Sums
        /// Of all that the requests lasted, in all and by band; nil: the band has no request.
        package var share: Double
        package var bands: [Double?]
    }

    package struct Repeat: Sendable {
        package var caller: Int32
        package var callee: Int32
        /// In the middle of the traces that have it, and what share of the caller's time it is there on average.
        package var calls: Int
        package var share: Double
        package var traces: Int
        /// Of the readings in the order they came.
        package var sample: Int
    }

    /// The largest share first; without those that nobody waited for.
    package private(set) var rows: [Row] = []
    package private(set) var repeated: [Repeat] = []
    /// Of all requests.
    package private(set) var percentiles: WhatIf.Answer.Percentiles
    package private(set) var requests = 0
    package private(set) var entries = 0
    /// By request, as samples number them: the reading it is of.
    package private(set) var readingOf: [Int] = []

    /// - Parameter paths: those that the readings were made with.
    package init(_ readings: [LatencyReading], paths: CallPaths) {
        var digests: [LatencyDigest] = []
        for (place, reading) in readings.enumerated() {
            for digest in reading.requests where digest.entry >= 0 {
                digests.append(digest)
                readingOf.append(place)
            }
        }
        requests = digests.count
        percentiles = .init(digests.map(\.nanoseconds))
        rank(AggregatePath(digests, paths: paths), paths)
        gatherRepeated(readings)
    }

    private mutating func rank(_ aggregate: AggregatePath, _ paths: CallPaths) {
        entries = aggregate.entries.count
        let lasted = AggregatePath.Band.allCases.map { aggregate.nanoseconds(in: $0) }, all = lasted.reduce(into: Int64(0)) { $0.add(saturating: $1) }
        guard all > 0 else { return }
        // A path is younger than the one it goes on from.
        var entryOf = [Int32](repeating: -1, count: paths.count)
        for path in 0..<Int32(paths.count) {
            let above = paths.parent[Int(path)]
            entryOf[Int(path)] = above < 0 ? path : entryOf[Int(above)]
            let bands = AggregatePath.Band.allCases.map { aggregate.sums(ofPath: path, in: $0) }
            let sums = bands.reduce(AggregatePath.Sums(), +)
            guard sums.critical > 0 else { continue }
            rows.append(Row(path: path, entry: entryOf[Int(path)], sums: sums, share: Double(sums.critical) / Double(all),
                            bands: zip(bands, lasted).map { $1 > 0 ? Double($0.critical) / Double($1) : nil }))
        }
        rows.sort { $0.sums.critical != $1.sums.critical ? $0.sums.critical > $1.sums.critical : $0.path < $1.path }
    }

    private mutating func gatherRepeated(_ readings: [LatencyReading]) {
        struct Pair: Hashable { var caller: Int32, callee: Int32 }
        var found: [Pair: [(count: Int32, share: Double, reading: Int)]] = [:]
        for (place, reading) in readings.enumerated() {
            // A trace may have them several times: the one that takes most stands for it.
            var largest: [Pair: LatencyReading.Repeat] = [:]
            for calls in reading.repeated {
                let pair = Pair(caller: calls.caller, callee: calls.callee)
                if largest[pair].map({ $0.nanoseconds < calls.nanoseconds }) ?? true { largest[pair] = calls }
            }
            for (pair, calls) in largest { found[pair, default: []].append((calls.count, calls.share, place)) }
        }
        repeated = found.map { pair, all in
            let sample = all.max { ($0.count, $1.reading) < ($1.count, $0.reading) }
            return Repeat(caller: pair.caller, callee: pair.callee, calls: Int(Percentile.ofSorted(all.map { Int64($0.count) }.sorted(), 50)),
                          share: all.reduce(0) { $0 + $1.share } / Double(all.count), traces: all.count, sample: sample?.reading ?? 0)
        }
        repeated.sort { a, b in
            let (left, right) = (a.share * Double(a.traces), b.share * Double(b.traces))
            return left != right ? left > right : (a.caller, a.callee) < (b.caller, b.callee)
        }
    }

    // MARK: - What if

    package static let mostAsked = 8
    /// Of paths with less there is nothing to win.
    private static let leastAsked = 0.02
    private static let less: Int64 = 50_000_000

    /// The largest ones doing their own work faster: 50 ms less in each call, or half where that would be more.
    package var questions: [(path: Int32, speedup: WhatIf.Speedup)] {
        let largest = rows.lazy.filter { $0.share >= Self.leastAsked && $0.sums.own > 0 && $0.sums.calls > 0 }.prefix(Self.mostAsked).map { row -> (path: Int32, speedup: WhatIf.Speedup) in
            (row.path, row.sums.own / Int64(row.sums.calls) >= 2 * Self.less ? .nanoseconds(Self.less) : .share(0.5))
        }
        // Which of two is the larger may change with every trace; answers to the same questions are kept.
        return largest.sorted { $0.path < $1.path }
    }

    /// What requests of the path's entry would win.
    /// - Parameter gains: by reading and its requests.
    package static func answer(_ readings: [LatencyReading], entry: Int32, gains: [[Int64]]) -> WhatIf.Answer {
        var before: [Int64] = [], after: [Int64] = []
        for (reading, gains) in zip(readings, gains) {
            for (digest, gain) in zip(reading.requests, gains) where digest.entry == entry {
                before.append(digest.nanoseconds)
                after.append(digest.nanoseconds - gain)
            }
        }
        return WhatIf.Answer(before: before, after: after)
    }
}
