import CellCanvas
@testable import Dashboard
import MeshModel
import Panels
import TestSupport
import Testing

/// Two windows side by side.
@Suite struct CompareTests {
    private func check(_ driver: Driver, _ name: String) {
        var canvas = Canvas(width: driver.model.width, height: driver.model.height)
        view(driver.model, driver.data, into: &canvas)
        if let difference = Golden.difference(canvas, named: name) { Issue.record("\(difference)") }
    }

    @Test(arguments: [(80, 24), (120, 40), (200, 50)])
    func pictures(_ width: Int, _ height: Int) throws {
        let driver = try Driver(ShopComparison.frame(), width: width, height: height).playing("d")
        check(driver, "compare")
        check(try driver.playing("<tab>j"), "compare-attributes")
    }

    @Test func furtherPictures() throws {
        check(Driver(Shop.frame(), width: 80, height: 24, place: .compare(.worst)), "compare-reading")
        let calm = ShopComparison.frame { comparison in
            (comparison.rows, comparison.attributes, comparison.sample) = ([], [], .init())
            comparison.meeting = "no onset is known: two halves of what is held"
            comparison.remarks = ["every page was read once: counts are since the proxies' start, and no two stretches of them can be told apart"]
        }
        check(Driver(calm, width: 120, height: 40, place: .compare(.worst)), "compare-calm")
        let reading = ShopComparison.frame { comparison in
            (comparison.attributes, comparison.sample.read, comparison.sample.toRead, comparison.sample.cutTo) = ([], 1200, 4000, 2000)
        }
        check(Driver(reading, width: 120, height: 40, place: .compare(.worst)), "compare-attributes-reading")
        let ascii = Driver(ShopComparison.frame(), width: 120, height: 40, place: .compare(.worst), settings: .init(theme: "mono", glyphs: .ascii))
        #expect(ascii.picture.utf8.allSatisfy { $0 < 128 })
    }

    private func asked(_ driver: Driver) -> ComparisonSplit? {
        for case .comparison(let split) in queries(for: driver.model).queries { return split }
        return nil
    }

    @Test func itIsAskedOfWhatIsLookedAt() throws {
        let data = ShopComparison.frame(), payment = Shop.key(.service, "payment")
        #expect(asked(try Driver(data).playing("d")) == .verdict(try #require(ShopVerdicts.payment.key)), "a failing path of the Overview")
        #expect(asked(try Driver(data, place: .paths).playing("jd")) == .verdict(try #require(ShopVerdicts.shipping.key)), "of the list of paths")
        #expect(asked(try Driver(data, place: .paths).playing("<enter>d")) == .verdict(try #require(ShopVerdicts.payment.key)), "the page that says why")
        #expect(asked(try Driver(data, place: .services).playing("/payment<enter><enter>d")) == .service(payment), "a service's page")
        #expect(asked(try Driver(data, place: .services).playing("d")) == .worst)
        #expect(asked(try Driver(data).playing(":compare payment<enter>")) == .service(EntityKey(level: .service, name: "payment")))
        #expect(asked(try Driver(data, place: .services).playing(":compare<enter>")) == .worst)
        #expect(asked(try Driver(data).playing(":compare -2m<enter>")) == .at(Shop.now - .init(seconds: 120)))
        let driver = try Driver(data).playing(":compare \(Shop.now.timeOfDay)<enter>")
        #expect(asked(driver) == .at(Timestamp(seconds: Shop.now.seconds.rounded(.down))))
        #expect(driver.titles.last == "Compare @\(Shop.now.timeOfDay)")
        #expect(try driver.playing("d").titles.count == 3, "from a comparison to that of the worst")
    }

    @Test func rowsLeadToWhatTheySpeakOf() throws {
        let driver = try Driver(ShopComparison.frame(), place: .compare(.worst)).playing("g")
        func opened(_ filter: String, _ keys: String = "<enter>") throws -> String? { try driver.playing("/\(filter)<enter>\(keys)").titles.last }
        #expect(try opened("name=payment") == "payment")
        #expect(try opened("name=payment@v2") == "payment@v2")
        #expect(try opened("fraud") == "checkout → fraud")
        #expect(try opened("pod ") == "payment-v2-9b8d7c6f5-x2x9k")
        #expect(try opened("fraud", "w") == "Why fraud")
        #expect(try opened("ledger", "v") == "Traces")
        #expect(try driver.playing("e").shown < driver.shown, "only what is bad")
    }

    @Test func attributesLeadToTheirTraces() throws {
        let driver = try Driver(ShopComparison.frame(), place: .compare(.worst)).playing("<tab>")
        #expect(driver.shown == 4 && driver.selected == "payment version=v2")
        let traces = try driver.playing("<enter>")
        #expect(traces.titles.last == "Traces" && traces.model.screen.pane.scope.text == "attr.k8s.pod.name=payment-v2-9b8d7c6f5-x2x9k")
        #expect(try driver.playing("j<enter>").titles.last == "ledger", "an operation is no attribute: its service's page")
        #expect(try driver.playing("/503<enter><enter>").model.screen.pane.scope.text == "attr.http.status_code=503")
    }

    @Test func copiesAsOneLine() throws {
        let driver = try Driver(ShopComparison.frame(), place: .compare(.worst)).playing("/name=ledger<enter>y")
        guard case .copy(let text)? = driver.effects.last else { throw Missing() }
        #expect(text.hasPrefix("ledger: slower  errors 0 %  p50 9.0ms → 38.0ms") || text.hasPrefix("ledger: slower"), "\(text)")
    }
    private struct Missing: Error {}
}
