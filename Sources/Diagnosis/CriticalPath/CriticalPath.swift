/// What a root waited for at each moment: sections that tile it exactly, so that what spans have of them adds up to what it lasted.
///
/// Jaeger's walk from the end back to the start, with two differences: a child that ends where the next one begins is on the path, and
/// children that last no time are passed over. So it ends, whatever the spans say, after each was looked at once.
package struct CriticalPath: Sendable, Equatable {
    package struct Section: Sendable, Equatable {
        package var place: Int32
        /// Nanoseconds, clocks straightened.
        package var from: Int64
        package var to: Int64

        package init(place: Int32, from: Int64, to: Int64) {
            self.place = place
            self.from = from
            self.to = to
        }

        package var nanoseconds: Int64 { to - from }
    }

    /// Place of the span that waited.
    package let root: Int32
    /// By time.
    package private(set) var sections: [Section] = []

    /// - Parameter root: any place: what is above it is not looked at.
    package init(_ tree: borrowing SpanTree, root: Int) { self.init(WaitedTree(tree), root: root) }

    /// One for each root, by place.
    package static func ofEachRoot(_ tree: borrowing SpanTree) -> [CriticalPath] {
        let waited = WaitedTree(tree)
        var paths: [CriticalPath] = []
        for place in 0..<tree.count where tree.parent[place] < 0 { paths.append(CriticalPath(waited, root: place)) }
        return paths
    }

    init(_ tree: borrowing WaitedTree, root: Int) {
        self.root = Int32(root)
        // All before it is accounted for, from the end.
        var now = tree.end[root]
        var walk = [Frame(place: root, rest: tree.children(of: root))]
        while var frame = walk.popLast() {
            let next = frame.rest.first { tree.end[Int(tree.children[$0])] <= now }
            guard let next else {
                emit(frame.place, from: tree.start[frame.place], to: &now)
                continue
            }
            frame.rest = next + 1..<frame.rest.upperBound
            let child = Int(tree.children[next])
            emit(frame.place, from: tree.end[child], to: &now)
            walk.append(frame)
            walk.append(Frame(place: child, rest: tree.children(of: child)))
        }
        sections.reverse()
    }

    private struct Frame {
        var place: Int
        /// Children that were not looked at yet.
        var rest: Range<Int>
    }

    private mutating func emit(_ place: Int, from: Int64, to now: inout Int64) {
        guard from < now else { return }
        sections.append(Section(place: Int32(place), from: from, to: now))
        now = from
    }

    /// Nanoseconds of it by place.
    /// - Parameter count: of the tree's spans.
    package func nanosecondsByPlace(count: Int) -> [Int64] {
        var sums = [Int64](repeating: 0, count: count)
        for section in sections { sums[Int(section.place)] += section.nanoseconds }
        return sums
    }
}
