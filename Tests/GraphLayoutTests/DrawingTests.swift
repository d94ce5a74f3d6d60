import GraphLayout
import Testing

/// What a picture says besides its edges.
@Suite struct DrawingTests {
    private func wide(_ text: String) -> TextLine {
        // As a width table would say for these.
        TextLine(text.map { Glyph($0, width: $0.unicodeScalars.first.map { $0.value >= 0x2E80 } ?? false ? 2 : 1) })
    }

    @Test func orderOfTheInputDoesNotMatter() {
        for seed in 0..<20 {
            var random = Seeded(7000 + seed)
            let graph = Graphs.anything(2 + random.below(16), edges: random.below(24), &random)
            let first = LayeredLayout.picture(of: graph)
            #expect(LayeredLayout.picture(of: graph) == first)
            var shuffled = graph
            shuffled.nodes.shuffle(using: &random)
            #expect(LayeredLayout.picture(of: shuffled).text == first.text, "seed \(seed)")
            shuffled.edges = shuffled.edges.shuffled(using: &random)
            #expect(LayeredLayout.picture(of: shuffled).text == first.text, "seed \(seed)")
        }
    }

    @Test(arguments: [false, true]) func longNamesAreCutWithAMarkAndStayUnlike(_ ascii: Bool) {
        let stem = String(repeating: "very-long-", count: 20)
        var graph = Graphs.made(5, [(0, 1), (1, 2), (2, 3), (3, 4)]) { stem + "\($0)" }
        graph.nodes[4].name = "short"
        let picture = LayeredLayout.picture(of: graph, options: LayoutOptions(ascii: ascii))
        #expect(ReadBackTests.problems(graph, picture).isEmpty, "\(ReadBackTests.problems(graph, picture))")
        let names = picture.boxes.map { $0.lines[0].text }
        #expect(Set(names).count == 5)
        #expect(names.allSatisfy { $0 == "short" || $0.hasSuffix(ascii ? "~" : "…") && $0.count <= 40 }, "\(names)")
    }

