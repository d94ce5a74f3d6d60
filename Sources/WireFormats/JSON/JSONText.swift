/// Escapes of JSON texts.
enum JSONText {
    /// Writes the text without its escapes; never longer than it was. Half a surrogate pair becomes U+FFFD, an unknown escape its letter.
    static func unescape(_ raw: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Int {
        var at = 0, written = 0
        func put(_ byte: UInt8) {
            output[written] = byte
            written += 1
        }
        func put(scalar value: UInt32) {
            switch value {
            case 0..<0x80: put(UInt8(value))
            case 0x80..<0x800:
                put(UInt8(0xC0 | value >> 6))
                put(UInt8(0x80 | value & 0x3F))
            case 0x800..<0x1_0000:
                put(UInt8(0xE0 | value >> 12))
                put(UInt8(0x80 | value >> 6 & 0x3F))
                put(UInt8(0x80 | value & 0x3F))
            default:
                put(UInt8(0xF0 | value >> 18))
                put(UInt8(0x80 | value >> 12 & 0x3F))
                put(UInt8(0x80 | value >> 6 & 0x3F))
                put(UInt8(0x80 | value & 0x3F))
            }
        }
        while at < raw.count {
            guard raw[at] == UInt8(ascii: "\\"), at + 1 < raw.count else {
                put(raw[at])
                at += 1
                continue
            }
            let letter = raw[at + 1]
            at += 2
            switch letter {
            case UInt8(ascii: "n"): put(10)
            case UInt8(ascii: "t"): put(9)
            case UInt8(ascii: "r"): put(13)
            case UInt8(ascii: "b"): put(8)
            case UInt8(ascii: "f"): put(12)
            case UInt8(ascii: "u"):
                guard let first = hex4(raw, at) else {
                    put(letter)
                    continue
                }
                at += 4
                if first & 0xFC00 == 0xD800, at + 1 < raw.count, raw[at] == UInt8(ascii: "\\"), raw[at + 1] == UInt8(ascii: "u"),
                   let second = hex4(raw, at + 2), second & 0xFC00 == 0xDC00 {
                    at += 6
                    put(scalar: 0x1_0000 + (first & 0x3FF) << 10 + second & 0x3FF)
                } else {
                    put(scalar: first & 0xF800 == 0xD800 ? 0xFFFD : first)
                }
            default: put(letter)
            }
        }
        return written
    }

    private static func hex4(_ raw: UnsafeRawBufferPointer, _ at: Int) -> UInt32? {
        guard at + 4 <= raw.count else { return nil }
        var value: UInt32 = 0
        for byte in raw[at..<at + 4] {
            guard let digit = HexDigits.value(byte) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}

public enum HexDigits {
    public static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}

/// Numbers as JSON carries them: as numbers, as texts, beyond 64 bits, with fractions and exponents.
public enum JSONNumber {
    public static func int(_ text: UnsafeRawBufferPointer) -> Int64? {
        if text.first == UInt8(ascii: "-") {
            guard let value = digits(UnsafeRawBufferPointer(rebasing: text.dropFirst())) else { return rounded(text) }
            return value > UInt64(Int64.max) ? .min : -Int64(value)
        }
        guard let value = digits(text) else { return rounded(text) }
        return Int64(clamping: value)
    }

    public static func uint(_ text: UnsafeRawBufferPointer) -> UInt64? {
        if let value = digits(text) { return value }
        guard let value = NumberScanner.number(text), !value.isNaN else { return nil }
        return value <= 0 ? 0 : value >= 18_446_744_073_709_549_568 ? .max : UInt64(value)
    }

    private static func digits(_ text: UnsafeRawBufferPointer) -> UInt64? {
        guard !text.isEmpty, text.count <= 20 else { return nil }
        var value: UInt64 = 0
        for byte in text {
            guard byte &- 48 < 10 else { return nil }
            let (tens, over) = value.multipliedReportingOverflow(by: 10)
            let (sum, past) = tens.addingReportingOverflow(UInt64(byte &- 48))
            guard !over, !past else { return .max }
            value = sum
        }
        return value
    }

    private static func rounded(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard let value = NumberScanner.number(text), !value.isNaN else { return nil }
        return value >= 9.2233720368547748e18 ? .max : value <= -9.2233720368547748e18 ? .min : Int64(value)
    }
}
