import CellCanvas
@testable import Dashboard
import GraphLayout
import MeshModel
import Panels
import TestSupport
import Testing

/// The picture of who calls whom, and the way through it.
@Suite struct GraphScreenTests {
    private static let calls: [(String, String)] = [
        ("gateway", "frontend"), ("frontend", "cart"), ("frontend", "catalog"), ("frontend", "checkout"), ("frontend", "recommendation"), ("checkout", "cart"),
        ("checkout", "payment"), ("checkout", "shipping"), ("payment", "ledger"), ("recommendation", "catalog"), ("recommendation", "inventory"),
        ("catalog", "inventory"), ("shipping", "inventory"),
    ]

    static var frame: FrameData {
        var data = Shop.frame()
        let failing = Dictionary(uniqueKeysWithValues: Shop.failingEdges.map { (EdgeKey($0), $0) })
        data.edges[.service] = calls.map { source, destination in
            let plain = Shop.edge(source, destination, Shop.signals(rate: 40, p50: 5), state: .good, reason: "", seed: 1)
            return failing[EdgeKey(plain)] ?? plain
        }
        return data
    }

    private func driver(_ width: Int = 120, _ height: Int = 40, glyphs: GlyphSet = .braille) -> Driver {
        Driver(Self.frame, width: width, height: height, place: .graph, settings: .init(glyphs: glyphs))
    }

    @Test(arguments: [(80, 24), (120, 40), (200, 50)])
    func pictures(_ width: Int, _ height: Int) throws {
        for (name, glyphs) in [("graph", GlyphSet.braille), ("graph-ascii", .ascii)] {
            let driver = driver(width, height, glyphs: glyphs)
            var canvas = Canvas(width: width, height: height)
            view(driver.model, driver.data, into: &canvas)
            if let difference = Golden.difference(canvas, named: name) { Issue.record("\(difference)") }
        }
    }

    /// Along a wire and along it again to the next box; up and down among its siblings.
    @Test(arguments: [
        ("", "checkout"), ("l", "checkout → payment"), ("ll", "payment"), ("llll", "ledger"), ("lllll", "ledger"), ("lh", "checkout"), ("h", "frontend → checkout"),
        ("hh", "frontend"), ("hhhh", "gateway"), ("hhhhh", "gateway"), ("hhl", "frontend → checkout"), ("hhllll", "payment"), ("j", "recommendation"), ("jk", "checkout"),
        ("lj", "checkout → shipping"), ("ljj", "checkout → cart"), ("ljjj", "checkout → cart"), ("ljjk", "checkout → shipping"), ("ljl", "shipping"),
        ("hhlj", "frontend → cart"), ("n", "payment"), ("N", "frontend"), ("/ledg<enter>", "ledger"), ("/ca<enter>n", "catalog"), ("/ca<enter>nn", "cart"),
    ])
    func walks(_ keys: String, _ expected: String) throws {
        let driver = try driver().playing(keys)
        #expect(driver.selected == expected)
    }

    @Test func askedForEdgesAndServices() {
        #expect(queries(for: driver().model).queries.contains(.edges(.service)))
        #expect(queries(for: driver().model).queries.contains(.entities(.service)))
    }

    /// Picture and table show one selection.
    @Test func theTableIsTheOtherView() throws {
        var driver = try driver().playing("l<tab>")
        #expect(driver.model.screen.pane.kind == .calls && driver.selected == "checkout → payment")
        #expect(driver.picture.contains("Calls 13"))
        try driver.play("<tab>")
        #expect(driver.selected == "checkout → payment")
        try driver.play("<tab>j<tab>")
        #expect(driver.model.screen.pane.kind == .graph && driver.selected == "frontend → checkout")
        #expect(try self.driver().playing("<tab>").selected == "checkout → payment", "of a box the worst of its calls")
        #expect(try self.driver().playing("<tab><tab>").selected == "checkout", "who only looked comes back to where it was")
    }

