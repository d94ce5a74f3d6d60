/// One part as layers of items. Along is the direction of flow, across the other: rows left to right, columns top-down.
struct Lattice {
    /// A box, or the one-row dummy that carries all longer wires of a node through a layer.
    struct Item {
        /// Index of the node; of a dummy, the node whose wires it carries.
        var node: Int
        var isDummy: Bool
        var layer: Int
        /// Cells across before and after the row of its wires, and cells along.
        var before = 0
        var after = 0
        var length = 1
        var row = 0
        /// Items of the layers beside; `carried` are the edges to each callee.
        var callers: [Int] = []
        var callees: [Int] = []
        var carried: [[Int]] = []
    }

    var items: [Item] = []
    var layers: [[Int]] = []
    /// The rank of each layer: ranks without a node have no layer.
    var ranks: [Int] = []
    var itemOfNode: [Int: Int] = [:]
    /// From a wire to what it passes: a border above it is no wire, one beside it looks like one.
    var dummyGap = 1

    /// Rows from one item to the next in its layer, at least: boxes have a row between them, and wires run on even rows.
    func distance(_ upper: Int, _ lower: Int) -> Int {
        let a = items[upper], b = items[lower]
        let free = a.after + b.before + (a.isDummy || b.isDummy ? dummyGap : 2)
        return free + free % 2
    }
}

/// Dummies for edges that span more than one layer.
///
/// Precondition: ranks rise along every edge that is not a back edge. Postcondition: every link between items spans one layer; back edges
/// have none. A node has at most one dummy in a layer.
enum LongEdges {
    static func lattice(of part: Part, in work: Work, ranks: [Int], options: LayoutOptions) -> Lattice {
        var lattice = Lattice()
        lattice.dummyGap = options.flow == .leftToRight ? 1 : 2
        lattice.ranks = Set(part.nodes.map { ranks[$0] }).sorted()
        lattice.layers = Array(repeating: [], count: lattice.ranks.count)
        var layerOfRank: [Int: Int] = [:]
        for (layer, rank) in lattice.ranks.enumerated() { layerOfRank[rank] = layer }
        for node in part.nodes {
            lattice.itemOfNode[node] = lattice.items.count
            lattice.add(box(node, layerOfRank[ranks[node], default: 0], work.nodes[node].box, options))
        }
        var leaving: [Int: [Int]] = [:]
        for edge in part.edges where !work.edges[edge].isBack { leaving[work.edges[edge].source, default: []].append(edge) }
        for node in part.nodes { lattice.link(node, leaving[node] ?? [], work) }
        return lattice
    }

    private static func box(_ node: Int, _ layer: Int, _ box: BoxText, _ options: LayoutOptions) -> Lattice.Item {
        let (across, along) = options.flow == .leftToRight ? (box.height, box.width) : (box.width, box.height)
        let before = (across - 1) / 2
        return Lattice.Item(node: node, isDummy: false, layer: layer, before: before, after: across - 1 - before, length: along)
    }
}

extension Lattice {
    mutating func add(_ item: Item) {
        layers[item.layer].append(items.count)
        items.append(item)
    }

    /// Links one node to its callees, by way of its dummies.
    fileprivate mutating func link(_ node: Int, _ edges: [Int], _ work: Work) {
        guard let box = itemOfNode[node], !edges.isEmpty else { return }
        let targets = edges.map { itemOfNode[work.edges[$0].target] ?? box }
        let last = targets.map { items[$0].layer }.max() ?? 0
        var exit = box
        for layer in items[box].layer + 1...last {
            for (edge, target) in zip(edges, targets) where items[target].layer == layer { join(exit, target, [edge]) }
            guard layer < last else { break }
            let longer = zip(edges, targets).filter { items[$0.1].layer > layer }.map(\.0)
            let dummy = items.count
            add(Item(node: node, isDummy: true, layer: layer))
            join(exit, dummy, longer)
            exit = dummy
        }
    }

    private mutating func join(_ exit: Int, _ target: Int, _ edges: [Int]) {
        items[exit].callees.append(target)
        items[exit].carried.append(edges)
        items[target].callers.append(exit)
    }
}
