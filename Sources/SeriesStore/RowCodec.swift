/// One row of a chunk as bytes: the series that changed, in ascending ordinals, each as
///
///     varint (gap << 2 | tag)   gap = ordinals left out since the change before
///     tag 0  zigzag varint      whole-number difference to the value before
///     tag 1                     the same difference as the change before: buckets of one histogram grow alike
///     tag 2  lengths, bytes     the bits that differ (XOR of both doubles), without the zero bytes at either end
///     tag 3                     gone: no sample from here on
///
/// A series that comes back differs from the value it had last; one that is new, from 0. Lossless for every bit pattern.
/// On pages of real Envoys a sample costs 0.3 to 0.4 bytes (docs/performance.md).
enum RowCodec {
    /// Most bytes one change takes: header, lengths, eight bytes.
    static let maxBytesPerChange = 20

    private enum Tag {
        static let difference: UInt64 = 0, same: UInt64 = 1, bits: UInt64 = 2, gone: UInt64 = 3
    }

    /// Whole numbers up to 2^53 are exact; their differences fit an Int64.
    @inline(__always) private static func whole(_ value: Double) -> Int64? {
        guard value.magnitude < 0x1p53 else { return nil }
        let integer = Int64(value)
        // −0 is no whole number here: its bits would be lost.
        return Double(integer).bitPattern == value.bitPattern ? integer : nil
    }

    /// - Parameters:
    ///   - changes: ascending by ordinal.
    ///   - scratch: room for `maxBytesPerChange` each.
    /// - Returns: bytes written.
    static func encode(_ changes: UnsafeBufferPointer<SampleChange>, to scratch: UnsafeMutablePointer<UInt8>) -> Int {
        var place = 0
        var next: UInt64 = 0
        var lastDifference = Int64.min
        for change in changes {
            let gap = UInt64(change.ordinal) &- next
            next = UInt64(change.ordinal) &+ 1
            guard change.isPresent else {
                Varint.write(gap &<< 2 | Tag.gone, to: scratch, at: &place)
                continue
            }
            if let new = whole(change.new), let old = whole(change.old) {
                let difference = new &- old
                if difference == lastDifference {
                    Varint.write(gap &<< 2 | Tag.same, to: scratch, at: &place)
                } else {
                    Varint.write(gap &<< 2 | Tag.difference, to: scratch, at: &place)
                    Varint.write(Varint.zigzag(difference), to: scratch, at: &place)
                    lastDifference = difference
                }
            } else {
                Varint.write(gap &<< 2 | Tag.bits, to: scratch, at: &place)
                writeBits(change.new.bitPattern ^ change.old.bitPattern, to: scratch, at: &place)
            }
        }
        return place
    }

    /// Calls `change` with (ordinal, is gone, value) for each change; `old` tells the value before of an ordinal.
    @inline(__always)
    static func decode(_ bytes: UnsafePointer<UInt8>, count: Int, old: (Int) -> Double, change: (Int, Bool, Double) -> Void) {
        var place = 0
        var next = 0
        var lastDifference: Int64 = 0
        while place < count {
            let header = Varint.read(bytes, at: &place)
            let ordinal = next + Int(header &>> 2)
            next = ordinal + 1
            switch header & 3 {
            case Tag.difference:
                lastDifference = Varint.unzigzag(Varint.read(bytes, at: &place))
                change(ordinal, false, Double(Int64(old(ordinal)) &+ lastDifference))
            case Tag.same: change(ordinal, false, Double(Int64(old(ordinal)) &+ lastDifference))
            case Tag.bits: change(ordinal, false, Double(bitPattern: old(ordinal).bitPattern ^ readBits(bytes, at: &place)))
            default: change(ordinal, true, old(ordinal))
            }
        }
        precondition(place == count, "BUG: a row's bytes end in the middle of a change")
    }

    @inline(__always) private static func writeBits(_ bits: UInt64, to bytes: UnsafeMutablePointer<UInt8>, at place: inout Int) {
        let low = bits == 0 ? 0 : bits.trailingZeroBitCount / 8
        let high = bits == 0 ? 8 : bits.leadingZeroBitCount / 8
        let length = max(0, 8 - low - high)
        bytes[place] = UInt8(low << 4 | length)
        place &+= 1
        var rest = bits &>> UInt64(low * 8)
        for _ in 0..<length {
            bytes[place] = UInt8(truncatingIfNeeded: rest)
            place &+= 1
            rest &>>= 8
        }
    }

    @inline(__always) private static func readBits(_ bytes: UnsafePointer<UInt8>, at place: inout Int) -> UInt64 {
        let low = UInt64(bytes[place] >> 4), length = UInt64(bytes[place] & 15)
        place &+= 1
        var bits: UInt64 = 0
        for index in 0..<length {
            bits |= UInt64(bytes[place]) &<< ((low + index) * 8)
            place &+= 1
        }
        return bits
    }
}
