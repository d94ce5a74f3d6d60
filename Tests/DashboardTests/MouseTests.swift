import Dashboard
import MeshModel
import Panels
import Testing

@Suite struct MouseTests {
    /// Clicks the first place where the text stands on the screen.
    private func click(_ text: String, _ driver: inout Driver, line wanted: Int? = nil, _ kind: Mouse.Kind = .click) {
        for (y, line) in driver.picture.split(separator: "\n", omittingEmptySubsequences: false).enumerated() where wanted == nil || wanted == y {
            guard let range = String(line).firstRange(of: text) else { continue }
            driver.send(.mouse(Mouse(kind, x: String(line).distance(from: String(line).startIndex, to: range.lowerBound), y: y)))
            return
        }
        Issue.record("\(text) is not on the screen")
    }

    @Test func rows() {
        var driver = Driver(place: .services)
        click("ledger", &driver)
        #expect(driver.selected == "ledger")
        #expect(driver.titles == ["Services"])
        click("ledger", &driver)
        #expect(driver.titles == ["Services", "ledger"], "a second click opens")
        driver = Driver(place: .services)
        click("cart", &driver, .doubleClick)
        #expect(driver.titles == ["Services", "cart"])
    }

    @Test func headers() {
        var driver = Driver(place: .services)
        click("RPS", &driver)
        #expect(driver.model.screen.pane.sort == Sort(.rate, isDescending: true))
        click("RPS", &driver)
        #expect(driver.model.screen.pane.sort == Sort(.rate, isDescending: false))
        click("TREND", &driver)
        #expect(driver.model.screen.pane.sort == Sort(.rate, isDescending: false), "an order by picture says nothing")
    }

    @Test func navigation() throws {
        var driver = Driver(place: .services)
        click("Pods", &driver, line: 39)
        #expect(driver.titles == ["Pods"])
        driver = try Driver(place: .services).playing("<enter>:pods svc=payment<enter>")
        #expect(driver.model.stack.count == 3)
        click("Services", &driver, line: 1)
        #expect(driver.titles == ["Services"])
        click("help", &driver)
        #expect(driver.titles == ["Services", "Help"])
        click("LIVE", &driver)
        #expect(driver.model.time == .frozen(at: Shop.now))
        click("⚠", &driver)
        #expect(driver.titles.last == "Why payment")
    }

    @Test func panes() {
        var driver = Driver()
        click("node-b", &driver)
        #expect(driver.model.screen.focus == 3)
        #expect(driver.selected == "node-b")
        click("SERVICE", &driver)
        #expect(driver.model.screen.focus == 1)
    }

    @Test func wheelScrollsWithoutSelecting() {
        var driver = Driver(Shop.hugeFrame(500), place: .services)
        let held = driver.selected
        for _ in 0..<4 { driver.send(.mouse(Mouse(.wheelDown, x: 10, y: 10))) }
        #expect(driver.model.screen.pane.scroll == 12)
        #expect(driver.selected == held)
        driver.send(.frame(driver.data))
        #expect(driver.model.screen.pane.scroll == 12, "data does not scroll back")
        for _ in 0..<9 { driver.send(.mouse(Mouse(.wheelUp, x: 10, y: 10))) }
        #expect(driver.model.screen.pane.scroll == 0)
        for _ in 0..<9 { driver.send(.mouse(Mouse(.wheelDown, x: 10, y: 10))) }
        driver.send(.key(.character("j")))
        #expect(driver.model.screen.pane.scroll > 0, "nothing was chosen yet: moving begins where one looks")
    }

    @Test func anywhereIsSafe() {
        for size in [(80, 24), (120, 40), (40, 12), (1, 1), (0, 0)] {
            for kind in [Mouse.Kind.click, .doubleClick, .wheelUp, .wheelDown] {
                for (x, y) in [(0, 0), (-5, -5), (size.0, size.1), (10_000, 10_000), (size.0 / 2, size.1 / 2), (size.0 - 1, size.1 - 1)] {
                    var driver = Driver(width: size.0, height: size.1)
                    driver.send(.mouse(Mouse(kind, x: x, y: y)))
                    driver.send(.key(.character("j")))
                }
            }
        }
    }
}
