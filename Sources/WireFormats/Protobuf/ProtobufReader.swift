/// Reads one protobuf message's fields from bytes it does not own, in place. What is damaged ends the message and sets `isBroken`;
/// nothing is read past its end whatever a length says.
///
///     while reader.next() {
///         switch reader.tag {
///         case 0x0A: name = reader.bytes()
///         default: reader.skip()
///         }
///     }
///
/// A tag is number and wire type in one, as on the wire: a known field of another type is skipped as an unknown one.
public struct ProtobufReader {
    @usableFromInline var at: UnsafeRawPointer
    @usableFromInline let end: UnsafeRawPointer
    @usableFromInline private(set) var broken = false
    /// Of the field whose value comes next: `number << 3 | type`.
    @usableFromInline private(set) var current: UInt32 = 0

    @inlinable public init(_ bytes: UnsafeRawBufferPointer) {
        let base = bytes.baseAddress ?? Self.nothing
        at = base
        end = base + bytes.count
    }

    @inlinable public var isBroken: Bool { broken }
    @inlinable public var tag: UInt32 { current }
    @inlinable public var left: Int { end - at }

    /// Goes to the next field; false at the end or where the message is damaged.
    @inlinable @inline(__always) public mutating func next() -> Bool {
        guard at < end else { return false }
        let first = at.load(as: UInt8.self)
        if first < 0x80 {
            at += 1
            current = UInt32(first)
        } else {
            let value = longVarint()
            guard !broken, value <= UInt64(UInt32.max) else { return fail() }
            current = UInt32(value)
        }
        return current >= 8 ? true : fail()
    }

    @inlinable @inline(__always) public mutating func varint() -> UInt64 {
        guard at < end else { return failed() }
        let first = at.load(as: UInt8.self)
        guard first >= 0x80 else {
            at += 1
            return UInt64(first)
        }
        return longVarint()
    }

    @inlinable @inline(__always) public mutating func fixed64() -> UInt64 {
        guard end - at >= 8 else { return failed() }
        defer { at += 8 }
        return UInt64(littleEndian: at.loadUnaligned(as: UInt64.self))
    }

    @inlinable @inline(__always) public mutating func fixed32() -> UInt32 {
        guard end - at >= 4 else { return UInt32(truncatingIfNeeded: failed()) }
        defer { at += 4 }
        return UInt32(littleEndian: at.loadUnaligned(as: UInt32.self))
    }

    /// A length and as many bytes: text, bytes, a message, packed numbers.
    @inlinable @inline(__always) public mutating func bytes() -> UnsafeRawBufferPointer {
        let count = varint()
        guard count <= UInt64(end - at) else {
            _ = fail()
            return UnsafeRawBufferPointer(start: at, count: 0)
        }
        defer { at += Int(count) }
        return UnsafeRawBufferPointer(start: at, count: Int(count))
    }

    @inlinable public mutating func message() -> ProtobufReader { ProtobufReader(bytes()) }

    @inlinable public mutating func skip() {
        switch current & 7 {
        case 0: _ = varint()
        case 1: _ = fixed64()
        case 2: _ = bytes()
        case 3: skipGroup()
        case 5: _ = fixed32()
        default: _ = fail()
        }
    }

    /// Groups, long out of use, may lie in one another: they are counted, not descended into.
    @usableFromInline mutating func skipGroup() {
        var depth = 1
        while depth > 0 {
            guard next() else {
                _ = fail()
                return
            }
            switch current & 7 {
            case 3: depth += 1
            case 4: depth -= 1
            default: skip()
            }
        }
    }

    @usableFromInline mutating func longVarint() -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while at < end {
            let byte = at.load(as: UInt8.self)
            at += 1
            // The tenth byte has room for one bit; more of it is cut off, as protobuf's own readers do.
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
            if shift > 63 { break }
        }
        return failed()
    }

    @usableFromInline mutating func fail() -> Bool {
        broken = true
        at = end
        return false
    }

    @usableFromInline mutating func failed() -> UInt64 {
        _ = fail()
        return 0
    }

    /// Where an empty buffer that has no address points.
    @usableFromInline nonisolated(unsafe) static let nothing = UnsafeRawPointer(UnsafeMutableRawPointer.allocate(byteCount: 8, alignment: 8))
}
