/// Nodes without any wire that no picture has shown yet: below the parts left to right, behind them top-down, about as wide as a terminal at least.
///
/// Precondition: whatever else is drawn has its row. Postcondition: as that of Rows.
struct LoneNodes {
    private static let leastColumns = 78, gap = 3

    private var lattice: Lattice
    private let work: Work
    private let options: LayoutOptions
    /// Left to right, the first row they may take and the columns in use; top-down, the first layer, and the columns from the first to the last.
    private var first: Int
    private var columns: ClosedRange<Int>

    /// `known` are those that the last picture had.
    static func place(_ nodes: [Int], beside known: [Int], _ draft: Draft, in work: Work, options: LayoutOptions) -> Lattice {
        guard !nodes.isEmpty else { return draft.lattice }
        var lone = LoneNodes(draft, known, work, options)
        for node in nodes.sorted() { options.flow == .leftToRight ? lone.putBelow(node) : lone.putBehind(node) }
        return lone.lattice
    }

    private init(_ draft: Draft, _ known: [Int], _ work: Work, _ options: LayoutOptions) {
        lattice = draft.lattice
        self.work = work
        self.options = options
        let places = known.compactMap { draft.lattice.itemOfNode[$0] }.map { draft.lattice.items[$0] }
        if options.flow == .leftToRight {
            first = places.map { $0.row - $0.before }.min() ?? (draft.lattice.items.isEmpty ? 0 : draft.rows.upperBound + 2)
            columns = 0...draft.columns
        } else {
            first = places.map(\.layer).min() ?? draft.lattice.layers.count
            columns = draft.rows
        }
    }

    private mutating func putBelow(_ node: Int) {
        var item = LongEdges.box(node, 0, work.nodes[node].box, options)
        var best: (row: Int, wider: Int, layer: Int)?
        for layer in lattice.layers.indices {
            let row = free(item, in: layer, from: first + item.before)
            let wider = max(0, item.length - lattice.layers[layer].reduce(0) { max($0, lattice.items[$1].length) })
            if let best, (best.row, best.wider) <= (row, wider) { continue }
            best = (row, wider, layer)
        }
        let top = first + item.before + (first + item.before) & 1
        if best.map({ $0.row > top }) ?? true, lattice.layers.isEmpty || columns.upperBound + Self.gap + item.length <= Self.leastColumns {
            best = (top, 0, addLayer())
            columns = 0...columns.upperBound + Self.gap + item.length
        } else if let best {
            columns = 0...columns.upperBound + best.wider
        }
        guard let best else { return }
        (item.layer, item.row) = (best.layer, best.row)
        lattice.place(item)
    }

    private mutating func putBehind(_ node: Int) {
        var item = LongEdges.box(node, 0, work.nodes[node].box, options)
        let last = max(columns.upperBound, columns.lowerBound + Self.leastColumns)
        var layer = first
        while true {
            if layer == lattice.layers.count { _ = addLayer() }
            item.row = free(item, in: layer, from: columns.lowerBound + item.before)
            if lattice.layers[layer].isEmpty || item.row + item.after <= last { break }
            layer += 1
        }
        item.layer = layer
        lattice.place(item)
    }

    /// The first row below all that the layer holds.
    private func free(_ item: Lattice.Item, in layer: Int, from row: Int) -> Int {
        let lowest = lattice.layers[layer].last.map { last in
            let other = lattice.items[last], rows = other.after + item.before + 2
            return other.row + rows + rows % 2
        }
        let row = max(row, lowest ?? row)
        return row + row & 1
    }

    private mutating func addLayer() -> Int {
        lattice.ranks.append((lattice.ranks.last ?? -1) + 1)
        lattice.layers.append([])
        return lattice.layers.count - 1
    }
}

extension Lattice {
    fileprivate mutating func place(_ item: Item) {
        itemOfNode[item.node] = items.count
        add(item)
    }
}
