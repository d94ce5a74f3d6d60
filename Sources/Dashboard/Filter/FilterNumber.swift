/// Numbers as they are typed.
enum FilterNumber {
    /// `10`, `1.5k`, `200ms`, `1s`, `99%`: in milliseconds for latencies, seconds for ages.
    static func read(_ text: String, for field: Field) -> Double? {
        for (suffix, factor) in suffixes(field) where text.lowercased().hasSuffix(suffix) {
            return finite(text.dropLast(suffix.count)).map { $0 * factor }
        }
        if field == .code, text.lowercased() == "none" { return 0 }
        return finite(text[...])
    }

    private static func finite(_ text: Substring) -> Double? {
        // Not what else Double takes: hexadecimal, infinity.
        guard text.utf8.allSatisfy({ (48...57).contains($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") || $0 | 32 == UInt8(ascii: "e") }) else { return nil }
        return Double(text).flatMap { $0.isFinite ? $0 : nil }
    }

    private static func suffixes(_ field: Field) -> [(String, Double)] {
        if field.isLatency { return [("ms", 1), ("us", 0.001), ("µs", 0.001), ("s", 1000), ("m", 60_000)] }
        if field == .age { return [("s", 1), ("m", 60), ("h", 3600)] }
        return [("%", 1), ("k", 1e3), ("m", 1e6), ("g", 1e9)]
    }

    static func example(for field: Field) -> String {
        field.isLatency ? ": write 200ms or 1s" : field == .age ? ": write 90s or 10m" : ""
    }
}
