@testable import Diagnosis
import TestSupport
import Testing

@Suite struct WhatIfTests {
    /// What the first root wins by label 1 being so much faster.
    static func gain(_ spans: [(parent: Int32, from: Int64, to: Int64)], labels: [Int32] = [], _ speedup: WhatIf.Speedup, label: Int32 = 1) -> Int64 {
        WhatIf.gains(RandomTrees.tree(spans, labels: labels), .label(label), speedup)[0]
    }

    @Test func whoeverIsWaitedForGivesAllOfIt() {
        let alone: [(parent: Int32, from: Int64, to: Int64)] = [(-1, 0, 100), (0, 10, 70)]
        #expect(Self.gain(alone, .nanoseconds(25)) == 25)
        #expect(Self.gain(alone, .nanoseconds(1000)) == 60, "no more than it lasts")
        #expect(Self.gain(alone, .share(0.5)) == 30)
        #expect(Self.gain(alone, .nanoseconds(20), label: 0) == 20)
        #expect(Self.gain(alone, .nanoseconds(1000), label: 0) == 40, "its child stays as long")
        #expect(Self.gain(alone, .nanoseconds(25), label: 9) == 0)
        #expect(Self.gain(alone, .nanoseconds(-5)) == 0 && Self.gain(alone, .share(.nan)) == 0 && Self.gain(alone, .share(7)) == 60)
    }

    @Test func siblingsFollowWhomTheyWaitedFor() {
        // One after another, 5 between: what the first wins moves the second.
        #expect(Self.gain([(-1, 0, 100), (0, 10, 40), (0, 45, 90)], .nanoseconds(20)) == 20)
        // Both are meant.
        #expect(Self.gain([(-1, 0, 100), (0, 10, 40), (0, 45, 90)], labels: [0, 1, 1], .nanoseconds(20)) == 40)
        // At once: the other one still takes until 80.
        #expect(Self.gain([(-1, 0, 100), (0, 10, 90), (0, 10, 80)], .nanoseconds(50)) == 10)
        #expect(Self.gain([(-1, 0, 100), (0, 10, 80), (0, 10, 90)], .nanoseconds(50)) == 0)
        // The third waits for both of those before it.
        #expect(Self.gain([(-1, 0, 100), (0, 0, 50), (0, 0, 40), (0, 50, 100)], .nanoseconds(30)) == 10)
    }

    @Test func itsOwnTimeShrinksAndNotWhatItWaitsFor() {
        // 10 before, 20 between and 30 after its children are its own.
        let spans: [(parent: Int32, from: Int64, to: Int64)] = [(-1, 0, 200), (0, 50, 150), (1, 60, 80), (1, 100, 120)]
        #expect(Self.gain(spans, .share(1)) == 60)
        #expect(Self.gain(spans, .share(0.5)) == 30)
        #expect(Self.gain(spans, .nanoseconds(6)) == 6)
        // 20 of its own time lie beside a child that others wait for no longer.
        #expect(Self.gain([(-1, 0, 100), (0, 0, 100), (1, 20, 100)], .share(1)) == 20)
    }

    @Test func onlyUnderAPath() {
        let tree = RandomTrees.tree([(-1, 0, 100), (0, 0, 50), (1, 0, 50), (0, 50, 100)], labels: [0, 1, 2, 2])
        #expect(WhatIf.gains(tree, .label(2), .nanoseconds(10))[0] == 20)
        #expect(WhatIf.gains(tree, .path([0, 2]), .nanoseconds(10))[0] == 10)
        #expect(WhatIf.gains(tree, .path([0, 1, 2]), .nanoseconds(10))[0] == 10)
        #expect(WhatIf.gains(tree, .path([2]), .nanoseconds(10))[0] == 0)
        #expect(WhatIf.gains(tree, .path([]), .nanoseconds(10))[0] == 0)
    }

    /// CRISP's: the only one or the earliest has its own duration, others the distance to the end of the one before, at most.
    @Test func dragIsHowMuchOneSpanAloneCosts() {
        let one = RandomTrees.tree([(-1, 0, 100), (0, 10, 70)])
        #expect(WhatIf.drag(one, place: 1, root: 0) == 60)
        let serial = RandomTrees.tree([(-1, 0, 100), (0, 10, 40), (0, 40, 90)])
        #expect([1, 2].map { WhatIf.drag(serial, place: $0, root: 0) } == [30, 50])
        let parallel = RandomTrees.tree([(-1, 0, 100), (0, 10, 40), (0, 10, 90), (0, 20, 75)])
        #expect([1, 2, 3].map { WhatIf.drag(parallel, place: $0, root: 0) } == [0, 15, 0])
    }

