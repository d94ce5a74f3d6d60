import GraphLayout
import Testing

/// A picture made with the hints of the last one.
@Suite struct StickinessTests {
    /// Of the nodes in both, the share that keeps layer and row. A part that makes room for another moves as a whole: rows count within it.
    private func kept(_ before: GraphPicture, _ after: GraphPicture, _ graph: GraphInput) -> Double {
        let part = parts(graph)
        var shifts: [Int: [Int: Int]] = [:]
        for (id, place) in before.hints.nodes {
            if let now = after.hints.nodes[id] { shifts[part[id] ?? id, default: [:]][now.layer == place.layer ? now.row - place.row : Int.max, default: 0] += 1 }
        }
        let all = shifts.values.reduce(0) { $0 + $1.values.reduce(0, +) }
        let same = shifts.values.reduce(0) { sum, counts in sum + (shifts.count == 1 ? counts[0] ?? 0 : counts.filter { $0.key != Int.max }.values.max() ?? 0) }
        return all == 0 ? 1 : Double(same) / Double(all)
    }

    /// The smallest node each hangs together with.
    private func parts(_ graph: GraphInput) -> [Int: Int] {
        var part: [Int: Int] = [:]
        for node in graph.nodes { part[node.id] = node.id }
        var changed = true
        while changed {
            changed = false
            for edge in graph.edges {
                guard let a = part[edge.source], let b = part[edge.target], a != b else { continue }
                part[edge.source] = min(a, b)
                part[edge.target] = min(a, b)
                changed = true
            }
        }
        return part
    }

    private func meshes() -> [(String, GraphInput, Seeded)] {
        (0..<45).map { seed in
            var random = Seeded(5000 + seed)
            let count = 10 + random.below(60)
            let graph = seed % 3 == 2 ? Graphs.anything(count, edges: count * 3 / 2, &random) : Graphs.layered(count, out: 1 + seed % 2, back: seed % 4, &random)
            return ("seed \(5000 + seed)", graph, random)
        }
    }

    @Test(arguments: Flow.allCases) func aLeafMoreLeavesOthersInPlace(_ flow: Flow) {
        let options = LayoutOptions(flow: flow)
        for (what, graph, held) in meshes() {
            var random = held, graph = graph
            var last = LayeredLayout.picture(of: graph, options: options)
            for step in 0..<6 {
                let before = graph, new = graph.nodes.count, other = random.below(new)
                graph.nodes.append(GraphNode(id: new, name: TextLine(narrow: "leaf\(step)")))
                graph.edges.append(step % 3 == 2 ? GraphEdge(new, other) : GraphEdge(other, new))
                let next = LayeredLayout.picture(of: graph, options: options, hints: last.hints)
                #expect(kept(last, next, before) >= 0.95, "\(what), step \(step): \(kept(last, next, before))")
                #expect(ReadBackTests.problems(graph, next).isEmpty, "\(what), step \(step):\n\(ReadBackTests.problems(graph, next))")
                last = next
            }
        }
    }

    @Test(arguments: Flow.allCases) func aLeafLessLeavesOthersInPlace(_ flow: Flow) {
        let options = LayoutOptions(flow: flow)
        for (what, graph, _) in meshes() {
            let before = LayeredLayout.picture(of: graph, options: options)
            guard let leaf = graph.nodes.first(where: { node in graph.edges.count { ($0.source == node.id) != ($0.target == node.id) } == 1 }) else { continue }
            var less = graph
            less.nodes.removeAll { $0.id == leaf.id }
            less.edges.removeAll { $0.source == leaf.id || $0.target == leaf.id }
            let after = LayeredLayout.picture(of: less, options: options, hints: before.hints)
            #expect(kept(before, after, graph) >= 0.95, "\(what): \(kept(before, after, graph))")
            #expect(ReadBackTests.problems(less, after).isEmpty, "\(what):\n\(ReadBackTests.problems(less, after))")
        }
    }

    @Test func nothingNewGivesTheSamePicture() {
        for (what, graph, _) in meshes().prefix(40) {
            let first = LayeredLayout.picture(of: graph)
            let second = LayeredLayout.picture(of: graph, hints: first.hints)
            #expect(second.text == first.text, "\(what)\n\(first.text)\n\(second.text)")
            #expect(second.hints == first.hints, "\(what)")
        }
    }

    /// Numbers change all the time; boxes grow with them.
    @Test func edgesThatComeAndGoAreStillReadRight() {
        for (what, graph, held) in meshes() {
            var random = held, graph = graph
            var hints = LayoutHints()
            for step in 0..<5 {
                for _ in 0..<1 + random.below(3) {
                    if random.below(2) == 0, !graph.edges.isEmpty { graph.edges.remove(at: random.below(graph.edges.count)) }
                    graph.edges.append(GraphEdge(random.below(graph.nodes.count), random.below(graph.nodes.count)))
                    graph.nodes[random.below(graph.nodes.count)].more = Array(repeating: "p95 310 ms", count: random.below(4))
                }
                let picture = LayeredLayout.picture(of: graph, hints: hints)
                #expect(ReadBackTests.problems(graph, picture).isEmpty, "\(what), step \(step):\n\(ReadBackTests.problems(graph, picture))")
                hints = picture.hints
            }
        }
    }
}
