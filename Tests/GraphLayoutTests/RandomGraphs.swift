import GraphLayout

/// The same numbers on every machine.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<max(1, bound), using: &self) }
}

/// Shapes that broke one engine or another.
enum Graphs {
    static func made(_ count: Int, _ edges: [(Int, Int)], name: (Int) -> String = { "n\($0)" }) -> GraphInput {
        GraphInput(nodes: (0..<count).map { GraphNode(id: $0, name: TextLine(narrow: name($0))) }, edges: edges.map { GraphEdge($0.0, $0.1) })
    }

    /// `count` nodes in layers, each with up to `out` callees in later layers; of a hundred edges, `back` are turned round.
    static func layered(_ count: Int, out: Int = 2, back: Int = 0, _ random: inout Seeded) -> GraphInput {
        let layers = max(2, Int(Double(count).squareRoot()))
        var edges: [(Int, Int)] = []
        for node in 0..<count {
            let later = (0..<count).filter { $0 % layers > node % layers }
            guard !later.isEmpty else { continue }
            for _ in 0..<1 + random.below(out) {
                // Mostly to the next layer.
                let next = later.filter { $0 % layers == node % layers + 1 }
                let target = random.below(4) > 0 && !next.isEmpty ? next[random.below(next.count)] : later[random.below(later.count)]
                edges.append(random.below(100) < back ? (target, node) : (node, target))
            }
        }
        return made(count, edges)
    }

    static func anything(_ count: Int, edges: Int, _ random: inout Seeded) -> GraphInput {
        var graph = made(count, (0..<edges).map { _ in (random.below(count), random.below(count)) })
        for index in graph.edges.indices {
            graph.edges[index].line = WireLine.allCases[random.below(3)]
            graph.edges[index].severity = UInt8(random.below(3))
            graph.edges[index].weight = Double(random.below(100))
        }
        for index in graph.nodes.indices {
            graph.nodes[index].frame = Frame.allCases[random.below(4)]
            graph.nodes[index].more = Array(repeating: "82 rps", count: random.below(3))
            graph.nodes[index].isEntry = random.below(10) == 0
        }
        return graph
    }

    static let boutique: GraphInput = {
        let names = ["loadgen", "frontend", "ad", "recommend", "checkout", "catalog", "payment", "email", "currency", "cart", "shipping", "redis"]
        let edges = [(0, 1), (1, 2), (1, 3), (1, 4), (1, 5), (1, 8), (1, 9), (1, 10), (3, 5), (4, 5), (4, 6), (4, 7), (4, 8), (4, 9), (4, 10), (9, 11)]
        return made(12, edges) { names[$0] }
    }()

    static let shapes: [(String, GraphInput)] = {
        let chain = (0..<59).map { ($0, $0 + 1) }
        let ring = (0..<30).map { ($0, ($0 + 1) % 30) }
        let out = (1..<13).map { (0, $0) }, into = (1..<13).map { ($0, 0) }
        let three = (0..<9).map { ($0 / 3, 3 + $0 % 3) }, eight = (0..<64).map { ($0 / 8, 8 + $0 % 8) }
        var ladder: [(Int, Int)] = []
        for rung in 0..<11 { ladder += [(2 * rung, 2 * rung + 2), (2 * rung + 1, 2 * rung + 3), (2 * rung, 2 * rung + 1)] }
        let everybody = (0..<49).map { ($0 / 7, $0 % 7) }
        let long = (0..<7).map { ($0, $0 + 1) } + [(0, 7), (0, 4), (2, 7), (7, 0), (5, 1), (6, 3)]
        var shapes: [(String, GraphInput)] = [("nothing", made(0, [])), ("one", made(1, [])), ("one calling itself", made(1, [(0, 0)]))]
        shapes += [("two", made(2, [(0, 1)])), ("two each way", made(2, [(0, 1), (1, 0)])), ("parallel", made(2, [(0, 1), (0, 1), (0, 1)]))]
        shapes += [("boutique", boutique), ("swap", made(6, [(0, 1), (0, 2), (1, 4), (2, 3), (1, 3), (2, 4), (3, 5), (4, 5)]))]
        shapes += [("swap of two", made(4, [(0, 3), (1, 2)])), ("chain of 60", made(60, chain)), ("ring of 30", made(30, ring))]
        shapes += [("star out", made(13, out)), ("star in", made(13, into)), ("K(3,3)", made(6, three)), ("K(8,8)", made(16, eight)), ("ladder", made(24, ladder))]
        shapes += [("two cycles sharing a node", made(5, [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 2)]))]
        shapes += [("apart", made(12, [(0, 1), (1, 2), (3, 4), (5, 6), (6, 5), (7, 7)])), ("everybody calls everybody", made(7, everybody))]
        shapes += [("long and short", made(8, long))]
        return shapes
    }()
}
