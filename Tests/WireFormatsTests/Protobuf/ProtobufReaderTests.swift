import Testing
import WireFormats

@Suite struct ProtobufReaderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var bytes: [UInt8]
        /// `tag=value` of each field, `!` at the end where the message is damaged.
        var reads: String
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "nothing", bytes: [], reads: ""),
        Case(name: "a varint of one byte", bytes: [0x08, 0x05], reads: "8=5"),
        Case(name: "a varint of ten bytes", bytes: [0x08] + [UInt8](repeating: 0xFF, count: 9) + [1], reads: "8=18446744073709551615"),
        Case(name: "a varint of eleven bytes", bytes: [0x08] + [UInt8](repeating: 0xFF, count: 10) + [1], reads: "!"),
        Case(name: "a varint cut off", bytes: [0x08, 0x80], reads: "!"),
        Case(name: "fixed numbers", bytes: [0x09, 1, 0, 0, 0, 0, 0, 0, 0, 0x15, 2, 0, 0, 0], reads: "9=1 21=2"),
        Case(name: "a fixed number cut off", bytes: [0x09, 1, 0, 0], reads: "!"),
        Case(name: "bytes", bytes: [0x0A, 2, 65, 66], reads: "10=AB"),
        Case(name: "bytes cut off", bytes: [0x08, 1, 0x0A, 3, 65, 66], reads: "8=1 !"),
        Case(name: "a length beyond all memory", bytes: [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 65], reads: "!"),
        Case(name: "a field of a long number", bytes: [0x98, 0x06, 7], reads: "792=7"),
        Case(name: "field 0", bytes: [0x02, 0], reads: "!"),
        Case(name: "a group in a group", bytes: [0x0B, 0x13, 0x08, 1, 0x14, 0x0C, 0x08, 9], reads: "8=9"),
        Case(name: "a group without an end", bytes: [0x0B, 0x08, 1], reads: "!"),
        Case(name: "10,000 groups in one another", bytes: [UInt8](repeating: 0x0B, count: 10_000) + [UInt8](repeating: 0x0C, count: 10_000) + [0x08, 1],
             reads: "8=1"),
        Case(name: "an end without a group", bytes: [0x0C], reads: "!"),
    ]

    @Test(arguments: cases) func reads(_ test: Case) { #expect(Self.dump(test.bytes) == test.reads) }

    @Test func aMessageIsWrittenWithTheShortestLength() {
        for size in [0, 1, 127, 128, 16_383, 16_384, 70_000] {
            var writer = ProtobufWriter()
            let outer = writer.begin(1)
            let text = [UInt8](repeating: 65, count: size)
            text.withUnsafeBytes { writer.bytes(2, $0) }
            writer.end(outer)
            writer.varint(3, 300)
            var reader = writer.bytes.withUnsafeBytes { bytes in Self.fields(bytes) }
            #expect(reader.popLast() == "24=300")
            #expect(reader.count == 1)
            let lengths = [size, size + 1 + Self.varintSize(size)].map(Self.varintSize).reduce(0, +)
            #expect(writer.count == size + 2 + lengths + 3)
        }
    }

    static func varintSize(_ value: Int) -> Int { value < 128 ? 1 : value < 16_384 ? 2 : 3 }

    static func dump(_ bytes: [UInt8]) -> String { bytes.withUnsafeBytes { fields($0).joined(separator: " ") } }

    static func fields(_ bytes: UnsafeRawBufferPointer) -> [String] {
        var reader = ProtobufReader(bytes)
        var words: [String] = []
        while reader.next() {
            let tag = reader.tag
            let value: String
            switch tag & 7 {
            case 0: value = "\(reader.varint())"
            case 1: value = "\(reader.fixed64())"
            case 2: value = String(decoding: reader.bytes(), as: UTF8.self)
            case 5: value = "\(reader.fixed32())"
            default:
                reader.skip()
                continue
            }
            if !reader.isBroken { words.append("\(tag)=\(value)") }
        }
        if reader.isBroken { words.append("!") }
        return words
    }
}