    @Test func textOfAnyKindKeepsItsCells() {
        let names = ["支付服务", "💳pay", "e\u{301}migre\u{301}", "名前空間名前空間名前空間名前空間名前空間名前空間名前", "ok", "tab\tand blank [x]", "\u{1b}[31mred", "┌─┐", ""]
        var graph = Graphs.made(names.count, (1..<names.count).map { ($0 - 1, $0) } + [(0, 4), (5, 1)])
        for index in names.indices { graph.nodes[index].name = wide(names[index]) }
        graph.nodes[0].more = [wide("每秒 82 次"), wide("│ 3 ms │")]
        for options in ReadBackTests.everyOption {
            let picture = LayeredLayout.picture(of: graph, options: options)
            #expect(ReadBackTests.problems(graph, picture).isEmpty, "\(options)\n\(ReadBackTests.problems(graph, picture))")
            for box in picture.boxes { #expect(box.lines.allSatisfy { $0.width <= box.rect.width - 2 }) }
            #expect(!picture.text.unicodeScalars.contains("\u{1b}"))
        }
    }

    @Test func likeNamesCarryTheirNamespace() {
        var graph = Graphs.made(3, [(0, 1), (1, 2)]) { ["redis", "redis", "cart"][$0] }
        graph.nodes[0].group = "shop"
        graph.nodes[1].group = "billing"
        let names = LayeredLayout.picture(of: graph).boxes.map { $0.lines[0].text }.sorted()
        #expect(names == ["cart", "redis.billing", "redis.shop"])
    }

    @Test func manyCallersAreCounted() {
        var graph = Graphs.made(302, (1..<301).map { ($0, 0) } + [(0, 301)]) { "svc\($0)" }
        for index in graph.edges.indices { graph.edges[index].weight = Double(index) }
        graph.edges[7].severity = 2
        let picture = LayeredLayout.picture(of: graph)
        #expect(ReadBackTests.problems(graph, picture).isEmpty, "\(ReadBackTests.problems(graph, picture))")
        #expect(picture.hidden.edges == 288 && picture.hidden.nodes == 288)
        #expect(picture.boxes.contains { $0.node == 0 && $0.hiddenCallers == 288 && $0.lines[0].text == "svc0 »+288" })
        #expect(picture.boxes.contains { $0.node == 8 }, "the failing caller is drawn")
        #expect(picture.boxes.contains { $0.node == 300 } && !picture.boxes.contains { $0.node == 1 }, "the busiest are drawn")
        #expect(picture.caption == "(+288 nodes, +288 edges hidden)")
        #expect(picture.text.hasSuffix("(+288 nodes, +288 edges hidden)\n"))
    }

    /// Ten layers of 120, each node with some three callees in the next: 4,000 calls, of which a few are the same.
    @Test func fourThousandEdges() {
        var random = Seeded(9000)
        var graph = Graphs.made(1200, (0..<4000).map { _ in
            let source = random.below(1080), block = source / 120
            return (source, (block + 1) * 120 + (source % 120 + random.below(8)) % 120)
        })
        graph.edges.append(GraphEdge(1199, 0))
        let picture = LayeredLayout.picture(of: graph, options: LayoutOptions(compact: true))
        let problems = ReadBackTests.problems(graph, picture)
        #expect(problems.isEmpty, "\(problems)")
        #expect(picture.boxes.count + picture.hidden.nodes == 1200)
    }

    @Test func aWireThatLeavesTheViewSaysSo() {
        let picture = LayeredLayout.picture(of: Graphs.boutique)
        #expect(picture.cells(in: BoxRect(x: 0, y: 0, width: picture.width, height: picture.height)) == picture.cells)
        let left = picture.cells(in: BoxRect(x: 0, y: 0, width: 27, height: picture.height))
        #expect(left.filter { $0.scalar == "»" }.count == picture.cells.filter { $0.x == 26 && $0.arms & 2 != 0 }.count)
        #expect(left.contains { $0.scalar == "»" } && left.allSatisfy { $0.x < 27 })
        let right = picture.cells(in: BoxRect(x: 28, y: 4, width: 40, height: 6))
        #expect(right.allSatisfy { (28..<68).contains($0.x) && (4..<10).contains($0.y) })
        #expect(right.contains { $0.scalar == "↓" } && right.contains { $0.scalar == "↑" })
    }

    @Test func wrongInputIsCounted() {
        var graph = Graphs.made(3, [(0, 1), (1, 99), (98, 97)])
        graph.nodes.append(GraphNode(id: 1, name: "again"))
        let picture = LayeredLayout.picture(of: graph)
        #expect(picture.hidden.dangling == 3)
        #expect(picture.boxes.count == 3)
    }

    @Test func loopsAreMarkedInTheirBox() {
        let picture = LayeredLayout.picture(of: Graphs.made(1, [(0, 0)]))
        #expect(picture.text == "┌──────┐\n│ n0 ↺ │\n└──────┘\n")
        #expect(LayeredLayout.picture(of: Graphs.made(1, [(0, 0)]), options: LayoutOptions(ascii: true, compact: true)).text == "[n0 @]\n")
    }

    /// The screen walks along edges and lights them up by what the cells say of themselves.
    @Test func cellsKnowTheirEdges() {
        for seed in 0..<20 {
            var random = Seeded(8000 + seed)
            let graph = Graphs.anything(3 + random.below(20), edges: 5 + random.below(40), &random)
            let picture = LayeredLayout.picture(of: graph)
            var cells: [Int: Int] = [:]
            for cell in picture.cells {
                for edge in Set(picture.edgeSets[cell.along] + (cell.across.map { picture.edgeSets[$0] } ?? [])) { cells[edge, default: 0] += 1 }
                if let tone = cell.tone { #expect(picture.edgeSets[cell.along].contains(tone)) }
            }
            for (index, edge) in graph.edges.enumerated() where edge.source != edge.target {
                #expect((cells[index] ?? 0) >= 3 || picture.hidden.edges > 0, "seed \(8000 + seed), edge \(index)")
            }
        }
    }
}
