import MeshModel

extension TraceID {
    /// 32 hexadecimal digits, as W3C Trace Context writes it.
    var hex: String { high.hex + low.hex }
    /// What screens call it: the beginning of its id.
    var displayName: String { "trace \(hex.prefix(8))" }
}

extension SpanID {
    var hex: String { raw.hex }
}

extension UInt64 {
    fileprivate var hex: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension Timestamp {
    /// `20:04:33.120`, UTC.
    var timeOfDayMilliseconds: String { String(rfc3339.dropFirst(11).dropLast()) }
}
