import MeshModel

/// Splits one line of Prometheus text 0.0.4 or OpenMetrics 1.0. No allocation per line but for the growth of `labels`.
/// Line endings are the caller's; a trailing `\r` is tolerated.
public struct LineParser: ~Copyable {
    /// Labels of the last sample, in the order written.
    public private(set) var labels: [LabelSpan] = []
    private let format: ExpositionFormat
    static let maxLabels = 256

    public init(format: ExpositionFormat) { self.format = format }

    public mutating func parse(_ whole: UnsafeRawBufferPointer) -> ExpositionLine {
        var line = whole
        if line.last == 13 { line = UnsafeRawBufferPointer(rebasing: line.dropLast()) }
        var cursor = Cursor(line: line)
        cursor.skipBlanks()
        guard !cursor.isAtEnd else { return .blank }
        return line[cursor.at] == UInt8(ascii: "#") ? MetadataLine.parse(line, at: cursor.at) : sample(cursor)
    }

    private mutating func sample(_ start: consuming Cursor) -> ExpositionLine {
        var cursor = start
        var sample = SampleLine()
        labels.removeAll(keepingCapacity: true)
        sample.nameStart = cursor.at
        cursor.skipName()
        sample.nameEnd = cursor.at
        sample.keyEnd = cursor.at
        cursor.skipBlanks()
        if cursor.byte == UInt8(ascii: "{") {
            // Names in quotes stand inside the braces: {"my.metric","a.b"="c"}.
            let named = sample.nameEnd > sample.nameStart
            if let bad = readLabels(&cursor, into: &sample, named: named) { return .bad(bad) }
            sample.keyEnd = cursor.at
            cursor.skipBlanks()
        } else if sample.nameEnd == sample.nameStart {
            return .bad(BadLine(reason: cursor.isAtEnd ? .noName : .badName, at: cursor.at))
        } else if !cursor.isAtEnd, cursor.at == sample.nameEnd {
            return .bad(BadLine(reason: .badName, at: cursor.at))
        }
        guard sample.nameEnd > sample.nameStart else { return .bad(BadLine(reason: .noName, at: sample.nameStart)) }
        guard !cursor.isAtEnd else { return .bad(BadLine(reason: .noValue, at: cursor.at)) }
        let valueAt = cursor.at
        guard let value = NumberScanner.number(cursor.token()) else { return .bad(BadLine(reason: .badNumber, at: valueAt)) }
        sample.value = value
        cursor.skipBlanks()
        if !cursor.isAtEnd, cursor.byte != UInt8(ascii: "#") {
            let at = cursor.at
            guard let time = timestamp(cursor.token()) else { return .bad(BadLine(reason: .badTimestamp, at: at)) }
            sample.hasTimestamp = true
            sample.timestampMilliseconds = time
            cursor.skipBlanks()
        }
        if cursor.byte == UInt8(ascii: "#") {
            sample.exemplarStart = cursor.at
            if let bad = readExemplar(&cursor, into: &sample) { return .bad(bad) }
        }
        guard cursor.isAtEnd else { return .bad(BadLine(reason: .textAfterValue, at: cursor.at)) }
        guard UTF8Check.isValid(UnsafeRawBufferPointer(rebasing: cursor.line[sample.nameStart..<sample.keyEnd])) else {
            return .bad(BadLine(reason: .notUTF8, at: sample.nameStart))
        }
        return .sample(sample)
    }

    private func timestamp(_ token: UnsafeRawBufferPointer) -> Int64? {
        guard let value = NumberScanner.number(token), value.isFinite else { return nil }
        // Whole numbers in a text page are milliseconds; a fraction is written by OpenMetrics only, whose unit is seconds.
        let isSeconds = format == .openMetrics || token.contains(UInt8(ascii: "."))
        let milliseconds = (isSeconds ? value * 1000 : value).rounded()
        // Times past the year 292 million are kept, as the last that can be told.
        return Int64(exactly: milliseconds) ?? (milliseconds < 0 ? .min : .max)
    }

    /// From `{` to behind `}`. A quoted text without `=` is the metric's name.
    private mutating func readLabels(_ cursor: inout Cursor, into sample: inout SampleLine, named: Bool) -> BadLine? {
        cursor.at += 1
        var named = named
        while true {
            cursor.skipBlanks()
            guard !cursor.isAtEnd else { return BadLine(reason: .labelNotClosed, at: cursor.at) }
            if cursor.byte == UInt8(ascii: "}") {
                cursor.at += 1
                return nil
            }
            var nameRange: Range<Int>
            if cursor.byte == UInt8(ascii: "\"") {
                guard let quoted = cursor.quoted() else { return BadLine(reason: .labelNotClosed, at: cursor.at) }
                nameRange = quoted.range
            } else {
                let start = cursor.at
                cursor.skipName()
                nameRange = start..<cursor.at
            }
            guard !nameRange.isEmpty else { return BadLine(reason: .labelNoName, at: cursor.at) }
            cursor.skipBlanks()
            if cursor.byte == UInt8(ascii: "=") {
                cursor.at += 1
                cursor.skipBlanks()
                guard cursor.byte == UInt8(ascii: "\"") else { return BadLine(reason: .labelNotQuoted, at: cursor.at) }
                let at = cursor.at
                guard let value = cursor.quoted() else { return BadLine(reason: .labelNotClosed, at: at) }
                guard labels.count < Self.maxLabels else { return BadLine(reason: .tooManyLabels, at: at) }
                labels.append(LabelSpan(nameStart: UInt32(nameRange.lowerBound), nameEnd: UInt32(nameRange.upperBound),
                                        valueStart: UInt32(value.range.lowerBound), valueEnd: UInt32(value.range.upperBound), hasEscapes: value.hasEscapes))
            } else if !named {
                sample.nameStart = nameRange.lowerBound
                sample.nameEnd = nameRange.upperBound
                named = true
            } else {
                return BadLine(reason: .labelNoEquals, at: cursor.at)
            }
            cursor.skipBlanks()
            if cursor.byte == UInt8(ascii: ",") {
                cursor.at += 1
            } else if cursor.byte != UInt8(ascii: "}") {
                return BadLine(reason: cursor.isAtEnd ? .labelNotClosed : .labelNoComma, at: cursor.at)
            }
        }
    }

    /// ` # {trace_id="…"} value [timestamp]`
    private mutating func readExemplar(_ cursor: inout Cursor, into sample: inout SampleLine) -> BadLine? {
        let kept = labels
        defer { labels = kept }
        labels.removeAll(keepingCapacity: true)
        let at = cursor.at
        cursor.at += 1
        cursor.skipBlanks()
        guard cursor.byte == UInt8(ascii: "{") else { return BadLine(reason: .badExemplar, at: at) }
        var unused = SampleLine()
        if readLabels(&cursor, into: &unused, named: true) != nil { return BadLine(reason: .badExemplar, at: at) }
        let length = labels.reduce(0) { $0 + Int($1.nameEnd - $1.nameStart) + Int($1.valueEnd - $1.valueStart) }
        // 128 characters of up to 4 bytes each: what is longer in bytes is surely longer than allowed.
        if length > 512 { return BadLine(reason: .exemplarTooLong, at: at) }
        cursor.skipBlanks()
        guard let value = NumberScanner.number(cursor.token()) else { return BadLine(reason: .badExemplar, at: at) }
        sample.exemplarValue = value
        cursor.skipBlanks()
        if !cursor.isAtEnd, NumberScanner.number(cursor.token()) == nil { return BadLine(reason: .badExemplar, at: at) }
        cursor.skipBlanks()
        return nil
    }
}
