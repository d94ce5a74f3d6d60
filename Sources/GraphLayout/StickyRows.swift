/// Order and rows from the last picture: what stood somewhere stays there, what is new takes the nearest free place.
///
/// Postcondition: as that of Rows. An item moves only if its layer changed, or if it grew into its neighbour.
enum StickyRows {
    /// Hints count if at least half of the boxes have one.
    static func applies(to part: Part, in work: Work, hints: LayoutHints) -> Bool {
        let known = part.nodes.count { hints.nodes[work.nodes[$0].id] != nil }
        return known > 0 && 2 * known >= part.nodes.count
    }

    static func place(_ lattice: inout Lattice, in work: Work, hints: LayoutHints, band: ClosedRange<Int>) {
        var isPlaced = [Bool](repeating: false, count: lattice.items.count)
        for layer in lattice.layers.indices {
            let all = lattice.layers[layer]
            lattice.layers[layer] = []
            let hinted = all.compactMap { item in row(item, lattice, work, hints).map { (item: item, row: $0) } }
            // Boxes have the first word, then dummies.
            for wantsDummy in [false, true] {
                for (item, row) in hinted.sorted(by: { ($0.row, $0.item) < ($1.row, $1.item) }) where lattice.items[item].isDummy == wantsDummy {
                    insert(item, near: row, nil, &lattice)
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
            insert(item, near: rows.isEmpty ? 0 : rows[(rows.count - 1) / 2], band, &lattice)
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

    /// Puts the item on the free row nearest to `row`, between the neighbouring parts if there is one.
    private static func insert(_ item: Int, near row: Int, _ band: ClosedRange<Int>?, _ lattice: inout Lattice) {
        let own = lattice.items[item], others = lattice.layers[own.layer]
        let row = row & ~1
        var best: (row: Int, place: Int, isOutside: Bool)?
        for place in 0...others.count {
            var lowest = place == 0 ? row - 1_000_000 : lattice.items[others[place - 1]].row + lattice.distance(others[place - 1], item)
            var highest = place == others.count ? row + 1_000_000 : lattice.items[others[place]].row - lattice.distance(item, others[place])
            guard lowest <= highest else { continue }
            var isOutside = false
            if let band {
                let first = max(lowest, band.lowerBound + own.before), last = min(highest, band.upperBound - own.after)
                isOutside = first + first & 1 > last - last & 1
                if !isOutside { (lowest, highest) = (first + first & 1, last - last & 1) }
            }
            let candidate = min(max(row, lowest), highest)
            if let best, (best.isOutside ? 1 : 0, abs(best.row - row)) <= (isOutside ? 1 : 0, abs(candidate - row)) { continue }
            best = (candidate, place, isOutside)
        }
        guard let best else { preconditionFailure("BUG: there is always room at the end of a layer") }
        lattice.items[item].row = best.row
        lattice.layers[own.layer].insert(item, at: best.place)
    }

    /// Of each part, the rows between the parts above and below it in the last picture: growing beyond them moves others.
    static func bands(of parts: [Part], in work: Work, options: LayoutOptions, hints: LayoutHints) -> [ClosedRange<Int>] {
        let spans: [ClosedRange<Int>?] = parts.map { part in
            var top = Int.max, bottom = Int.min
            for node in part.nodes {
                guard let place = hints.nodes[work.nodes[node].id] else { continue }
                let box = work.nodes[node].box, across = options.flow == .leftToRight ? box.height : box.width
                top = min(top, place.row - (across - 1) / 2)
                bottom = max(bottom, place.row + across - 1 - (across - 1) / 2)
            }
            return top <= bottom ? top...bottom : nil
        }
        let known = spans.compactMap(\.self).sorted { $0.lowerBound < $1.lowerBound }
        return spans.map { span in
            guard let span else { return -1_000_000...1_000_000 }
            let above = known.last { $0.upperBound < span.lowerBound }, below = known.first { $0.lowerBound > span.upperBound }
            return (above.map { $0.upperBound + 2 } ?? -1_000_000)...(below.map { $0.lowerBound - 2 } ?? 1_000_000)
        }
    }
}
