/// gzip (RFC 1952): one member or several, one after another.
package enum Gzip {
    static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B }

    /// - Parameter limit: the most bytes it may unpack to.
    /// - Parameter room: whether there is memory for so many bytes more; asked before they are made room for.
    package static func unpacked(_ bytes: [UInt8], limit: Int, room: (Int) -> Bool = { _ in true }) throws(CompressionError) -> [UInt8] {
        var stream = GzipStream(PackedInput(bytes: bytes))
        var output: [UInt8] = []
        var at = 0, granted = 0, wanted = min(limit, promised(bytes))
        repeat {
            guard at <= limit else { throw CompressionError(pastLimit: limit) }
            guard room(wanted - granted) else { throw CompressionError.noRoom }
            granted = wanted
            output.append(contentsOf: repeatElement(0, count: granted + 2 * Inflate.longest - output.count))
            try stream.fill(&output, &at)
            wanted = min(limit, max(2 * granted, 4 * bytes.count))
        } while !stream.isEnded
        guard at <= limit else { throw CompressionError(pastLimit: limit) }
        output.removeLast(output.count - at)
        return output
    }

    /// It ends with the length of what its last member holds (RFC 1952 §2.3.1), true or not; no deflate packs tighter than 1032 to 1.
    private static func promised(_ bytes: [UInt8]) -> Int {
        min(bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }, bytes.count * 1032)
    }

    static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var sum = Checksum()
        bytes.withUnsafeBytes { sum.add($0) }
        return sum.value
    }
}

/// gzip's CRC-32, eight bytes at a time.
struct Checksum {
    private var state: UInt32 = ~0
    var value: UInt32 { ~state }

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var state = state
        Self.tables.withUnsafeBufferPointer { table in
            var at = 0
            while at + 8 <= bytes.count {
                let next = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)) ^ UInt64(state)
                state = 0
                for place in 0..<8 { state ^= table[(7 - place) * 256 + Int(next >> UInt64(place * 8) & 0xFF)] }
                at += 8
            }
            while at < bytes.count {
                state = table[Int(UInt8(truncatingIfNeeded: state) ^ bytes[at])] ^ state >> 8
                at += 1
            }
        }
        self.state = state
    }

    /// The n-th of eight: a byte's part with n zeros behind it.
    private static let tables: [UInt32] = {
        var tables: [UInt32] = (0..<256).map { byte in (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 } }
        for place in 256..<2048 { tables.append(tables[Int(tables[place - 256] & 0xFF)] ^ tables[place - 256] >> 8) }
        return tables
    }()
}

/// Unpacks a piece at a time.
struct GzipStream: ~Copyable {
    private enum Place { case header, body, end }
    var inflate: Inflate
    private var place = Place.header
    private var checksum = Checksum()
    private var memberBytes = 0

    init(_ input: consuming PackedInput) { inflate = Inflate(input) }

    var isEnded: Bool { place == .end }

    /// Fills `out[at...]`, of which at least `Inflate.longest` must be free; what is unpacked must stay before `at` as far as `Inflate.history`.
    /// Where it fails, what came before stands.
    mutating func fill(_ out: inout [UInt8], _ at: inout Int) throws(CompressionError) {
        while place != .end, at + Inflate.longest <= out.count {
            if place == .header {
                try header()
                place = .body
            }
            let first = at
            try out.withUnsafeMutableBufferPointer { buffer throws(CompressionError) in
                guard let base = buffer.baseAddress else { return }
                try inflate.fill(base, &at, limit: buffer.count)
            }
            out.withUnsafeBytes { checksum.add(UnsafeRawBufferPointer(rebasing: $0[first..<at])) }
            memberBytes += at - first
            if inflate.isEnded { try trailer() }
        }
    }

    private mutating func next() throws(CompressionError) -> UInt8 {
        guard let byte = inflate.input.byte() else { throw Inflate.cut }
        return byte
    }

    private mutating func header() throws(CompressionError) {
        var head: [UInt8] = []
        for _ in 0..<10 {
            guard let byte = inflate.input.byte() else { break }
            head.append(byte)
        }
        guard head.count == 10, head[0] == 0x1F, head[1] == 0x8B, head[2] == 8 else { throw CompressionError("its header is not gzip's") }
        if head[3] & 4 != 0 {
            let low = try next(), high = try next()
            for _ in 0..<Int(low) + Int(high) << 8 { _ = try next() }
        }
        // The file's name and a comment, each ended by a zero.
        for flag in [UInt8(8), 16] where head[3] & flag != 0 { while try next() != 0 {} }
        if head[3] & 2 != 0 {
            _ = try next()
            _ = try next()
        }
        checksum = Checksum()
        memberBytes = 0
        inflate.begin()
    }

    private mutating func trailer() throws(CompressionError) {
        var words: [UInt32] = []
        for _ in 0..<2 {
            var word: UInt32 = 0
            for place in 0..<4 { word |= UInt32(try next()) << UInt32(place * 8) }
            words.append(word)
        }
        guard words == [checksum.value, UInt32(truncatingIfNeeded: memberBytes)] else { throw CompressionError("its checksum is wrong") }
        // Some writers pad with zeros.
        while let byte = inflate.input.byte() {
            guard byte != 0 else { continue }
            inflate.input.at -= 1
            place = .header
            return
        }
        place = .end
    }
}
