import CellCanvas
@testable import Dashboard
import MeshModel
import Panels
import Testing

/// The list of traces and the latencies to pick from.
@Suite struct TracesTests {
    private func traces(_ keys: String = "", width: Int = 120, height: Int = 40) throws -> Driver {
        try Driver(ShopTraces.frame, width: width, height: height, place: .traces).playing(keys)
    }

    static let filters: [(keys: String, holds: @Sendable (TraceRow) -> Bool)] = [
        ("/service=payment", { $0.services.contains("payment") }), ("/service=gateway !healthz", { ($0.services.contains("gateway") || $0.service == "gateway") && $0.operation != "GET /healthz" }),
        ("/operation=POST.*", { $0.operation.hasPrefix("POST") }), ("/status=failed", { $0.isFailed }), ("/failed", { $0.isFailed }), ("/state=failing", { $0.isFailed }),
        ("/status=error", { $0.isFailed || $0.errors > 0 }), ("/status=ok", { !$0.isFailed && $0.errors == 0 }), ("/duration>1s", { $0.durationSeconds > 1 }), ("/spans>=20k", { $0.spans >= 20_000 }),
        ("/code=503", { $0.code == 503 }), ("/errors>0", { $0.errors > 0 }), ("/oddities>0", { $0.orphans + $0.adjusted > 0 }), ("/age<10s", { $0.start > Shop.now - .init(seconds: 10) }),
        ("/trace=.*4003", { $0.id == ShopTraces.huge }), ("/4bf92f3577b34da6a3ce929d0e0e4003", { $0.id == ShopTraces.huge }), ("e", { $0.errors > 0 }),
    ]

    @Test(arguments: [
        ("attr.http.response.status_code=503", 8), ("tag:http.response.status_code=503", 8), ("attr.http.response.status_code>=500", 8), ("attr.http.response.status_code~^5", 8),
        ("attr.http.response.status_code", 178), ("!attr.http.response.status_code", 2), ("attr.http.response.status_code!=503", 172), ("attr.user.id=guest", 180),
        ("attr.user.id=7", 1), ("attr.user.id=7 status=failed", 0), ("attr.nowhere", 0), ("attr:user.id<3", 3),
    ])
    func attributesFilter(_ filter: String, _ count: Int) throws {
        let driver = try Driver(ShopTraces.frame, place: .traces).playing("/" + filter + "<enter>")
        #expect(driver.model.screen.panes[0].listing.order.count == count)
    }

    @Test func whatWasNotSearchedYetIsNotShownAndSaidSo() throws {
        let driver = try Driver(ShopTraces.frame, place: .traces).playing("/!attr.slow.key<enter>")
        #expect(driver.model.screen.panes[0].listing.order.count == 60)
        #expect(driver.picture.contains("searched 60 of 180 for slow.key"))
        // The key alone is asked for, whatever is said of its values.
        #expect(queries(for: driver.model).queries.contains(.attributes(["slow.key"])))
        #expect(!queries(for: try driver.playing("<esc>").model).queries.contains { if case .attributes = $0 { true } else { false } })
    }

    @Test(arguments: [("", true), ("/status=failed<enter>", true), (">", true), ("/age<60<enter>", false), (":traces age<60<enter>", false)])
    func theSameTracesAreListedOnce(_ keys: String, _ isSame: Bool) throws {
        let frame = ShopTraces.frame
        var driver = try Driver(frame, place: .traces).playing(keys)
        let before = driver.model.screen.pane.listing
        var later = frame
        later.now = frame.now + .init(seconds: 30)
        driver.send(.frame(later))
        #expect((driver.model.screen.pane.listing.order == before.order) == isSame)
        // Others of as many.
        later.traces = frame.traces.map { $0.map { var row = $0; row.isFailed.toggle(); row.durationSeconds *= 2; return row } }
        driver.send(.frame(later))
        #expect(driver.model.screen.pane.listing.longestSeconds != before.longestSeconds)
    }

