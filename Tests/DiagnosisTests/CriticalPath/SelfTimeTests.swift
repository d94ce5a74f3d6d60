@testable import Diagnosis
import TestSupport
import Testing

@Suite struct SelfTimeTests {
    @Test func durationLessTheUnionOfItsChildren() {
        let tree = RandomTrees.tree([(-1, 0, 100), (0, 10, 40), (0, 30, 60), (0, 90, 200), (1, 10, 15), (0, 35, 38)])
        #expect(SelfTime.nanoseconds(tree) == [40, 25, 30, 10, 5, 3])
    }

    @Test func whatAConsumerDoesIsNoWaitingOfItsProducer() {
        var tree = RandomTrees.tree([(-1, 0, 100)])
        tree.add(parent: 0, start: 10, end: 90, label: 0, isDetached: true)
        tree.add(parent: 1, start: 20, end: 50, label: 0)
        #expect(SelfTime.nanoseconds(tree) == [100, 50, 30])
    }

    /// jaeger-ui#4300: what was kept of the first trace was taken for every one after it.
    @Test func eachTraceIsCountedByItself() {
        let first = RandomTrees.tree([(-1, 0, 100), (0, 10, 40)]), second = RandomTrees.tree([(-1, 0, 100), (0, 10, 20), (0, 50, 60)])
        #expect(SelfTime.nanoseconds(first) == [70, 30])
        #expect(SelfTime.nanoseconds(second) == [80, 10, 10])
        #expect(SelfTime.nanoseconds(first) == [70, 30])
    }

    @Test func noTickIsCountedTwice() {
        var dice = SeededGenerator(seed: 7)
        for _ in 0..<1000 {
            let tree = RandomTrees.tree(&dice, spans: Int.random(in: 1...15, using: &dice), ticks: 40)
            let waited = WaitedTree(tree), own = SelfTime.nanoseconds(tree)
            for place in 0..<tree.count {
                let below = (0..<tree.count).filter { tree.parent[$0] == Int32(place) && waited.top[$0] == waited.top[place] }
                let free = (waited.start[place]..<waited.end[place]).count { tick in !below.contains { waited.start[$0] <= tick && tick < waited.end[$0] } }
                #expect(own[place] == Int64(free))
            }
        }
    }
}
