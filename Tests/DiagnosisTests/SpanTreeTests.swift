@testable import Diagnosis
import Testing

@Suite struct SpanTreeTests {
    @Test func whatEndsBeforeItStartsLastsNoTime() {
        var tree = SpanTree()
        tree.add(parent: -1, start: 10, end: 5, label: 0)
        #expect(tree.end == [10])
        #expect(tree.count == 1)
    }
}
