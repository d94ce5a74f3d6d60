import GraphLayout
import Testing

/// A program that reads the picture alone recovers exactly the edges.
@Suite struct ReadBackTests {
    static let everyOption: [LayoutOptions] = Flow.allCases.flatMap { flow in
        [(false, false), (false, true), (true, false), (true, true)].map { LayoutOptions(flow: flow, ascii: $0.0, compact: $0.1) }
    }

    /// What is wrong with a picture, with the picture; empty if nothing is.
    static func problems(_ input: GraphInput, _ picture: GraphPicture) -> String {
        let options = picture.options
        let reading = PictureReader(picture.characters, topDown: options.flow == .topDown, ascii: options.ascii).read()
        var problems = reading.problems
        var name: [Int: String] = [:]
        for box in picture.boxes { name[input.nodes[box.node].id] = TextLine(Array(box.lines[0].glyphs.prefix(box.nameLength))).text }
        if Set(name.values).count != name.count { problems.append("two boxes have one name") }
        if reading.names.sorted() != name.values.sorted() { problems.append("boxes: \(reading.names.sorted()) instead of \(name.values.sorted())") }
        struct Ends: Hashable { var source: Int, target: Int }
        let pairs = Set(input.edges.map { Ends(source: $0.source, target: $0.target) })
        let known = Set(input.nodes.map(\.id))
        let drawable = pairs.filter { known.contains($0.source) && known.contains($0.target) }
        let all = Set(drawable.compactMap { pair in name[pair.source].flatMap { a in name[pair.target].map { PictureReader.Pair(source: a, target: $0) } } })
        let wrong = reading.edges.subtracting(all).sorted()
        if !wrong.isEmpty { problems.append("edges that are none: \(wrong)") }
        let loops = drawable.count { $0.source == $0.target && name[$0.source] == nil }
        if reading.edges.count + picture.hidden.edges + loops != drawable.count { problems.append("missing: \(all.subtracting(reading.edges).sorted()), hidden \(picture.hidden.edges)") }
        if picture.boxes.count + picture.hidden.nodes != known.count { problems.append("\(picture.boxes.count) boxes and \(picture.hidden.nodes) hidden of \(known.count)") }
        problems += overlaps(picture)
        return problems.isEmpty ? "" : problems.prefix(12).joined(separator: "\n") + "\n" + (picture.height < 120 ? picture.text : "")
    }

    /// Boxes are apart, wires are beside them and every cell is inside of the picture.
    private static func overlaps(_ picture: GraphPicture) -> [String] {
        var taken = Array(repeating: Array(repeating: false, count: picture.width), count: picture.height)
        var problems: [String] = []
        func take(_ x: Int, _ y: Int) {
            guard (0..<picture.width).contains(x), (0..<picture.height).contains(y) else { return problems.append("something outside, at \(x),\(y)") }
            if taken[y][x] { problems.append("two things at \(x),\(y)") }
            taken[y][x] = true
        }
        for box in picture.boxes { for y in box.rect.y..<box.rect.bottom { for x in box.rect.x..<box.rect.right { take(x, y) } } }
        for cell in picture.cells { take(cell.x, cell.y) }
        return problems
    }

    private func check(_ input: GraphInput, _ options: LayoutOptions, _ what: String) {
        let problems = Self.problems(input, LayeredLayout.picture(of: input, options: options))
        #expect(problems.isEmpty, "\(what), \(options):\n\(problems)")
    }

    @Test(arguments: everyOption) func knownShapes(_ options: LayoutOptions) {
        for (name, input) in Graphs.shapes { check(input, options, name) }
    }

    /// Each graph with one of the options, 2,000 graphs in all.
    @Test(arguments: everyOption.indices) func smallRandomGraphs(_ option: Int) {
        for seed in stride(from: option, to: 2000, by: Self.everyOption.count) {
            var random = Seeded(seed)
            let count = 1 + random.below(7)
            check(Graphs.anything(count, edges: random.below(5 * count / 2), &random), Self.everyOption[option], "seed \(seed)")
        }
    }

    @Test(arguments: everyOption.indices) func layeredGraphs(_ option: Int) {
        for seed in stride(from: 10_000 + option, to: 10_040, by: Self.everyOption.count) {
            var random = Seeded(seed)
            check(Graphs.layered(8 + random.below(50), back: seed % 3 == 0 ? 0 : 3, &random), Self.everyOption[option], "seed \(seed)")
        }
    }

    @Test func boutiqueFitsTwentyFourRows() {
        let picture = LayeredLayout.picture(of: Graphs.boutique)
        #expect(picture.height <= 24, "\(picture.text)")
    }
}
