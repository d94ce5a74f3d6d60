/// A canonical Huffman code: how many codes of each length, and the symbols in the order of their codes.
struct HuffmanCode {
    var counts = [UInt16](repeating: 0, count: 16)
    var symbols: [UInt16] = []
    /// By the next bits as they come: `symbol << 4 | length`; 0 where the code is longer, or none.
    private(set) var table = [UInt16](repeating: 0, count: 1 << tableBits)
    static let tableBits: UInt64 = 10

    init(lengths: ArraySlice<UInt8>) throws(CompressionError) {
        for length in lengths { counts[Int(length)] += 1 }
        counts[0] = 0
        var room = 1
        for length in 1...15 {
            room = room << 1 - Int(counts[length])
            guard room >= 0 else { throw CompressionError("a code with too many symbols") }
        }
        for length in UInt8(1)...15 {
            for (symbol, own) in lengths.enumerated() where own == length { symbols.append(UInt16(symbol)) }
        }
        fillTable()
    }

    /// Codes are sent with their first bit lowest.
    private mutating func fillTable() {
        var code = 0, index = 0
        for length in 1...Int(Self.tableBits) {
            for _ in 0..<Int(counts[length]) {
                var reversed = 0
                for bit in 0..<length where code >> bit & 1 == 1 { reversed |= 1 << (length - 1 - bit) }
                for place in stride(from: reversed, to: table.count, by: 1 << length) { table[place] = symbols[index] << 4 | UInt16(length) }
                code += 1
                index += 1
            }
            code <<= 1
        }
    }

    private init(fixed counts: [(length: Int, symbols: ClosedRange<UInt16>)]) {
        for (length, range) in counts {
            self.counts[length] += UInt16(range.count)
            symbols += Array(range)
        }
        fillTable()
    }

    static let fixedLiterals = HuffmanCode(fixed: [(7, 256...279), (8, 0...143), (8, 280...287), (9, 144...255)])
    static let fixedDistances = HuffmanCode(fixed: [(5, 0...29)])
}
