/// The wires of one exit in one channel: a run from the exit to the trunk, and branches from there.
struct Net {
    enum End: Equatable {
        case box(Int), dummy(Int)
        /// The lane begins here.
        case lane(Int)
        /// The trunk goes on in another net, further right.
        case jog(Int)
    }

    struct Branch {
        var row: Int
        var end: End
        var edges: [Int]
    }

    /// Where it comes from: an item to the left; a lane that arrives from the right; or the run of a net further left.
    enum Origin: Equatable {
        case item(Int), lane(Int), jog(Int)
    }

    var origin: Origin
    var exit: Int
    var branches: [Branch]
    /// Column of the trunk, from the beginning of the channel.
    var track = 0
    /// Rows it joins by a stub.
    var stubs: Set<Int> = []

    var hasTrunk: Bool { branches.contains { $0.row != exit } }
    var top: Int { branches.reduce(exit) { min($0, $1.row) } }
    var bottom: Int { branches.reduce(exit) { max($0, $1.row) } }

    /// Rows on which it has a wire to the left of its trunk, and to the right.
    var leftRows: [Int] { branches.filter(\.end.isLane).map(\.row) + (origin.isLane ? [] : [exit]) }
    var rightRows: [Int] { branches.filter { !$0.end.isLane }.map(\.row) + (origin.isLane ? [exit] : []) }

    func passes(_ row: Int) -> Bool { top < row && row < bottom }
}

/// The columns between two layers.
struct Channel {
    /// Every net that comes before another on a shared row stands before it here.
    var nets: [Net] = []
    var width = 0
    /// Rows of lanes that neither begin nor end here.
    var lanes: [Int] = []

    /// Cells where a run will go over a trunk.
    var crossings: Int {
        guard let top = nets.map(\.top).min(), let bottom = nets.map(\.bottom).max(), top < bottom else { return 0 }
        // Of each row, the first net that has a wire to the right of its trunk, and the one whose run ends at its trunk.
        var first = [Int](repeating: Int.max, count: bottom - top + 1), turning = [Int](repeating: -1, count: bottom - top + 1)
        for (place, net) in nets.enumerated() {
            for row in net.rightRows { first[row - top] = min(first[row - top], place) }
            if net.hasTrunk { for row in net.leftRows { turning[row - top] = place } }
        }
        for row in lanes where top <= row && row <= bottom { first[row - top] = -1 }
        var count = 0
        for (place, net) in nets.enumerated() where net.hasTrunk {
            for row in net.top - top + 1..<net.bottom - top where first[row] < place || turning[row] > place {
                count += (first[row] < place ? 1 : 0) + (turning[row] > place ? 1 : 0)
            }
        }
        return count
    }
}

/// Nets of every channel, their order and their tracks. Channel c lies before layer c; the last one behind the last layer.
///
/// Precondition: rows and lanes are given. Postcondition: nets whose spans touch have different tracks, with room for a stub where there
/// must be one; an exit that stands on another net's target row turns off before that net comes to it.
enum Channels {
    static func channels(of lattice: Lattice, lanes: [Lane], options: LayoutOptions) -> [Channel] {
        (0...lattice.layers.count).map { channel($0, of: lattice, lanes: lanes, options: options) }
    }

    static func channel(_ index: Int, of lattice: Lattice, lanes: [Lane], options: LayoutOptions) -> Channel {
        var nets = Self.nets(index, lattice, lanes)
        Jogs.breakCycles(&nets, taken: passing(index, lattice, lanes))
        nets = TrackOrder.ordered(nets)
        let used = Tracks.assign(&nets, gap: options.ascii ? 1 : 0)
        let inner = index > 0 && index < lattice.layers.count
        let width = nets.isEmpty ? (inner ? 3 : 0) : 1 + used + (index < lattice.layers.count ? 2 : 0)
        return Channel(nets: nets, width: width, lanes: through(index, lattice, lanes))
    }

    private static func nets(_ index: Int, _ lattice: Lattice, _ lanes: [Lane]) -> [Net] {
        var nets: [Net] = []
        if index > 0 {
            for item in lattice.layers[index - 1] {
                let own = lattice.items[item]
                var branches = zip(own.callees, own.carried).map { target, edges in
                    Net.Branch(row: lattice.items[target].row, end: lattice.items[target].isDummy ? .dummy(target) : .box(target), edges: edges)
                }
                for (number, lane) in lanes.enumerated() where lane.source == item {
                    branches.append(Net.Branch(row: lane.row, end: .lane(number), edges: [lane.edge]))
                }
                guard !branches.isEmpty else { continue }
                branches.sort { $0.row < $1.row }
                nets.append(Net(origin: .item(item), exit: own.row, branches: branches))
            }
        }
        for (number, lane) in lanes.enumerated() where lattice.items[lane.target].layer == index {
            let branch = Net.Branch(row: lattice.items[lane.target].row, end: .box(lane.target), edges: [lane.edge])
            nets.append(Net(origin: .lane(number), exit: lane.row, branches: [branch]))
        }
        return nets
    }

