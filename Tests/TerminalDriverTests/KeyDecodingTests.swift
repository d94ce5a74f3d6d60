import TerminalDriver
import Testing

/// What a terminal sends by one byte or code point. What needs a terminal is in Tests/terminal.
@Suite struct KeyDecodingTests {
    @Test(arguments: [
        (0x6A, TerminalEvent.Key.character("j")), (0x20, .character(" ")), (0x7E, .character("~")), (0xE9, .character("é")), (0x65E5, .character("日")), (0x1F600, .character("😀")),
        (0x08, .backspace), (0x7F, .backspace), (0x09, .tab), (0x0A, .enter), (0x0D, .enter), (0x1B, .escape), (0x01, .control("a")), (0x04, .control("d")), (0x1A, .control("z")),
    ] as [(UInt32, TerminalEvent.Key)])
    func characters(_ value: UInt32, _ key: TerminalEvent.Key) { #expect(KeyDecoding.character(value) == key) }

    @Test(arguments: [0x00, 0x1C, 0x1F, 0x80, 0x9B, 0xD800, 0x110000, 0xFFFF_FFFF] as [UInt32])
    func noKeys(_ value: UInt32) { #expect(KeyDecoding.character(value) == nil, "controls and what is no scalar are no key") }

    @Test func unknownNamesAreNoKeys() {
        for value: Int32 in [0, -1, 99, 112, 1000, .max, .min] { #expect(KeyDecoding.named(value) == nil) }
        #expect(KeyDecoding.named(100) == .function(1))
        #expect(KeyDecoding.named(111) == .function(12))
    }
}
