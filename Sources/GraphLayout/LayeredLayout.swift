/// Layered layout on a character grid. The passes, in order; each has a file of its own.
package enum LayeredLayout {
    /// Pure and deterministic: the order of nodes and edges in the input does not matter, names and ids do.
    package static func picture(of input: GraphInput, options: LayoutOptions = LayoutOptions(), hints: LayoutHints = LayoutHints()) -> GraphPicture {
        var mostEdges = input.edges.count
        while true {
            var work = Selection.work(of: input, options: options, mostEdges: mostEdges)
            let parts = Components.parts(of: work)
            CycleBreaking.mark(&work, hints: hints)
            let ranks = Ranking.ranks(of: work, parts: parts, hints: hints)
            if let fewer = Budget.fewerEdges(work, ranks: ranks, options: options) {
                mostEdges = fewer
                continue
            }
            let draft = Assembly.draft(of: parts, in: work, ranks: ranks, options: options, hints: hints)
            if let fewer = Budget.fewerEdges(work, draft, options: options) {
                mostEdges = fewer
                continue
            }
            return Finishing.picture(of: Wires.sheet(of: draft, in: work, options: options), in: work, options: options)
        }
    }
}
