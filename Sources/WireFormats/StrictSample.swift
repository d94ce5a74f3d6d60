/// One sample line by the letter of OpenMetrics 1.0: single blanks, no comma at the end, decimal numbers. Only the checker
/// reads so; production reads with `LineParser`.
struct StrictSample {
    var name: Range<Int> = 0..<0
    var labels: [LabelSpan] = []
    var value = 0.0
    var timestamp: Double?
    var hasExemplar = false

    struct Failure: Error {
        var rule: OpenMetricsFinding.Rule
        var at: Int
    }

    static func parse(_ line: UnsafeRawBufferPointer) throws(Failure) -> StrictSample {
        var sample = StrictSample()
        var cursor = Cursor(line: line)
        cursor.skipName()
        sample.name = 0..<cursor.at
        guard !(48...57).contains(line.first ?? 0) else { throw Failure(rule: .malformedSample, at: 0) }
        if cursor.byte == UInt8(ascii: "{") {
            sample.labels = try labelList(&cursor, name: &sample.name)
        }
        guard !sample.name.isEmpty else { throw Failure(rule: .malformedSample, at: 0) }
        try blank(&cursor, .malformedSample)
        sample.value = try number(&cursor, .badNumber)
        guard !cursor.isAtEnd else { return sample }
        try blank(&cursor, .malformedSample)
        if cursor.byte != UInt8(ascii: "#") {
            sample.timestamp = try finite(&cursor, .badTimestamp)
            guard !cursor.isAtEnd else { return sample }
            try blank(&cursor, .malformedSample)
        }
        try exemplar(&cursor)
        sample.hasExemplar = true
        return sample
    }

    private static func exemplar(_ cursor: inout Cursor) throws(Failure) {
        let start = cursor.at
        guard cursor.byte == UInt8(ascii: "#") else { throw Failure(rule: .malformedExemplar, at: start) }
        cursor.at += 1
        try blank(&cursor, .malformedExemplar)
        guard cursor.byte == UInt8(ascii: "{") else { throw Failure(rule: .malformedExemplar, at: cursor.at) }
        var noName = 0..<1
        let labels = try labelList(&cursor, name: &noName)
        try blank(&cursor, .malformedExemplar)
        _ = try number(&cursor, .malformedExemplar)
        if !cursor.isAtEnd {
            try blank(&cursor, .malformedExemplar)
            _ = try finite(&cursor, .malformedExemplar)
        }
        guard cursor.isAtEnd else { throw Failure(rule: .malformedExemplar, at: cursor.at) }
        var characters = 0
        for label in labels { characters += label.nameText(in: cursor.line).unicodeScalars.count + label.valueText(in: cursor.line).unicodeScalars.count }
        if characters > 128 { throw Failure(rule: .exemplarTooLong, at: start) }
    }

    /// From `{` to behind `}`; the only name without a value is that of the metric.
    private static func labelList(_ cursor: inout Cursor, name: inout Range<Int>) throws(Failure) -> [LabelSpan] {
        var labels: [LabelSpan] = []
        cursor.at += 1
        if cursor.byte == UInt8(ascii: "}") {
            cursor.at += 1
            return labels
        }
        while true {
            let start = cursor.at
            var range: Range<Int>
            let isQuoted = cursor.byte == UInt8(ascii: "\"")
            if isQuoted {
                guard let quoted = cursor.quoted() else { throw Failure(rule: .badLabel, at: start) }
                range = quoted.range
            } else {
                cursor.skipName()
                range = start..<cursor.at
                let first = range.isEmpty ? 48 : cursor.line[start]
                guard !(48...57).contains(first), !cursor.line[range].contains(UInt8(ascii: ":")) else { throw Failure(rule: .badLabel, at: start) }
            }
            if isQuoted, name.isEmpty, labels.isEmpty, cursor.byte != UInt8(ascii: "=") {
                name = range
            } else {
                guard cursor.byte == UInt8(ascii: "=") else { throw Failure(rule: .badLabel, at: cursor.at) }
                cursor.at += 1
                guard cursor.byte == UInt8(ascii: "\""), let value = cursor.quoted() else { throw Failure(rule: .badLabel, at: cursor.at) }
                let span = LabelSpan(nameStart: UInt32(range.lowerBound), nameEnd: UInt32(range.upperBound),
                                     valueStart: UInt32(value.range.lowerBound), valueEnd: UInt32(value.range.upperBound), hasEscapes: value.hasEscapes)
                guard !labels.contains(where: { $0.nameText(in: cursor.line) == span.nameText(in: cursor.line) }) else {
                    throw Failure(rule: .labelTwice, at: start)
                }
                labels.append(span)
            }
            switch cursor.byte {
            case UInt8(ascii: ","): cursor.at += 1
            case UInt8(ascii: "}"):
                cursor.at += 1
                return labels
            default: throw Failure(rule: .badLabel, at: cursor.at)
            }
        }
    }

    private static func blank(_ cursor: inout Cursor, _ rule: OpenMetricsFinding.Rule) throws(Failure) {
        guard cursor.byte == 32 else { throw Failure(rule: rule, at: cursor.at) }
        cursor.at += 1
    }

    private static func number(_ cursor: inout Cursor, _ rule: OpenMetricsFinding.Rule) throws(Failure) -> Double {
        let start = cursor.at
        let token = cursor.token()
        // Hexadecimal is for the older text format.
        guard !token.contains(where: { $0 | 32 == UInt8(ascii: "x") || $0 | 32 == UInt8(ascii: "p") }), let value = NumberScanner.number(token) else {
            throw Failure(rule: rule, at: start)
        }
        return value
    }

    private static func finite(_ cursor: inout Cursor, _ rule: OpenMetricsFinding.Rule) throws(Failure) -> Double {
        let start = cursor.at
        let value = try number(&cursor, rule)
        guard value.isFinite else { throw Failure(rule: rule, at: start) }
        return value
    }
}

extension LabelSpan {
    func nameText(in line: UnsafeRawBufferPointer) -> String { Self.text(line[Int(nameStart)..<Int(nameEnd)]) }
    func valueText(in line: UnsafeRawBufferPointer) -> String { Self.text(line[Int(valueStart)..<Int(valueEnd)]) }

    private static func text(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        var text: [UInt8] = []
        LabelText.unescaped(UnsafeRawBufferPointer(rebasing: bytes), into: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
