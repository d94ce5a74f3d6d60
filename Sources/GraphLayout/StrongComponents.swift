/// Edges by their ends.
struct Adjacency {
    /// Of each node, the edges that leave it, in the order they were added; and those that enter it.
    var out: [[Int]]
    var into: [[Int]]
    var target: [Int] = []

    init(nodes: Int) {
        out = Array(repeating: [], count: nodes)
        into = out
    }

    /// Edges are added by rising index.
    mutating func add(_ from: Int, _ to: Int, _ edge: Int) {
        precondition(edge == target.count, "BUG: edges of an adjacency are added in order")
        out[from].append(edge)
        into[to].append(edge)
        target.append(to)
    }
}

/// Tarjan's strongly connected components, with a stack of its own: a chain of calls may be longer than the thread's.
enum StrongComponents {
    /// The number of each node's component; a component has a smaller number than those that lead to it.
    static func components(of graph: Adjacency) -> [Int] {
        let count = graph.out.count
        var component = [Int](repeating: -1, count: count), low = component, index = component
        var next = [Int](repeating: 0, count: count)
        var open: [Int] = [], path: [Int] = []
        var seen = 0, found = 0
        for start in 0..<count where index[start] < 0 {
            path.append(start)
            while let node = path.last {
                if index[node] < 0 {
                    index[node] = seen
                    low[node] = seen
                    seen += 1
                    open.append(node)
                }
                if next[node] < graph.out[node].count {
                    let target = graph.target[graph.out[node][next[node]]]
                    next[node] += 1
                    if index[target] < 0 {
                        path.append(target)
                    } else if component[target] < 0 {
                        low[node] = min(low[node], index[target])
                    }
                    continue
                }
                path.removeLast()
                if let caller = path.last { low[caller] = min(low[caller], low[node]) }
                guard low[node] == index[node] else { continue }
                while let member = open.popLast() {
                    component[member] = found
                    if member == node { break }
                }
                found += 1
            }
        }
        return component
    }
}
