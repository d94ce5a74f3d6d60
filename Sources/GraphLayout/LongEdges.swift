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

    static func lattice(of part: Part, in work: Work, ranks: Ranks, options: LayoutOptions, bundling: Bundling) -> Lattice {
        var lattice = Lattice()
        lattice.dummyGap = options.flow == .leftToRight ? 1 : 2
        lattice.ranks = ranks.used
        lattice.layers = Array(repeating: [], count: lattice.ranks.count)
        var layerOfRank: [Int: Int] = [:]
        for (layer, rank) in lattice.ranks.enumerated() { layerOfRank[rank] = layer }
        for node in part.nodes {
            lattice.itemOfNode[node] = lattice.items.count
            lattice.add(box(node, layerOfRank[ranks.of[node], default: 0], work.nodes[node].box, options))
        }
        var leaving: [Int: [Int]] = [:]
        for edge in part.edges where !work.edges[edge].isBack { leaving[work.edges[edge].source, default: []].append(edge) }
        for node in part.nodes { lattice.link(node, leaving[node] ?? [], work, bundling) }
        return lattice
    }

    static func box(_ node: Int, _ layer: Int, _ box: BoxText, _ options: LayoutOptions) -> Lattice.Item {
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
}
