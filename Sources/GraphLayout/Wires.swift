/// All parts, drawn: still in columns along and rows across the flow.
struct Sheet {
    var lattice: Lattice
    var grid: Grid
    var carried: CarriedEdges
    /// Of each box: its item, and the columns it takes.
    var boxes: [(item: Int, from: Int, length: Int)]
}

/// What flows in a cell, by number from 1.
struct CarriedEdges {
    struct Entry {
        var edges: [Int]
        var tone: Int?
    }

    private(set) var entries: [Entry] = []

    /// A stem that several edges share has no state of its own.
    mutating func stem(_ edges: [Int], _ work: Work) -> (set: Int, weight: Grid.Weight) {
        if edges.count == 1 { return joined(edges, work) }
        return add(edges, tone: nil, edges.allSatisfy { work.edges[$0].isBack } ? .double : .light, work)
    }

    /// After a join the worst of what flows is shown.
    mutating func joined(_ edges: [Int], _ work: Work) -> (set: Int, weight: Grid.Weight) {
        var worst = edges[0], line = WireLine.light, isBack = true
        for edge in edges {
            if work.edges[edge].severity > work.edges[worst].severity { worst = edge }
            line = max(line, work.edges[edge].line)
            isBack = isBack && work.edges[edge].isBack
        }
        return add(edges, tone: work.edges[worst].worst, isBack ? .double : line == .heavy ? .heavy : line == .dashed ? .dashed : .light, work)
    }

    private mutating func add(_ edges: [Int], tone: Int?, _ weight: Grid.Weight, _ work: Work) -> (set: Int, weight: Grid.Weight) {
        entries.append(Entry(edges: edges.flatMap { work.edges[$0].inputs }, tone: tone))
        return (entries.count, weight)
    }
}

/// Draws boxes' places and all wires.
///
/// Precondition: tracks are given. Postcondition: wires of different nets share cells at crossings and, on the row of a target that they
/// share, after their joins.
struct Wires {
    private let lattice: Lattice
    private let lanes: [Lane]
    private let channels: [Channel]
    private let work: Work
    private var channelStart: [Int] = []
    private var layerStart: [Int] = []
    private var lengths: [Int] = []
    private var grid = Grid(length: 0, top: 0, bottom: 0)
    private var carried = CarriedEdges()
    private var laneFrom: [Int]
    private var laneTo: [Int]
    private var lastNet = 0

    static func sheet(of draft: Draft, in work: Work, options: LayoutOptions) -> Sheet {
        let lattice = draft.lattice, channels = draft.channels
        var wires = Wires(lattice, draft.lanes, channels, work)
        let boxes = wires.measure(pads: options.flow == .leftToRight && !options.compact)
        for index in channels.indices { wires.draw(channel: index, boxes: boxes) }
        wires.drawDummies()
        wires.drawLanes()
        return Sheet(lattice: lattice, grid: wires.grid, carried: wires.carried, boxes: boxes.filter { !lattice.items[$0.item].isDummy })
    }

    private init(_ lattice: Lattice, _ lanes: [Lane], _ channels: [Channel], _ work: Work) {
        self.lattice = lattice
        self.lanes = lanes
        self.channels = channels
        self.work = work
        laneFrom = Array(repeating: 0, count: lanes.count)
        laneTo = laneFrom
    }

    /// Columns of channels and layers; of each item, where it begins and how long it is.
    private mutating func measure(pads: Bool) -> [(item: Int, from: Int, length: Int)] {
        var column = 0
        for channel in channels.indices {
            channelStart.append(column)
            column += channels[channel].width
            guard channel < lattice.layers.count else { continue }
            layerStart.append(column)
            lengths.append(lattice.layers[channel].reduce(1) { max($0, lattice.items[$1].length) })
            column += lengths[channel]
        }
        channelStart.append(column)
        let nets = channels.flatMap(\.nets)
        let top = lattice.items.map { $0.row - $0.before } + nets.map(\.top), bottom = lattice.items.map { $0.row + $0.after } + nets.map(\.bottom)
        grid = Grid(length: column, top: top.min() ?? 0, bottom: bottom.max() ?? 0)
        return lattice.items.indices.map { item in
            let own = lattice.items[item]
            return (item, layerStart[own.layer], own.isDummy || pads ? lengths[own.layer] : own.length)
        }
    }

