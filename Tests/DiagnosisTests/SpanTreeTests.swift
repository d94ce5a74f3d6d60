@testable import Diagnosis
import Testing

@Suite struct SpanTreeTests {
    @Test func whatEndsBeforeItStartsLastsNoTime() {
        var tree = SpanTree()
        tree.add(parent: -1, start: 10, end: 5, label: 0)
        #expect(tree.end == [10])
        #expect(tree.count == 1)
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
