import CellCanvas
@testable import Dashboard
import Panels
import TestSupport
import Testing

/// Expressions as they are typed: completion, what is wrong, what stays on the screen.
@Suite struct FilterLineTests {
    private func text(_ driver: Driver) -> String? {
        switch driver.model.mode {
        case .command(let line), .filter(let line, _, _): line.editor.text
        default: nil
        }
    }

    @Test(arguments: [
        (":find NOT hea<tab>", "find NOT healthy"), (":find healthy an<tab>", "find healthy AND "), (":find healthy AND fai<tab>", "find healthy AND failing"), (":find rate <tab>", "find rate > "), (":find name c<tab>", "find name contains "),
        (":find name <tab><tab><tab><tab>", "find name contains "), (":find svc=pa<tab>", "find svc=payment"), (":find svc = pa<tab>", "find svc = payment"), (":find (svc = pa<tab>", "find (svc = payment"),
        (":find idle OR (to = pa<tab>", "find idle OR (to = payment"), (":hide version != <tab><tab>", "hide version != v2"), (":find mtls = mu<tab>", "find mtls = mutual"), (":find state=st<tab>", "find state=stale"), (":find prot<tab>", "find protocol="),
        (":find code = 5<tab>", "find code = 503"), (":find rats<tab>", "find rats"), (":find idle )x<tab>", "find idle )x"), ("/svc=pa<tab>", "svc=payment"), ("/pay OR idl<tab>", "pay OR idle"), ("/ver<tab>", "version="), (":filter ra<tab>", "filter rate>"),
    ])
    func completes(_ keys: String, _ expected: String) throws { #expect(text(try Driver(GraphScreenTests.frame, place: .services).playing(keys)) == expected) }

    @Test func completingASearchFilters() throws {
        let driver = try Driver(place: .services).playing("/svc=pa<tab>")
        #expect(driver.shown == 1)
        #expect(driver.picture.contains("1 of 10"))
    }

    /// What is typed wrong changes nothing on the screen but the line, which says where.
    @Test func theLastGoodViewStays() throws {
        let good = try Driver(place: .services).playing("/rate>160")
        #expect(good.shown == 3)
        for wrong in [" rats>5", " (", " p99>fast", " OR", " p[ay", " version=", " ! foo=1", " AND (idle OR x["] {
            let driver = try good.playing(wrong)
            #expect(driver.shown == 3, "\(wrong)")
            #expect(try driver.playing("<enter>").model.mode.isLine, "not taken: \(wrong)")
            #expect(try driver.playing("<esc>").shown == 10)
        }
        let found = try Driver(place: .services).playing(":find rate>160<enter>")
        for wrong in ["rats>5", "(idle", "operation=x", "attr.x=1"] {
            let driver = try found.playing(":find \(wrong)<enter>")
            #expect(driver.shown == 3 && driver.model.find.text == "rate>160")
            #expect(text(driver) == "find \(wrong)", "to be mended")
            #expect(try driver.playing("<esc>").shown == 3)
        }
    }

    @Test func aMendedLineIsTaken() throws {
        let driver = try Driver(place: .services).playing(":find rats>160<enter><home><c-e><c-w>rate>160<enter>")
        #expect(driver.model.find.text == "rate>160")
        #expect(driver.model.message == nil)
    }

    @Test(arguments: [
        ("find-error", ":find NOT healthy AND rats > 5<enter>"), ("find-error-left", ":find \(String(repeating: "idle OR ", count: 8))rats > 5<enter>"), ("find-error-wide", ":find name = \"日本\" AND foo > 3<enter>"),
        ("search-error", "/pay rats>5"), ("search-unfinished", "/pay rate>"), ("sifted", ":find NOT healthy<enter>:hide p99 > 400<enter>"),
    ])
    func pictures(_ name: String, _ keys: String) throws {
        for (width, height) in [(80, 24), (120, 40)] {
            let driver = try Driver(width: width, height: height, place: .services).playing(keys)
            var canvas = Canvas(width: width, height: height)
            view(driver.model, driver.data, into: &canvas)
            if let difference = Golden.difference(canvas, named: name) { Issue.record("\(difference)") }
        }
    }
}
