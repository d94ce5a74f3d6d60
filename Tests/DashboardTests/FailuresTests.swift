import CellCanvas
@testable import Dashboard
import MeshModel
import Panels
import TestSupport
import Testing

/// Failing paths, and why something fails.
@Suite struct FailuresTests {
    private static var traced: FrameData { ShopTraces.frame }

    private func check(_ driver: Driver, _ name: String) {
        var canvas = Canvas(width: driver.model.width, height: driver.model.height)
        view(driver.model, driver.data, into: &canvas)
        if let difference = Golden.difference(canvas, named: name) { Issue.record("\(difference)") }
    }

    @Test(arguments: [(80, 24), (120, 40), (200, 50)])
    func pictures(_ width: Int, _ height: Int) throws {
        let paths = Driver(Self.traced, width: width, height: height, place: .paths)
        check(paths, "paths")
        check(try paths.playing("<enter>"), "why")
        check(try paths.playing("<enter><tab>"), "why-grounds")
        check(try paths.playing("j<enter>"), "why-call")
    }

    @Test func furtherPictures() throws {
        check(Driver(Shop.emptyFrame, width: 80, height: 24, place: .paths), "paths-empty")
        check(try Driver(width: 120, height: 40, place: .paths).playing("jj<enter>"), "why-denial")
        check(try Driver(width: 120, height: 40, place: .paths).playing("G<enter>"), "why-absorbed")
        check(try Driver(width: 120, height: 40).playing(":why shipping<enter>"), "why-unsure")
        check(try Driver(width: 120, height: 40).playing(":why ledger<enter>"), "why-healthy")
        check(try Driver(width: 80, height: 24).playing(":why nobody<enter>"), "why-nobody")
        let ascii = try Driver(Self.traced, width: 120, height: 40, place: .paths, settings: .init(theme: "mono", glyphs: .ascii)).playing("<enter>")
        check(ascii, "why-ascii")
        #expect(ascii.picture.utf8.allSatisfy { $0 < 128 })
    }

    /// One failure of 24,720 is counted, and is no alarm; many are a rate, and one.
    @Test(arguments: [(1, "n=1", HealthState.warning), (24, "0.08/s", .warning), (25, "0.08/s", .failing), (1508, "5.0/s", .failing)])
    func whatIsRareIsACount(_ failures: Double, _ amount: String, _ health: HealthState) {
        var verdict = ShopVerdicts.payment
        (verdict.failures, verdict.share) = (failures, 1)
        let row = VerdictRow(verdict: verdict, perSecond: failures / 300, now: Shop.now)
        #expect(row.amountText == amount && row.health == health)
        #expect(VerdictRow(verdict: verdict, perSecond: nil, now: Shop.now).amountText.hasPrefix("n="), "of a single page")
    }

    /// From opening the dashboard to a failing trace of the pod at fault, and to that pod.
    @Test func oneKeyLeadsToAFailingTrace() throws {
        #expect(try Driver(Self.traced).playing("V").titles == ["Overview", ShopTraces.failing.displayName])
        #expect(try Driver(Self.traced).playing("<enter>V").titles == ["Overview", "Why payment", ShopTraces.failing.displayName])
        #expect(try Driver(Self.traced).playing("<enter>O").titles.last == "payment-v2-9b8d7c6f5-x2x9k")
        #expect(try Driver(Self.traced).playing("<enter>o").titles.last == "payment")
        #expect(try Driver(Self.traced).playing("W").titles.last == "Why payment")
        #expect(try Driver(Self.traced).playing("2v<esc>W").titles == ["Services", "Why payment"], "on every screen")
    }

    @Test func whyIsAskedOfAnything() throws {
        func why(_ keys: String, _ place: Place = .overview) throws -> String? { try Driver(Self.traced, place: place).playing(keys + "w").titles.last }
        #expect(try why("") == "Why payment", "a path of the Overview")
        #expect(try why("<tab>/checkout<enter>") == "Why checkout", "a service")
        #expect(try why("/payment-v2<enter>", .pods) == "Why payment", "a pod")
        #expect(try why("/payment-v2<enter><enter>", .pods) == "Why payment", "the page of a pod")
        #expect(try why("/payment<enter><enter><tab>", .services) == "Why payment", "a call is why the one called fails")
        #expect(try why("", .traces) == "Why gateway", "a trace")
        #expect(try why("<enter>n", .traces) != nil, "a span")
        #expect(try why("j<enter>gg", .paths) == "Why gateway", "a rung of the way")
        #expect(try why("<tab>k", .paths) == "Why checkout", "a rung below the list")
        #expect(try why("", .nodes) == "Nodes")
        #expect(try Driver(place: .nodes).playing("w").model.message?.text.contains("why is asked of a service") == true)
    }

