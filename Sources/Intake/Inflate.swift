/// What is wrong with compressed bytes.
package struct CompressionError: Error, Equatable, CustomStringConvertible {
    package var reason: String
    /// Nothing is wrong with it but its size.
    package var isTooLarge = false
    /// Nothing is wrong with it: there is no memory for it now.
    package var lacksRoom = false
    init(_ reason: String) { self.reason = reason }

    init(pastLimit limit: Int) {
        reason = limit >> 20 > 0 ? "it unpacks to more than \(limit >> 20) MiB" : "it unpacks to more than \(limit) bytes"
        isTooLarge = true
    }

    static let noRoom = {
        var error = CompressionError("there is no memory left to unpack it into")
        error.lacksRoom = true
        return error
    }()

    package var description: String { reason }
}

/// DEFLATE (RFC 1951), a piece at a time: `fill` stops wherever its room ends and goes on from there. Codes of up to ten bits, nearly
/// all, are found in a table.
struct Inflate: ~Copyable {
    /// As far back a copy may reach: so much of what was unpacked must still stand before the place that is filled.
    static let history = 1 << 15
    /// The longest copy. Room below that may stay empty.
    static let longest = 258

    private enum State {
        case header, stored(left: Int), coded, ended
    }
    var input: PackedInput
    private var state = State.header
    private var isLast = false
    private var bits: UInt64 = 0
    private var bitCount: UInt64 = 0
    private var literals = HuffmanCode.fixedLiterals
    private var distances = HuffmanCode.fixedDistances
    /// Unpacked since `begin`.
    private var total = 0

    init(_ input: consuming PackedInput) { self.input = input }

    /// A new stream at where the input stands.
    mutating func begin() {
        state = .header
        isLast = false
        total = 0
    }

    var isEnded: Bool { if case .ended = state { true } else { false } }

    /// Unpacks to `out[at...]`.
    /// - Parameter limit: where the room ends; at least `longest` of it are empty.
    mutating func fill(_ out: UnsafeMutablePointer<UInt8>, _ at: inout Int, limit: Int) throws(CompressionError) {
        let first = at
        defer { total += at - first }
        while at + Self.longest <= limit {
            switch state {
            case .ended: return
            case .header: try header()
            case .stored(let left):
                guard left > 0 else {
                    endBlock()
                    continue
                }
                let count = input.read(into: UnsafeMutableRawBufferPointer(start: out + at, count: min(left, limit - at)))
                guard count > 0 else { throw Self.cut }
                at += count
                state = .stored(left: left - count)
            case .coded: try coded(out, &at, reach: total - first, limit: limit)
            }
        }
    }

    static let cut = CompressionError("it ends in the middle")

    private mutating func header() throws(CompressionError) {
        isLast = try take(1) == 1
        switch try take(2) {
        case 0:
            giveBackBytes()
            var head: [UInt8] = []
            while head.count < 4 {
                guard let byte = input.byte() else { throw Self.cut }
                head.append(byte)
            }
            let length = Int(head[0]) | Int(head[1]) << 8
            guard length == ~(Int(head[2]) | Int(head[3]) << 8) & 0xFFFF else { throw CompressionError("a block whose length is damaged") }
            state = .stored(left: length)
        case 1:
            (literals, distances) = (HuffmanCode.fixedLiterals, HuffmanCode.fixedDistances)
            state = .coded
        case 2:
            (literals, distances) = try codes()
            state = .coded
        default: throw CompressionError("a block of a kind that does not exist")
        }
    }

    private mutating func endBlock() {
        state = isLast ? .ended : .header
        if isLast { giveBackBytes() }
    }

    // MARK: - Bits

    /// Whole bytes that were read ahead.
    private mutating func giveBackBytes() {
        input.at -= Int(bitCount / 8)
        bits = 0
        bitCount = 0
    }

    /// Afterwards there are 56 bits, or all there are.
    @inline(__always)
    private mutating func refill() {
        if input.end - input.at >= 8 {
            // Bits above the count are those that come next: they are there again the next time.
            bits |= input.piece.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: input.at, as: UInt64.self)) } << bitCount
            input.at += Int((63 - bitCount) / 8)
            bitCount |= 56
        } else {
            refillByByte()
        }
    }

    private mutating func refillByByte() {
        while bitCount <= 56 {
            guard let byte = input.byte() else { return }
            bits |= UInt64(byte) << bitCount
            bitCount += 8
        }
    }

    private mutating func take(_ count: UInt64) throws(CompressionError) -> Int {
        if bitCount < count {
            refill()
            guard bitCount >= count else { throw Self.cut }
        }
        let value = bits & ((1 << count) - 1)
        bits >>= count
        bitCount -= count
        return Int(value)
    }

    @inline(__always)
    private mutating func symbol(_ code: borrowing HuffmanCode) throws(CompressionError) -> Int {
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
    private mutating func longSymbol(_ code: borrowing HuffmanCode) throws(CompressionError) -> Int {
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

    // MARK: - Blocks with codes

    /// - Parameter reach: how far back of `out` what was unpacked begins, negative where it begins behind.
    private mutating func coded(_ out: UnsafeMutablePointer<UInt8>, _ at: inout Int, reach: Int, limit: Int) throws(CompressionError) {
        let literals = literals, distances = distances
        while at + Self.longest <= limit {
            // The longest code, its bits, a distance's code and its bits are 48.
            if bitCount < 48 { refill() }
            let symbol = try symbol(literals)
            if symbol < 256 {
                out[at] = UInt8(symbol)
                at += 1
                continue
            }
            if symbol == 256 { return endBlock() }
            guard symbol - 257 < Self.lengths.count else { throw CompressionError("a length that does not exist") }
            let (base, extra) = Self.lengths[symbol - 257]
            let length = base + (try take(extra))
            let far = try self.symbol(distances)
            guard far < Self.distances.count else { throw CompressionError("a distance that does not exist") }
            let (nearest, more) = Self.distances[far]
            let distance = nearest + (try take(more))
            guard distance <= reach + at, distance <= at else { throw CompressionError("a copy from before its start") }
            let to = out + at
            if distance >= length {
                to.update(from: to - distance, count: length)
            } else {
                for place in 0..<length { to[place] = to[place - distance] }
            }
            at += length
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
            refill()
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
