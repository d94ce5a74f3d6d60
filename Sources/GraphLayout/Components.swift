/// Nodes that hang together, and their edges.
struct Part {
    var nodes: [Int] = []
    var edges: [Int] = []
}

/// Connected components, each laid out alone.
///
/// Postcondition: every node and edge is in one part; largest part first, then by the first node's place.
enum Components {
    static func parts(of work: Work) -> [Part] {
        var parent = Array(work.nodes.indices)
        func root(_ node: Int) -> Int {
            var node = node
            while parent[node] != node {
                parent[node] = parent[parent[node]]
                node = parent[node]
            }
            return node
        }
        for edge in work.edges {
            let a = root(edge.source), b = root(edge.target)
            // The smaller index is the root, so that a part is known by its first node.
            parent[max(a, b)] = min(a, b)
        }
        var parts: [Part] = []
        var partOf = [Int](repeating: -1, count: work.nodes.count)
        for node in work.nodes.indices {
            let first = root(node)
            if first == node {
                partOf[node] = parts.count
                parts.append(Part())
            }
            parts[partOf[first]].nodes.append(node)
        }
        for (index, edge) in work.edges.enumerated() { parts[partOf[root(edge.source)]].edges.append(index) }
        return parts.enumerated().sorted { ($1.element.nodes.count, $0.offset) < ($0.element.nodes.count, $1.offset) }.map(\.element)
    }
}