    @Test func rungsLeadToServicesAndGroundsToWhatTheySpeakOf() throws {
        var driver = try Driver(Self.traced, place: .paths).playing("<enter>k")
        #expect(driver.selected == "checkout")
        try driver.play("<enter>")
        #expect(driver.titles.last == "checkout")
        #expect(try Driver(Self.traced, place: .paths).playing("<enter>a").titles == ["Paths", "Why payment", "Graph"])
        driver = try Driver(Self.traced, place: .paths).playing("<enter><tab>/pod <enter>")
        #expect(try driver.playing("<enter>").titles.last == "payment-v2-9b8d7c6f5-x2x9k")
        driver = try Driver(Self.traced, place: .paths).playing("<enter><tab>/sample<enter>")
        #expect(try driver.playing("<enter>").titles.last == ShopTraces.failing.displayName)
        driver = try Driver(Self.traced, place: .paths).playing("<enter><tab>/shipping<enter>")
        #expect(try driver.playing("<enter>").titles.last == "Why checkout → shipping", "another origin")
    }

    @Test func pathsAreAList() throws {
        var driver = Driver(Self.traced, place: .paths)
        #expect(driver.shown == 4 && driver.selected == "payment")
        #expect(try driver.playing("e").shown == 2, "denials and what is made up for are no failures")
        #expect(try driver.playing("/state=denied<enter>").shown == 1)
        #expect(try driver.playing("/pod~payment-v2<enter>").shown == 1)
        #expect(try driver.playing(":paths state=absorbed<enter>").titles == ["Paths", "Paths"])
        // Its share, version and rank change: it stays selected.
        try driver.play("j")
        #expect(driver.selected == "checkout → shipping")
        driver.data.verdicts = ShopVerdicts.all.reversed()
        driver.data.version += 1
        driver.send(.frame(driver.data))
        #expect(driver.selected == "checkout → shipping")
        #expect(try driver.playing("<enter>").titles.last == "Why checkout → shipping")
    }

    @Test func theWayOfTheSelectedPathStandsBelow() throws {
        var driver = Driver(Self.traced, width: 80, height: 24, place: .paths)
        #expect(driver.picture.contains("└▶ payment@v2"))
        try driver.play("j")
        #expect(driver.picture.contains("└▶ shipping") && !driver.picture.contains("└▶ payment@v2"))
        try driver.play("/inventory<enter>")
        #expect(driver.picture.contains("└▶ inventory"))
        try driver.play("<esc>k<tab>")
        #expect(driver.selected == "shipping", "from its end, where it begins")
        #expect(try driver.playing("<enter>").titles.last == "shipping")
        try driver.play("<esc>")
        #expect(driver.titles == ["Paths"] && driver.model.screen.focus == 0)
    }

    /// What passed failures on by now makes up for them: it is still what the page is about.
    @Test func aPathThatIsAbsorbedByNowKeepsItsPage() throws {
        var driver = try Driver(Self.traced, place: .paths).playing("<enter>")
        var verdict = ShopVerdicts.payment
        verdict.origin?.isAbsorbed = true
        verdict.share = nil
        driver.data.verdicts = [verdict]
        driver.data.version += 1
        driver.send(.frame(driver.data))
        #expect(driver.picture.contains("gets by"))
        driver.data.verdicts = []
        driver.data.version += 1
        driver.send(.frame(driver.data))
        #expect(driver.picture.contains("nothing fails because of payment"))
    }

    @Test func fewRequestsAreCounts() throws {
        let picture = try Driver(width: 120, height: 40).playing(":why shipping<enter>").picture
        #expect(picture.contains("3/12") && picture.contains("explains 3 of 4 failures"))
        #expect(!picture.contains("75 %") && !picture.contains("25 %"))
    }

    @Test(arguments: [(0, "+3 → payment@v2"), (25, "gateway → +2 → payment@v2"), (37, "gateway → +1 → checkout → payment@v2"), (46, "gateway → frontend → checkout → payment@v2")])
    func aLongWayIsToldInFewerNames(_ width: Int, _ text: String) { #expect(ShopVerdicts.payment.chain(fitting: width) == text) }

    /// Parts of a bar fill it, and none that is there is left out.
    @Test func barsHaveEveryPart() {
        for width in 1...40 {
            for (own, passedOn, wire, denied) in [(1, 1000, 1, 0), (0, 1500, 0, 0), (3, 0, 0, 0), (500, 500, 500, 500), (0, 0, 0, 612)] as [(Double, Double, Double, Double)] {
                let bar = SplitBar(own: own, passedOn: passedOn, wire: wire, denied: denied, most: 2000), cells = bar.cells(width)
                #expect(cells.reduce(0, +) <= max(width, 4))
                for (part, count) in zip(bar.parts, cells) where part.amount > 0 && width >= 4 { #expect(count > 0) }
            }
        }
        #expect(SplitBar(own: 0, passedOn: 0, wire: 0, denied: 0, most: 10).cells(20) == [0, 0, 0, 0])
    }

    @Test func asksForVerdictsWhereTheyShow() throws {
        func asked(_ driver: Driver) -> [PanelQuery] { panels(of: queries(for: driver.model).queries) }
        #expect(asked(Driver(place: .paths)) == [.mesh, .verdicts])
        #expect(asked(try Driver(place: .paths).playing("<enter>")) == [.mesh, .verdicts])
        #expect(asked(try Driver().playing(":why shop/payment<enter>")) == [.mesh, .why(Shop.key(.service, "payment"))])
    }
}
