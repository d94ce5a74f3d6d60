/// The way of one back edge past the boxes between its ends.
struct Lane {
    var edge: Int
    var source: Int
    var target: Int
    var row: Int
}

/// Lanes for back edges, the shortest first: each on the nearest row that is free all the way.
///
/// Precondition: rows are given. Postcondition: in the layers that a lane passes there is no box and no other wire on its row; nor is there an exit or
/// an arrival in the channels it touches.
enum Lanes {
    static func lanes(of lattice: Lattice, edges: [Int], in work: Work) -> [Lane] {
        let back = edges.filter { work.edges[$0].isBack }
        guard !back.isEmpty else { return [] }
        var lanes = back.map { edge in
            Lane(edge: edge, source: lattice.itemOfNode[work.edges[edge].source] ?? 0, target: lattice.itemOfNode[work.edges[edge].target] ?? 0, row: 0)
        }
        func length(_ lane: Lane) -> Int { lattice.items[lane.source].layer - lattice.items[lane.target].layer }
        lanes = lanes.enumerated().sorted { (length($0.element), $0.offset) < (length($1.element), $1.offset) }.map(\.element)
        var rows = TakenRows(lattice)
        for index in lanes.indices {
            let source = lattice.items[lanes[index].source], target = lattice.items[lanes[index].target]
            lanes[index].row = rows.take(from: source.row, to: target.row, passing: target.layer...source.layer)
        }
        return lanes
    }
}

/// Which rows are taken in each layer.
private struct TakenRows {
    /// By wires, which must not meet a lane in the channels beside them either; and by boxes.
    private var wires: [Set<Int>]
    private var boxes: [Set<Int>]

    init(_ lattice: Lattice) {
        wires = lattice.layers.map { layer in Set(layer.map { lattice.items[$0].row }) }
        // Where a border looks like a wire there is a row between them.
        let apart = lattice.dummyGap - 1
        boxes = lattice.layers.map { layer in
            var rows: Set<Int> = []
            for item in layer.map({ lattice.items[$0] }) where !item.isDummy { rows.formUnion(item.row - item.before - apart...item.row + item.after + apart) }
            return rows
        }
    }

    /// The free even row with the shortest way from one row over it to the other.
    mutating func take(from: Int, to: Int, passing layers: ClosedRange<Int>) -> Int {
        let beside = max(0, layers.lowerBound - 1)...min(wires.count - 1, layers.upperBound + 1)
        func isFree(_ row: Int) -> Bool {
            !layers.contains { boxes[$0].contains(row) } && !beside.contains { wires[$0].contains(row) }
        }
        let first = min(from, to), last = max(from, to)
        var row = stride(from: first, through: last, by: 2).first(where: isFree)
        var step = 2
        while row == nil {
            row = [last + step, first - step].first(where: isFree)
            step += 2
        }
        guard let row else { preconditionFailure("BUG: no row was found") }
        for layer in beside { wires[layer].insert(row) }
        return row
    }
}
