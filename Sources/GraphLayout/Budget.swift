/// Holds a layout to what it may cost: a graph beyond it is drawn without its least important edges, which are counted as hidden.
enum Budget {
    /// How many edges to draw instead, if these are too many to lay out.
    static func fewerEdges(_ work: Work, ranks: Ranks, options: LayoutOptions) -> Int? {
        var furthest = ranks.of
        for edge in work.edges where !edge.isBack { furthest[edge.source] = max(furthest[edge.source], ranks.of[edge.target]) }
        let items = zip(ranks.of, furthest).reduce(0) { $0 + max(1, $1.1 - $1.0) }
        return fewer(work.edges.count, share: Double(options.mostItems) / Double(max(1, items)))
    }

    /// How many edges to draw instead, if these are too many to paint. An area grows by the square of its edges.
    static func fewerEdges(_ work: Work, _ draft: Draft, options: LayoutOptions) -> Int? {
        fewer(work.edges.count, share: (Double(options.mostCells) / Double(max(1, draft.cells))).squareRoot())
    }

    private static func fewer(_ edges: Int, share: Double) -> Int? {
        guard share < 1, edges > 0 else { return nil }
        return min(edges - 1, Int(Double(edges) * max(0.25, share * 0.95)))
    }
}