    private mutating func draw(channel index: Int, boxes: [(item: Int, from: Int, length: Int)]) {
        let channel = channels[index], start = channelStart[index]
        let firstNet = lastNet + 1
        lastNet += channel.nets.count
        /// Of each row, the nets that lead onto it, first the one that owns it.
        var meeting: [Int: [(net: Int, branch: Int)]] = [:]
        var rows: [Int] = []
        for (number, net) in channel.nets.enumerated() {
            for (place, branch) in net.branches.enumerated() {
                switch branch.end {
                case .lane(let lane): laneTo[lane] = start + net.track
                case .jog: break
                case .box, .dummy:
                    if meeting[branch.row] == nil { rows.append(branch.row) }
                    meeting[branch.row, default: []].append((number, place))
                }
            }
        }
        for (number, net) in channel.nets.enumerated() where net.hasTrunk {
            let trunk = start + net.track
            let all = carried.stem(net.branches.flatMap(\.edges), work)
            switch net.origin {
            case .lane(let lane): laneFrom[lane] = trunk
            case .item(let item):
                grid.run(row: net.exit, from: boxes[item].from + boxes[item].length, to: trunk, net: firstNet + number, set: all.set, weight: all.weight, opensBack: true)
            case .jog(let first):
                grid.run(row: net.exit, from: start + channel.nets[first].track, to: trunk, net: firstNet + number, set: all.set, weight: all.weight)
            }
            let owns = { (row: Int) in meeting[row].map { $0[0].net == number } ?? true }
            let above = net.branches.filter { $0.row < net.exit }, below = net.branches.filter { $0.row > net.exit }
            drawTrunk(net, above, column: trunk, number: firstNet + number, owns: owns)
            drawTrunk(net, below.reversed(), column: trunk, number: firstNet + number, owns: owns)
        }
        for row in rows { draw(row: row, meeting[row] ?? [], channel: index, firstNet: firstNet, boxes: boxes) }
    }

    /// One half of a trunk; branches from its far end to the exit.
    private mutating func drawTrunk(_ net: Net, _ branches: [Net.Branch], column: Int, number: Int, owns: (Int) -> Bool) {
        var edges: [Int] = []
        for (place, branch) in branches.enumerated() {
            edges += branch.edges
            let flow = carried.stem(edges, work)
            // Towards the exit.
            let inward = branch.row < net.exit ? 1 : -1
            let mark: Grid.Special = branch.row < net.exit ? .before : .after
            var from = branch.row
            if !owns(branch.row) {
                if net.stubs.contains(branch.row) {
                    let own = carried.stem(branch.edges, work)
                    grid.run(row: branch.row + inward, from: column, to: column + 1, net: number, set: own.set, weight: own.weight)
                    grid.mark(mark, column: column + 1, row: branch.row + inward, set: own.set)
                } else {
                    precondition(place == 0, "BUG: a trunk goes on beyond a join without a stub")
                    from += inward
                    grid.mark(mark, column: column, row: from, set: flow.set)
                }
            }
            let to = place + 1 < branches.count ? branches[place + 1].row : net.exit
            grid.trunk(column: column, from: from, to: to, net: number, set: flow.set, weight: flow.weight)
        }
    }

    /// The row of a target, from the net that owns it over the joins of the others.
    private mutating func draw(row: Int, _ meeting: [(net: Int, branch: Int)], channel index: Int, firstNet: Int, boxes: [(item: Int, from: Int, length: Int)]) {
        let nets = channels[index].nets, start = channelStart[index], end = layerStart[index]
        let owner = nets[meeting[0].net]
        var column = start + owner.track, isOpen = false
        if !owner.hasTrunk, case .item(let item) = owner.origin {
            column = boxes[item].from + boxes[item].length
            isOpen = true
        }
        var number = firstNet + meeting[0].net
        var edges = owner.branches[meeting[0].branch].edges
        var flow = carried.stem(edges, work)
        for (net, branch) in meeting.dropFirst() {
            let next = start + nets[net].track + (nets[net].stubs.contains(row) ? 1 : 0)
            grid.run(row: row, from: column, to: next, net: number, set: flow.set, weight: flow.weight, opensBack: isOpen)
            isOpen = false
            column = next
            edges += nets[net].branches[branch].edges
            flow = carried.joined(edges, work)
            // Behind a join the row belongs to nobody's trunk.
            lastNet += 1
            number = lastNet
        }
        if case .dummy = owner.branches[meeting[0].branch].end {
            grid.run(row: row, from: column, to: end - 1, net: number, set: flow.set, weight: flow.weight, opensBack: isOpen, opensAhead: true)
        } else {
            grid.run(row: row, from: column, to: end - 2, net: number, set: flow.set, weight: flow.weight, opensBack: isOpen, opensAhead: true)
            grid.mark(.arrival, column: end - 1, row: row, set: flow.set)
        }
    }

    private mutating func drawDummies() {
        for item in lattice.items where item.isDummy {
            let flow = carried.stem(item.carried.flatMap(\.self), work)
            lastNet += 1
            grid.run(row: item.row, from: layerStart[item.layer], to: layerStart[item.layer] + lengths[item.layer] - 1, net: lastNet, set: flow.set, weight: flow.weight, opensBack: true, opensAhead: true)
        }
    }

    private mutating func drawLanes() {
        for (index, lane) in lanes.enumerated() {
            let flow = carried.stem([lane.edge], work)
            lastNet += 1
            grid.run(row: lane.row, from: laneFrom[index], to: laneTo[index], net: lastNet, set: flow.set, weight: .double)
        }
    }
}
