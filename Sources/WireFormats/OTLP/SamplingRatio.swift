/// How many spans one stands for that a sampler let through, as its `tracestate` tells.
///
/// Source: OpenTelemetry "TraceState: Probability Sampling" — the member `ot` with `th`, a rejection threshold of up to 14 hexadecimal digits,
/// zeros at the end left out: one in 2⁵⁶ / (2⁵⁶ − th) is kept; and its forerunner `p`, the negative logarithm of the probability to base 2.
public enum SamplingRatio {
    /// The specification's limit of the whole text; what is longer is not looked at.
    static let mostBytes = 512

    /// At least 1; nil where nothing is said of it, or nothing that can be.
    public static func standsFor(traceState text: UnsafeRawBufferPointer) -> Double? {
        guard text.count >= 6, text.count <= mostBytes else { return nil }
        for member in text.split(separator: UInt8(ascii: ",")) {
            let member = trimmed(member)
            guard member.count > 3, member.starts(with: "ot=".utf8) else { continue }
            for field in member.dropFirst(3).split(separator: UInt8(ascii: ";")) {
                if field.starts(with: "th:".utf8) { return threshold(field.dropFirst(3)) }
                if field.starts(with: "p:".utf8) { return power(field.dropFirst(2)) }
            }
        }
        return nil
    }

    private static func trimmed(_ text: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
        text.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    private static func threshold(_ digits: Slice<UnsafeRawBufferPointer>) -> Double? {
        guard (1...14).contains(digits.count) else { return nil }
        var threshold: UInt64 = 0
        for digit in digits {
            guard let value = hexValue(digit) else { return nil }
            threshold = threshold << 4 | value
        }
        threshold <<= UInt64(4 * (14 - digits.count))
        let all: UInt64 = 1 << 56
        return Double(all) / Double(all - threshold)
    }

    private static func hexValue(_ digit: UInt8) -> UInt64? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(digit - UInt8(ascii: "a") + 10)
        default: nil
        }
    }

    /// 63 is a span that stands for none; how many there were cannot be told from it.
    private static func power(_ digits: Slice<UnsafeRawBufferPointer>) -> Double? {
        guard (1...2).contains(digits.count), digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        let power = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return power <= 62 ? Double(sign: .plus, exponent: power, significand: 1) : nil
    }
}
