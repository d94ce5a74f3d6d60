/// A part with its rows, lanes and channels: all but drawn.
struct Draft {
    var lattice: Lattice
    var lanes: [Lane]
    var channels: [Channel]
    /// Made from the last picture's places.
    var isKept = false

    /// As the last picture had it if there was one, else the best of a few attempts: what crosses least once wires have their ways.
    static func made(of part: Part, in work: Work, ranks: [Int], options: LayoutOptions, hints: LayoutHints, band: ClosedRange<Int>) -> Draft {
        if StickyRows.applies(to: part, in: work, hints: hints) {
            var kept = LongEdges.lattice(of: part, in: work, ranks: ranks, options: options, bundling: .asBefore(hints))
            StickyRows.place(&kept, in: work, hints: hints, band: band)
            var draft = Draft(kept, part, work, options)
            draft.isKept = true
            return draft
        }
        let together = LongEdges.lattice(of: part, in: work, ranks: ranks, options: options, bundling: .together)
        var starts = [(lattice: together, links: Links(together))]
        if together.items.count <= mostToSplit {
            let apart = LongEdges.lattice(of: part, in: work, ranks: ranks, options: options, bundling: .apart)
            if apart.items.count > together.items.count { starts.append((apart, Links(apart))) }
        }
        var best: Draft?
        var fewest = Int.max, leastStraight = Int.max / 256
        for attempt in 0..<attempts(together) where fewest > 0 {
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
                let draft = Draft(ordered, part, work, options)
                let crossings = draft.crossings
                guard crossings < fewest else { continue }
                fewest = crossings
                best = draft
            }
        }
        var draft = best ?? Draft(together, part, work, options)
        draft.polish(part, work, options)
        return draft
    }

    /// Items up to which bundles of wires are also tried apart.
    private static let mostToSplit = 150

    var cells: Int {
        let columns = channels.reduce(0) { $0 + $1.width } + lattice.layers.reduce(0) { sum, layer in sum + layer.reduce(1) { max($0, lattice.items[$1].length) } }
        let nets = channels.lazy.flatMap(\.nets)
        let top = lattice.items.reduce(nets.map(\.top).min() ?? 0) { min($0, $1.row - $1.before) }
        let bottom = lattice.items.reduce(nets.map(\.bottom).max() ?? 0) { max($0, $1.row + $1.after) }
        return columns * (bottom - top + 1)
    }

    private var crossings: Int { channels.reduce(0) { $0 + $1.crossings } }

    /// In small pictures every wire counts: exchanges neighbours if that helps once wires have their ways.
    private mutating func polish(_ part: Part, _ work: Work, _ options: LayoutOptions) {
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
        guard now > 0, let other = lattice.exchanged(layer, place) else { return false }
        let before = Channels.channel(layer, of: other, lanes: lanes, options: options)
        guard before.crossings < now else { return false }
        let after = Channels.channel(layer + 1, of: other, lanes: lanes, options: options)
        guard before.crossings + after.crossings < now else { return false }
        lattice = other
        channels[layer] = before
        channels[layer + 1] = after
        return true
    }

    private static let mostToPolish = 80

    private init(_ lattice: Lattice, _ part: Part, _ work: Work, _ options: LayoutOptions) {
        self.lattice = lattice
        lanes = Lanes.lanes(of: lattice, part: part, in: work)
        channels = Channels.channels(of: lattice, lanes: lanes, options: options)
    }

    /// Small graphs may be tried often.
    private static func attempts(_ lattice: Lattice) -> Int { max(3, min(16, 900 / max(1, lattice.items.count))) }
}
