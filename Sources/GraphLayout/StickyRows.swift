/// Order and rows from the last picture: what stood somewhere stays there, what is new takes the nearest free place.
///
/// Postcondition: as that of Rows. An item moves only if its layer changed, or if it grew into its neighbour.
enum StickyRows {
    /// Hints count if at least half of the boxes have one.
    static func applies(to part: Part, in work: Work, hints: LayoutHints) -> Bool {
        let known = part.nodes.count { hints.nodes[work.nodes[$0].id] != nil }
        return known > 0 && 2 * known >= part.nodes.count
    }

    static func place(_ lattice: inout Lattice, in work: Work, hints: LayoutHints) {
        var isPlaced = [Bool](repeating: false, count: lattice.items.count)
        for layer in lattice.layers.indices {
            let all = lattice.layers[layer]
            lattice.layers[layer] = []
            let hinted = all.compactMap { item in row(item, lattice, work, hints).map { (item: item, row: $0) } }
            // Boxes have the first word, then dummies.
            for wantsDummy in [false, true] {
                for (item, row) in hinted.sorted(by: { ($0.row, $0.item) < ($1.row, $1.item) }) where lattice.items[item].isDummy == wantsDummy {
                    insert(item, near: row, &lattice)
                    isPlaced[item] = true
                }
            }
        }
        var waiting = lattice.items.indices.filter { !isPlaced[$0] }
        while !waiting.isEmpty {
            // Those that have a neighbour in place, in the order of the layers; the others after them.
            let near = waiting.first { item in (lattice.items[item].callers + lattice.items[item].callees).contains { isPlaced[$0] } }
            let item = near ?? waiting[0]
            waiting.removeAll { $0 == item }
            let rows = (lattice.items[item].callers + lattice.items[item].callees).filter { isPlaced[$0] }.map { lattice.items[$0].row }.sorted()
            insert(item, near: rows.isEmpty ? 0 : rows[(rows.count - 1) / 2], &lattice)
            isPlaced[item] = true
        }
    }

    private static func row(_ item: Int, _ lattice: Lattice, _ work: Work, _ hints: LayoutHints) -> Int? {
        let own = lattice.items[item], id = work.nodes[own.node].id, rank = lattice.ranks[own.layer]
        if own.isDummy {
            let targets = own.carried.lazy.joined().map { work.nodes[work.edges[$0].target].id }
            return targets.lazy.compactMap { hints.passages[LayoutHints.Passage(source: id, target: $0, layer: rank)] }.first
        }
        return hints.nodes[id].flatMap { $0.layer == rank ? $0.row : nil }
    }

    /// Puts the item on the free row nearest to `row`.
    private static func insert(_ item: Int, near row: Int, _ lattice: inout Lattice) {
        let own = lattice.items[item], others = lattice.layers[own.layer]
        let row = row & ~1
        var best: (row: Int, place: Int)?
        for place in 0...others.count {
            let lowest = place == 0 ? row - 1_000_000 : lattice.items[others[place - 1]].row + lattice.distance(others[place - 1], item)
            let highest = place == others.count ? row + 1_000_000 : lattice.items[others[place]].row - lattice.distance(item, others[place])
            guard lowest <= highest else { continue }
            let candidate = min(max(row, lowest), highest)
            if let best, abs(best.row - row) <= abs(candidate - row) { continue }
            best = (candidate, place)
        }
        guard let best else { preconditionFailure("BUG: there is always room at the end of a layer") }
        lattice.items[item].row = best.row
        lattice.layers[own.layer].insert(item, at: best.place)
    }
}
