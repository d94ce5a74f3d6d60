import Dashboard
import MeshModel
import Panels
import Testing

@Suite struct NavigationTests {
    @Test func digitsLeadToScreensAndKeepThem() throws {
        var driver = Driver(place: .services)
        try driver.play("jj")
        let there = driver.selected
        try driver.play("3")
        #expect(driver.titles == ["Pods"])
        try driver.play("0")
        #expect(driver.titles == ["Sources"])
        try driver.play("2")
        #expect(driver.titles == ["Services"])
        #expect(driver.selected == there, "the screen is as it was left")
    }

    @Test func enterDrillsAndEscapeGoesBack() throws {
        var driver = Driver(place: .services)
        try driver.play("<enter>")
        #expect(driver.titles == ["Services", "payment"])
        try driver.play("<esc>")
        #expect(driver.titles == ["Services"])
        try driver.play("<enter><backspace>")
        #expect(driver.titles == ["Services"])
        try driver.play("<esc>")
        #expect(driver.titles == ["Overview"], "from another first screen back leads to Overview")
        try driver.play("<esc>")
        #expect(driver.titles == ["Overview"])
        #expect(driver.model.message?.text.contains("q quits") == true)
    }

    @Test func overviewBeginsWhereItFails() throws {
        #expect(Driver().selected == "payment")
        #expect(try Driver().playing("<enter>").titles == ["Overview", "Why payment"])
        #expect(try Driver().playing("G<enter>").titles.last == "shipping-v1-7b9d5c8f6-j3k8w", "a warning leads to its target")
        var calm = Shop.frame()
        calm.verdicts = []
        calm.mesh?.warnings = []
        #expect(Driver(calm).selected == "payment", "nothing fails: the services")
    }

    @Test func namespacesLeadToTheirServices() throws {
        let driver = try Driver().playing("<tab><tab><enter>")
        #expect(driver.titles == ["Overview", "Services"])
        #expect(driver.model.screen.pane.scope.text == "namespace=shop")
        #expect(driver.shown == 10)
    }

    @Test func asksForTheTrendsOfRowsInView() throws {
        func named(_ queries: [PanelQuery]) -> [String] {
            queries.flatMap { query -> [String] in
                guard case .trends(.pod, let keys) = query else { return [] }
                return keys.map(\.name)
            }
        }
        let driver = Driver(Shop.frame(), width: 80, height: 24, place: .pods)
        let shown = named(queries(for: driver.model).queries)
        #expect(!shown.isEmpty && shown.count <= 24)
        #expect(shown.first == driver.selected)
        // What scrolled into view since is asked for late, and only that.
        var frame = Shop.frame()
        for name in shown.dropFirst() { frame.trends[Shop.key(.pod, name)] = Trend(rates: [1], errors: [0]) }
        #expect(named(lateQueries(for: driver.model, after: frame)) == [shown[0]])
    }

    @Test func queriesFollowTheScreen() throws {
        func asked(_ driver: Driver) -> [PanelQuery] { panels(of: queries(for: driver.model).queries) }
        #expect(asked(Driver(place: .services)) == [.mesh, .entities(.service)])
        #expect(asked(Driver(width: 80, height: 24)) == [.mesh, .verdicts, .entities(.service)], "what has no room is not asked for")
        #expect(asked(Driver(width: 200, height: 50)) == [.mesh, .verdicts, .entities(.service), .entities(.namespace), .entities(.node)])
        #expect(asked(try Driver(place: .services).playing("<enter>")) == [.mesh, .detail(Shop.key(.service, "payment"))])
        #expect(asked(Driver(place: .sources)) == [.mesh, .sources])
        let time = queries(for: try Driver().playing("p+").model).time
        #expect(time == FrameTime(now: nil, windowSeconds: 600, predicate: .client))
        #expect(queries(for: try Driver().playing("<space>").model).time.now == Shop.now)
    }

    @Test func panesAndZoom() throws {
        var driver = Driver()
        #expect(driver.model.screen.focus == 0)
        try driver.play("<tab>")
        #expect(driver.model.screen.focus == 1)
        try driver.play("<s-tab><s-tab>")
        #expect(driver.model.screen.focus == 3)
        try driver.play("z")
        #expect(driver.model.screen.isZoomed)
        try driver.play("<esc>")
        #expect(!driver.model.screen.isZoomed)
        #expect(driver.titles == ["Overview"], "Esc took away the expanded pane only")
        driver.send(.resized(width: 80, height: 24))
        #expect(driver.model.screen.focus < 2, "the focus is on a pane that is shown")
        let single = try Driver(place: .pods).playing("z")
        #expect(!single.model.screen.isZoomed)
    }

    @Test func helpIsAListThatRuns() throws {
        var driver = Driver(place: .services)
        try driver.play("?")
        #expect(driver.titles == ["Services", "Help"])
        #expect(driver.shown > Action.allCases.count)
        try driver.play("/freeze.the<enter>")
        #expect(driver.shown == 1)
        try driver.play("<enter>")
        #expect(driver.titles == ["Services"])
        #expect(driver.model.time == .frozen(at: Shop.now), "Enter on an action does it")
        try driver.play("??")
        #expect(driver.titles == ["Services"])
    }

    @Test func unknownKeysSaySo() throws {
        let driver = try Driver().playing("9")
        #expect(driver.model.message?.text == "9 does nothing here; ? lists the keys")
        #expect(try driver.playing("j").model.message == nil)
    }

    @Test func theStackIsBounded() throws {
        var driver = Driver(place: .pods)
        for _ in 0..<200 { try driver.play(":pods svc=payment<enter>") }
        #expect(driver.model.stack.count <= 50)
        #expect(driver.titles.first == "Pods")
    }
}
