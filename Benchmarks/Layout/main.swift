// Layouts of made-up meshes, and of a list of edges, for Benchmarks/layout.py to set beside other tools.
//   telltale-layout-bench make SHAPE NODES SEED          prints a graph: a line `caller callee` an edge
//   telltale-layout-bench draw FILE [picture] [td] [1|3]   lays it out from scratch; prints figures as JSON, or the picture; td is top-down,
//                                                          the number that of the rows in a box
import Glibc
import GraphLayout

struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// `mesh`: every service has a caller in the layer before, and a third of them a second one further up. `double`: each has two callees
/// in later layers. Of a hundred edges three are turned round.
func made(_ shape: String, _ count: Int, _ seed: Int) -> [(Int, Int)] {
    var random = Seeded(state: UInt64(truncatingIfNeeded: seed))
    let layers = max(3, Int(Double(count).squareRoot() / 2))
    var edges: [(Int, Int)] = []
    var seen: Set<[Int]> = []
    func add(_ a: Int, _ b: Int) {
        let turned = Int.random(in: 0..<100, using: &random) < 3
        let edge = turned ? (b, a) : (a, b)
        if seen.insert([edge.0, edge.1]).inserted { edges.append(edge) }
    }
    func some(in layer: Int) -> Int? { Array(stride(from: layer, to: count, by: layers)).randomElement(using: &random) }
    for node in 0..<count {
        let layer = node % layers
        if shape == "mesh" {
            if layer > 0, let caller = some(in: layer - 1) { add(caller, node) }
            if layer > 1, Int.random(in: 0..<3, using: &random) == 0, let caller = some(in: Int.random(in: max(0, layer - 3)..<layer, using: &random)) { add(caller, node) }
        } else {
            for _ in 0..<2 where layer < layers - 1 {
                if let callee = some(in: min(layers - 1, layer + [1, 1, 1, 2][Int.random(in: 0..<4, using: &random)])) { add(node, callee) }
            }
        }
    }
    return edges
}

func read(_ path: String) -> GraphInput {
    var graph = GraphInput()
    var ids: [String: Int] = [:]
    guard let file = fopen(path, "r") else {
        fputs("\(path): \(String(cString: strerror(errno)))\n", stderr)
        exit(2)
    }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 512)
    while fgets(&buffer, 512, file) != nil {
        let line = buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
        let ends = String(decoding: line, as: UTF8.self).split(separator: " ").map { name in
            let id = ids[String(name), default: ids.count]
            if id == ids.count {
                ids[String(name)] = id
                graph.nodes.append(GraphNode(id: id, name: TextLine(narrow: String(name))))
            }
            return id
        }
        if ends.count == 2 { graph.edges.append(GraphEdge(ends[0], ends[1])) }
    }
    return graph
}

let arguments = CommandLine.arguments
if arguments.count == 5, arguments[1] == "make", let count = Int(arguments[3]), let seed = Int(arguments[4]) {
    for (source, target) in made(arguments[2], count, seed) { print("s\(source) s\(target)") }
} else if arguments.count >= 3, arguments[1] == "draw" {
    var graph = read(arguments[2])
    let words = arguments.dropFirst(3)
    let options = LayoutOptions(flow: words.contains("td") ? .topDown : .leftToRight, compact: words.contains("1"), mostNeighbours: 1_000_000)
    if words.contains("3") {
        for index in graph.nodes.indices { graph.nodes[index].more = ["82 rps  6.1%", "p95 310 ms"] }
    }
    if words.contains("picture") {
        print(LayeredLayout.picture(of: graph, options: options).text, terminator: "")
    } else {
        let clock = ContinuousClock()
        var picture = GraphPicture()
        let time = clock.measure { picture = LayeredLayout.picture(of: graph, options: options) }
        let milliseconds = Double(time.components.attoseconds) / 1e15 + Double(time.components.seconds) * 1000
        print("{\"nodes\": \(graph.nodes.count), \"edges\": \(graph.edges.count), \"ms\": \(milliseconds), \"crossings\": \(picture.crossings), \"width\": \(picture.width), \"height\": \(picture.height)}")
    }
} else {
    print("telltale-layout-bench make SHAPE NODES SEED | draw FILE [picture] [td] [1|3]")
    exit(2)
}
