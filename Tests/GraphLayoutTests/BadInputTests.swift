import GraphLayout
import Testing

/// Graphs nobody would draw: the picture is right, or says what it leaves out.
@Suite struct BadInputTests {
    @Test func nothingIsAnEmptyPicture() {
        let picture = LayeredLayout.picture(of: GraphInput())
        #expect(picture.text.isEmpty && picture.width == 0 && picture.height == 0)
    }

    @Test(arguments: Flow.allCases) func everybodyCallsEverybody(_ flow: Flow) {
        for count in [3, 6, 11] {
            let graph = Graphs.made(count, (0..<count * count).map { ($0 / count, $0 % count) })
            let picture = LayeredLayout.picture(of: graph, options: LayoutOptions(flow: flow, mostNeighbours: count))
            #expect(picture.hidden.edges == 0)
            #expect(ReadBackTests.problems(graph, picture).isEmpty, "\(count)\n\(ReadBackTests.problems(graph, picture))")
        }
    }

    @Test func aPictureTooLargeIsCutAndSaysSo() {
        var random = Seeded(9100)
        var graph = Graphs.anything(40, edges: 160, &random)
        for index in graph.edges.indices { graph.edges[index].severity = index == 77 ? 2 : 0 }
        var options = LayoutOptions(mostNeighbours: 40)
        let whole = LayeredLayout.picture(of: graph, options: options)
        options.mostCells = whole.width * whole.height / 4
        let cut = LayeredLayout.picture(of: graph, options: options)
        #expect(whole.hidden.edges == 0 && cut.hidden.edges > 0)
        #expect(cut.width * cut.height <= options.mostCells + cut.width * 20)
        #expect(ReadBackTests.problems(graph, cut).isEmpty, "\(ReadBackTests.problems(graph, cut))")
        #expect(cut.text.hasSuffix(cut.caption + "\n") && !cut.caption.isEmpty)
        #expect(cut.edgeSets.contains { $0.contains(77) } || graph.edges[77].source == graph.edges[77].target, "what fails is drawn")
    }

    /// A long chain whose nodes all call its end: every wire passes every layer behind its caller.
    @Test func wiresThatPassTooManyLayersAreCut() {
        let graph = Graphs.made(60, (0..<59).map { ($0, $0 + 1) } + (0..<58).map { ($0, 59) })
        var options = LayoutOptions(compact: true, mostNeighbours: 100)
        #expect(LayeredLayout.picture(of: graph, options: options).hidden.edges == 0)
        options.mostItems = 300
        let cut = LayeredLayout.picture(of: graph, options: options)
        #expect(cut.hidden.edges > 0)
        #expect(ReadBackTests.problems(graph, cut).isEmpty, "\(ReadBackTests.problems(graph, cut))")
    }
}
