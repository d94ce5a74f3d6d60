@testable import Diagnosis
import Testing

@Suite struct SpanTreeTests {
    @Test func whatEndsBeforeItStartsLastsNoTime() {
        var tree = SpanTree()
        tree.add(parent: -1, start: 10, end: 5, label: 0)
        #expect(tree.end == [10])
        #expect(tree.count == 1)
    }

    @Test func whatHangsOnAPlaceIsATreeOfItsOwn() {
        let tree = RandomTrees.tree([(-1, 0, 100), (0, 10, 90), (1, 20, 30), (0, 95, 99), (2, 22, 28), (-1, 200, 300), (5, 210, 220)])
        let below = tree.below(1)
        #expect(below.parent == [-1, 0, 1] && below.label == [1, 2, 4] && below.start == [10, 20, 22] && below.end == [90, 30, 28])
        #expect(tree.below(0).label == [0, 1, 2, 3, 4] && tree.below(5).label == [5, 6] && tree.below(4).parent == [-1])
    }

    @Test func wrongDatesDoNotOverflow() {
        var tree = SpanTree()
        tree.add(parent: -1, start: .min, end: .max, label: 0)
        tree.add(parent: 0, start: .max, end: .max, label: 0)
        tree.add(parent: 0, start: .min, end: .min, label: 0)
        tree.add(parent: 0, start: .min, end: .max, label: 0)
        #expect(SelfTime.nanoseconds(tree).allSatisfy { $0 >= 0 })
        #expect(CriticalPath(tree, root: 0).sections.count == 1)
        #expect(WhatIf.gains(tree, .label(0), .share(1))[0] == tree.end[0] - tree.start[0])
    }
}
