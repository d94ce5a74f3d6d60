/// Layered layout on a character grid. The passes, in order; each has a file of its own.
package enum LayeredLayout {
    /// Pure and deterministic: the order of nodes and edges in the input does not matter, names and ids do.
    package static func picture(of input: GraphInput, options: LayoutOptions = LayoutOptions(), hints: LayoutHints = LayoutHints()) -> GraphPicture {
        var work = Selection.work(of: input, options: options)
        let parts = Components.parts(of: work)
        CycleBreaking.mark(&work, hints: hints)
        let ranks = Ranking.ranks(of: work, hints: hints)
        var sheets: [Sheet] = []
        var lone: [Int] = []
        for part in parts {
            if part.edges.isEmpty {
                lone += part.nodes
                continue
            }
            var lattice = LongEdges.lattice(of: part, in: work, ranks: ranks, options: options)
            if StickyRows.applies(to: lattice, in: work, hints: hints) {
                StickyRows.place(&lattice, in: work, hints: hints)
            } else {
                Ordering.order(&lattice)
                Rows.place(&lattice)
            }
            let lanes = Lanes.lanes(of: lattice, part: part, in: work)
            let channels = Channels.channels(of: lattice, lanes: lanes, in: work, options: options)
            sheets.append(Wires.sheet(of: lattice, lanes: lanes, channels: channels, in: work, options: options))
        }
        return Stacking.picture(of: sheets, lone: lone, in: work, options: options, input: input)
    }
}