    @Test func theFirstThatASearchFindsIsSelected() throws {
        var driver = try Driver(ShopTraces.frame, place: .traces).playing("jj")
        // Typed and accepted before anything was looked into.
        for key in try KeyScript(parsing: "/attr.user.id=7<enter>").keys { driver.send(.key(key)) }
        #expect(driver.model.screen.pane.listing.order.isEmpty)
        driver.send(.frame(ShopTraces.answer(ShopTraces.frame, queries(for: driver.model).queries)))
        #expect(driver.model.screen.pane.selection == .trace(ShopTraces.id(7)) && driver.model.selectedPosition == 0)
    }

    @Test func attributesAreOfTraces() throws {
        #expect(Filter("attr.a=1", hasAttributes: false).problem?.text == "attributes are looked for in the list of traces")
        #expect(Filter("attr.").problem?.text == "attr. wants the name of an attribute")
        #expect(Filter("attr.a=").problem?.text == "a has no value yet")
        #expect(Filter("attr.a>x").problem?.text == "x is not a number")
        #expect(Filter(attribute: "http.url=a b").attributeKeys == ["http.url"])
        let driver = try Driver(ShopTraces.frame, place: .services).playing("/attr.a=1<enter>")
        #expect(driver.model.screen.panes[0].listing.order.count == 10)
    }

    @Test func filters() throws {
        for (keys, holds) in Self.filters {
            let driver = try traces(keys), expected = ShopTraces.rows.filter(holds)
            #expect(Set(driver.model.screen.pane.listing.order.map { ShopTraces.rows[Int($0)].id }) == Set(expected.map(\.id)), "\(keys)")
            #expect(!expected.isEmpty)
        }
    }

    @Test func newestFirstAndSorted() throws {
        var driver = try traces()
        #expect(driver.model.screen.pane.selection == .trace(ShopTraces.id(0)))
        try driver.play(":sort duration<enter>")
        #expect(driver.model.screen.pane.selection == .trace(ShopTraces.huge), "the slowest, until one is chosen")
        try driver.play("j:sort age<enter>")
        #expect(driver.model.screen.pane.selection == .trace(ShopTraces.slow), "what was chosen stays")
    }

    @Test func selectionStaysWhenNewTracesCome() throws {
        var driver = try traces("jjj")
        let selected = driver.model.screen.pane.selection
        var rows = driver.data.traces ?? []
        rows.insert(TraceRow(id: ShopTraces.id(9000), service: "gateway", operation: "GET /", start: Shop.now, durationSeconds: 0.01, spans: 1, services: ["gateway"]), at: 0)
        driver.data.traces = rows
        driver.send(.frame(driver.data))
        #expect(driver.model.screen.pane.selection == selected)
        #expect(driver.model.selectedPosition == 4)
    }

