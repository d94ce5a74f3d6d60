/// The way of one back edge around the boxes between its ends.
struct Lane {
    var edge: Int
    var source: Int
    var target: Int
    var row: Int
}

/// Lanes for back edges, shortest innermost.
///
/// Precondition: rows are given. Postcondition: a lane's row is outside of everything in the layers from the one before its target to the one
/// behind its source, other lanes included; so no exit and no arrival is on it in any channel it touches.
enum Lanes {
    static func lanes(of lattice: Lattice, part: Part, in work: Work) -> [Lane] {
        let back = part.edges.filter { work.edges[$0].isBack }
        guard !back.isEmpty else { return [] }
        var top = [Int](repeating: 0, count: lattice.layers.count), bottom = top
        for layer in lattice.layers.indices {
            guard let first = lattice.layers[layer].first, let last = lattice.layers[layer].last else { continue }
            top[layer] = lattice.items[first].row - lattice.items[first].before
            bottom[layer] = lattice.items[last].row + lattice.items[last].after
        }
        var lanes = back.map { edge in
            Lane(edge: edge, source: lattice.itemOfNode[work.edges[edge].source] ?? 0, target: lattice.itemOfNode[work.edges[edge].target] ?? 0, row: 0)
        }
        func length(_ lane: Lane) -> Int { lattice.items[lane.source].layer - lattice.items[lane.target].layer }
        lanes = lanes.enumerated().sorted { (length($0.element), $0.offset) < (length($1.element), $1.offset) }.map(\.element)
        for index in lanes.indices {
            let source = lattice.items[lanes[index].source], target = lattice.items[lanes[index].target]
            let passed = max(0, target.layer - 1)...min(lattice.layers.count - 1, source.layer + 1)
            let above = ((passed.map { top[$0] }.min() ?? 0) - 1) & ~1
            let highest = (passed.map { bottom[$0] }.max() ?? 0) + 1
            let below = highest + highest & 1
            if source.row + target.row - 2 * above <= 2 * below - source.row - target.row {
                lanes[index].row = above
                for layer in passed { top[layer] = above }
            } else {
                lanes[index].row = below
                for layer in passed { bottom[layer] = below }
            }
        }
        return lanes
    }
}
