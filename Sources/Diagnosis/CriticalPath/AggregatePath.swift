import MeshModel

/// Where the latency of many traces is: critical time by call path, for the quick half of an entry's traces, the slower ones and the
/// slowest twentieth apart. Why the slow ones are slow shows where a share grows from band to band.
package struct AggregatePath: Sendable {
    /// Of an entry's traces by duration: up to the median, up to the 95th percentile, beyond. Equal durations are in one band.
    package enum Band: Int, CaseIterable, Sendable {
        case upToP50, upToP95, beyondP95
    }

    /// An example to open.
    package struct Example: Sendable, Equatable {
        /// Of the digests in the order they came.
        package var trace: Int32 = -1
        package var place: Int32 = -1
        /// Nanoseconds of critical time that this trace has on the path.
        package var critical: Int64 = -1
    }

    package struct Sums: Sendable, Equatable {
        /// Nanoseconds.
        package var critical: Int64 = 0
        package var own: Int64 = 0
        package var total: Int64 = 0
        package var traces = 0
        package var calls = 0
        /// The trace with the most critical time here.
        package var worst = Example()

        mutating func add(_ part: LatencyDigest.Part, trace: Int) {
            critical.add(saturating: part.critical)
            own.add(saturating: part.own)
            total.add(saturating: part.total)
            traces += 1
            calls += Int(part.calls)
            if part.critical > worst.critical { worst = Example(trace: Int32(trace), place: part.place, critical: part.critical) }
        }

        package static func + (a: Sums, b: Sums) -> Sums {
            var sum = a
            sum.critical.add(saturating: b.critical)
            sum.own.add(saturating: b.own)
            sum.total.add(saturating: b.total)
            sum.traces += b.traces
            sum.calls += b.calls
            if b.worst.critical > a.worst.critical { sum.worst = b.worst }
            return sum
        }
    }

    package struct Entry: Sendable {
        /// The entry's call path, of one label.
        package var path: Int32
        package var label: Int32
        /// Nanoseconds that the quickest half, and nineteen of twenty, last at most.
        package var p50: Int64
        package var p95: Int64
        /// By band.
        package var traces = [Int](repeating: 0, count: Band.allCases.count)
        package var nanoseconds = [Int64](repeating: 0, count: Band.allCases.count)
    }

    /// Most traces first.
    package private(set) var entries: [Entry] = []
    /// By path and band.
    private var sums: [Sums]
    private let paths: CallPaths
    private static let bands = 3

    package init(_ digests: some Collection<LatencyDigest>, paths: CallPaths) {
        self.paths = paths
        sums = [Sums](repeating: Sums(), count: paths.count * Self.bands)
        var entryOf = [Int32](repeating: -1, count: paths.count)
        takeEntries(digests, &entryOf)
        for (trace, digest) in digests.enumerated() where digest.entry >= 0 {
            let entry = Int(entryOf[Int(digest.entry)])
            let band = digest.nanoseconds <= entries[entry].p50 ? 0 : digest.nanoseconds <= entries[entry].p95 ? 1 : 2
            entries[entry].traces[band] += 1
            entries[entry].nanoseconds[band].add(saturating: digest.nanoseconds)
            for part in digest.parts { sums[Int(part.path) * Self.bands + band].add(part, trace: trace) }
        }
        entries.sort { a, b in
            let (left, right) = (a.traces.reduce(0, +), b.traces.reduce(0, +))
            return left != right ? left > right : a.path < b.path
        }
    }

    private mutating func takeEntries(_ digests: some Collection<LatencyDigest>, _ entryOf: inout [Int32]) {
        var durations: [[Int64]] = []
        for digest in digests where digest.entry >= 0 {
            if entryOf[Int(digest.entry)] < 0 {
                entryOf[Int(digest.entry)] = Int32(durations.count)
                durations.append([])
                entries.append(Entry(path: digest.entry, label: paths.label[Int(digest.entry)], p50: 0, p95: 0))
            }
            durations[Int(entryOf[Int(digest.entry)])].append(digest.nanoseconds)
        }
        for entry in entries.indices {
            durations[entry].sort()
            entries[entry].p50 = Percentile.ofSorted(durations[entry], 50)
            entries[entry].p95 = Percentile.ofSorted(durations[entry], 95)
        }
    }

    /// Of all entries, what their traces of a band lasted together.
    package func nanoseconds(in band: Band) -> Int64 { entries.reduce(into: 0) { $0.add(saturating: $1.nanoseconds[band.rawValue]) } }

    package func sums(ofPath path: Int32, in band: Band) -> Sums { sums[Int(path) * Self.bands + band.rawValue] }

    // MARK: - Answers

    package struct Share: Sendable, Equatable {
        /// Number of a call path, or of a label.
        package var number: Int32
        package var sums: Sums
        /// Of all that the entry's traces of the band lasted; all call paths have 1 together.
        package var critical: Double
    }

    /// Call paths under an entry with their share, the largest first.
    /// - Parameter band: nil: all.
    package func paths(of entry: Entry, in band: Band? = nil) -> [Share] {
        var isBelow = [Bool](repeating: false, count: paths.count)
        var rows: [(Int32, Sums)] = []
        for path in 0..<paths.count {
            // A path is younger than the one it goes on from.
            isBelow[path] = path == Int(entry.path) || paths.parent[path] >= 0 && isBelow[Int(paths.parent[path])]
            guard isBelow[path] else { continue }
            let sum = bands(band).reduce(Sums()) { $0 + sums[path * Self.bands + $1] }
            if sum.traces > 0 { rows.append((Int32(path), sum)) }
        }
        return ranked(rows, entry, band)
    }

    /// The same by label, wherever it was called from. `sums.traces` counts a trace once for each path it has the label on.
    package func labels(of entry: Entry, in band: Band? = nil) -> [Share] {
        var byLabel: [Int32: Sums] = [:]
        for row in paths(of: entry, in: band) {
            let label = paths.label[Int(row.number)]
            byLabel[label] = (byLabel[label] ?? Sums()) + row.sums
        }
        return ranked(byLabel.map { ($0.key, $0.value) }, entry, band)
    }

    private func bands(_ band: Band?) -> Range<Int> { band.map { $0.rawValue..<$0.rawValue + 1 } ?? Band.allCases.indices }

    private func ranked(_ rows: [(number: Int32, sums: Sums)], _ entry: Entry, _ band: Band?) -> [Share] {
        let all = entry.nanoseconds[bands(band)].reduce(into: Int64(0)) { $0.add(saturating: $1) }
        return rows.map { Share(number: $0.number, sums: $0.sums, critical: all > 0 ? Double($0.sums.critical) / Double(all) : 0) }
            .sorted { $0.sums.critical != $1.sums.critical ? $0.sums.critical > $1.sums.critical : $0.number < $1.number }
    }
}
