import Panels

/// All that leads to a box or a call, and all that follows from it.
struct Chain: Sendable, Equatable {
    /// Numbers of boxes and places of edges in the drawing.
    private(set) var nodes: Set<Int> = []
    private(set) var edges: Set<Int> = []

    /// - Parameters:
    ///   - sources: where the way up begins.
    ///   - targets: where the way down begins; a box is both.
    ///   - through: the edges selected.
    init(_ drawing: Drawing, from sources: [Int], to targets: [Int], through: Set<Int> = []) {
        var callees: [Int: [Int]] = [:], callers: [Int: [Int]] = [:]
        for (index, edge) in drawing.edges.enumerated() {
            callees[edge.source, default: []].append(index)
            callers[edge.target, default: []].append(index)
        }
        edges = through
        walk(targets, callees) { drawing.edges[$0].target }
        walk(sources, callers) { drawing.edges[$0].source }
    }

    private mutating func walk(_ start: [Int], _ edgesOf: [Int: [Int]], _ next: (Int) -> Int) {
        var seen = Set(start), open = start
        while let node = open.popLast() {
            nodes.insert(node)
            for edge in edgesOf[node] ?? [] {
                edges.insert(edge)
                if seen.insert(next(edge)).inserted { open.append(next(edge)) }
            }
        }
    }
}
