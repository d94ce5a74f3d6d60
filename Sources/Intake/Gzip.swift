/// gzip (RFC 1952): one member or several, one after another.
package enum Gzip {
    static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B }

    /// - Parameter limit: the most bytes it may unpack to.
    package static func unpacked(_ bytes: [UInt8], limit: Int) throws(CompressionError) -> [UInt8] {
        var output: [UInt8] = []
        var at = 0
        repeat {
            at = try headerEnd(bytes, at)
            let first = output.count
            at = try Inflate.decode(bytes, from: at, into: &output, limit: limit)
            guard at + 8 <= bytes.count else { throw CompressionError("it ends in the middle") }
            guard word(bytes, at) == checksum(output[first...]), word(bytes, at + 4) == UInt32(truncatingIfNeeded: output.count - first) else {
                throw CompressionError("its checksum is wrong")
            }
            at += 8
            // Some writers pad with zeros.
            while at < bytes.count, bytes[at] == 0 { at += 1 }
        } while at < bytes.count
        return output
    }

    /// What the first member begins with, up to `limit` bytes; nil where that is damaged.
    static func beginning(_ bytes: [UInt8], limit: Int) -> (bytes: [UInt8], isWhole: Bool)? {
        var output: [UInt8] = []
        do {
            let start = try headerEnd(bytes, 0)
            _ = try Inflate.decode(bytes, from: start, into: &output, limit: limit)
            return (output, true)
        } catch {
            return error.isTooLarge ? (output, false) : nil
        }
    }

    private static func headerEnd(_ bytes: [UInt8], _ start: Int) throws(CompressionError) -> Int {
        guard start + 10 <= bytes.count, bytes[start] == 0x1F, bytes[start + 1] == 0x8B, bytes[start + 2] == 8 else {
            throw CompressionError("its header is not gzip's")
        }
        let flags = bytes[start + 3]
        var at = start + 10
        if flags & 4 != 0 {
            guard at + 2 <= bytes.count else { throw CompressionError("it ends in the middle") }
            at += 2 + Int(bytes[at]) + Int(bytes[at + 1]) << 8
        }
        // The file's name and a comment, each ended by a zero.
        for flag in [UInt8(8), 16] where flags & flag != 0 {
            while at < bytes.count, bytes[at] != 0 { at += 1 }
            at += 1
        }
        if flags & 2 != 0 { at += 2 }
        guard at <= bytes.count else { throw CompressionError("it ends in the middle") }
        return at
    }

    private static func word(_ bytes: [UInt8], _ at: Int) -> UInt32 {
        UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16 | UInt32(bytes[at + 3]) << 24
    }

    static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
    }

    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
    }
}