    /// The page of a call: both sides, its course, versions and answers.
    @Test(arguments: [(80, 24), (120, 40)])
    func theCallsPage(_ width: Int, _ height: Int) throws {
        var data = Self.frame
        data.edges[.service] = data.edges[.service]?.map { edge in
            guard edge.source == Shop.entity("checkout"), edge.destination == Shop.entity("payment") else { return edge }
            var edge = edge
            edge.client = Shop.signals(rate: 82.1, errorShare: 0.062, p50: 31, flags: ["UF"])
            edge.server = Shop.signals(rate: 82.4, errorShare: 0.05, p50: 30)
            edge.versions = [VersionRow(version: "v1", signals: Shop.signals(rate: 65.7, p50: 29)), VersionRow(version: "v2", signals: Shop.signals(rate: 16.4, errorShare: 0.31, p50: 44))]
            return edge
        }
        data.callTrend = CallTrend(source: Shop.key(.service, "checkout"), destination: Shop.entity("payment"), trend: Trend(rates: Shop.trend(82, seed: 9), errors: Shop.errorTrend(5, seed: 8)))
        let driver = try Driver(data, width: width, height: height, place: .graph).playing("l<enter>")
        #expect(queries(for: driver.model).queries.contains(.callTrend(Shop.key(.service, "checkout"), to: Shop.entity("payment"))))
        var canvas = Canvas(width: width, height: height)
        view(driver.model, driver.data, into: &canvas)
        if let difference = Golden.difference(canvas, named: "call") { Issue.record("\(difference)") }
    }

    @Test func opensThePage() throws {
        #expect(try driver().playing("ll<enter>").titles == ["Graph", "payment"])
        #expect(try driver().playing("l<enter>").titles == ["Graph", "checkout → payment"])
        #expect(try driver().playing("<tab><enter>").titles == ["Graph", "checkout → payment"])
        #expect(try driver().playing("l<enter>v").model.stack.last?.pane.scope.text == "service=checkout service=payment")
        #expect(try driver().playing("l<enter><esc>").selected == "checkout → payment")
        #expect(try driver().playing("v").titles.last?.hasPrefix("Traces") == true)
        #expect(try driver().playing("lv").model.stack.last?.pane.scope.text == "service=checkout service=payment")
    }

    /// Where the picture goes on beyond the view, a name that is cut says so at that end.
    @Test func whatIsCutIsMarked() throws {
        let start = try driver(80, 24).playing("hhhh").picture, end = try driver(80, 24).playing("llll").picture
        #expect(start.contains("[gateway ✕]") && start.contains("[ledg…✓"), "how it does is told still")
        #expect(end.contains("ledger ✓]") && !end.contains("[gateway ✕]"))
        #expect(end.split(separator: "\n").contains { $0.hasPrefix(" …") && $0.contains("frontend") })
    }

    /// However little of a box is in view: red is seen.
    @Test func aCutBoxTellsHowItDoes() throws {
        for (width, height) in [(80, 24), (120, 40)] {
            var driver = driver(width, height)
            try driver.play("llllhhhh")
            for (panX, panY) in (0..<40).flatMap({ x in [0, 1, 2, 3, 4, 5, 6, 7].map { (x, $0) } }) {
                driver.model.screen.panes[0].graph.isPanned = true
                (driver.model.screen.panes[0].graph.left, driver.model.screen.panes[0].graph.top) = (panX, panY)
                let graph = driver.model.screen.panes[0].graph, lines = driver.picture.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
                let room = driver.model.graphRoom(0), first = ScreenLayout(driver.model).area(pane: 0)?.y ?? 0
                for box in graph.picture.boxes {
                    guard let state = graph.node(of: box)?.row?.state, state != .unknown else { continue }
                    let rows = max(box.rect.y - panY, 0)..<max(0, min(box.rect.bottom - panY, room.height)), columns = max(box.rect.x - panX, 0)..<max(0, min(box.rect.right - panX, room.width))
                    guard !rows.isEmpty, !columns.isEmpty else { continue }
                    let cells = rows.flatMap { row in columns.map { column in lines[first + row].indices.contains(column + 1) ? String(lines[first + row][column + 1]) : " " } }
                    #expect(cells.contains(state.glyph), "\(graph.entity(of: box).displayName) from \(panX), \(panY)")
                }
            }
        }
    }

