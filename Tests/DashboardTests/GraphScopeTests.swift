@testable import Dashboard
import GraphLayout
import MeshModel
import Panels
import TestSupport
import Testing

/// What of a large graph is drawn: around whom, how far, at what level, and that all else is counted.
@Suite struct GraphScopeTests {
    /// Ten chains of six that begin at one gateway; the third service of the second chain fails by itself.
    static var large: FrameData {
        var data = Shop.frame()
        var names = ["gateway"], edges: [EdgeRow] = []
        func edge(_ source: String, _ target: String, fails: Bool) {
            edges.append(Shop.edge(source, target, Shop.signals(rate: 10, errorShare: fails ? 0.2 : 0), state: fails ? .failing : .good, reason: "", seed: 1))
        }
        for chain in 0..<10 {
            for place in 0..<6 {
                names.append("s\(chain)-\(place)")
                edge(place == 0 ? "gateway" : "s\(chain)-\(place - 1)", "s\(chain)-\(place)", fails: chain == 1 && place <= 2)
            }
        }
        data.edges[.service] = edges
        data.entities[.service] = Shop.byName(names.map { name in
            let fails = ["gateway", "s1-0", "s1-1", "s1-2"].contains(name)
            return Shop.service(name, Shop.signals(rate: 10, errorShare: fails ? 0.2 : 0), pods: 1, state: fails ? .failing : .good, seed: 1)
        })
        return data
    }

    private func driver(_ data: FrameData = large) -> Driver { Driver(data, width: 120, height: 40, place: .graph) }
    private func graph(_ driver: Driver) -> CallPicture { driver.model.screen.panes[0].graph }
    private func drawn(_ driver: Driver) -> Set<String> { Set(graph(driver).picture.boxes.map { graph(driver).entity(of: $0).displayName }) }

    @Test func aLargeGraphIsDrawnAroundWhoFailsByItself() {
        let driver = driver()
        #expect(graph(driver).center == GraphScope.Center(entity: Shop.entity("s1-2"), hops: 2))
        #expect(drawn(driver) == ["s1-0", "s1-1", "s1-2", "s1-3", "s1-4"])
        #expect(driver.picture.contains("around s1-2 · 2 hops"))
        #expect(driver.picture.contains("(+56 nodes, +56 edges hidden)"), "61 services and 60 calls are there")
        #expect(driver.selected == "s1-2")
        #expect((try? driver.playing("<tab>").picture.contains("Calls 4 around s1-2 (+56 edges hidden)")) == true, "the table says it, too")
    }

    @Test func whereNobodyFailsItIsDrawnAroundTheBusiestEntry() {
        var data = Self.large
        data.entities[.service] = data.entities[.service]?.map { Shop.service($0.key.name, Shop.signals(rate: 10), pods: 1, seed: 1) }
        data.edges[.service] = data.edges[.service]?.map { Shop.edge($0.source.displayName, $0.destination.displayName, Shop.signals(rate: 10), state: .good, reason: "", seed: 1) }
        #expect(graph(driver(data)).center?.entity == Shop.entity("gateway"))
    }

    /// `hub` between sixty callers and sixty callees; what the state of each call is, and of each service.
    private func star(_ call: (String) -> HealthState, _ service: (String) -> HealthState = { _ in .good }) -> FrameData {
        func signals(_ name: String, _ state: HealthState) -> GoldenSignals { Shop.signals(rate: name == "hub" || name == "in-7" ? 90 : 1, errorShare: state >= .warning ? 0.6 : 0) }
        var data = Shop.frame()
        let names = (0..<60).flatMap { ["in-\($0)", "out-\($0)"] }
        data.edges[.service] = names.map { name in
            let ends = name.hasPrefix("in") ? (name, "hub") : ("hub", name)
            return Shop.edge(ends.0, ends.1, signals(name, call(name)), state: call(name), reason: "", seed: 1)
        }
        data.entities[.service] = Shop.byName((names + ["hub"]).map { Shop.service($0, signals($0, service($0)), pods: 1, state: service($0), seed: 1) })
        return data
    }

    /// Around the end where failing calls meet, else around who is called: those that fail are drawn.
    @Test(arguments: [(["in-3", "in-9"], "hub"), (["out-3", "out-9"], "hub"), (["in-3"], "hub"), (["out-3"], "out-3")])
    func whereCallsAloneFailItIsDrawnAroundAnEndOfTheWorst(_ failing: [String], _ center: String) throws {
        let graph = graph(driver(star { failing.contains($0) ? .failing : .good }))
        #expect(graph.center?.entity == Shop.entity(center))
        for name in failing {
            let ends = name.hasPrefix("in") ? (name, "hub") : ("hub", name)
            #expect(graph.isWired(Shop.entity(ends.0), Shop.entity(ends.1)))
        }
    }

