/// Layered layout on a character grid. The passes, in order; each has a file of its own.
package enum LayeredLayout {
    /// Pure and deterministic: the order of nodes and edges in the input does not matter, names and ids do.
    package static func picture(of input: GraphInput, options: LayoutOptions = LayoutOptions(), hints: LayoutHints = LayoutHints()) -> GraphPicture {
        var work = Selection.work(of: input, options: options)
        let parts = Components.parts(of: work)
        CycleBreaking.mark(&work, hints: hints)
        let ranks = Ranking.ranks(of: work, hints: hints)
        let bands = StickyRows.bands(of: parts, in: work, options: options, hints: hints)
        var sheets: [Sheet] = []
        var lone: [Int] = []
        for (index, part) in parts.enumerated() {
            if part.edges.isEmpty {
                lone += part.nodes
                continue
            }
            let lattice = LongEdges.lattice(of: part, in: work, ranks: ranks, options: options)
            let draft = Draft.made(of: lattice, part: part, in: work, options: options, hints: hints, band: bands[index])
            var sheet = Wires.sheet(of: draft.lattice, lanes: draft.lanes, channels: draft.channels, in: work, options: options)
            sheet.isKept = draft.isKept
            sheets.append(sheet)
        }
        return Stacking.picture(of: sheets, lone: lone, in: work, options: options, input: input)
    }
}
