@testable import Diagnosis
import TestSupport

/// Trees at random that are as odd as recorded ones: children beyond their parents, of no length, back to back, detached, several roots.
enum RandomTrees {
    /// - Parameter ticks: of the clock; few make many equal times.
    static func tree(_ dice: inout SeededGenerator, spans: Int, ticks: Int64, labels: Int32 = 5, hasOddities: Bool = true) -> SpanTree {
        var tree = SpanTree()
        for place in 0..<spans {
            let isRoot = place == 0 || hasOddities && Int.random(in: 0..<30, using: &dice) == 0
            let above = isRoot ? -1 : Int32.random(in: 0..<Int32(place), using: &dice)
            var from: Int64 = 0, to = ticks
            if above >= 0 {
                let slack = hasOddities && Int.random(in: 0..<6, using: &dice) == 0 ? ticks / 4 : 0
                let room = (tree.start[Int(above)] - slack)...(tree.end[Int(above)] + slack)
                let ends = [Int64.random(in: room, using: &dice), Int64.random(in: room, using: &dice)]
                (from, to) = (ends.min() ?? 0, ends.max() ?? 0)
                // Right behind a sibling, as calls one after another are.
                if let last = (0..<place).last(where: { tree.parent[$0] == above }), tree.end[last] <= to, Int.random(in: 0..<3, using: &dice) == 0 { from = tree.end[last] }
                if Int.random(in: 0..<10, using: &dice) == 0 { to = from }
            }
            let isDetached = hasOddities && above >= 0 && Int.random(in: 0..<20, using: &dice) == 0
            tree.add(parent: above, start: from, end: to, label: Int32.random(in: 0..<labels, using: &dice), isDetached: isDetached)
        }
        return tree
    }

    /// Parent, from, to for each; label = place unless given.
    static func tree(_ spans: [(parent: Int32, from: Int64, to: Int64)], labels: [Int32] = []) -> SpanTree {
        var tree = SpanTree()
        for (place, span) in spans.enumerated() {
            tree.add(parent: span.parent, start: span.from, end: span.to, label: place < labels.count ? labels[place] : Int32(place))
        }
        return tree
    }
}
