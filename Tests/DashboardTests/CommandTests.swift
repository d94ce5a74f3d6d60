import CellCanvas
import Dashboard
import MeshModel
import Panels
import Testing

@Suite struct CommandTests {
    private func text(_ driver: Driver) -> String? {
        if case .command(let line) = driver.model.mode { line.editor.text } else { nil }
    }

    @Test(arguments: [(":overlay zzz", "write it as :overlay errors|latency|rate|mtls|versions"), (":overlay", "write it as :overlay errors|latency|rate|mtls|versions"),
                      (":by zzz", "write it as :by service|workload|version|pod|app|namespace|node")])
    func whatThereIsIsListed(_ line: String, _ words: String) throws {
        let driver = try Driver(place: .graph).playing(line + "<enter>")
        #expect(driver.model.message?.text == words && driver.model.message?.isError == true)
    }

    @Test func commandsDo() throws {
        #expect(try Driver().playing(":pods<enter>").titles == ["Pods"])
        let scoped = try Driver().playing(":pods svc=payment<enter>")
        #expect(scoped.titles == ["Overview", "Pods"])
        #expect(scoped.shown == 2)
        #expect(try scoped.playing("<esc>").titles == ["Overview"], "a scope is the screen, not a filter to clear")
        #expect(try Driver().playing(":q<enter>").effects == [.quit])
        #expect(try Driver().playing(":predicate strict<enter>").model.predicate == .strict)
        #expect(try Driver().playing(":theme light<enter>").effects == [.setTheme("light")])
        #expect(try Driver().playing(":glyphs ascii<enter>").model.settings.glyphs == .ascii)
        #expect(try Driver().playing(":at -5m<enter>").model.time == .frozen(at: Shop.now - .init(seconds: 300)))
        #expect(try Driver(place: .services).playing(":filter pay<enter>").shown == 1)
        #expect(try Driver(place: .services).playing(":filter pay<enter>:filter<enter>").shown == 10)
        #expect(try Driver(place: .services).playing(":errors<enter>").shown == 7)
        #expect(try Driver().playing(":help<enter>").titles == ["Overview", "Help"])
        #expect(try Driver().playing(":over<enter>").titles == ["Overview"], "an unambiguous beginning will do")
    }

    @Test(arguments: [":nope", ":theme purple", ":glyphs x", ":predicate x", ":sort", ":sort rate sideways", ":pods foo=1", ":filter rate>", ":at", ":s"])
    func whatCannotBeDoneIsSaid(_ line: String) throws {
        let driver = try Driver(place: .services).playing("\(line)<enter>")
        #expect(driver.model.message?.isError == true, "\(line)")
        #expect(driver.effects.isEmpty)
        #expect(driver.titles == ["Services"])
    }

    @Test func emptyLineDoesNothing() throws {
        let driver = try Driver().playing(":<enter>:  <enter>:<backspace>")
        #expect(driver.model.message == nil)
        #expect(text(driver) == nil)
    }

    @Test func completion() throws {
        var driver = try Driver().playing(":so")
        try driver.play("<tab>")
        #expect(text(driver) == "sources ")
        try driver.play("<tab>")
        #expect(text(driver) == "sort ")
        try driver.play("<s-tab>")
        #expect(text(driver) == "sources ")
        #expect(text(try Driver().playing(":pods svc=pa<tab>")) == "pods svc=payment")
        #expect(text(try Driver().playing(":pods ns=shop svc=ca<tab><tab>")) == "pods ns=shop svc=catalog")
        #expect(text(try Driver().playing(":window 1<tab><tab>")) == "window 10m")
        #expect(text(try Driver().playing(":pred<tab>c<tab>")) == "predicate client")
        #expect(text(try Driver().playing(":theme l<tab>")) == "theme light")
        #expect(text(try Driver().playing(":zzz<tab>")) == "zzz")
    }

    @Test func historyGoesBackAndForth() throws {
        var driver = try Driver().playing(":pods<enter>:nodes<enter>:pods<enter>:dra")
        try driver.play("<up>")
        #expect(text(driver) == "pods")
        try driver.play("<c-p>")
        #expect(text(driver) == "nodes", "repeated lines are kept once")
        try driver.play("<up>")
        #expect(text(driver) == "nodes")
        try driver.play("<c-n><down>")
        #expect(text(driver) == "dra", "what was being written comes back")
    }

    @Test(arguments: [
        (":abc def<c-w>x", "abc x"), (":abc<left><left>X", "aXbc"), (":abc<c-a>X<c-e>Y", "XabcY"), (":abc<c-u>x", "x"), (":abc<home><delete>", "bc"),
        (":äöü<backspace>", "äö"), (":a<f5>b", "ab"), (":日本<left>x", "日x本"),
    ])
    func editing(_ script: String, _ expected: String) throws { #expect(text(try Driver().playing(script)) == expected) }

    @Test func pastedTextIsOneCleanLine() throws {
        var driver = try Driver().playing(":")
        driver.send(.pasted("a\nb\u{1b}[31m\u{7}c"))
        #expect(text(driver) == "a b[31mc")
        driver.send(.pasted(String(repeating: "x", count: 100_000)))
        #expect(text(driver) == "a b[31mc")
        driver = Driver()
        driver.send(.pasted("q"))
        #expect(driver.effects.isEmpty, "outside a line pasted text is no keys")
    }
}
