/// Which edges run against the layers.
///
/// Postcondition: without the edges marked as back edges, and with these turned round, there is no cycle. Edges between strongly connected
/// components are never marked.
enum CycleBreaking {
    static func mark(_ work: inout Work, hints: LayoutHints) {
        var graph = Adjacency(nodes: work.nodes.count)
        for (index, edge) in work.edges.enumerated() { graph.add(edge.source, edge.target, index) }
        let component = StrongComponents.components(of: graph)
        var members: [[Int]] = Array(repeating: [], count: (component.max() ?? -1) + 1)
        for node in work.nodes.indices { members[component[node]].append(node) }
        guard members.contains(where: { $0.count > 1 }) else { return }
        let depthFirst = depthFirstBackEdges(work, graph)
        for nodes in members where nodes.count > 1 {
            let edges = nodes.flatMap { graph.out[$0] }.filter { component[work.edges[$0].target] == component[work.edges[$0].source] }
            for edge in backEdges(edges, nodes, work, depthFirst, hints) { work.edges[edge].isBack = true }
        }
    }

    private static func backEdges(_ edges: [Int], _ nodes: [Int], _ work: Work, _ depthFirst: [Bool], _ hints: LayoutHints) -> [Int] {
        var layer: [Int: Int] = [:]
        for node in nodes { layer[node] = hints.nodes[work.nodes[node].id]?.layer }
        if layer.count == nodes.count {
            // As the last picture had it: whatever does not climb there.
            return edges.filter { layer[work.edges[$0].source, default: 0] >= layer[work.edges[$0].target, default: 0] }
        }
        let first = edges.filter { depthFirst[$0] }
        guard first.count > 1 else { return first }
        let order = greedyOrder(nodes, edges, work)
        let second = edges.filter { order[work.edges[$0].source, default: 0] > order[work.edges[$0].target, default: 0] }
        return second.count < first.count ? second : first
    }

    /// Depth first from the entries, then from nodes without callers, then from what is left: an edge to a node under way is a back edge.
    private static func depthFirstBackEdges(_ work: Work, _ graph: Adjacency) -> [Bool] {
        var isBack = [Bool](repeating: false, count: work.edges.count)
        var state = [UInt8](repeating: 0, count: work.nodes.count)
        var next = [Int](repeating: 0, count: work.nodes.count)
        let entries = work.nodes.indices.filter { work.nodes[$0].isEntry }
        let uncalled = work.nodes.indices.filter { graph.into[$0].isEmpty }
        for start in entries + uncalled + Array(work.nodes.indices) where state[start] == 0 {
            var path = [start]
            state[start] = 1
            while let node = path.last {
                guard next[node] < graph.out[node].count else {
                    state[node] = 2
                    path.removeLast()
                    continue
                }
                let edge = graph.out[node][next[node]]
                next[node] += 1
                let target = work.edges[edge].target
                if state[target] == 1 {
                    isBack[edge] = true
                } else if state[target] == 0 {
                    state[target] = 1
                    path.append(target)
                }
            }
        }
        return isBack
    }

    /// Eades, Lin and Smyth: sinks to the end, sources to the front, else the node that gives most over what it takes.
    private static func greedyOrder(_ nodes: [Int], _ edges: [Int], _ work: Work) -> [Int: Int] {
        var out: [Int: [Int]] = [:], into: [Int: [Int]] = [:]
        for edge in edges {
            out[work.edges[edge].source, default: []].append(work.edges[edge].target)
            into[work.edges[edge].target, default: []].append(work.edges[edge].source)
        }
        var outCount = out.mapValues(\.count), inCount = into.mapValues(\.count)
        var left = nodes
        var front: [Int] = [], back: [Int] = []
        while !left.isEmpty {
            let place: Int
            if let sink = left.firstIndex(where: { outCount[$0, default: 0] == 0 }) {
                place = sink
                back.append(left[place])
            } else {
                var best = 0, gain = Int.min
                for (index, node) in left.enumerated() {
                    let surplus = inCount[node, default: 0] == 0 ? Int.max : outCount[node, default: 0] - inCount[node, default: 0]
                    if surplus > gain { (best, gain) = (index, surplus) }
                }
                place = best
                front.append(left[place])
            }
            let node = left.remove(at: place)
            for target in out[node] ?? [] { inCount[target, default: 0] -= 1 }
            for source in into[node] ?? [] { outCount[source, default: 0] -= 1 }
        }
        var order: [Int: Int] = [:]
        for (index, node) in (front + back.reversed()).enumerated() { order[node] = index }
        return order
    }
}
