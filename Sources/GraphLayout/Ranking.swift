/// The layer of every node.
///
/// Precondition: cycles are broken. Postcondition: every edge goes to a higher layer, back edges to a lower one. A node with a hint keeps its
/// layer as long as its callers let it; without hints entries are in layer 0.
enum Ranking {
    static func ranks(of work: Work, hints: LayoutHints) -> [Int] {
        var graph = Adjacency(nodes: work.nodes.count)
        for (index, edge) in work.edges.enumerated() {
            edge.isBack ? graph.add(edge.target, edge.source, index) : graph.add(edge.source, edge.target, index)
        }
        let order = topological(graph)
        let hinted = work.nodes.map { hints.nodes[$0.id]?.layer }
        if hinted.contains(where: { $0 != nil }) { return keeping(hinted, order, graph) }
        return tightened(longestPath(order, graph), order, graph, work)
    }

    private static func topological(_ graph: Adjacency) -> [Int] {
        var waiting = graph.into.map(\.count)
        var order = graph.into.indices.filter { waiting[$0] == 0 }
        var next = 0
        while next < order.count {
            for edge in graph.out[order[next]] {
                waiting[graph.target[edge]] -= 1
                if waiting[graph.target[edge]] == 0 { order.append(graph.target[edge]) }
            }
            next += 1
        }
        precondition(order.count == waiting.count, "BUG: a cycle was left unbroken")
        return order
    }

    private static func longestPath(_ order: [Int], _ graph: Adjacency) -> [Int] {
        var rank = [Int](repeating: 0, count: order.count)
        for node in order {
            for edge in graph.out[node] { rank[graph.target[edge]] = max(rank[graph.target[edge]], rank[node] + 1) }
        }
        return rank
    }

    /// Moves nodes with more callees than callers towards them, until nothing moves.
    private static func tightened(_ ranks: [Int], _ order: [Int], _ graph: Adjacency, _ work: Work) -> [Int] {
        var rank = ranks
        var source = [Int](repeating: 0, count: graph.target.count)
        for node in order { for edge in graph.out[node] { source[edge] = node } }
        for _ in 0..<8 {
            var moved = false
            for node in order.reversed() where !work.nodes[node].isEntry && graph.out[node].count > graph.into[node].count {
                let right = (graph.out[node].map { rank[graph.target[$0]] }.min() ?? rank[node] + 1) - 1
                if right > rank[node] {
                    rank[node] = right
                    moved = true
                }
            }
            for node in order where graph.into[node].count > 0 && graph.out[node].count <= graph.into[node].count {
                let left = (graph.into[node].map { rank[source[$0]] }.max() ?? rank[node] - 1) + 1
                if left < rank[node] {
                    rank[node] = left
                    moved = true
                }
            }
            if !moved { break }
        }
        return rank
    }

    /// Hints are lower bounds; a new node goes right behind its callers, or right before its callees if it has none.
    private static func keeping(_ hinted: [Int?], _ order: [Int], _ graph: Adjacency) -> [Int] {
        var rank = hinted
        var lowest = [Int?](repeating: nil, count: order.count)
        for node in order {
            if let bound = lowest[node] { rank[node] = max(rank[node] ?? bound, bound) }
            guard let own = rank[node] else { continue }
            for edge in graph.out[node] {
                let target = graph.target[edge]
                lowest[target] = max(lowest[target] ?? own + 1, own + 1)
            }
        }
        for node in order.reversed() where rank[node] == nil {
            rank[node] = (graph.out[node].compactMap { rank[graph.target[$0]] }.min() ?? 1) - 1
        }
        return rank.map { $0 ?? 0 }
    }
}
