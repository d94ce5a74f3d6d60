@testable import Diagnosis
import TestSupport
import Testing

@Suite struct CriticalPathTests {
    /// `"0:0-10 1:10-40"`: place and time of each section.
    static func text(_ path: CriticalPath) -> String { path.sections.map { "\($0.place):\($0.from)-\($0.to)" }.joined(separator: " ") }

    static func text(_ spans: [(parent: Int32, from: Int64, to: Int64)]) -> String { text(CriticalPath(RandomTrees.tree(spans), root: 0)) }

    @Test func whatARootWaitedFor() {
        #expect(Self.text([(-1, 0, 100)]) == "0:0-100")
        #expect(Self.text([(-1, 0, 100), (0, 10, 40), (0, 50, 90)]) == "0:0-10 1:10-40 0:40-50 2:50-90 0:90-100")
        // Of two at once, the one that ends last; the other is not waited for.
        #expect(Self.text([(-1, 0, 100), (0, 10, 60), (0, 50, 90)]) == "0:0-50 2:50-90 0:90-100")
        #expect(Self.text([(-1, 0, 100), (0, 10, 90), (1, 20, 80), (2, 30, 70)]) == "0:0-10 1:10-20 2:20-30 3:30-70 2:70-80 1:80-90 0:90-100")
        #expect(Self.text([(-1, 5, 5)]) == "")
    }

    @Test func childrenAreCutToTheirParents() {
        #expect(Self.text([(-1, 10, 100), (0, 0, 40), (0, 60, 200)]) == "1:10-40 0:40-60 2:60-100")
        #expect(Self.text([(-1, 10, 100), (0, 0, 200)]) == "1:10-100")
        // Wholly outside: gone, with what is below it although that lies within.
        #expect(Self.text([(-1, 10, 100), (0, 150, 200), (1, 20, 80)]) == "0:10-100")
        // Cut to the parent as that is cut to its own.
        #expect(Self.text([(-1, 0, 100), (0, 50, 200), (1, 120, 150), (1, 60, 160)]) == "0:0-50 1:50-60 3:60-100")
    }

    @Test func nobodyWaitsForConsumers() {
        var tree = RandomTrees.tree([(-1, 0, 100), (0, 10, 20)])
        tree.add(parent: 1, start: 12, end: 18, label: 0, isDetached: true)
        tree.add(parent: 2, start: 13, end: 17, label: 0)
        #expect(Self.text(CriticalPath(tree, root: 0)) == "0:0-10 1:10-20 0:20-100")
        #expect(Self.text(CriticalPath(tree, root: 2)) == "2:12-13 3:13-17 2:17-18", "it has a path of its own for whoever asks")
        #expect(CriticalPath.ofEachRoot(tree).map(\.root) == [0])
    }

    /// jaeger#9148, #9173: a child that ends where the next one begins was skipped, and its time given to the parent.
    @Test func backToBackSiblingsAreAllOnIt() {
        #expect(Self.text([(-1, 0, 90), (0, 0, 30), (0, 30, 60), (0, 60, 90)]) == "1:0-30 2:30-60 3:60-90")
        #expect(Self.text([(-1, 0, 90), (0, 60, 90), (0, 0, 30), (0, 30, 60)]) == "2:0-30 3:30-60 1:60-90")
    }

    /// jaeger#9218: with `<=` alone, a child that lasts no time is found again for ever.
    @Test func childrenThatLastNoTimeArePassedOver() {
        #expect(Self.text([(-1, 0, 90), (0, 30, 30), (0, 0, 30), (0, 30, 90), (0, 90, 90), (0, 0, 0)]) == "2:0-30 3:30-90")
        #expect(Self.text([(-1, 0, 10), (0, 10, 10), (1, 10, 10)]) == "0:0-10")
        #expect(Self.text([(-1, 0, 10), (0, 10, 30)]) == "0:0-10", "cut to no time")
    }

    @Test func sameTimesAlwaysGiveTheSamePath() {
        #expect(Self.text([(-1, 0, 10), (0, 2, 8), (0, 2, 8)]) == "0:0-2 1:2-8 0:8-10")
        #expect(Self.text([(-1, 0, 10), (0, 2, 8), (0, 4, 8)]) == "0:0-4 2:4-8 0:8-10")
    }

    @Test func aPathForEachRoot() {
        let tree = RandomTrees.tree([(-1, 0, 50), (0, 10, 20), (-1, 30, 80), (2, 40, 80)])
        #expect(CriticalPath.ofEachRoot(tree).map(Self.text) == ["0:0-10 1:10-20 0:20-50", "2:30-40 3:40-80"])
        #expect(CriticalPath.ofEachRoot(SpanTree()) == [])
    }

    @Test func oneBelowAnotherAHundredThousandDeep() {
        var tree = SpanTree()
        let deep: Int64 = 100_000
        for depth in 0..<deep { tree.add(parent: Int32(depth) - 1, start: depth, end: 3 * deep - depth, label: 0) }
        let path = CriticalPath(tree, root: 0)
        #expect(path.sections.count == 2 * Int(deep) - 1)
        #expect(Self.tiles(path, tree))
        #expect(SelfTime.nanoseconds(tree).reduce(0, +) == 3 * deep)
    }

    // MARK: - Properties

    static func tiles(_ path: CriticalPath, _ tree: SpanTree) -> Bool {
        let root = Int(path.root)
        var now = tree.start[root]
        for section in path.sections {
            let place = Int(section.place)
            guard section.from == now, section.to > now, tree.start[place] <= section.from, tree.end[place] >= section.to else { return false }
            now = section.to
        }
        return now == tree.end[root]
    }

    /// The rule as it is told, looking at every span for every section.
    struct Model {
        let tree: SpanTree
        var sections: [CriticalPath.Section] = []

        mutating func walk(_ place: Int, _ start: Int64, _ end: Int64) {
            var now = end
            while true {
                let next = tree.parent.indices.filter { tree.parent[$0] == Int32(place) && !tree.isDetached[$0] }
                    .map { (place: $0, start: max(tree.start[$0], start), end: min(tree.end[$0], end)) }
                    .filter { $0.start < $0.end && $0.end <= now }
                    .max { ($0.end, $0.start, -$0.place) < ($1.end, $1.start, -$1.place) }
                guard let next else { break }
                if next.end < now { sections.append(CriticalPath.Section(place: Int32(place), from: next.end, to: now)) }
                walk(next.place, next.start, next.end)
                now = next.start
            }
            if start < now { sections.append(CriticalPath.Section(place: Int32(place), from: start, to: now)) }
        }
    }

    @Test(arguments: [20, 1000, 1_000_000] as [Int64])
    func sectionsTileTheRootAndAreThoseOfTheRule(ticks: Int64) {
        var dice = SeededGenerator(seed: UInt64(ticks))
        var sections = 0
        for _ in 0..<1500 {
            let tree = RandomTrees.tree(&dice, spans: Int.random(in: 1...30, using: &dice), ticks: ticks)
            for path in CriticalPath.ofEachRoot(tree) {
                #expect(Self.tiles(path, tree))
                var model = Model(tree: tree)
                model.walk(Int(path.root), tree.start[Int(path.root)], tree.end[Int(path.root)])
                #expect(path.sections == model.sections.reversed())
                #expect(path.nanosecondsByPlace(count: tree.count).reduce(0, +) == tree.end[Int(path.root)] - tree.start[Int(path.root)])
                sections += path.sections.count
            }
        }
        #expect(sections > 5000)
    }
}
