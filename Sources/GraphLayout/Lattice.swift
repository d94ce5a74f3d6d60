/// One part, or all of them, as layers of items. Along is the direction of flow, across the other: rows left to right, columns top-down.
struct Lattice {
    /// A box, or a one-row dummy that carries longer wires of a node through a layer.
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
    /// The rank of each layer; ranks without a node in any part have no layer.
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

extension Lattice {
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

    /// Puts another part's items below these.
    mutating func append(_ part: Lattice, shift: Int) {
        let base = items.count
        for var item in part.items {
            item.row += shift
            item.callers = item.callers.map { $0 + base }
            item.callees = item.callees.map { $0 + base }
            items.append(item)
        }
        for layer in layers.indices { layers[layer] += part.layers[layer].map { $0 + base } }
        for (node, item) in part.itemOfNode { itemOfNode[node] = item + base }
    }
}
