import CellCanvas
@testable import Dashboard
import GraphLayout
import Panels
import TestSupport
import Testing

/// `:find` marks in the graph, `:hide` takes away from it.
@Suite struct GraphSieveTests {
    private func driver(_ keys: String, width: Int = 120, height: Int = 40) throws -> Driver {
        try Driver(GraphScreenTests.frame, width: width, height: height, place: .graph).playing(keys)
    }

    private func boxes(_ driver: Driver) -> Set<String> {
        Set(driver.model.graphPane.map { pane in pane.graph.picture.boxes.map { pane.graph.entity(of: $0).displayName } } ?? [])
    }

    @Test func aHiddenBoxTakesItsCallsWithIt() throws {
        let whole = try driver(""), less = try driver(":hide name = inventory OR name ~ ^ca<enter>")
        #expect(boxes(whole).subtracting(boxes(less)) == ["inventory", "catalog", "cart"])
        #expect(less.picture.contains("(+3 nodes, +7 edges hidden)"))
        #expect(try boxes(less.playing(":hide<enter>")) == boxes(whole))
        #expect(less.picture.contains("hide name = inventory OR name ~ ^ca"))
    }

    @Test func hiddenCallsLeaveTheirBoxes() throws {
        let less = try driver(":hide denied<enter>")
        #expect(try boxes(less) == boxes(driver("")).subtracting(["inventory"]), "inventory denies, and so does the call")
        #expect(try boxes(driver(":hide from = catalog<enter>")) == boxes(driver("")))
        #expect(try driver(":hide from = catalog<enter>").picture.contains("(+1 edge hidden)"))
    }

    @Test func whatIsFoundIsMarkedAndNothingLost() throws {
        let found = try driver(":find NOT healthy AND rate > 80<enter>")
        #expect(boxes(found) == (try boxes(driver(""))))
        let marked = try #require(found.model.graphPane.flatMap { $0.foundBoxes($0.graph.found(found.model.find)) })
        #expect(Set(marked.map(\.displayName)) == ["gateway", "frontend", "checkout", "payment", "cart", "inventory"])
        #expect(found.picture.contains("6 nodes, 3 edges found"))
        #expect(try found.playing("n").selected != found.selected)
        #expect(try driver(":find name = nobody<enter>").picture.contains("0 nodes, 0 edges found"))
    }

    /// Of a box no protocol is known: those are marked between which such calls go.
    @Test func foundCallsMarkTheirEnds() throws {
        let found = try driver(":find from = frontend AND to = cart<enter>")
        #expect(Set((found.model.graphPane.flatMap { $0.foundBoxes($0.graph.found(found.model.find)) } ?? []).map(\.displayName)) == ["frontend", "cart"])
        #expect(found.picture.contains("2 nodes, 1 edge found"))
        #expect(try found.playing("<tab>").shown == 1, "the table keeps what is found")
    }

    @Test func allHiddenIsSaid() throws { #expect(try driver(":hide rate >= 0 OR rate = NaN<enter>").picture.contains("all is hidden by :hide")) }

    @Test(arguments: [(80, 24), (120, 40), (200, 50)])
    func pictures(_ width: Int, _ height: Int) throws {
        let driver = try driver(":find failing<enter>:hide name = cart<enter>", width: width, height: height)
        var canvas = Canvas(width: width, height: height)
        view(driver.model, driver.data, into: &canvas)
        if let difference = Golden.difference(canvas, named: "graph-sifted") { Issue.record("\(difference)") }
    }
}
