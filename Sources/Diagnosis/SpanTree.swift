/// A trace as diagnosis walks it: who caused whom and when, without names. All arrays are by place, parents before their children.
package struct SpanTree: Sendable {
    /// Place of the one that caused it; −1 for roots.
    package var parent: [Int32] = []
    /// Nanoseconds, clocks straightened; never `end < start`.
    package var start: [Int64] = []
    package var end: [Int64] = []
    /// Number of what was done: equal for spans of the same service and operation.
    package var label: [Int32] = []
    /// Nobody waited for it: what takes a message from a queue.
    package var isDetached: [Bool] = []
    /// Place of the root that the trace is judged by.
    package var entry = 0

    package var count: Int { parent.count }

    package init() {}

    /// Times beyond are wrong ones; within, differences of two are numbers.
    private static let sane = -(1 << 61)...(1 << 62) as ClosedRange<Int64>

    /// - Precondition: `parent` is −1 or the place of one added before.
    package mutating func add(parent above: Int32, start from: Int64, end to: Int64, label of: Int32, isDetached detached: Bool = false) {
        precondition(above < Int32(count), "BUG: a span stands before the one that caused it")
        let from = min(max(from, Self.sane.lowerBound), Self.sane.upperBound)
        parent.append(above)
        start.append(from)
        end.append(min(max(from, to), Self.sane.upperBound))
        label.append(of)
        isDetached.append(detached)
    }

    /// What hangs on one place, which is the root of it.
    package func below(_ root: Int) -> SpanTree {
        guard root != 0 || parent.dropFirst().contains(where: { $0 < 0 }) else { return self }
        var tree = SpanTree(), placeOf = [Int32](repeating: -1, count: count)
        for place in root..<count {
            let above = place == root ? -1 : parent[place] < 0 ? -1 : placeOf[Int(parent[place])]
            guard place == root || above >= 0 else { continue }
            placeOf[place] = Int32(tree.count)
            tree.add(parent: above, start: start[place], end: end[place], label: label[place], isDetached: place != root && isDetached[place])
        }
        return tree
    }
}
