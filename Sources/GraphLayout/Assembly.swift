/// All parts on one grid, so that whatever comes to one of them finds a free place without moving another.
enum Assembly {
    /// Parts that have hints are where they were; the others stand below, in the order in which they come, a row apart; then what has no wires.
    static func draft(of parts: [Part], in work: Work, ranks: Ranks, options: LayoutOptions, hints: LayoutHints) -> Draft {
        let kept = parts.filter { StickyRows.applies(to: $0, in: work, hints: hints) }
        let fresh = parts.filter { !StickyRows.applies(to: $0, in: work, hints: hints) }
        let edges = parts.flatMap(\.edges)
        var lattice = LongEdges.lattice(of: Part(nodes: kept.flatMap(\.nodes), edges: kept.flatMap(\.edges)), in: work, ranks: ranks, options: options, bundling: .asBefore(hints))
        StickyRows.place(&lattice, in: work, hints: hints)
        var bottom = kept.isEmpty ? nil : Draft(lattice, edges: kept.flatMap(\.edges), work, options).rows.upperBound
        for part in fresh where !part.edges.isEmpty {
            let draft = Draft.best(of: part, in: work, ranks: ranks, options: options)
            let rows = draft.rows
            let shift = bottom.map { $0 + 2 - rows.lowerBound } ?? 0
            lattice.append(draft.lattice, shift: shift + shift & 1)
            bottom = rows.upperBound + shift + shift & 1
        }
        let draft = Draft(lattice, edges: edges, work, options)
        let lone = fresh.filter(\.edges.isEmpty).flatMap(\.nodes)
        guard !lone.isEmpty else { return draft }
        let all = LoneNodes.place(lone, beside: kept.filter(\.edges.isEmpty).flatMap(\.nodes), draft, in: work, options: options)
        return Draft(all, edges: edges, work, options)
    }
}
