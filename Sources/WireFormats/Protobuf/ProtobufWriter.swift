import Glibc

/// Appends protobuf fields to bytes: what JSON and the other span formats are rewritten with.
public struct ProtobufWriter: Sendable {
    public var bytes: [UInt8] = []

    public init() {}

    public var count: Int { bytes.count }

    public mutating func varint(_ field: UInt32, _ value: UInt64) {
        raw(UInt64(field << 3))
        raw(value)
    }

    public mutating func fixed64(_ field: UInt32, _ value: UInt64) {
        raw(UInt64(field << 3 | 1))
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    public mutating func fixed32(_ field: UInt32, _ value: UInt32) {
        raw(UInt64(field << 3 | 5))
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    public mutating func bytes(_ field: UInt32, _ value: UnsafeRawBufferPointer) {
        raw(UInt64(field << 3 | 2))
        raw(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    public mutating func text(_ field: UInt32, _ value: StaticString) {
        bytes(field, UnsafeRawBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
    }

    /// Begins a message inside this one; `end` with what this returns.
    public mutating func begin(_ field: UInt32) -> Int {
        raw(UInt64(field << 3 | 2))
        bytes.append(0)
        return bytes.count
    }

    /// Puts the length in front of the message that began at `start`, moving it where the length needs more than a byte.
    public mutating func end(_ start: Int) {
        let length = bytes.count - start
        guard length >= 128 else {
            bytes[start - 1] = UInt8(length)
            return
        }
        var extra = 0
        while length >> (7 * (extra + 1)) > 0 { extra += 1 }
        for _ in 0..<extra { bytes.append(0) }
        bytes.withUnsafeMutableBytes { all in
            guard let base = all.baseAddress else { return }
            memmove(base + start + extra, base + start, length)
            var rest = length
            for index in 0...extra {
                all[start - 1 + index] = UInt8(rest & 0x7F) | (index < extra ? 0x80 : 0)
                rest >>= 7
            }
        }
    }

    private mutating func raw(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }
}
