@testable import Diagnosis
import TestSupport
import Testing

@Suite struct AggregatePathTests {
    /// Entry 0 calls 1, which calls 2: of every tenth trace 2 takes long. Entry 7 beside it calls 2 as well.
    static func window() -> (digests: [LatencyDigest], paths: CallPaths) {
        var paths = CallPaths()
        var digests: [LatencyDigest] = []
        for trace in 0..<100 as Range<Int64> {
            let long: Int64 = trace % 10 == 3 ? 1000 + trace : 0
            let tree = RandomTrees.tree([(-1, 0, 100 + long), (0, 10, 90 + long), (1, 20, 60 + long)])
            digests.append(LatencyDigest(tree, root: 0, paths: &paths))
        }
        for _ in 0..<5 { digests.append(LatencyDigest(RandomTrees.tree([(-1, 0, 50), (0, 0, 20)], labels: [7, 2]), root: 0, paths: &paths)) }
        return (digests, paths)
    }

    @Test func slowTracesAreSlowForADifferentReason() throws {
        let (digests, paths) = Self.window()
        let answer = AggregatePath(digests, paths: paths)
        #expect(answer.entries.map(\.label) == [0, 7])
        let entry = try #require(answer.entries.first)
        #expect((entry.p50, entry.p95) == (100, 1143) && entry.traces == [90, 5, 5])
        #expect(answer.paths(of: entry, in: .upToP50).map { paths.labels(of: $0.number) } == [[0, 1], [0, 1, 2], [0]], "equal shares by age")
        #expect(answer.paths(of: entry, in: .upToP50).map(\.critical) == [0.4, 0.4, 0.2])
        let slow = answer.paths(of: entry, in: .beyondP95)
        #expect(slow.first.map { paths.labels(of: $0.number) } == [0, 1, 2] && slow[0].critical > 0.9)
        #expect(slow[0].sums.traces == 5 && slow[0].sums.worst == AggregatePath.Example(trace: 93, place: 2, critical: 1133))
        #expect(slow[0].sums.own == slow[0].sums.critical && slow[0].sums.total == slow[0].sums.critical)
        // By label: 2 under this entry alone.
        let labels = answer.labels(of: entry)
        #expect(labels.map(\.number) == [2, 1, 0] && labels[0].sums.traces == 100)
        #expect(labels.map(\.critical).reduce(0, +) == 1)
        #expect(answer.paths(of: answer.entries[1]).map { paths.labels(of: $0.number) } == [[7], [7, 2]])
    }

    @Test func oneTraceAndNone() throws {
        var paths = CallPaths()
        let one = AggregatePath([LatencyDigest(RandomTrees.tree([(-1, 0, 100)]), root: 0, paths: &paths)], paths: paths)
        #expect(try #require(one.entries.first).traces == [1, 0, 0])
        #expect(one.paths(of: one.entries[0]).map(\.critical) == [1])
        #expect(one.paths(of: one.entries[0], in: .beyondP95) == [])
        #expect(AggregatePath([LatencyDigest(SpanTree(), root: 0, paths: &paths)], paths: paths).entries.isEmpty)
        #expect(AggregatePath([LatencyDigest](), paths: CallPaths()).entries.isEmpty)
        let instant = AggregatePath([LatencyDigest(RandomTrees.tree([(-1, 5, 5)]), root: 0, paths: &paths)], paths: paths)
        #expect(instant.paths(of: instant.entries[0]).map(\.critical) == [0])
    }

    @Test func pathsBeyondTheLimitCountForTheLastThatIsKnown() {
        var paths = CallPaths(most: 10)
        var tree = SpanTree()
        for depth in 0..<50 as Range<Int64> { tree.add(parent: Int32(depth) - 1, start: depth, end: 200 - depth, label: 3) }
        let digest = LatencyDigest(tree, root: 0, paths: &paths)
        #expect(paths.count == 10 && paths.folded == 40)
        #expect(digest.parts.count == 10 && digest.parts.reduce(0) { $0 + $1.critical } == 200)
        #expect(digest.parts[9].place == 49, "the last of them has the most of it")
        #expect(paths.number(after: -1, label: 99) == 10, "an entry is always told apart")
    }

    /// What else hangs in the trace is other roots' or nobody's waiting.
    @Test func onlyWhatTheEntryWaitsFor() {
        var tree = RandomTrees.tree([(-1, 0, 100), (-1, 0, 500), (1, 0, 400), (0, 20, 50), (0, 200, 300)])
        tree.add(parent: 3, start: 30, end: 40, label: 9, isDetached: true)
        var paths = CallPaths()
        let digest = LatencyDigest(tree, root: 0, paths: &paths)
        #expect(digest.nanoseconds == 100 && digest.parts.map(\.place) == [0, 3] && digest.parts.map(\.critical) == [70, 30])
        #expect(paths.label == [0, 3])
        let other = LatencyDigest(tree, root: 1, paths: &paths)
        #expect(other.nanoseconds == 500 && other.parts.map(\.critical) == [100, 400])
    }

    @Test func sumsAreThoseOfAllTraces() {
        var dice = SeededGenerator(seed: 5)
        for _ in 0..<60 {
            var paths = CallPaths()
            let trees = (0..<30).map { _ in RandomTrees.tree(&dice, spans: Int.random(in: 1...12, using: &dice), ticks: 100, labels: 3) }
            let answer = AggregatePath(trees.map { LatencyDigest($0, root: 0, paths: &paths) }, paths: paths)
            #expect(answer.entries.reduce(0) { $0 + $1.traces.reduce(0, +) } == trees.count)
            for entry in answer.entries {
                let mine = trees.indices.filter { trees[$0].label[0] == entry.label }
                let durations = mine.map { trees[$0].end[0] - trees[$0].start[0] }.sorted()
                #expect(durations.count { $0 <= entry.p50 } * 2 >= mine.count && durations.count { $0 < entry.p50 } * 2 <= mine.count)
                for band in AggregatePath.Band.allCases {
                    let rows = answer.paths(of: entry, in: band)
                    #expect(rows.reduce(0) { $0 + $1.sums.critical } == entry.nanoseconds[band.rawValue])
                }
                // By name of the path, from the spans themselves.
                var critical: [[Int32]: Int64] = [:], traces: [[Int32]: Set<Int>] = [:], worst: [[Int32]: Int64] = [:]
                for trace in mine {
                    let tree = trees[trace], time = CriticalPath(tree, root: 0).nanosecondsByPlace(count: tree.count)
                    let waited = WaitedTree(tree)
                    var here: [[Int32]: Int64] = [:]
                    for place in 0..<tree.count where waited.top[place] == 0 {
                        var name: [Int32] = [], up = Int32(place)
                        while up >= 0 { (name, up) = ([tree.label[Int(up)]] + name, tree.parent[Int(up)]) }
                        here[name, default: 0] += time[place]
                        traces[name, default: []].insert(trace)
                    }
                    for (name, time) in here {
                        critical[name, default: 0] += time
                        worst[name] = max(worst[name] ?? 0, time)
                    }
                }
                let rows = answer.paths(of: entry)
                #expect(rows.count == critical.count)
                for row in rows {
                    let name = paths.labels(of: row.number)
                    #expect(row.sums.critical == critical[name] && row.sums.traces == traces[name]?.count && row.sums.worst.critical == worst[name])
                }
            }
        }
    }
}
