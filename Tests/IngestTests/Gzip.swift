/// Writes gzip (RFC 1952) without a library: pages as they are, and bombs.
enum Gzip {
    /// The text in stored blocks.
    static func stored(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        var out = header
        var at = 0
        repeat {
            let count = min(65_535, bytes.count - at)
            let isLast: UInt8 = at + count == bytes.count ? 1 : 0
            out += [isLast, UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8 & 255)] + bytes[at..<at + count]
            at += count
        } while at < bytes.count
        return out + little(checksum(bytes)) + little(UInt32(bytes.count))
    }

    /// A stream that never ends: one newline, then repetitions of it, 258 bytes for 13 bits. `head` begins it, `more` goes on.
    static let bomb: (head: [UInt8], more: [UInt8]) = {
        var bits = Bits()
        bits.append(1, count: 1)  // last block,
        bits.append(1, count: 2)  // with fixed codes (RFC 1951 §3.2.6)
        bits.appendCode(0x30 + 10, count: 8)  // a newline
        // Eight repetitions are 13 whole bytes; three bits and eight before them stay over, so the head ends within a byte: fill up.
        var head = bits
        while head.count % 8 != 0 { head.appendRepetition() }
        var more = Bits()
        for _ in 0..<8 * 1260 { more.appendRepetition() }
        return (header + head.bytes, more.bytes)
    }()

    /// A whole one: a newline and repetitions of it, 258 bytes each.
    static func newlines(repetitions: Int) -> [UInt8] {
        var bits = Bits()
        bits.append(1, count: 1)
        bits.append(1, count: 2)
        bits.appendCode(0x30 + 10, count: 8)
        for _ in 0..<repetitions { bits.appendRepetition() }
        bits.appendCode(0, count: 7)  // its end
        let bytes = [UInt8](repeating: 10, count: 1 + 258 * repetitions)
        return header + bits.bytes + little(checksum(bytes)) + little(UInt32(bytes.count))
    }

    private static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    private static func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var crc = ~UInt32(0)
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }

    private struct Bits {
        var bytes: [UInt8] = []
        var count = 0

        mutating func append(_ value: UInt32, count: Int) {
            for bit in 0..<count {
                if self.count % 8 == 0 { bytes.append(0) }
                bytes[bytes.count - 1] |= UInt8(value >> bit & 1) << (self.count % 8)
                self.count += 1
            }
        }

        /// Huffman codes go in from their top bit.
        mutating func appendCode(_ code: UInt32, count: Int) { for bit in (0..<count).reversed() { append(code >> bit & 1, count: 1) } }

        /// Length 258 (code 285), distance 1 (code 0).
        mutating func appendRepetition() {
            appendCode(0b1100_0101, count: 8)
            appendCode(0, count: 5)
        }
    }
}
