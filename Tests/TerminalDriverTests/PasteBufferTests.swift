import TerminalDriver
import Testing

struct PasteBufferTests {
    private func gathered(_ text: String) -> [String] {
        var buffer = PasteBuffer()
        #expect(buffer.mark(begins: true) == nil)
        return text.unicodeScalars.compactMap { buffer.take($0.value) } + (buffer.isOpen ? [buffer.mark(begins: false) ?? "?"] : [])
    }

    @Test func gathersUpToTheEndMark() {
        #expect(gathered("a\rb\nc日") == ["a\nb\nc日"])
        #expect(gathered("") == [""])
    }

    /// The end mark of a slow line comes as single characters.
    @Test func theEndMarkMayComeApart() {
        #expect(gathered("abc\u{1B}[201~") == ["abc"])
        #expect(gathered("a\u{1B}[201\u{1B}[201~") == ["a\u{1B}[201"])
    }

    @Test(arguments: [9_990, 9_996, 9_999, 10_000, 10_001, 50_000])
    func isBounded(_ count: Int) {
        let text = String(repeating: "x", count: count)
        #expect(gathered(text) == [String(repeating: "x", count: min(count, 10_000))])
        #expect(gathered(text + "\u{1B}[201~") == [String(repeating: "x", count: min(count, 10_000))])
    }

    @Test func anEndWithoutABeginningIsNothing() {
        var buffer = PasteBuffer()
        #expect(buffer.mark(begins: false) == nil && !buffer.isOpen)
    }
}
