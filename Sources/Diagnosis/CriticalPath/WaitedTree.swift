/// A trace as each root waits for it: spans cut to the one above them. What lies wholly outside of that one, and what nobody waits for, is
/// nobody's child here and stands alone with everything below it.
///
/// Tables by place like those of `SpanTree`.
struct WaitedTree {
    /// Nanoseconds, cut.
    private(set) var start: [Int64]
    private(set) var end: [Int64]
    /// The root, or the one that stands alone, that waits for it: its own place for those.
    private(set) var top: [Int32]
    /// Those that are waited for and last any time, by parent: latest end first, of equal ends the latest start.
    private(set) var children: [Int32] = []
    private var firstChild: [Int32]

    var count: Int { start.count }

    init(_ tree: borrowing SpanTree) {
        let count = tree.count
        start = tree.start
        end = tree.end
        top = [Int32](repeating: 0, count: count)
        firstChild = [Int32](repeating: 0, count: count + 1)
        var children: [Child] = []
        children.reserveCapacity(count)
        for place in 0..<count {
            let above = Int(tree.parent[place])
            guard above >= 0, !tree.isDetached[place], start[place] <= end[above], end[place] >= start[above] else {
                top[place] = Int32(place)
                continue
            }
            top[place] = top[above]
            start[place] = max(start[place], start[above])
            end[place] = min(end[place], end[above])
            guard start[place] < end[place] else { continue }
            children.append(Child(parent: Int32(above), place: Int32(place), start: start[place], end: end[place]))
            firstChild[above + 1] += 1
        }
        for place in 0..<count { firstChild[place + 1] += firstChild[place] }
        children.sort { a, b in
            if a.parent != b.parent { return a.parent < b.parent }
            if a.end != b.end { return a.end > b.end }
            return a.start != b.start ? a.start > b.start : a.place < b.place
        }
        self.children = children.map(\.place)
    }

    private struct Child {
        var parent: Int32
        var place: Int32
        var start: Int64
        var end: Int64
    }

    /// Where in `children` those of a place are.
    func children(of place: Int) -> Range<Int> { Int(firstChild[place])..<Int(firstChild[place + 1]) }

    func nanoseconds(_ place: Int) -> Int64 { end[place] - start[place] }
}