    private static func through(_ index: Int, _ lattice: Lattice, _ lanes: [Lane]) -> [Int] {
        lanes.filter { lattice.items[$0.target].layer < index && index <= lattice.items[$0.source].layer }.map(\.row)
    }

    /// Rows of lanes in the channel.
    private static func passing(_ index: Int, _ lattice: Lattice, _ lanes: [Lane]) -> [Int] {
        lanes.filter { lattice.items[$0.target].layer <= index && index <= lattice.items[$0.source].layer + 1 }.map(\.row)
    }
}

/// Which nets must turn off before which others.
enum Precedence {
    /// Of each net, those that must stand to its right.
    static func later(_ nets: [Net]) -> [[Int]] {
        var exitOn: [Int: Int] = [:]
        for (index, net) in nets.enumerated() where net.hasTrunk {
            if case .item = net.origin { exitOn[net.exit] = index }
        }
        var later: [[Int]] = Array(repeating: [], count: nets.count)
        for (index, net) in nets.enumerated() {
            for branch in net.branches {
                if branch.end.isLane { continue }
                if let first = exitOn[branch.row], first != index { later[first].append(index) }
            }
            if case .jog(let first) = net.origin { later[first].append(index) }
        }
        return later
    }
}

/// Cycles of nets that would have to turn off before each other, as where a calls what stands beside b, and b what stands beside a.
///
/// Postcondition: there are none left. One net of each cycle goes to a free row first and has its trunk further right; nothing else moves.
enum Jogs {
    static func breakCycles(_ nets: inout [Net], taken: [Int]) {
        var used = Set(taken + nets.map(\.exit) + nets.flatMap { $0.branches.map(\.row) })
        var cycles = worst(nets)
        while !cycles.isEmpty {
            for net in cycles {
                let row = free(near: nets[net], used)
                used.insert(row)
                let moved = nets.count
                let straight = nets[net].branches.filter { $0.row == nets[net].exit }
                let rest = nets[net].branches.filter { $0.row != nets[net].exit }
                nets.append(Net(origin: .jog(net), exit: row, branches: rest))
                nets[net].branches = (straight + [Net.Branch(row: row, end: .jog(moved), edges: rest.flatMap(\.edges))]).sorted { $0.row < $1.row }
            }
            cycles = worst(nets)
        }
    }

    /// Of each set of nets that are on cycles with each other, the one with the most constraints.
    private static func worst(_ nets: [Net]) -> [Int] {
        let later = Precedence.later(nets)
        var graph = Adjacency(nodes: nets.count)
        for (index, others) in later.enumerated() { for other in others { graph.add(index, other, graph.target.count) } }
        let component = StrongComponents.components(of: graph)
        var size = [Int](repeating: 0, count: nets.count)
        for number in component { size[number] += 1 }
        guard size.contains(where: { $0 > 1 }) else { return [] }
        var into = [Int](repeating: 0, count: nets.count), out = into
        for (index, others) in later.enumerated() {
            for other in others where component[other] == component[index] {
                out[index] += 1
                into[other] += 1
            }
        }
        var worst = [Int](repeating: -1, count: nets.count)
        for net in nets.indices where into[net] > 0 && out[net] > 0 && nets[net].origin.isItem {
            let known = worst[component[net]]
            if known < 0 || into[net] * out[net] > into[known] * out[known] { worst[component[net]] = net }
        }
        return worst.filter { $0 >= 0 }
    }

    /// The nearest even row that nothing uses, towards the branches if both sides are as near.
    private static func free(near net: Net, _ used: Set<Int>) -> Int {
        let down = net.bottom - net.exit >= net.exit - net.top
        var step = 2
        while true {
            for row in down ? [net.exit + step, net.exit - step] : [net.exit - step, net.exit + step] where !used.contains(row) { return row }
            step += 2
        }
    }
}

extension Net.Origin {
    var isItem: Bool { if case .item = self { true } else { false } }
    var isLane: Bool { if case .lane = self { true } else { false } }
}

extension Net.End {
    var isLane: Bool { if case .lane = self { true } else { false } }
}
