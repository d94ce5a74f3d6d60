import Glibc

/// Reads one number out of bytes. This is the hot path of repeat scrapes: most values are short whole numbers.
public enum NumberScanner {
    /// Skips blanks, then reads up to a blank, newline or `end`.
    /// - Returns: the value and the bytes used, leading blanks included; nil where no number stands.
    @inlinable @inline(__always)
    public static func scan(_ start: UnsafeRawPointer, _ end: UnsafeRawPointer) -> (value: Double, length: Int)? {
        var at = start
        while at < end {
            let byte = at.load(as: UInt8.self)
            guard byte == 32 || byte == 9 else { break }
            at += 1
        }
        let first = at
        var whole: UInt64 = 0
        while at < end {
            let digit = at.load(as: UInt8.self) &- 48
            guard digit < 10 else { break }
            whole = whole &* 10 &+ UInt64(digit)
            at += 1
        }
        let digits = at - first
        if digits > 0, digits <= 15, at == end || endsToken(at.load(as: UInt8.self)) {
            return (Double(Int64(bitPattern: whole)), at - start)
        }
        return scanSlowly(first, end, from: start)
    }

    @inlinable @inline(__always) static func endsToken(_ byte: UInt8) -> Bool { byte == 10 || byte == 32 || byte == 13 || byte == 9 }

    @usableFromInline static func scanSlowly(_ first: UnsafeRawPointer, _ end: UnsafeRawPointer, from start: UnsafeRawPointer) -> (value: Double, length: Int)? {
        var stop = first
        while stop < end, !endsToken(stop.load(as: UInt8.self)) { stop += 1 }
        guard let value = number(UnsafeRawBufferPointer(start: first, count: stop - first)) else { return nil }
        return (value, stop - start)
    }

    /// A whole token as Go's ParseFloat reads it: decimal, hexadecimal, exponent, NaN and infinities in any case. No blanks,
    /// no underscores. Correctly rounded.
    public static func number(_ token: UnsafeRawBufferPointer) -> Double? {
        guard let base = token.baseAddress, token.count > 0, token.count < 400 else { return nil }
        if let value = shortDecimal(token) { return value }
        if let value = word(token) { return value }
        // strtod takes more than we allow (blanks, "nan(...)", hex without exponent is fine): only these bytes may occur.
        for byte in token {
            switch byte {
            case 48...57, 97...102, 65...70, 43, 45, 46, 120, 88, 112, 80: continue
            default: return nil
            }
        }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: token.count + 1) { text in
            guard let buffer = text.baseAddress else { return nil }
            memcpy(buffer, base, token.count)
            buffer[token.count] = 0
            var stop: UnsafeMutablePointer<CChar>?
            let value = strtod(buffer, &stop)
            return stop == buffer + token.count ? value : nil
        }
    }

    /// Up to 15 digits and up to 22 decimals are exact in one division: both operands and the power of ten are exact doubles.
    private static func shortDecimal(_ token: UnsafeRawBufferPointer) -> Double? {
        var mantissa: Int64 = 0
        var digits = 0, decimals = 0
        var seenPoint = false
        let isNegative = token[0] == 45
        for byte in token[(isNegative || token[0] == 43 ? 1 : 0)...] {
            if byte == 46, !seenPoint {
                seenPoint = true
            } else if byte >= 48, byte <= 57, digits < 15 {
                mantissa = mantissa * 10 + Int64(byte - 48)
                digits += 1
                if seenPoint { decimals += 1 }
            } else {
                return nil
            }
        }
        guard digits > 0 else { return nil }
        let value = Double(mantissa) / powersOfTen[decimals]
        return isNegative ? -value : value
    }

    private static let powersOfTen: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15]

    private static func word(_ token: UnsafeRawBufferPointer) -> Double? {
        let isNegative = token[0] == 45
        let letters = token[(isNegative || token[0] == 43 ? 1 : 0)...]
        func reads(_ word: StaticString) -> Bool {
            letters.count == word.utf8CodeUnitCount
                && zip(letters, UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)).allSatisfy { $0 | 32 == $1 }
        }
        if reads("nan") { return .nan }
        return reads("inf") || reads("infinity") ? (isNegative ? -.infinity : .infinity) : nil
    }
}