    @Test func answersForManyTraces() {
        let traces = (1...100).map { (tree: RandomTrees.tree([(-1, 0, 100 * Int64($0)), (0, 0, 60 * Int64($0))]), root: 0) }
        let answer = WhatIf.answer(traces, .label(1), .nanoseconds(600))
        #expect(answer.traces == 100 && answer.quicker == 100)
        #expect((answer.before.p50, answer.before.p95, answer.before.p99) == (5000, 9500, 9900))
        #expect((answer.after.p50, answer.after.p95, answer.after.p99) == (4400, 8900, 9300))
        let none = WhatIf.answer([], .label(1), .share(1))
        #expect(none.traces == 0 && none.before.p50 == 0)
    }

    // MARK: - Properties

    @Test(arguments: [30, 1000, 1_000_000] as [Int64])
    func noRootWinsMoreThanItsPathDoes(ticks: Int64) {
        var dice = SeededGenerator(seed: UInt64(ticks) + 1)
        var won = 0
        for _ in 0..<700 {
            let tree = RandomTrees.tree(&dice, spans: Int.random(in: 1...25, using: &dice), ticks: ticks, labels: 4)
            let label = Int32.random(in: 0..<4, using: &dice)
            let roots = CriticalPath.ofEachRoot(tree)
            var before = [Int64](repeating: 0, count: tree.count)
            for less in [1, ticks / 20, ticks / 5, ticks, 3 * ticks] {
                let gains = WhatIf.gains(tree, .label(label), .nanoseconds(less))
                #expect(zip(before, gains).allSatisfy { $0 <= $1 }, "the more, the more")
                for path in roots {
                    let meant = path.nanosecondsByPlace(count: tree.count).enumerated().filter { tree.label[$0.offset] == label }.map(\.element)
                    #expect(gains[Int(path.root)] <= meant.reduce(0) { $0 + min($1, less) })
                    won += gains[Int(path.root)] > 0 ? 1 : 0
                }
                before = gains
            }
            let all = WhatIf.gains(tree, .label(label), .share(1))
            #expect(all == before, "all of its own time")
        }
        #expect(won > 500)
    }

    /// The rule as it is told, tick by tick.
    struct Model {
        let tree: SpanTree
        let waited: WaitedTree
        let own: [Int64]
        let saving: [Int64]

        func duration(_ place: Int) -> Int64 {
            let children = tree.parent.indices.filter { tree.parent[$0] == Int32(place) && waited.top[$0] == waited.top[place] && waited.start[$0] < waited.end[$0] }
                .sorted { waited.start[$0] < waited.start[$1] }
            func left(_ from: Int64, _ to: Int64) -> Int64 {
                let free = Int64((from..<to).count { tick in !children.contains { waited.start[$0] <= tick && tick < waited.end[$0] } })
                return to - from - (own[place] > 0 ? free * saving[place] / own[place] : 0)
            }
            var newEnd: [Int: Int64] = [:]
            for child in children {
                let over = children.filter { waited.end[$0] <= waited.start[child] }
                let last = over.map { waited.end[$0] }.max() ?? waited.start[place]
                let follows = over.filter { waited.end[$0] == last }.compactMap { newEnd[$0] }.max() ?? waited.start[place]
                let begins = max(over.compactMap { newEnd[$0] }.max() ?? .min, follows + left(last, waited.start[child]))
                newEnd[child] = begins + duration(child)
            }
            let last = children.map { waited.end[$0] }.max() ?? waited.start[place]
            return (newEnd.values.max() ?? waited.start[place]) + left(last, waited.end[place]) - waited.start[place]
        }
    }

    @Test func itIsWhatTheRuleSays() {
        var dice = SeededGenerator(seed: 11)
        for _ in 0..<1000 {
            let tree = RandomTrees.tree(&dice, spans: Int.random(in: 1...12, using: &dice), ticks: 30, labels: 3)
            let own = SelfTime.nanoseconds(tree), less = Int64.random(in: 1...12, using: &dice)
            let model = Model(tree: tree, waited: WaitedTree(tree), own: own, saving: tree.label.indices.map { tree.label[$0] == 1 ? min(less, own[$0]) : 0 })
            let gains = WhatIf.gains(tree, .label(1), .nanoseconds(less))
            for place in 0..<tree.count where tree.parent[place] < 0 { #expect(gains[place] == model.waited.nanoseconds(place) - model.duration(place)) }
        }
    }

    @Test func aHundredThousandOneBelowAnother() {
        var tree = SpanTree()
        let deep: Int64 = 100_000
        for depth in 0..<deep { tree.add(parent: Int32(depth) - 1, start: 2 * depth, end: 6 * deep - 2 * depth, label: Int32(depth % 2)) }
        #expect(WhatIf.gains(tree, .label(0), .nanoseconds(2))[0] == deep)
        #expect(WhatIf.gains(tree, .label(0), .share(1))[0] == deep / 2 * 4)
    }
}
