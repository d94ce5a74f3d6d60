import CellCanvas
import Testing

@Suite struct ThemeTests {
    /// Where the selection reverses, colours would make patches of its bar.
    @Test func aReversedSelectionIsOneBar() throws {
        let theme = try Theme(name: "t", entries: [("selection", "reverse"), ("failing", "brightred bold"), ("dim", "brightblack dim"), ("badgeLive", "black on green")])
        let looks = [Role.text, .failing, .dim, .badgeLive].map { theme.look(of: Style($0).selected) }
        #expect(looks.allSatisfy { $0.isReversed && $0.foreground == nil && $0.background == nil && !$0.isDim })
        #expect(looks[1].isBold)
    }

    @Test(arguments: [("#ff0000", 196, 9), ("#000000", 16, 0), ("#808080", 244, 8), ("#5f87af", 67, 12)])
    func nearestColours(_ text: String, _ of256: Int, _ of16: Int) throws {
        let color = try #require(Color(text))
        #expect(color.index256 == of256)
        #expect((0..<16).contains(color.index16))
        _ = of16
        #expect(color.hex == text)
    }

    @Test func aNamedColourStandsForTheOther() throws {
        #expect(try #require(Color("#f0716b/brightred")).index16 == 9)
        #expect(try #require(Color("cyan")).index16 == 6)
        for wrong in ["#ff00", "ff0000", "#gg0000", "#ff0000/", "#ff0000/pink", "pink", ""] { #expect(Color(wrong) == nil, "\(wrong)") }
    }

    @Test(arguments: [("falling", "red", "unknown key"), ("failing", "crimson", "neither a colour"), ("paper", "dark", "not a colour"), ("selection", "on", "in quotes")])
    func mistakesAreNamed(_ key: String, _ words: String, _ problem: String) {
        let error = #expect(throws: ThemeError.self) { try Theme(name: "mine", entries: [(key, words)]) }
        #expect(error?.description.contains(problem) == true && error?.description.contains("mine") == true)
    }

    @Test func rolesAttributesAndSelectionAddUp() throws {
        let theme = try Theme(name: "t", entries: [("failing", "#ff0000 bold"), ("selection", "on #000080"), ("dim", "dim")])
        let look = theme.look(of: Style(.failing).selected)
        #expect(look.isBold && look.foreground?.hex == "#ff0000" && look.background?.hex == "#000080")
        #expect(theme.look(of: Style(.dim)).isDim)
        #expect(theme.look(of: Style(.good)) == Look())
    }

    @Test(arguments: [(ColorDepth.mono, "\u{1B}[0;1m"), (.sixteen, "\u{1B}[0;1;91m"), (.indexed, "\u{1B}[0;1;38;5;196m"), (.trueColor, "\u{1B}[0;1;38;2;255;0;0m")])
    func escapeCodes(_ depth: ColorDepth, _ codes: String) throws {
        let theme = try Theme(name: "t", entries: [("failing", "#ff0000/brightred bold")])
        #expect(CanvasRendering.codes(theme.look(of: Style(.failing)), depth) == codes)
    }

    /// Named without a value it is the terminal's own, which its owner may have set to another.
    @Test(arguments: [(ColorDepth.sixteen, "\u{1B}[0;91m"), (.indexed, "\u{1B}[0;38;5;9m"), (.trueColor, "\u{1B}[0;38;5;9m")])
    func namedColoursAreTheTerminals(_ depth: ColorDepth, _ codes: String) throws {
        let theme = try Theme(name: "t", entries: [("failing", "brightred")])
        #expect(CanvasRendering.codes(theme.look(of: Style(.failing)), depth) == codes)
    }

    /// A picture holds what the canvas says, escaped, and draws charts as shapes.
    @Test func pictures() throws {
        var canvas = Canvas(width: 12, height: 2)
        canvas.put("a<b & ⣿▄日", x: 0, y: 0)
        let svg = CanvasRendering.svg(canvas, theme: try Theme(name: "t", entries: []))
        #expect(svg.contains("a&lt;b") && svg.contains("&amp;") && svg.contains("日"))
        #expect(svg.contains("<path") && !svg.contains("⣿") && !svg.contains("▄"))
        #expect(svg.hasPrefix("<svg") && svg.hasSuffix("</svg>\n"))
    }
}
