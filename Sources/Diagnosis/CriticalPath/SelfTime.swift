/// What a span did itself: its duration less the union of its children's within it. Where spans overlap, these do not add up to what the
/// trace lasted; sections of the `CriticalPath` do.
package enum SelfTime {
    /// Nanoseconds by place. What a consumer does for its producer is not the producer's waiting, and takes nothing off it.
    package static func nanoseconds(_ tree: borrowing SpanTree) -> [Int64] { nanoseconds(WaitedTree(tree)) }

    static func nanoseconds(_ tree: borrowing WaitedTree) -> [Int64] {
        var own = [Int64](repeating: 0, count: tree.count)
        for place in 0..<tree.count {
            own[place] = tree.nanoseconds(place)
            // From the end: covered from here on.
            var covered = tree.end[place]
            for child in tree.children[tree.children(of: place)].lazy.map(Int.init) {
                let to = min(tree.end[child], covered)
                guard tree.start[child] < to else { continue }
                own[place] -= to - tree.start[child]
                covered = tree.start[child]
            }
        }
        return own
    }
}
