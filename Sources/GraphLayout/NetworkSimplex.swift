/// Ranks with the least total length of edges (Gansner and others, "A Technique for Drawing Directed Graphs", 1993).
///
/// Precondition: `rank` rises along every edge, and every node hangs together with the others. Postcondition: it still rises; the sum of
/// weight × length is least, unless the search was cut short.
struct NetworkSimplex {
    struct Edge {
        var tail: Int
        var head: Int
        var weight: Int
    }

    private let edges: [Edge]
    private var incident: [[Int]]
    private var isTree: [Bool]
    private(set) var rank: [Int]
    // The tree as a walk from node 0 meets it.
    private var walk: [Int] = []
    private var place: [Int]
    private var size: [Int]
    private var parentEdge: [Int]
    private var surplus: [Int]

    init(edges: [Edge], rank: [Int]) {
        self.edges = edges
        self.rank = rank
        incident = Array(repeating: [], count: rank.count)
        isTree = Array(repeating: false, count: edges.count)
        place = Array(repeating: 0, count: rank.count)
        size = place
        parentEdge = Array(repeating: -1, count: rank.count)
        surplus = place
        for (index, edge) in edges.enumerated() {
            incident[edge.tail].append(index)
            incident[edge.head].append(index)
        }
    }

    private func slack(_ edge: Int) -> Int { rank[edges[edge].head] - rank[edges[edge].tail] - 1 }

    /// A step costs as much as the graph is large; the bound keeps the largest within a fraction of a second.
    mutating func run() {
        growTree()
        let steps = min(4 * rank.count + 100, 8_000_000 / (rank.count + edges.count + 1))
        for _ in 0..<steps {
            walkTree()
            guard let leaving = worstCut() else { return }
            exchange(leaving)
        }
    }

    /// A spanning tree of edges without slack, moved as a whole to whatever is nearest.
    private mutating func growTree() {
        var isIn = [Bool](repeating: false, count: rank.count)
        var members: [Int] = []
        var open = [0]
        isIn[0] = true
        while true {
            while let node = open.popLast() {
                members.append(node)
                for edge in incident[node] where slack(edge) == 0 {
                    let other = edges[edge].tail == node ? edges[edge].head : edges[edge].tail
                    guard !isIn[other] else { continue }
                    isIn[other] = true
                    isTree[edge] = true
                    open.append(other)
                }
            }
            guard members.count < rank.count else { return }
            var nearest = -1
            for edge in edges.indices where isIn[edges[edge].tail] != isIn[edges[edge].head] && (nearest < 0 || slack(edge) < slack(nearest)) { nearest = edge }
            precondition(nearest >= 0, "BUG: the graph to rank does not hang together")
            let shift = isIn[edges[nearest].tail] ? slack(nearest) : -slack(nearest)
            for node in members { rank[node] += shift }
            // Every member may now have an edge without slack.
            open = members
            members.removeAll(keepingCapacity: true)
        }
    }

    /// Preorder, sizes, and of each subtree what leaves it less what enters it: that is the cut value of the edge above it.
    private mutating func walkTree() {
        walk.removeAll(keepingCapacity: true)
        var open = [0]
        parentEdge[0] = -1
        while let node = open.popLast() {
            place[node] = walk.count
            walk.append(node)
            size[node] = 1
            surplus[node] = 0
            for edge in incident[node] {
                surplus[node] += edges[edge].tail == node ? edges[edge].weight : -edges[edge].weight
                guard isTree[edge], edge != parentEdge[node] else { continue }
                let other = edges[edge].tail == node ? edges[edge].head : edges[edge].tail
                parentEdge[other] = edge
                open.append(other)
            }
        }
        for node in walk.reversed() where parentEdge[node] >= 0 {
            let edge = edges[parentEdge[node]]
            let parent = edge.tail == node ? edge.head : edge.tail
            size[parent] += size[node]
            surplus[parent] += surplus[node]
        }
    }

    /// The node below the tree edge whose lengthening gains most.
    private func worstCut() -> Int? {
        var worst: Int?, least = 0
        for node in walk where parentEdge[node] >= 0 {
            let cut = edges[parentEdge[node]].tail == node ? surplus[node] : -surplus[node]
            if cut < least { (worst, least) = (node, cut) }
        }
        return worst
    }

    private mutating func exchange(_ node: Int) {
        let leaving = parentEdge[node], isTail = edges[leaving].tail == node
        let below = place[node]..<place[node] + size[node]
        var entering = -1
        for edge in edges.indices where edge != leaving {
            let inward = below.contains(place[edges[edge].head]), outward = below.contains(place[edges[edge].tail])
            guard inward != outward, inward == isTail else { continue }
            if entering < 0 || slack(edge) < slack(entering) { entering = edge }
        }
        // None: the subtree could move without end, which weights of 0 or more do not want.
        guard entering >= 0 else { return }
        let shift = isTail ? -slack(entering) : slack(entering)
        for index in below { rank[walk[index]] += shift }
        isTree[leaving] = false
        isTree[entering] = true
    }
}
