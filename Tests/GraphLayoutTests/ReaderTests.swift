import Testing

/// The reader itself, on pictures drawn by hand.
@Suite struct ReaderTests {
    private func read(_ picture: String) -> PictureReader.Reading {
        PictureReader(picture.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)).read()
    }

    private func edges(_ picture: String) -> [String] { read(picture).edges.sorted().map(\.description) }

    @Test func crossingsGoStraightOn() {
        let reading = read("""
            [a]─┐ ┌▶[y]
                │ │
            [b]─┼─┘
                │
                └──▶[z]
            """)
        #expect(reading.problems.isEmpty, "\(reading.problems)")
        #expect(reading.edges.sorted().map(\.description) == ["a→z", "b→y"])
    }

    @Test func splitsLeadBothWaysAndMarksOnlyOn() {
        #expect(edges("""
            [a]─┬───▶[z]
                │ ▲
                │ │
            [b]─┼─┤
                │ │
                └─┼─▶[y]
                  ├▲
                  │
                  └─▶[x]
            """) == ["a→y", "a→z", "b→x", "b→y", "b→z"])
    }

    /// What pictures without marks get wrong: a wire that others flow into leads back into their targets.
    @Test func aJoinWithoutAMarkReadsAsACall() {
        let reading = read("""
            [a]───┬─▶[z]
                  │
            [b]───┴─▶[y]
            """)
        #expect(reading.edges.contains(.init(source: "a", target: "y")))
    }

    @Test func lightWiresDoNotRunBackwards() {
        #expect(read("""
            ┌─┐
            └▶[a]─┐
             ┌────┘
             ▼
            """).problems.contains { $0.contains("backwards") })
        #expect(edges("""
            ╔══════════╗
            ╚▶[a]──▶[b]╝
            """).isEmpty == false)
    }

    @Test(arguments: ["[a]──┐", "[a]──  ─▶[b]", "[a]──▲  [b]", "[a] ─▶[b]"]) func brokenWiresAreFound(_ picture: String) {
        #expect(!read(picture).problems.isEmpty)
    }
}
