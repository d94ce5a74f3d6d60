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
/// have none.
enum LongEdges {
    /// How the longer wires of one exit share its dummies in the next layer.
    enum Bundling {
        /// One dummy carries them all: fewest crossings nearly always, as one wire crosses where many would.
        case together
        /// One each, to be merged once their order is known: where some targets lie above what is passed and some below.
        case apart
        /// As the last picture had them.
        case asBefore(LayoutHints)
    }

    static func lattice(of part: Part, in work: Work, ranks: [Int], options: LayoutOptions, bundling: Bundling) -> Lattice {
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
        for node in part.nodes { lattice.link(node, leaving[node] ?? [], work, bundling) }
        return lattice
    }

    private static func box(_ node: Int, _ layer: Int, _ box: BoxText, _ options: LayoutOptions) -> Lattice.Item {
        let (across, along) = options.flow == .leftToRight ? (box.height, box.width) : (box.width, box.height)
        let before = (across - 1) / 2
        return Lattice.Item(node: node, isDummy: false, layer: layer, before: before, after: across - 1 - before, length: along)
    }

    /// The edges of one exit that go beyond a layer, by the dummy they share there.
    fileprivate static func bundles(_ edges: [Int], rank: Int, _ work: Work, _ bundling: Bundling) -> [[Int]] {
        switch bundling {
        case .together: return [edges]
        case .apart: return edges.map { [$0] }
        case .asBefore(let hints):
            var bundles: [(row: Int?, edges: [Int])] = []
            for edge in edges {
                let passage = LayoutHints.Passage(source: work.nodes[work.edges[edge].source].id, target: work.nodes[work.edges[edge].target].id, layer: rank)
                let row = hints.passages[passage]
                if let known = bundles.firstIndex(where: { $0.row == row }) {
                    bundles[known].edges.append(edge)
                } else {
                    bundles.append((row, [edge]))
                }
            }
            // What is new goes along with what is there.
            if bundles.count > 1, let new = bundles.firstIndex(where: { $0.row == nil }) {
                let edges = bundles.remove(at: new).edges
                bundles[0].edges = (bundles[0].edges + edges).sorted()
            }
            return bundles.map(\.edges)
        }
    }
}

extension Lattice {
    mutating func add(_ item: Item) {
        layers[item.layer].append(items.count)
        items.append(item)
    }

    /// Links one node to its callees, by way of its dummies.
    fileprivate mutating func link(_ node: Int, _ edges: [Int], _ work: Work, _ bundling: LongEdges.Bundling) {
        guard let box = itemOfNode[node], !edges.isEmpty else { return }
        func target(_ edge: Int) -> Int { itemOfNode[work.edges[edge].target] ?? box }
        var exits = [(item: box, edges: edges)], layer = items[box].layer
        while !exits.isEmpty {
            layer += 1
            var further: [(item: Int, edges: [Int])] = []
            for exit in exits {
                for edge in exit.edges where items[target(edge)].layer == layer { join(exit.item, target(edge), [edge]) }
                let longer = exit.edges.filter { items[target($0)].layer > layer }
                guard !longer.isEmpty else { continue }
                for bundle in LongEdges.bundles(longer, rank: ranks[layer], work, bundling) {
                    let dummy = items.count
                    add(Item(node: node, isDummy: true, layer: layer))
                    join(exit.item, dummy, bundle)
                    further.append((dummy, bundle))
                }
            }
            exits = further
        }
    }

    private mutating func join(_ exit: Int, _ target: Int, _ edges: [Int]) {
        items[exit].callees.append(target)
        items[exit].carried.append(edges)
        items[target].callers.append(exit)
    }

    /// Dummies of one exit that came to stand side by side become one.
    func merged() -> Lattice {
        var result = self
        result.items = []
        result.layers = Array(repeating: [], count: layers.count)
        var place = [Int](repeating: -1, count: items.count)
        for layer in layers.indices {
            for item in layers[layer] {
                let own = items[item]
                if own.isDummy, let last = result.layers[layer].last, result.items[last].isDummy, result.items[last].callers[0] == place[own.callers[0]] {
                    place[item] = last
                    continue
                }
                place[item] = result.items.count
                var copy = own
                (copy.callers, copy.callees, copy.carried) = (own.isDummy ? [place[own.callers[0]]] : [], [], [])
                result.add(copy)
            }
        }
        for item in layers.joined() {
            for (callee, edges) in zip(items[item].callees, items[item].carried) {
                if let known = result.items[place[item]].callees.firstIndex(of: place[callee]) {
                    result.items[place[item]].carried[known] += edges
                } else {
                    result.items[place[item]].callees.append(place[callee])
                    result.items[place[item]].carried.append(edges)
                    if !items[callee].isDummy { result.items[place[callee]].callers.append(place[item]) }
                }
            }
        }
        for (node, item) in itemOfNode { result.itemOfNode[node] = place[item] }
        return result
    }

    /// The same with two neighbours of a layer exchanged, if they fit into the rows they have now.
    func exchanged(_ layer: Int, _ place: Int) -> Lattice? {
        let row = layers[layer], a = row[place], b = row[place + 1]
        var first = items[a].row - items[a].before + items[b].before
        first += first & 1
        if place > 0 { first = max(first, items[row[place - 1]].row + distance(row[place - 1], b)) }
        var last = items[b].row + items[b].after - items[a].after
        last -= last & 1
        if place + 2 < row.count { last = min(last, items[row[place + 2]].row - distance(a, row[place + 2])) }
        guard first + distance(b, a) <= last else { return nil }
        var other = self
        other.layers[layer].swapAt(place, place + 1)
        other.items[b].row = first
        other.items[a].row = last
        return other
    }
}
