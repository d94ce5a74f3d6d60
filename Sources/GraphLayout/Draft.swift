/// A part with its rows, lanes and channels: all but drawn.
struct Draft {
    var lattice: Lattice
    var lanes: [Lane]
    var channels: [Channel]
    /// Made from the last picture's places.
    var isKept = false

    /// As the last picture had it if there was one, else the best of a few attempts: what crosses least once wires have their ways.
    static func made(of lattice: Lattice, part: Part, in work: Work, options: LayoutOptions, hints: LayoutHints, band: ClosedRange<Int>) -> Draft {
        if StickyRows.applies(to: lattice, in: work, hints: hints) {
            var kept = lattice
            StickyRows.place(&kept, in: work, hints: hints, band: band)
            var draft = Draft(kept, part, work, options)
            draft.isKept = true
            return draft
        }
        let links = Links(lattice)
        var best: Draft?
        var fewest = Int.max, leastStraight = Int.max / 256
        for attempt in 0..<attempts(lattice) where fewest > 0 {
            let order = Ordering.order(lattice, links: links, attempt: attempt)
            // Straight lines say about what the wires will do.
            guard best == nil || order.crossings * 8 <= leastStraight * 9 else { continue }
            leastStraight = min(leastStraight, order.crossings)
            var ordered = lattice
            ordered.layers = order.layers
            Rows.place(&ordered)
            let draft = Draft(ordered, part, work, options)
            let crossings = draft.crossings
            guard crossings < fewest else { continue }
            fewest = crossings
            best = draft
        }
        var draft = best ?? Draft(lattice, part, work, options)
        draft.polish(part, work, options)
        return draft
    }

    private var crossings: Int { channels.reduce(0) { $0 + $1.crossings } }

    /// In small pictures every wire counts: exchanges neighbours if that helps once wires have their ways.
    private mutating func polish(_ part: Part, _ work: Work, _ options: LayoutOptions) {
        guard lattice.items.count <= 30 else { return }
        var fewest = crossings, isBetter = true
        while isBetter && fewest > 0 {
            isBetter = false
            for layer in lattice.layers.indices {
                for place in lattice.layers[layer].indices.dropLast() {
                    var other = lattice
                    other.layers[layer].swapAt(place, place + 1)
                    Rows.place(&other)
                    let draft = Draft(other, part, work, options)
                    guard draft.crossings < fewest else { continue }
                    (self, fewest, isBetter) = (draft, draft.crossings, true)
                }
            }
        }
    }

    private init(_ lattice: Lattice, _ part: Part, _ work: Work, _ options: LayoutOptions) {
        self.lattice = lattice
        lanes = Lanes.lanes(of: lattice, part: part, in: work)
        channels = Channels.channels(of: lattice, lanes: lanes, in: work, options: options)
    }

    /// Small graphs may be tried often.
    private static func attempts(_ lattice: Lattice) -> Int { max(3, min(16, 900 / max(1, lattice.items.count))) }
}
