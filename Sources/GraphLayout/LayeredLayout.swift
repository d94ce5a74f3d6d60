/// Layered layout on a character grid. The passes, in order; each has a file of its own.
package enum LayeredLayout {
    /// Pure and deterministic: the order of nodes and edges in the input does not matter, names and ids do.
    package static func picture(of input: GraphInput, options: LayoutOptions = LayoutOptions(), hints: LayoutHints = LayoutHints()) -> GraphPicture {
        var mostEdges = input.edges.count
        while true {
            var work = Selection.work(of: input, options: options, mostEdges: mostEdges)
            let parts = Components.parts(of: work)
            CycleBreaking.mark(&work, hints: hints)
            let ranks = Ranking.ranks(of: work, hints: hints)
            if let fewer = Budget.fewerEdges(work, ranks: ranks, options: options) {
                mostEdges = fewer
                continue
            }
            let drafts = Self.drafts(of: parts, in: work, ranks: ranks, options: options, hints: hints)
            if let fewer = Budget.fewerEdges(work, drafts, options: options) {
                mostEdges = fewer
                continue
            }
            let sheets = drafts.map { Wires.sheet(of: $0, in: work, options: options) }
            return Stacking.picture(of: sheets, lone: parts.filter(\.edges.isEmpty).flatMap(\.nodes), in: work, options: options, hints: hints)
        }
    }

    private static func drafts(of parts: [Part], in work: Work, ranks: [Int], options: LayoutOptions, hints: LayoutHints) -> [Draft] {
        let bands = StickyRows.bands(of: parts, in: work, options: options, hints: hints)
        return zip(parts, bands).filter { !$0.0.edges.isEmpty }.map { part, band in
            Draft.made(of: part, in: work, ranks: ranks, options: options, hints: hints, band: band)
        }
    }
}
