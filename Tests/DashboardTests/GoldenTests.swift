import CellCanvas
import Dashboard
import MeshModel
import Panels
import TestSupport
import Testing

/// Every screen at every size with every kind of data, as pictures beside the tests.
@Suite struct GoldenTests {
    enum Fixture: String, CaseIterable {
        case normal, empty, huge, failing, pages

        var frame: FrameData {
            switch self {
            case .normal: Shop.frame()
            case .empty: Shop.emptyFrame
            case .huge: Shop.hugeFrame(300)
            case .failing: Shop.failingSourceFrame
            case .pages: Shop.pagesFrame
            }
        }
    }

    private func check(_ driver: Driver, _ name: String) {
        var canvas = Canvas(width: driver.model.width, height: driver.model.height)
        view(driver.model, driver.data, into: &canvas)
        if let difference = Golden.difference(canvas, named: name) { Issue.record("\(difference)") }
    }

    @Test(arguments: ["overview", "services", "pods", "nodes", "sources"], Fixture.allCases)
    func screens(_ screen: String, _ fixture: Fixture) throws {
        let place = try #require(Place(named: screen))
        let sizes =
            switch fixture {
            case .normal: [(80, 24), (120, 40), (200, 50)]
            case .failing where screen != "sources", .pages: [(120, 40)]
            default: [(80, 24), (120, 40)]
            }
        for (width, height) in sizes { check(Driver(fixture.frame, width: width, height: height, place: place), "\(screen)-\(fixture)") }
    }

    @Test(arguments: [
        ("help", "?"), ("help-search", "?/sort<enter>"), ("filter", "2/pay"), ("filter-halfway", "2/rate>1 p[ay"), ("filter-none", "2/nothing<enter>"),
        ("errors-only", "2e"), ("command", ":pods svc=p"), ("command-complete", ":s<tab><tab>"), ("jump", "b-5m"), ("frozen", "2<space>"), ("zoomed", "<tab>z"),
        ("error-message", ":nope<enter>"), ("scoped", "2:pods svc=payment<enter>"), ("deep", "2<enter>:pods ns=shop<enter>:nodes rate>1<enter>:pods svc=cart<enter>"),
        ("columns", "2lll"), ("sorted", "2:sort p99 up<enter>"), ("detail", "2<enter>"),
        ("detail-counters", "2<enter><s-tab><s-tab>"), ("detail-charts", "2<enter><s-tab>"), ("detail-zoomed", "2<enter><s-tab>z"), ("detail-answers", "3<enter><tab><tab><tab>"),
        ("predicate", "2p"),
    ])
    func states(_ name: String, _ keys: String) throws { check(try Driver(width: 80, height: 24).playing(keys), "state-\(name)") }

    @Test(arguments: [("service", "2<enter>"), ("pod", "3<enter>"), ("node", "4<enter>")])
    func details(_ name: String, _ keys: String) throws {
        for (width, height) in [(80, 24), (120, 40), (200, 50), (100, 60), (240, 30)] {
            check(try Driver(width: width, height: height).playing(keys), "detail-\(name)")
        }
    }

    /// A pod that is gone by the time one looks at it.
    @Test func detailOfNothing() throws {
        var driver = try Driver(width: 80, height: 24, place: .pods).playing("<enter>")
        driver.data.details = [:]
        driver.send(.frame(driver.data))
        check(driver, "state-detail-gone")
    }

    /// Of single pages there are counts and no courses.
    @Test func detailOfPages() throws { check(try Driver(Shop.pagesFrame, width: 120, height: 40).playing("2<enter>"), "detail-pages") }

    /// Without colours density and marks tell what colours did.
    @Test(arguments: [GlyphSet.ascii, .block, .braille])
    func monochromeDetail(_ glyphs: GlyphSet) throws {
        let driver = try Driver(width: 200, height: 50, settings: .init(theme: "mono", glyphs: glyphs)).playing("2<enter>")
        check(driver, "detail-mono-\(glyphs)")
        if glyphs == .ascii { #expect(driver.picture.utf8.allSatisfy { $0 < 128 }) }
    }

    @Test func frozenBehind() throws {
        var driver = try Driver(place: .services).playing("<space>t")
        driver.data.version = 20
        driver.data.stats?.samples += 4321
        driver.send(.frame(driver.data))
        driver.send(.tick(now: Shop.now + Timestamp.Span(seconds: 21), version: 20))
        check(driver, "state-behind")
    }

    @Test func beforeAnyData() {
        var canvas = Canvas(width: 80, height: 24)
        let model = Model(width: 80, height: 24)
        view(model, FrameData(now: Shop.now, window: Shop.range, version: 0), into: &canvas)
        if let difference = Golden.difference(canvas, named: "state-waiting") { Issue.record("\(difference)") }
    }

    @Test(arguments: [GlyphSet.ascii, .block])
    func glyphs(_ glyphs: GlyphSet) {
        let driver = Driver(width: 120, height: 40, settings: .init(glyphs: glyphs))
        check(driver, "glyphs-\(glyphs)")
        if glyphs == .ascii { #expect(driver.picture.utf8.allSatisfy { $0 < 128 }, "an ASCII terminal gets ASCII alone") }
    }

    @Test(arguments: [(40, 12), (79, 24), (80, 23), (30, 2), (12, 1), (1, 1), (0, 0)])
    func tooSmall(_ width: Int, _ height: Int) { check(Driver(width: width, height: height), "small") }
}
