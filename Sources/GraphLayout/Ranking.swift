/// The rank of each node, and the ranks that have a layer.
struct Ranks {
    var of: [Int]
    var used: [Int]
}

/// The layer of every node.
///
/// Precondition: cycles are broken. Postcondition: every edge goes to a higher layer, back edges to a lower one. A node with a hint keeps its
/// layer as long as its callers let it; without hints entries are in layer 0.
enum Ranking {
    static func ranks(of work: Work, parts: [Part], hints: LayoutHints) -> Ranks {
        var graph = Adjacency(nodes: work.nodes.count)
        for (index, edge) in work.edges.enumerated() {
            edge.isBack ? graph.add(edge.target, edge.source, index) : graph.add(edge.source, edge.target, index)
        }
        let order = topological(graph)
        let fresh = parts.filter { !StickyRows.applies(to: $0, in: work, hints: hints) }
        var ranks = fresh.count == parts.count ? [] : keeping(work.nodes.map { hints.nodes[$0.id]?.layer }, order, graph)
        if !fresh.isEmpty {
            let shortest = shortest(longestPath(order, graph), graph, work)
            if ranks.isEmpty { ranks = shortest }
            for node in fresh.lazy.flatMap(\.nodes) { ranks[node] = shortest[node] }
        }
        // What is new and has no wires comes last, wherever there is room.
        let drawn = parts.filter { !$0.edges.isEmpty || StickyRows.applies(to: $0, in: work, hints: hints) }
        return Ranks(of: ranks, used: Set(drawn.lazy.flatMap(\.nodes).map { ranks[$0] }).sorted())
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

    /// Everything as close to its callers and callees as may be. Node 0 of the search stands before all; what it holds firmly are the entries.
    private static func shortest(_ ranks: [Int], _ graph: Adjacency, _ work: Work) -> [Int] {
        var edges: [NetworkSimplex.Edge] = []
        for node in graph.out.indices {
            for edge in graph.out[node] { edges.append(NetworkSimplex.Edge(tail: node + 1, head: graph.target[edge] + 1, weight: 1)) }
            if graph.into[node].isEmpty || work.nodes[node].isEntry {
                edges.append(NetworkSimplex.Edge(tail: 0, head: node + 1, weight: work.nodes[node].isEntry ? 64 : 0))
            }
        }
        var simplex = NetworkSimplex(edges: edges, rank: [0] + ranks.map { $0 + 1 })
        simplex.run()
        return simplex.rank.dropFirst().map { $0 - simplex.rank[0] - 1 }
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
