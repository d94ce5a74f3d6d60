import MeshModel

/// Reads what people type for lengths of time and instants.
package enum TimeText {
    /// `90s`, `10m`, `1h30m`, `2d`, bare seconds; nil for anything else. Never negative.
    static func seconds(_ text: some StringProtocol) -> Double? {
        var total = 0.0
        var digits = ""
        var sawUnit = false
        for character in text {
            if character.isASCII, character.isNumber || character == "." {
                digits.append(character)
                continue
            }
            guard let number = Double(digits), let unit = ["s": 1.0, "m": 60, "h": 3600, "d": 86_400][character] else { return nil }
            total += number * unit
            digits = ""
            sawUnit = true
        }
        if !digits.isEmpty {
            guard !sawUnit, let number = Double(digits) else { return nil }
            total = number
        }
        return text.isEmpty || !total.isFinite ? nil : total
    }

    /// `-10m` (or `10m`) and `+30s` from `shown`; `15:30`, `15:30:05` (UTC) as the latest such time not after `newest`.
    static func instant(_ text: some StringProtocol, shown: Timestamp, newest: Timestamp) -> Timestamp? {
        if let sign = text.first, sign == "-" || sign == "+" {
            guard let length = seconds(text.dropFirst()) else { return nil }
            let span = Timestamp.Span(seconds: min(length, 3.2e9))
            return sign == "-" ? shown - span : shown + span
        }
        if let length = seconds(text), !text.allSatisfy(\.isNumber) { return shown - Timestamp.Span(seconds: min(length, 3.2e9)) }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3 else { return nil }
        let numbers = parts.compactMap { $0.count <= 2 ? Int64($0) : nil }
        guard numbers.count == parts.count, (0..<24).contains(numbers[0]), (0..<60).contains(numbers[1]) else { return nil }
        let second = numbers.count == 3 ? numbers[2] : 0
        guard (0..<60).contains(second) else { return nil }
        let day: Int64 = 86_400_000
        let midnight = newest.milliseconds - ((newest.milliseconds % day) + day) % day
        let candidate = midnight + ((numbers[0] * 60 + numbers[1]) * 60 + second) * 1000
        return Timestamp(milliseconds: candidate <= newest.milliseconds ? candidate : candidate - day)
    }
}