    @Test func aCellIsPickedByTimeAndDuration() throws {
        var driver = try traces("<tab>")
        #expect(driver.model.screen.pane.kind == .latencies)
        try driver.play("<enter>")
        #expect(driver.model.screen.focus == 0, "the list takes the keys")
        let cell = try #require(driver.model.screen.pane.cell)
        let picked = driver.shown
        #expect(picked > 0 && picked < 180)
        for index in driver.model.screen.pane.listing.order { #expect(cell.contains(ShopTraces.rows[Int(index)])) }
        // Later the same cell holds the same traces, wherever it stands.
        driver.data.now = Shop.now + .init(seconds: 20)
        driver.data.window = TimeRange(from: driver.data.window.from + .init(seconds: 20), to: driver.data.now)
        driver.send(.frame(driver.data))
        #expect(driver.shown == picked)
        try driver.play("<esc>")
        #expect(driver.shown == 180)
        #expect(driver.titles == ["Traces"])
    }

    @Test func theCursorWalksAndSaysWhatItStandsOn() throws {
        var driver = try traces("<tab>gjjjjjjjjj")
        #expect(driver.picture.contains("no trace"))
        try driver.play("<enter>")
        #expect(driver.model.message?.text == "no trace there")
        #expect(driver.model.screen.focus == 1)
        let cursor = driver.model.screen.pane.cursor
        try driver.play("h")
        #expect(driver.model.screen.pane.cursor == cursor, "the edge holds")
        try driver.play("l<pgdn>k")
        #expect(driver.model.screen.pane.cursor != cursor)
    }

    @Test func aClickOnTheMapPicks() throws {
        var driver = try traces()
        let layout = ScreenLayout(driver.model)
        let (map, plot) = try #require(driver.model.latencyMap(pane: 1, layout))
        let place = map.place(ShopTraces.rows[4].start, ShopTraces.rows[4].durationSeconds)
        let mouse = Mouse(.click, x: plot.x + place.column, y: plot.bottom - 1 - place.band)
        driver.send(.mouse(mouse))
        #expect(driver.model.screen.focus == 1)
        driver.send(.mouse(mouse))
        #expect(driver.model.screen.focus == 0)
        #expect(driver.model.screen.pane.selection == .trace(ShopTraces.slow))
    }

    @Test(arguments: [(1, 1), (3, 2), (80, 5), (200, 14)])
    func everyTraceHasItsCell(_ columns: Int, _ bands: Int) throws {
        let map = try #require(LatencyMap(ShopTraces.rows, ShopTraces.rows.indices.map { Int32($0) }, range: Shop.range, columns: columns, bands: bands))
        #expect(map.counts.reduce(0, +) == 180)
        #expect(Int(map.failed.reduce(0, +)) == ShopTraces.rows.filter { $0.errors > 0 }.count)
        for row in ShopTraces.rows {
            let place = map.place(row.start, row.durationSeconds)
            // At the left edge stands what began before it, too.
            #expect(place.column == 0 || map.cell(column: place.column, band: place.band).contains(row), "\(row.durationSeconds)")
        }
    }

    @Test func hostileTimesAndDurations() {
        var rows: [TraceRow] = []
        for (index, seconds) in [0, -1, .nan, .infinity, 1e300, 1e-300].enumerated() {
            for start: Int64 in [.min, 0, .max] {
                rows.append(TraceRow(id: ShopTraces.id(UInt64(rows.count)), service: "", operation: "", start: Timestamp(nanoseconds: start), durationSeconds: seconds, spans: -index, services: []))
            }
        }
        var data = ShopTraces.frame
        data.traces = rows
        for keys in ["", "<tab><enter>", "<tab>gkkk<enter>", ":window 10s<enter><tab>Gjj<enter>"] {
            #expect(throws: Never.self) { _ = try Driver(data, place: .traces).playing(keys).picture }
        }
    }

    // MARK: - From elsewhere

    @Test(arguments: [("2v", "service=payment"), ("2<enter>v", "service=payment"), ("3v", "service=payment"), ("1v", "service=payment"), ("1jv", "service=checkout service=shipping")])
    func tracesOfWhatIsSelected(_ keys: String, _ scope: String) throws {
        let driver = try traces(keys)
        #expect(driver.model.screen.place == .traces)
        #expect(driver.model.screen.pane.scope.text == scope)
        #expect(try driver.playing("<esc>").titles == traces(String(keys.dropLast())).titles)
    }

    @Test(arguments: ["4v", "0v", "v"])
    func whereThereIsNothingToTraceIsSaid(_ keys: String) throws { #expect(try traces(keys).model.message != nil) }

    @Test func onlyWhatIsShownIsAskedFor() throws {
        func asked(_ driver: Driver) -> [PanelQuery] { queries(for: driver.model).queries }
        #expect(asked(try traces()) == [.mesh, .traces])
        let first = SpanID(raw: 0x00f0_67aa_0ba9_0200)
        let narrow = try traces("j<enter>", width: 80, height: 24)
        #expect(asked(narrow) == [.mesh, .trace(ShopTraces.failing)])
        #expect(asked(try narrow.playing("<enter>")) == [.mesh, .trace(ShopTraces.failing), .span(ShopTraces.failing, first, .server)])
        #expect(asked(try traces("j<enter>")).last == .span(ShopTraces.failing, first, .server), "beside the waterfall it is in view")
        #expect(asked(try traces("2")).contains(.traces) == false)
    }

    @Test func commandWithAFilter() throws {
        #expect(try traces("2:traces status=failed<enter>").shown == 8)
        #expect(try traces("2:traces<enter>").titles == ["Traces"])
    }
}
