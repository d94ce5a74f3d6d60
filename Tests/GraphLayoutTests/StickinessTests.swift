import GraphLayout
import Testing

/// A picture made with the hints of the last one.
@Suite struct StickinessTests {
    /// Of the nodes in both, the share that keeps layer and row.
    private func kept(_ before: GraphPicture, _ after: GraphPicture) -> Double {
        let both = before.hints.nodes.filter { after.hints.nodes[$0.key] != nil }
        let same = both.count { id, place in after.hints.nodes[id].map { $0.layer == place.layer && $0.row == place.row } ?? false }
        return both.isEmpty ? 1 : Double(same) / Double(both.count)
    }

    /// Meshes and arbitrary graphs, of which a few fall apart and some nodes have no edge.
    private func graphs(_ count: Int, from first: Int) -> [(String, GraphInput, Seeded)] {
        (first..<first + count).map { seed in
            var random = Seeded(seed)
            let count = 6 + random.below(24)
            let graph = seed % 3 == 2 ? Graphs.anything(count, edges: count * 3 / 2, &random) : Graphs.layered(count, out: 1 + seed % 2, back: seed % 4, &random)
            return ("seed \(seed)", graph, random)
        }
    }

    @Test(arguments: Flow.allCases) func aLeafMoreLeavesOthersInPlace(_ flow: Flow) {
        let options = LayoutOptions(flow: flow)
        for (what, graph, held) in graphs(16, from: flow == .topDown ? 5000 : 5100) {
            var random = held, graph = graph
            var last = LayeredLayout.picture(of: graph, options: options)
            for step in 0..<6 {
                let new = graph.nodes.count, other = random.below(new)
                graph.nodes.append(GraphNode(id: new, name: TextLine(narrow: "leaf\(step)")))
                graph.edges.append(step % 3 == 2 ? GraphEdge(new, other) : GraphEdge(other, new))
                let next = LayeredLayout.picture(of: graph, options: options, hints: last.hints)
                #expect(kept(last, next) >= 0.95, "\(what), step \(step): \(kept(last, next))")
                #expect(ReadBackTests.problems(graph, next).isEmpty, "\(what), step \(step):\n\(ReadBackTests.problems(graph, next))")
                last = next
            }
        }
    }

    @Test(arguments: Flow.allCases) func aLeafLessLeavesOthersInPlace(_ flow: Flow) {
        let options = LayoutOptions(flow: flow)
        for (what, graph, _) in graphs(16, from: flow == .topDown ? 5200 : 5300) {
            let before = LayeredLayout.picture(of: graph, options: options)
            guard let leaf = graph.nodes.first(where: { node in graph.edges.count { ($0.source == node.id) != ($0.target == node.id) } == 1 }) else { continue }
            var less = graph
            less.nodes.removeAll { $0.id == leaf.id }
            less.edges.removeAll { $0.source == leaf.id || $0.target == leaf.id }
            let after = LayeredLayout.picture(of: less, options: options, hints: before.hints)
            #expect(kept(before, after) >= 0.95, "\(what): \(kept(before, after))")
            #expect(ReadBackTests.problems(less, after).isEmpty, "\(what):\n\(ReadBackTests.problems(less, after))")
        }
    }

    @Test(arguments: Flow.allCases) func nothingNewGivesTheSamePicture(_ flow: Flow) {
        for (what, graph, _) in graphs(16, from: flow == .topDown ? 5400 : 5500) {
            let first = LayeredLayout.picture(of: graph, options: LayoutOptions(flow: flow))
            let second = LayeredLayout.picture(of: graph, options: LayoutOptions(flow: flow), hints: first.hints)
            #expect(second.text == first.text, "\(what)\n\(first.text)\n\(second.text)")
            #expect(second.hints == first.hints, "\(what)")
        }
    }

    /// How busy an edge is and how well it does changes all the time.
    @Test func weightsAndStatesMoveNothing() {
        for (what, graph, held) in graphs(16, from: 5600) {
            var random = held, other = graph
            for index in other.edges.indices {
                other.edges[index].weight = Double(random.below(100))
                other.edges[index].severity = UInt8(random.below(3))
                other.edges[index].line = WireLine.allCases[random.below(3)]
            }
            let before = LayeredLayout.picture(of: graph, options: LayoutOptions(mostNeighbours: 40))
            let after = LayeredLayout.picture(of: other, options: LayoutOptions(mostNeighbours: 40), hints: before.hints)
            #expect(Set(after.boxes.map { [$0.node, $0.rect.x, $0.rect.y] }) == Set(before.boxes.map { [$0.node, $0.rect.x, $0.rect.y] }), "\(what)")
            #expect(after.cells.map { [$0.x, $0.y, Int($0.arms)] } == before.cells.map { [$0.x, $0.y, Int($0.arms)] }, "\(what)")
        }
    }

    /// A call between two that are there may push the callee, and whom it calls, behind the caller.
    @Test func aCallMoreMovesOnlyWhatItLeadsTo() {
        for (what, graph, held) in graphs(24, from: 5700) {
            var random = held, graph = graph
            let before = LayeredLayout.picture(of: graph)
            let edge = GraphEdge(random.below(graph.nodes.count), random.below(graph.nodes.count))
            graph.edges.append(edge)
            let after = LayeredLayout.picture(of: graph, hints: before.hints)
            var reached: Set<Int> = [], open = [edge.target]
            while let node = open.popLast() {
                if reached.insert(node).inserted { open += graph.edges.filter { $0.source == node }.map(\.target) }
            }
            for (id, place) in before.hints.nodes where !reached.contains(id) {
                #expect(after.hints.nodes[id].map { $0.layer == place.layer && $0.row == place.row } ?? true, "\(what): \(id)")
            }
            #expect(ReadBackTests.problems(graph, after).isEmpty, "\(what):\n\(ReadBackTests.problems(graph, after))")
        }
    }

    /// Boxes grow and shrink with their numbers, edges come and go.
    @Test func edgesThatComeAndGoAreStillReadRight() {
        for (what, graph, held) in graphs(16, from: 5800) {
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
