/// Rows for every item, from scratch: each layer moves towards the medians of its neighbours, dummies first, so that wires run straight.
///
/// Precondition: the layers are ordered. Postcondition: rows are even, rise along each layer by at least `distance`, so nothing overlaps.
enum Rows {
    static func place(_ lattice: inout Lattice) {
        for layer in lattice.layers.indices { pack(&lattice, layer) }
        for turn in 0..<8 {
            let sides: (Bool, Bool) = turn >= 4 ? (true, true) : (turn % 2 == 0, turn % 2 == 1)
            let window = turn >= 4 ? Window(tallest: lattice) : nil
            let layers = Array(lattice.layers.indices)
            for layer in turn % 2 == 0 ? layers : layers.reversed() { settle(&lattice, layer, callers: sides.0, callees: sides.1, window) }
        }
    }

    /// The rows that the fullest layer needs, where it stands now: in the end all others fit into them.
    private struct Window {
        var top = 0
        var bottom = 0

        init(tallest lattice: Lattice) {
            for layer in lattice.layers {
                guard let first = layer.first, let last = layer.last else { continue }
                let a = lattice.items[first], b = lattice.items[last]
                let packed = zip(layer, layer.dropFirst()).reduce(0) { $0 + lattice.distance($1.0, $1.1) }
                guard a.before + packed + b.after > bottom - top else { continue }
                top = a.row - a.before + (b.row - a.row - packed) / 4 * 2
                bottom = top + a.before + packed + b.after
            }
        }
    }

    /// As close as may be, around row 0.
    private static func pack(_ lattice: inout Lattice, _ layer: Int) {
        var row = 0, last: Int?
        for item in lattice.layers[layer] {
            if let last { row += lattice.distance(last, item) }
            lattice.items[item].row = row
            last = item
        }
        let half = row / 4 * 2
        for item in lattice.layers[layer] { lattice.items[item].row -= half }
    }

    private static func settle(_ lattice: inout Lattice, _ layer: Int, callers: Bool, callees: Bool, _ window: Window?) {
        var wishes: [Wish] = []
        var offset = 0, last: Int?
        for item in lattice.layers[layer] {
            if let last { offset += lattice.distance(last, item) }
            let own = lattice.items[item]
            var ends: [Wish] = []
            if callers { for other in own.callers { ends.append(Wish(row: lattice.items[other].row, weight: pull(own, lattice.items[other]))) } }
            if callees { for other in own.callees { ends.append(Wish(row: lattice.items[other].row, weight: pull(own, lattice.items[other]))) } }
            ends.sort { $0.row < $1.row }
            let wish = ends.isEmpty ? Wish(row: own.row, weight: 1) : Wish(row: Wish.median(ends), weight: ends.reduce(0) { $0 + $1.weight })
            wishes.append(Wish(row: wish.row - offset, weight: wish.weight))
            last = item
        }
        var rows = isotonic(wishes)
        if let window, let first = lattice.layers[layer].first, let last {
            let lowest = window.top + lattice.items[first].before, highest = window.bottom - lattice.items[last].after - offset
            rows = rows.map { max(lowest + lowest & 1, min(highest - highest & 1, $0)) }
        }
        offset = 0
        last = nil
        for (item, row) in zip(lattice.layers[layer], rows) {
            if let last { offset += lattice.distance(last, item) }
            lattice.items[item].row = row + offset
            last = item
        }
    }

    private static func pull(_ a: Lattice.Item, _ b: Lattice.Item) -> Int {
        a.isDummy && b.isDummy ? 16 : a.isDummy || b.isDummy ? 4 : 2
    }

    /// Rising rows with the least weighted distance to the wishes: neighbours that collide become one block at their median.
    private static func isotonic(_ wishes: [Wish]) -> [Int] {
        var blocks: [(wishes: [Wish], row: Int)] = []
        for wish in wishes {
            blocks.append(([wish], wish.row))
            while blocks.count > 1, blocks[blocks.count - 2].row > blocks[blocks.count - 1].row, let top = blocks.popLast() {
                let merged = Wish.merged(blocks[blocks.count - 1].wishes, top.wishes)
                blocks[blocks.count - 1] = (merged, Wish.median(merged))
            }
        }
        return blocks.flatMap { block in block.wishes.map { _ in block.row } }
    }
}

private struct Wish {
    var row: Int
    var weight: Int

    /// The lower weighted median of wishes by rising row: always one of the wishes, so that it stays even.
    static func median(_ wishes: [Wish]) -> Int {
        let total = wishes.reduce(0) { $0 + $1.weight }
        var passed = 0
        for wish in wishes {
            passed += wish.weight
            if 2 * passed >= total { return wish.row }
        }
        return wishes.last?.row ?? 0
    }

    static func merged(_ a: [Wish], _ b: [Wish]) -> [Wish] {
        var result: [Wish] = []
        result.reserveCapacity(a.count + b.count)
        var i = 0, j = 0
        while i < a.count || j < b.count {
            if j == b.count || i < a.count && a[i].row <= b[j].row {
                result.append(a[i])
                i += 1
            } else {
                result.append(b[j])
                j += 1
            }
        }
        return result
    }
}
