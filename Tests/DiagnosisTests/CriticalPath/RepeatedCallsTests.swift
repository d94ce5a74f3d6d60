@testable import Diagnosis
import TestSupport
import Testing

@Suite struct RepeatedCallsTests {
    /// A parent of 0…1000 and calls of label 1 below it.
    static func found(_ calls: [(from: Int64, to: Int64)], then change: (inout SpanTree) -> Void = { _ in }) -> [RepeatedCalls] {
        var tree = RandomTrees.tree([(-1, 0, 1000)])
        for call in calls { tree.add(parent: 0, start: call.from, end: call.to, label: 1) }
        change(&tree)
        return RepeatedCalls.found(in: tree)
    }

    static func oneAfterAnother(_ count: Int, lasting: Int64 = 20) -> [(from: Int64, to: Int64)] { (0..<Int64(count)).map { ($0 * 40, $0 * 40 + lasting) } }

    @Test func moreThanTenOneAfterAnother() {
        #expect(Self.found(Self.oneAfterAnother(10)) == [])
        #expect(Self.found(Self.oneAfterAnother(11)) == [RepeatedCalls(parent: 0, first: 1, label: 1, count: 11, nanoseconds: 220, share: 0.22)])
        #expect(Self.found(Self.oneAfterAnother(20, lasting: 40)).first?.share == 0.8, "back to back")
    }

    @Test func whatRunsAtOnceIsNotRepeated() {
        #expect(Self.found((0..<50).map { ($0, 500 + $0) }) == [])
        // Two lanes of eleven: one lane counts.
        let lanes = Self.oneAfterAnother(11) + Self.oneAfterAnother(11).map { ($0.from + 1, $0.to + 1) }
        #expect(Self.found(lanes).map(\.count) == [11])
    }

    @Test func muchLongerOrShorterOnesAreOther() {
        #expect(Self.found(Self.oneAfterAnother(11) + [(500, 600), (700, 701)]).map(\.count) == [11])
        #expect(Self.found((0..<12).map { ($0 * 80, $0 * 80 + ($0 % 2 == 0 ? 5 : 60)) }) == [])
        #expect(Self.found((0..<12).map { ($0, $0) }).first?.share == 0, "of no length, all of them")
    }

    @Test func otherParentsAndLabelsCountApart() {
        let found = Self.found(Self.oneAfterAnother(11, lasting: 10)) { tree in
            for call in Self.oneAfterAnother(12, lasting: 30) { tree.add(parent: 0, start: call.from, end: call.to, label: 2) }
            for call in Self.oneAfterAnother(6) { tree.add(parent: 1, start: call.from, end: call.to, label: 3) }
            for call in Self.oneAfterAnother(6) { tree.add(parent: 0, start: call.from, end: call.to, label: 3) }
            for call in Self.oneAfterAnother(20) { tree.add(parent: 0, start: call.from, end: call.to, label: 4, isDetached: true) }
        }
        #expect(found.map(\.label) == [2, 1] && found.map(\.count) == [12, 11])
        #expect(RepeatedCalls.found(in: SpanTree()) == [])
    }
}
