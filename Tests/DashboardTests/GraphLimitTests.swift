import CellCanvas
@testable import Dashboard
import GraphLayout
import MeshModel
import Panels
import TestSupport
import Testing

/// Graphs nobody hopes for: a right picture or a stated cut, and every box and call counted.
@Suite struct GraphLimitTests {
    private func frame(_ calls: [(String, String)], lone: [String] = []) -> FrameData {
        var data = Shop.frame()
        data.edges[.service] = calls.map { Shop.edge($0, $1, Shop.signals(rate: 4), state: .good, reason: "", seed: 1) }
        data.entities[.service] = Shop.byName(Set(calls.flatMap { [$0.0, $0.1] } + lone).map { Shop.service($0, Shop.signals(rate: 4), pods: 1, seed: 1) })
        return data
    }

    private func driver(_ data: FrameData, glyphs: GlyphSet = .braille) -> Driver { Driver(data, width: 120, height: 40, place: .graph, settings: .init(glyphs: glyphs)) }
    private func graph(_ driver: Driver) -> CallPicture { driver.model.screen.panes[0].graph }

    /// Drawn and hidden together are all there is.
    private func isCounted(_ driver: Driver, nodes: Int, pairs: Int) -> Bool {
        let graph = graph(driver)
        let wires = Set(graph.picture.edgeSets.flatMap { $0 }).count
        return graph.picture.boxes.count + graph.calls.left.nodes + graph.picture.hidden.nodes == nodes && wires + graph.calls.left.pairs + graph.picture.hidden.edges == pairs
    }

    @Test func oneAloneAndNobodyAtAll() throws {
        let one = try driver(frame([], lone: ["web"])).playing("hjklPaa)(mB")
        #expect(one.picture.contains("Graph"))
        #expect(driver(frame([], lone: ["web"])).selected == "web")
        #expect(driver(frame([("web", "web")])).picture.contains("↺"))
        _ = try driver(frame([])).playing("hjklPa)(mBfFinNHJKLC<tab>j<tab><enter>")
    }

    @Test(arguments: ["", "a", ")", "m", "P"])
    func threeHundredCallers(_ keys: String) throws {
        let driver = try driver(frame((0..<300).map { ("caller-\($0)", "hub") })).playing(":focus hub<enter>" + keys)
        #expect(isCounted(driver, nodes: 301, pairs: 300))
        #expect(driver.picture.contains("(+288 nodes, +288 edges hidden)"))
        let hub = try #require(graph(driver).box(of: Shop.entity("hub")))
        #expect(hub.hiddenCallers == 288)
        #expect(driver.picture.contains("»+288"))
    }

    /// Who is left out for want of room is found, too.
    @Test func oneOfThreeHundredCallersIsFound() throws {
        let typed = try driver(frame((0..<300).map { ("caller-\($0)", "hub") })).playing(":focus hub<enter>/caller-250")
        #expect(typed.picture.contains("1 of 301  1 not drawn: Enter looks there"))
        let found = try typed.playing("<enter>")
        #expect(graph(found).center?.entity == Shop.entity("caller-250") && graph(found).box(of: Shop.entity("caller-250")) != nil)
    }

    @Test func fourThousandCalls() {
        var random = SeededGenerator(seed: 4)
        var pairs: Set<[Int]> = []
        while pairs.count < 4000 {
            let pair = [Int.random(in: 0..<600, using: &random), Int.random(in: 0..<600, using: &random)]
            if pair[0] != pair[1] { pairs.insert(pair) }
        }
        let driver = driver(frame(pairs.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }.map { ("s\($0[0])", "s\($0[1])") }))
        let nodes = Set(pairs.flatMap { $0 }).count
        #expect(graph(driver).center?.hops == 1)
        #expect(isCounted(driver, nodes: nodes, pairs: 4000))
    }

    @Test(arguments: [GlyphSet.braille, .ascii])
    func namesThatAreLongWideOrHostile(_ glyphs: GlyphSet) throws {
        let long = String(repeating: "payment-", count: 25)
        let names = [long + "a", long + "b", "注文サービス", "e\u{301}tude", "\u{1b}[31mred\u{7}", "a [b] | c", "👩‍👩‍👧 family", ""]
        for keys in ["", "]", "]]", "[[[", "m", "P", "LLL", "lllll", "<tab>"] {
            let driver = try driver(frame(names.dropFirst().map { (names[0], $0) }), glyphs: glyphs).playing(keys)
            #expect(!driver.picture.contains("\u{1b}"))
            var canvas = Canvas(width: 120, height: 40)
            view(driver.model, driver.data, into: &canvas)
            for y in 0..<40 { #expect(canvas.row(y).reduce(0) { $0 + Int($1.width) } == 120, "row \(y) keeps to its cells") }
        }
        let titles = Set(graph(driver(frame(names.dropFirst().map { (names[0], $0) }))).picture.boxes.map { String($0.lines[0].text.prefix($0.nameLength)) })
        #expect(titles.count == names.count, "names that are cut stay apart")
    }
}
