/// The order of trunks in a channel.
///
/// Precondition: no cycle of nets that must stand before each other. Postcondition: they do; crossings are few: every net went to its best
/// place among those before it, then neighbours were exchanged as long as it helped, then each net was tried at every place.
enum TrackOrder {
    static func ordered(_ nets: [Net]) -> [Net] {
        let later = Precedence.later(nets)
        let shapes = nets.map(TrackShape.init)
        var order: [Int] = []
        for net in topological(nets, later) where nets[net].hasTrunk {
            order.insert(net, at: bestPlace(net, order, later, shapes))
        }
        let straight = nets.indices.filter { !nets[$0].hasTrunk }
        var tracks = TrackSift(order, shapes, later, straight: straight)
        tracks.sift()
        let all = straight + tracks.order
        // The numbers by which jogs know their nets are places in the old order.
        var place = [Int](repeating: 0, count: nets.count)
        for (index, net) in all.enumerated() { place[net] = index }
        return all.map { nets[$0].renumbered(place) }
    }

    private static func topological(_ nets: [Net], _ later: [[Int]]) -> [Int] {
        var waiting = [Int](repeating: 0, count: nets.count)
        for others in later { for other in others { waiting[other] += 1 } }
        var order = nets.indices.filter { waiting[$0] == 0 }
        var next = 0
        while next < order.count {
            for other in later[order[next]] {
                waiting[other] -= 1
                if waiting[other] == 0 { order.append(other) }
            }
            next += 1
        }
        precondition(order.count == nets.count, "BUG: a cycle of trunks was left in a channel")
        return order
    }

    private static func bestPlace(_ net: Int, _ order: [Int], _ later: [[Int]], _ shapes: [TrackShape]) -> Int {
        // All that must follow it come later in the topological order; what must precede it is in place.
        let first = (order.lastIndex { later[$0].contains(net) } ?? -1) + 1
        var cost = 0, least = 0, best = order.count
        for place in stride(from: order.count - 1, through: first, by: -1) {
            let other = order[place]
            guard shapes[other].top <= shapes[net].bottom && shapes[net].top <= shapes[other].bottom else { continue }
            cost += TrackShape.crossings(shapes[net], before: shapes[other]) - TrackShape.crossings(shapes[other], before: shapes[net])
            if cost < least { (least, best) = (cost, place) }
        }
        return best
    }
}

/// What of a net counts for crossings.
struct TrackShape {
    var top: Int
    var bottom: Int
    var left: [Int]
    var right: [Int]

    init(_ net: Net) {
        top = net.top
        bottom = net.bottom
        left = net.leftRows
        right = net.rightRows
    }

    func passes(_ row: Int) -> Bool { top < row && row < bottom }

    /// Of the runs of two nets over each other's trunk, if `a` stands to the left.
    static func crossings(_ a: TrackShape, before b: TrackShape) -> Int {
        b.left.count { a.top < $0 && $0 < a.bottom } + a.right.count { b.top < $0 && $0 < b.bottom }
    }
}

private extension Net {
    func renumbered(_ place: [Int]) -> Net {
        var net = self
        if case .jog(let first) = origin { net.origin = .jog(place[first]) }
        for index in branches.indices {
            if case .jog(let next) = branches[index].end { net.branches[index].end = .jog(place[next]) }
        }
        return net
    }
}
