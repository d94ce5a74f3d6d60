extension Timestamp {
    /// RFC 3339 in UTC with milliseconds, `2026-11-23T20:04:33.125Z`. Civil-date arithmetic after
    /// H. Hinnant, "chrono-compatible low-level date algorithms".
    public var rfc3339: String {
        let (days, dayMilliseconds) = milliseconds.dividedDown(by: 86_400_000)
        let (year, month, day) = Self.civil(days)
        let second = dayMilliseconds / 1000
        return "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))T"
            + "\(clock(second)).\(Self.padded(dayMilliseconds % 1000, 3))Z"
    }

    /// `20:04:33`, UTC.
    public var timeOfDay: String { clock(milliseconds.dividedDown(by: 86_400_000).rest / 1000) }

    private func clock(_ second: Int64) -> String {
        "\(Self.padded(second / 3600, 2)):\(Self.padded(second / 60 % 60, 2)):\(Self.padded(second % 60, 2))"
    }

    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let z = days + 719_468
        let era = z.dividedDown(by: 146_097).quotient
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
