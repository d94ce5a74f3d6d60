/// What is wrong with compressed bytes.
package struct CompressionError: Error, Equatable, CustomStringConvertible {
    package var reason: String
    /// Nothing is wrong with it but its size.
    package var isTooLarge = false
    init(_ reason: String) { self.reason = reason }

    init(pastLimit limit: Int) {
        reason = limit >> 20 > 0 ? "it unpacks to more than \(limit >> 20) MiB" : "it unpacks to more than \(limit) bytes"
        isTooLarge = true
    }

    package var description: String { reason }
}

/// DEFLATE (RFC 1951) from one array into another. Codes of up to ten bits, nearly all, are found in a table.
struct Inflate {
    private let input: [UInt8]
    private var at: Int
    private var bits: UInt64 = 0
    private var bitCount: UInt64 = 0
    private let limit: Int

    /// Decodes one stream that begins at `start` and appends it to `output`; returns where the stream ends.
    static func decode(_ input: [UInt8], from start: Int, into output: inout [UInt8], limit: Int) throws(CompressionError) -> Int {
        var inflate = Inflate(input: input, at: start, limit: limit)
        return try inflate.run(into: &output)
    }

    private init(input: [UInt8], at: Int, limit: Int) {
        self.input = input
        self.at = at
        self.limit = limit
    }

    private mutating func run(into output: inout [UInt8]) throws(CompressionError) -> Int {
        let first = output.count
        var isLast = false
        while !isLast {
            isLast = try take(1) == 1
            switch try take(2) {
            case 0: try stored(into: &output)
            case 1: try coded(HuffmanCode.fixedLiterals, HuffmanCode.fixedDistances, from: first, into: &output)
            case 2:
                let (literals, distances) = try codes()
                try coded(literals, distances, from: first, into: &output)
            default: throw CompressionError("a block of a kind that does not exist")
            }
        }
        giveBackBytes()
        return at
    }

    /// Whole bytes that were read ahead.
    private mutating func giveBackBytes() {
        at -= Int(bitCount / 8)
        bits = 0
        bitCount = 0
    }

    private mutating func refill() {
        while bitCount <= 56, at < input.count {
            bits |= UInt64(input[at]) << bitCount
            at += 1
            bitCount += 8
        }
    }

    private mutating func take(_ count: UInt64) throws(CompressionError) -> Int {
        if bitCount < count {
            refill()
            guard bitCount >= count else { throw CompressionError("it ends in the middle") }
        }
        let value = bits & ((1 << count) - 1)
        bits >>= count
        bitCount -= count
        return Int(value)
    }

    private mutating func symbol(_ code: HuffmanCode) throws(CompressionError) -> Int {
        if bitCount < HuffmanCode.tableBits { refill() }
        let entry = code.table[Int(bits & ((1 << HuffmanCode.tableBits) - 1))]
        let length = UInt64(entry & 15)
        if length > 0, length <= bitCount {
            bits >>= length
            bitCount -= length
            return Int(entry >> 4)
        }
        return try longSymbol(code)
    }

    /// One bit at a time along the canonical code: a symbol is found at the length where the code falls below the next first one.
    private mutating func longSymbol(_ code: HuffmanCode) throws(CompressionError) -> Int {
        var value = 0, first = 0, index = 0
        for length in 1...15 {
            value |= try take(1)
            let count = Int(code.counts[length])
            if value - count < first { return Int(code.symbols[index + value - first]) }
            index += count
            first = (first + count) << 1
            value <<= 1
        }
        throw CompressionError("a code that does not exist")
    }

    private mutating func stored(into output: inout [UInt8]) throws(CompressionError) {
        giveBackBytes()
        guard at + 4 <= input.count else { throw CompressionError("it ends in the middle") }
        let length = Int(input[at]) | Int(input[at + 1]) << 8
        guard length == ~(Int(input[at + 2]) | Int(input[at + 3]) << 8) & 0xFFFF else { throw CompressionError("a block whose length is damaged") }
        at += 4
        guard at + length <= input.count else { throw CompressionError("it ends in the middle") }
        guard output.count + length <= limit else { throw CompressionError(pastLimit: limit) }
        output.append(contentsOf: input[at..<at + length])
        at += length
    }

    private mutating func coded(_ literals: HuffmanCode, _ distances: HuffmanCode, from first: Int, into output: inout [UInt8]) throws(CompressionError) {
        while true {
            let symbol = try symbol(literals)
            guard output.count < limit else { throw CompressionError(pastLimit: limit) }
            if symbol < 256 {
                output.append(UInt8(symbol))
                continue
            }
            if symbol == 256 { return }
            guard symbol - 257 < Self.lengths.count else { throw CompressionError("a length that does not exist") }
            let (base, extra) = Self.lengths[symbol - 257]
            let length = base + (try take(extra))
            let far = try self.symbol(distances)
            guard far < Self.distances.count else { throw CompressionError("a distance that does not exist") }
            let (nearest, more) = Self.distances[far]
            let distance = nearest + (try take(more))
            guard distance <= output.count - first else { throw CompressionError("a copy from before its start") }
            guard output.count + length <= limit else { throw CompressionError(pastLimit: limit) }
            for _ in 0..<length { output.append(output[output.count - distance]) }
        }
    }

    /// The codes of a block that brings its own: their lengths are themselves coded, with runs.
    private mutating func codes() throws(CompressionError) -> (HuffmanCode, HuffmanCode) {
        let literals = try take(5) + 257, distances = try take(5) + 1, described = try take(4) + 4
        var lengths = [UInt8](repeating: 0, count: 19)
        for place in Self.order[..<described] { lengths[place] = UInt8(try take(3)) }
        let code = try HuffmanCode(lengths: lengths[...])
        lengths = []
        while lengths.count < literals + distances {
            let symbol = try symbol(code)
            var value: UInt8 = 0, count = 1
            switch symbol {
            case 16:
                guard let last = lengths.last else { throw CompressionError("a run with nothing before it") }
                value = last
                count = 3 + (try take(2))
            case 17: count = 3 + (try take(3))
            case 18: count = 11 + (try take(7))
            default: value = UInt8(symbol)
            }
            lengths.append(contentsOf: repeatElement(value, count: count))
        }
        guard lengths.count == literals + distances else { throw CompressionError("a run past the end of its codes") }
        return (try HuffmanCode(lengths: lengths[..<literals]), try HuffmanCode(lengths: lengths[literals...]))
    }

    private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    /// (shortest, extra bits) by symbol - 257.
    private static let lengths: [(Int, UInt64)] = [
        (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, 0), (10, 0), (11, 1), (13, 1), (15, 1), (17, 1), (19, 2), (23, 2), (27, 2),
        (31, 2), (35, 3), (43, 3), (51, 3), (59, 3), (67, 4), (83, 4), (99, 4), (115, 4), (131, 5), (163, 5), (195, 5), (227, 5), (258, 0),
    ]
    /// (nearest, extra bits) by symbol: two symbols for each number of extra bits.
    private static let distances: [(Int, UInt64)] = (0..<30).map { symbol in
        guard symbol > 3 else { return (symbol + 1, 0) }
        let extra = symbol / 2 - 1
        return (((2 + symbol % 2) << extra) + 1, UInt64(extra))
    }
}

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
