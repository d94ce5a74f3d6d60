@testable import Dashboard
import GraphLayout
import MeshModel
import Panels
import Testing

/// What colours, lines and numbers of the picture tell.
@Suite struct GraphOverlayTests {
    private static func edge(_ signals: GoldenSignals, versions: [VersionRow] = [], state: HealthState = .good) -> EdgeRow {
        EdgeRow(source: Shop.entity("a"), destination: Shop.entity("b"), protocol: "http", signals: signals, versions: versions, state: state)
    }

    private static let split = [VersionRow(version: "v1", signals: Shop.signals(rate: 8)), VersionRow(version: "v2", signals: Shop.signals(rate: 2))]
    private static let canary = [VersionRow(version: "v1", signals: Shop.signals(rate: 8)), VersionRow(version: "v2", signals: Shop.signals(rate: 2, errorShare: 0.3))]

    @Test(arguments: [
        (Overlay.errors, edge(Shop.signals(rate: 5), state: .failing), Grade.high), (.errors, edge(Shop.signals(rate: 5)), .plain), (.errors, edge(Shop.signals(rate: 2.04, denied: 612)), .denied),
        (.latency, edge(Shop.signals(rate: 5, p50: 10)), .plain), (.latency, edge(Shop.signals(rate: 5, p50: 20)), .raised), (.latency, edge(Shop.signals(rate: 5, p50: 100)), .high),
        (.latency, edge(Shop.signals(rate: 0)), .unknown), (.rate, edge(Shop.signals(rate: 50)), .notable), (.rate, edge(Shop.signals(rate: 5)), .plain), (.rate, edge(Shop.signals(rate: 0)), .unknown),
        (.mtls, edge(Shop.signals(rate: 5, mtls: 1)), .good), (.mtls, edge(Shop.signals(rate: 5, mtls: 0.5)), .notable), (.mtls, edge(Shop.signals(rate: 5, mtls: 0)), .high),
        (.mtls, edge(Shop.signals(rate: 5, mtls: nil)), .unknown), (.versions, edge(Shop.signals(rate: 5), versions: split), .notable),
        (.versions, edge(Shop.signals(rate: 5), versions: canary), .high), (.versions, edge(Shop.signals(rate: 5), versions: [split[0]]), .plain), (.versions, edge(Shop.signals(rate: 5)), .unknown),
    ])
    func grades(_ overlay: Overlay, _ edge: EdgeRow, _ grade: Grade) {
        #expect(overlay.grade(of: edge, busiest: Magnitude.of(100)) == grade)
    }

    /// Another overlay draws other lines, and moves nothing.
    @Test func overlaysMoveNothing() throws {
        var driver = Driver(GraphScreenTests.frame, width: 200, height: 50, place: .graph)
        let before = driver.model.screen.panes[0].graph.picture
        for overlay in Overlay.allCases.dropFirst() {
            try driver.play("m")
            let graph = driver.model.screen.panes[0].graph
            #expect(graph.overlay == overlay)
            #expect(graph.picture.boxes.map(\.rect) == before.boxes.map(\.rect))
            #expect(driver.picture.contains(overlay == .mtls ? "mTLS  ━ plaintext" : "\(overlay.rawValue)  ━"), "what lines mean is said")
        }
        #expect(try driver.playing("m").model.screen.panes[0].graph.overlay == .errors)
        #expect(try driver.playing(":overlay rate<enter>").model.screen.panes[0].graph.overlay == .rate)
        #expect(try driver.playing(":overlay blue<enter>").model.message?.isError == true)
    }

    /// What stood somewhere because it stood there before stays there in other colours, too.
    @Test func overlaysKeepWhatStood() throws {
        var driver = Driver(GraphScreenTests.frame, width: 200, height: 50, place: .graph)
        for name in ["zebra", "aardvark"] {
            driver.data.edges[.service]?.append(Shop.edge("gateway", name, Shop.signals(rate: 4), state: .good, reason: "", seed: 1))
            driver.send(.frame(driver.data))
        }
        let before = driver.model.screen.panes[0].graph.picture.hints.nodes
        try driver.play("m")
        #expect(driver.model.screen.panes[0].graph.picture.hints.nodes == before)
    }

    @Test func theChainIsLitUp() throws {
        let driver = try Driver(GraphScreenTests.frame, place: .graph).playing("P")
        let graph = driver.model.screen.panes[0].graph
        let chain = try #require(graph.chain(of: driver.model.screen.pane.selection))
        let names = Set(chain.nodes.compactMap { id in graph.drawn.drawing.nodes.first { $0.id == id }?.name })
        #expect(names == ["gateway", "frontend", "checkout", "payment", "ledger", "shipping", "inventory", "cart"])
        #expect(chain.edges.count == 7)
        let along = try driver.playing("l").model.screen
        let edges = try #require(along.panes[0].graph.chain(of: along.pane.selection))
        #expect(Set(edges.nodes.compactMap { id in graph.drawn.drawing.nodes.first { $0.id == id }?.name }) == ["gateway", "frontend", "checkout", "payment", "ledger"])
        #expect(try driver.playing("<esc>").model.screen.panes[0].graph.showsChain == false)
    }
}
