/// Ids as people write them: lower case, with leading zeros.
public enum HexText {
    public static func text(_ id: SpanID) -> String { text(id.raw) }
    public static func text(_ id: TraceID) -> String { text(id.high) + text(id.low) }

    private static func text(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
