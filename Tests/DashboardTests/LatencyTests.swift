import CellCanvas
@testable import Dashboard
import MeshModel
import Panels
import TestSupport
import Testing

/// Where the time of a service's requests goes.
@Suite struct LatencyTests {
    private static var traced: FrameData { ShopTraces.frame }

    private func check(_ driver: Driver, _ name: String) {
        var canvas = Canvas(width: driver.model.width, height: driver.model.height)
        view(driver.model, driver.data, into: &canvas)
        if let difference = Golden.difference(canvas, named: name) { Issue.record("\(difference)") }
    }

    @Test(arguments: [(80, 24), (120, 40), (200, 50)])
    func pictures(_ width: Int, _ height: Int) throws {
        let driver = try Driver(Self.traced, width: width, height: height).playing(":latency checkout<enter>")
        check(driver, "latency")
        check(try driver.playing("<tab>"), "latency-repeats")
    }

    @Test func emptyPictures() throws {
        for service in ["frontend", "catalog", "gateway", "nobody"] { check(try Driver(Self.traced, width: 80, height: 24).playing(":latency \(service)<enter>"), "latency-\(service)") }
        var driver = try Driver(Self.traced, width: 80, height: 24).playing(":latency checkout<enter>")
        driver.data.latency = ShopLatency.partial
        driver.send(.frame(driver.data))
        check(driver, "latency-partial")
        let ascii = try Driver(Self.traced, width: 120, height: 40, settings: .init(theme: "mono", glyphs: .ascii)).playing(":latency checkout<enter>")
        check(ascii, "latency-ascii")
        #expect(ascii.picture.utf8.allSatisfy { $0 < 128 })
    }

    @Test func timeIsAskedOfAnything() throws {
        func title(_ keys: String, _ place: Place = .overview) throws -> String? { try Driver(Self.traced, place: place).playing(keys + "D").titles.last }
        #expect(try title("/checkout<enter>", .services) == "Time of checkout", "a service")
        #expect(try title("/checkout<enter><enter>", .services) == "Time of checkout", "the page of one")
        #expect(try title("/payment-v2<enter>", .pods) == "Time of payment", "a pod")
        #expect(try title("", .traces) == "Time of gateway", "a trace")
        #expect(try title("<enter>k", .paths) == "Time of checkout", "a rung of the way")
        #expect(try title("") == "Time of gateway", "a failing path: of whom is asked")
        #expect(try title("", .nodes) == "Nodes")
        #expect(try Driver(place: .nodes).playing("D").model.message?.text.contains("asked of a service") == true)
        #expect(try Driver(Self.traced).playing(":latency shop/checkout<enter>").titles.last == "Time of checkout")
    }

    @Test func rowsLeadToTheTraceThatHasMostOfThem() throws {
        let driver = try Driver(Self.traced).playing(":latency checkout<enter>")
        #expect(driver.shown == 5 && driver.selected == "payment POST /charge")
        let trace = try driver.playing("<enter>")
        #expect(trace.titles.last == ShopTraces.failing.displayName && trace.model.screen.panes[0].waterfall.lightsPath, "with its critical path lit up")
        #expect(try driver.playing("<tab><enter>").titles.last == ShopTraces.failing.displayName)
        #expect(try driver.playing("D").titles.last == "Time of payment", "and to the time of whom is waited for")
        #expect(try driver.playing("w").titles.last == "Why payment")
        #expect(try driver.playing("jD").model.message?.text == "this is where its time goes")
        #expect(try driver.playing("v").titles.last == "Traces")
    }

    @Test func rowsAreSortedAndFiltered() throws {
        let driver = try Driver(Self.traced).playing(":latency checkout<enter>")
        #expect(try driver.playing(":sort quick<enter>g").selected == "checkout POST /checkout")
        #expect(try driver.playing("/service=inventory<enter>").shown == 1)
        #expect(try driver.playing("e").shown == 1, "what slow ones wait for")
        #expect(driver.model.selectedText?.contains("50ms faster: checkout p95 -38ms (412ms → 374ms), p50 -13ms, p99 -46ms") == true)
    }

    @Test func waysToOneOperationAreFoldedAndUnfolded() throws {
        var driver = try Driver(Self.traced).playing(":latency checkout<enter>")
        driver.data.latency?.rows.append(.init(way: ShopLatency.whole.rows[0].way.dropFirst() + ShopLatency.whole.rows[2].way.suffix(1), share: 0.4, bands: [0.1, nil, nil], ownSeconds: 0.002, calls: 1, traces: 10))
        let data = driver.data
        driver.send(.frame(data))
        #expect(driver.shown == 6)
        driver.send(.key(Key(.character("f"))))
        #expect(driver.shown == 5 && driver.selected == "payment POST /charge", "what was selected stays so")
        let latency = try #require(data.latency)
        let row = try #require(TimeRow.rows(latency, foldsWays: true).first)
        #expect(row.ways == 2 && row.way == "2 ways" && abs(row.row.share - 0.548) < 1e-9 && row.row.bands[1...] == [0.14, 0.06] && abs((row.row.bands[0] ?? 0) - 0.34) < 1e-9 && row.row.traces == 400 && row.won == nil)
        #expect(abs(row.row.calls - 14.225) < 1e-9)
        driver.send(.key(Key(.character("f"))))
        #expect(driver.shown == 6)
    }

    /// The loop asks again while traces are read.
    @Test func aFrameThatIsNotThroughIsSearching() {
        var data = Shop.frame()
        #expect(!data.isSearching)
        data.latency = ShopLatency.partial
        #expect(data.isSearching)
        data.latency = ShopLatency.whole
        #expect(!data.isSearching)
    }
}
