/// The graph the passes work on: nodes by name, one edge for each pair.
struct Work {
    struct Node {
        var input: Int
        var id: Int
        var isEntry: Bool
        /// Indices of the input's edges from this node to itself.
        var loops: [Int] = []
        var hiddenCallers = 0
        var hiddenCallees = 0
        var box = BoxText()
    }

    struct Edge {
        var source: Int
        var target: Int
        var inputs: [Int]
        var weight: Double
        var line: WireLine
        var severity: UInt8
        /// Of `inputs`, the one whose state is shown.
        var worst: Int
        /// Against the order of the layers; set by cycle breaking.
        var isBack = false
    }

    var nodes: [Node] = []
    var edges: [Edge] = []
    var hidden = GraphPicture.Hidden()
}

/// What is drawn.
///
/// Postcondition: nodes stand in the order of their names, whatever their order in the input; no two edges join the same two nodes in the
/// same direction, none is a loop; no node has more callers or callees than may be drawn, and no more edges
/// are than may be; everything left out is counted.
enum Selection {
    static func work(of input: GraphInput, options: LayoutOptions, mostEdges: Int = Int.max) -> Work {
        let keys = input.nodes.map { ($0.name.text, $0.group.text) }
        let sorted = input.nodes.indices.sorted {
            if keys[$0].0 != keys[$1].0 { return keys[$0].0 < keys[$1].0 }
            return keys[$0].1 != keys[$1].1 ? keys[$0].1 < keys[$1].1 : (input.nodes[$0].id, $0) < (input.nodes[$1].id, $1)
        }
        var work = Work()
        var indexOf: [Int: Int] = [:]
        for index in sorted {
            let node = input.nodes[index]
            guard indexOf.updateValue(work.nodes.count, forKey: node.id) == nil else {
                work.hidden.dangling += 1
                indexOf[node.id] = work.nodes.firstIndex { $0.id == node.id }
                continue
            }
            work.nodes.append(Work.Node(input: index, id: node.id, isEntry: node.isEntry, hiddenCallers: node.callersElsewhere, hiddenCallees: node.calleesElsewhere))
        }
        var pairs = merged(input, indexOf, &work)
        pairs.sort { ($0.source, $0.target) < ($1.source, $1.target) }
        thin(&work, pairs, most: options.mostNeighbours, inAll: mostEdges)
        Labels.write(&work, input: input, options: options)
        return work
    }

    private static func merged(_ input: GraphInput, _ indexOf: [Int: Int], _ work: inout Work) -> [Work.Edge] {
        struct Pair: Hashable { var source: Int, target: Int }
        var places: [Pair: Int] = [:]
        var edges: [Work.Edge] = []
        for (index, edge) in input.edges.enumerated() {
            guard let source = indexOf[edge.source], let target = indexOf[edge.target] else {
                work.hidden.dangling += 1
                continue
            }
            if source == target {
                work.nodes[source].loops.append(index)
            } else if let place = places[Pair(source: source, target: target)] {
                edges[place].inputs.append(index)
                edges[place].weight += edge.weight
                edges[place].line = max(edges[place].line, edge.line)
                if edge.severity > edges[place].severity {
                    edges[place].severity = edge.severity
                    edges[place].worst = index
                }
            } else {
                places[Pair(source: source, target: target)] = edges.count
                edges.append(Work.Edge(source: source, target: target, inputs: [index], weight: edge.weight, line: edge.line, severity: edge.severity, worst: index))
            }
        }
        return edges
    }

    /// Keeps the failing, then the busiest edges of each node; a node that loses all of its edges goes with them.
    private static func thin(_ work: inout Work, _ edges: [Work.Edge], most: Int, inAll: Int) {
        let count = work.nodes.count
        var calls = [Int](repeating: 0, count: count), called = calls, kept = calls
        var keeps = [Bool](repeating: true, count: edges.count)
        for edge in edges {
            calls[edge.source] += 1
            called[edge.target] += 1
        }
        if edges.count > inAll || calls.contains(where: { $0 > most }) || called.contains(where: { $0 > most }) {
            var left = inAll
            var callees = [Int](repeating: 0, count: count), callers = callees
            let first = edges.indices.sorted {
                let a = edges[$0], b = edges[$1]
                if a.severity != b.severity { return a.severity > b.severity }
                return a.weight != b.weight ? a.weight > b.weight : $0 < $1
            }
            // One pass in the order of importance: an edge that one end has no room for takes none at the other.
            for index in first {
                let edge = edges[index]
                if left > 0 && callees[edge.source] < most && callers[edge.target] < most {
                    left -= 1
                    callees[edge.source] += 1
                    callers[edge.target] += 1
                } else {
                    keeps[index] = false
                }
            }
        }
        for (index, edge) in edges.enumerated() {
            if keeps[index] {
                kept[edge.source] += 1
                kept[edge.target] += 1
            } else {
                work.nodes[edge.source].hiddenCallees += 1
                work.nodes[edge.target].hiddenCallers += 1
                work.hidden.edges += 1
            }
        }
        var renumbered = [Int](repeating: -1, count: count)
        var nodes: [Work.Node] = []
        for index in 0..<count {
            if calls[index] + called[index] > 0 && kept[index] == 0 && !work.nodes[index].isEntry {
                work.hidden.nodes += 1
            } else {
                renumbered[index] = nodes.count
                nodes.append(work.nodes[index])
            }
        }
        work.nodes = nodes
        work.edges = edges.indices.filter { keeps[$0] }.map {
            var edge = edges[$0]
            edge.source = renumbered[edge.source]
            edge.target = renumbered[edge.target]
            return edge
        }
    }
}
