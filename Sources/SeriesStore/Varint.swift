/// Unsigned LEB128 (as in protobuf) and zigzag, on raw bytes that were written here: no bounds are hostile.
enum Varint {
    static let maxBytes = 10

    @inline(__always) static func write(_ value: UInt64, to bytes: UnsafeMutablePointer<UInt8>, at place: inout Int) {
        var rest = value
        while rest >= 128 {
            bytes[place] = UInt8(truncatingIfNeeded: rest) | 128
            place &+= 1
            rest &>>= 7
        }
        bytes[place] = UInt8(truncatingIfNeeded: rest)
        place &+= 1
    }

    @inline(__always) static func read(_ bytes: UnsafePointer<UInt8>, at place: inout Int) -> UInt64 {
        var byte = bytes[place]
        place &+= 1
        var value = UInt64(byte & 127)
        var shift: UInt64 = 7
        while byte >= 128 {
            byte = bytes[place]
            place &+= 1
            value |= UInt64(byte & 127) &<< shift
            shift &+= 7
        }
        return value
    }

    @inline(__always) static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: value &<< 1 ^ value &>> 63) }
    @inline(__always) static func unzigzag(_ value: UInt64) -> Int64 { Int64(bitPattern: value &>> 1) ^ -Int64(bitPattern: value & 1) }
}
