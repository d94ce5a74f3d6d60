/// Parts with their rows, lanes and channels: all but drawn.
struct Draft {
    var lattice: Lattice
    var lanes: [Lane]
    var channels: [Channel]

    init(_ lattice: Lattice, edges: [Int], _ work: Work, _ options: LayoutOptions) {
        self.lattice = lattice
        lanes = Lanes.lanes(of: lattice, edges: edges, in: work)
        channels = Channels.channels(of: lattice, lanes: lanes, options: options)
    }

    /// A part from scratch, the best of a few attempts: what crosses least once wires have their ways.
    static func best(of part: Part, in work: Work, ranks: Ranks, options: LayoutOptions) -> Draft {
        let together = LongEdges.lattice(of: part, in: work, ranks: ranks, options: options, bundling: .together)
        var starts = [(lattice: together, links: Links(together))]
        if together.items.count <= mostToSplit {
            let apart = LongEdges.lattice(of: part, in: work, ranks: ranks, options: options, bundling: .apart)
            if apart.items.count > together.items.count { starts.append((apart, Links(apart))) }
        }
        var best: Draft?
        var fewest = Int.max, leastStraight = Int.max / 256, idle = 0
        for attempt in 0..<attempts(together) where fewest > 0 && idle < patience {
            idle += 1
            for (number, start) in starts.enumerated() where fewest > 0 {
                var ordered = start.lattice
                var straight = 0
                (ordered.layers, straight) = Ordering.order(start.lattice, links: start.links, attempt: attempt)
                if number > 0 {
                    ordered = ordered.merged()
                    (ordered.layers, straight) = Ordering.refined(ordered)
                }
                // Straight lines say about what the wires will do.
                guard best == nil || straight * 8 <= leastStraight * 9 else { continue }
                leastStraight = min(leastStraight, straight)
                Rows.place(&ordered)
                let draft = Draft(ordered, edges: part.edges, work, options)
                let crossings = draft.crossings
                guard crossings < fewest else { continue }
                fewest = crossings
                best = draft
                idle = 0
            }
        }
        var draft = best ?? Draft(together, edges: part.edges, work, options)
        draft.polish(options)
        return draft
    }

    /// Attempts in a row that may come to nothing.
    private static let patience = 5

    /// Items up to which bundles of wires are also tried apart.
    private static let mostToSplit = 50

    /// Rows from the first to the last that anything is on.
    var rows: ClosedRange<Int> {
        let nets = channels.lazy.flatMap(\.nets)
        let top = lattice.items.reduce(nets.map(\.top).min() ?? 0) { min($0, $1.row - $1.before) }
        let bottom = lattice.items.reduce(nets.map(\.bottom).max() ?? 0) { max($0, $1.row + $1.after) }
        return top...bottom
    }

    var columns: Int {
        channels.reduce(0) { $0 + $1.width } + lattice.layers.reduce(0) { sum, layer in sum + layer.reduce(1) { max($0, lattice.items[$1].length) } }
    }

    var cells: Int { columns * rows.count }

    private var crossings: Int { channels.reduce(0) { $0 + $1.crossings } }

    /// In small pictures every wire counts: exchanges neighbours if that helps once wires have their ways.
    private mutating func polish(_ options: LayoutOptions) {
        guard lattice.items.count <= Self.mostToPolish else { return }
        var isBetter = true
        while isBetter && crossings > 0 {
            isBetter = false
            for layer in lattice.layers.indices {
                for place in lattice.layers[layer].indices.dropLast() where exchange(layer, place, options) { isBetter = true }
            }
        }
    }

    /// Only the channels beside the layer change.
    private mutating func exchange(_ layer: Int, _ place: Int, _ options: LayoutOptions) -> Bool {
        let now = channels[layer].crossings + channels[layer + 1].crossings
        guard now > 0, let other = lattice.exchanged(layer, place), !lanes.contains(where: { passes($0, layer, place) }) else { return false }
        let before = Channels.channel(layer, of: other, lanes: lanes, options: options)
        guard before.crossings < now else { return false }
        let after = Channels.channel(layer + 1, of: other, lanes: lanes, options: options)
        guard before.crossings + after.crossings < now else { return false }
        lattice = other
        channels[layer] = before
        channels[layer + 1] = after
        return true
    }

    /// Whether a lane goes between two neighbours of a layer, or close by.
    private func passes(_ lane: Lane, _ layer: Int, _ place: Int) -> Bool {
        let first = lattice.items[lattice.layers[layer][place]], last = lattice.items[lattice.layers[layer][place + 1]]
        return (lattice.items[lane.target].layer - 1...lattice.items[lane.source].layer + 1).contains(layer)
            && (first.row - first.before - 1...last.row + last.after + 1).contains(lane.row)
    }

    private static let mostToPolish = 80

    /// Small graphs may be tried often, the largest once: together at most about as long as `dot` takes.
    private static func attempts(_ lattice: Lattice) -> Int {
        lattice.items.count > 6_000 ? 1 : min(16, 4 + 400 / max(1, lattice.items.count))
    }
}