    @Test func whereNothingFailsItIsDrawnAroundTheWorstWarning() {
        #expect(graph(driver(star({ _ in .good }) { $0 == "out-5" ? .warning : .good })).center?.entity == Shop.entity("out-5"))
        #expect(graph(driver(star({ $0 == "out-3" ? .failing : .good }) { $0 == "out-5" ? .warning : .good })).center?.entity == Shop.entity("out-3"), "what fails comes before")
    }

    @Test func hopsAndFocus() throws {
        #expect(drawn(try driver().playing("(")) == ["s1-1", "s1-2", "s1-3"])
        #expect(drawn(try driver().playing(")")) == ["gateway", "s1-0", "s1-1", "s1-2", "s1-3", "s1-4", "s1-5"])
        #expect(try driver().playing("((").model.message?.text.hasPrefix("one call up and down") == true)
        #expect(drawn(try driver().playing(":hops 1<enter>")) == ["s1-1", "s1-2", "s1-3"])
        #expect(drawn(try driver().playing(":focus s7-0<enter>:hops 1<enter>")) == ["gateway", "s7-0", "s7-1"])
        #expect(drawn(try driver().playing("hha")) == ["gateway", "s1-0", "s1-1", "s1-2", "s1-3"], "along the wire to its caller, and around that")
        let whole = try driver().playing("a")
        #expect(drawn(whole).count == 61)
        #expect(!whole.picture.contains("hidden)"))
        #expect(drawn(try whole.playing("a")).count == 5)
        #expect(drawn(try driver().playing(":focus s7-0<enter><esc>")) == drawn(driver()), "Esc takes the focus back")
        #expect(try driver().playing(":focus nobody<enter>").model.message?.isError == true)
    }

    /// The picture was chosen once: numbers that change do not make it jump elsewhere.
    @Test func theFocusStays() {
        var driver = driver()
        driver.data.entities[.service] = driver.data.entities[.service]?.map { row in
            row.key.name == "s5-0" ? Shop.service("s5-0", Shop.signals(rate: 4000, errorShare: 0.5), pods: 1, state: .failing, seed: 1) : row
        }
        driver.send(.frame(driver.data))
        #expect(graph(driver).center?.entity == Shop.entity("s1-2"))
    }

    @Test func boxesAtTheEdgeSayThatThereIsMore() throws {
        let driver = try driver().playing("(")
        let box = try #require(graph(driver).box(of: Shop.entity("s1-3")))
        #expect(box.hiddenCallees == 1 && box.hiddenCallers == 0)
        #expect(try driver.playing("llll").model.message?.text.contains("calls 1 not drawn here") == true)
    }

    /// A search says what it would find outside, and goes there where it finds nothing here.
    @Test func aSearchLooksOutsideTheFocus() throws {
        let typed = try driver().playing("/s7-0")
        #expect(typed.picture.contains("0 of 5  1 not drawn: Enter looks there"))
        #expect(graph(typed).center?.entity == Shop.entity("s1-2"), "not before it is asked for")
        let there = try typed.playing("<enter>")
        #expect(graph(there).center?.entity == Shop.entity("s7-0") && there.selected == "s7-0")
        #expect(graph(try there.playing("<esc><esc>")).center?.entity == Shop.entity("s1-2"), "Esc takes the search back, then the focus")
        let both = try driver().playing("/s1-")
        #expect(both.picture.contains("5 of 5  1 not drawn") && !both.picture.contains("looks there"))
        #expect(graph(try both.playing("<enter>")).center?.entity == Shop.entity("s1-2"))
        #expect(try !driver().playing("/nobody").picture.contains("not drawn"))
        #expect(try !driver().playing(":hide name = s7-0<enter>/s7-0").picture.contains("not drawn"), "what is hidden is not looked for")
        #expect(try !driver().playing("a/s7-0").picture.contains("not drawn"), "the whole has no outside")
    }

    @Test func idleOnesAreHiddenAndCounted() throws {
        var data = GraphScreenTests.frame
        data.edges[.service]?.append(Shop.edge("cart", "old", Shop.signals(rate: 0), state: .idle, reason: "", seed: 1))
        let driver = try driver(data).playing("i")
        #expect(!drawn(driver).contains("old") && drawn(driver).contains("cart"))
        #expect(driver.picture.contains("(+1 node, +1 edge hidden)") && driver.picture.contains("without idle"))
        #expect(drawn(try driver.playing("i")).contains("old"))
    }
}