    /// A picture that fits is in view whole, whatever is selected.
    @Test func whatFitsIsNotScrolled() throws {
        var data = Shop.frame()
        data.edges[.service] = [("gateway", "frontend-of-the-shop"), ("frontend-of-the-shop", "catalog-of-the-shop")].map { Shop.edge($0, $1, Shop.signals(rate: 4), state: .good, reason: "", seed: 1) }
        for width in 60...110 {
            let driver = try Driver(data, width: width, height: 24, place: .graph).playing("llll")
            let graph = driver.model.screen.panes[0].graph, room = driver.model.graphRoom(0)
            #expect(graph.left <= max(0, graph.picture.width - room.width) && graph.top <= max(0, graph.picture.height - room.height), "\(width) columns")
        }
    }

    /// Where not all of it has room, that the picture goes on and what is hidden come first.
    @Test(arguments: [(80, 24), (120, 40), (200, 50)])
    func theCaptionSaysThatThePictureGoesOn(_ width: Int, _ height: Int) {
        let graph = driver(width, height).model.screen.panes[0].graph
        for room in [20, 40, 80, 200] {
            for found in [nil, Found()] {
                let text = graph.caption(room, 1, found).map(\.text).joined(separator: "  ")
                #expect(text.prefix(room).contains("goes on"), "\(room) columns: \(text)")
            }
        }
    }

    /// Numbers change with every frame; the picture does not.
    @Test func numbersMoveNothing() throws {
        var driver = driver()
        let before = driver.model.screen.panes[0].graph.picture
        driver.data.edges[.service] = driver.data.edges[.service]?.map { edge in
            var edge = edge
            if edge.signals.denied ?? 0 == 0 { edge.signals.requests += 1000 }
            return edge
        }
        driver.send(.frame(driver.data))
        #expect(driver.model.screen.panes[0].graph.picture == before)
    }

    /// A leaf that comes leaves the others where they are.
    @Test func aNewLeafMovesHardlyAnything() throws {
        var driver = driver(200, 50)
        let before = driver.model.screen.panes[0].graph
        driver.data.edges[.service]?.append(Shop.edge("payment", "fraud", Shop.signals(rate: 4, p50: 5), state: .good, reason: "", seed: 1))
        driver.send(.frame(driver.data))
        let after = driver.model.screen.panes[0].graph
        #expect(after.picture.boxes.count == before.picture.boxes.count + 1)
        let moved = before.calls.nodes.filter { before.box(of: $0.entity)?.rect.x != after.box(of: $0.entity)?.rect.x }
        #expect(moved.isEmpty)
    }

    @Test func aClickSelectsAndAnotherOpens() throws {
        var driver = driver()
        let graph = driver.model.screen.panes[0].graph
        let rect = try #require(graph.box(of: Shop.entity("ledger"))).rect
        let (column, y) = (rect.x + 2 - graph.left, rect.y + 3 - graph.top)
        driver.send(.mouse(Mouse(.click, x: column, y: y)))
        #expect(driver.selected == "ledger")
        driver.send(.mouse(Mouse(.click, x: column, y: y)))
        #expect(driver.titles.last == "ledger")
    }

    @Test func aClickOnAWireSelectsTheCall() throws {
        var driver = driver()
        let graph = driver.model.screen.panes[0].graph
        let cell = try #require(graph.picture.cells.first { cell in
            let edges = graph.picture.edgeSets[cell.along].map { graph.drawn.drawing.edges[$0] }
            return cell.across == nil && edges.count == 1 && edges[0].target == graph.id(of: Shop.entity("ledger"))
        })
        driver.send(.mouse(Mouse(.click, x: cell.x + 1 - graph.left, y: cell.y + 2 - graph.top)))
        #expect(driver.selected == "payment → ledger")
        driver.send(.mouse(Mouse(.wheelDown, x: 40, y: 8)))
        #expect(driver.selected == "payment → ledger", "the wheel moves what is seen")
    }

    @Test func nothingToDraw() {
        var data = Shop.emptyFrame
        data.edges[.service] = []
        #expect(Driver(data, place: .graph).picture.contains("nobody calls anybody yet"))
    }
}
