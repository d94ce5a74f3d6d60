import MeshModel

/// `# HELP`, `# TYPE`, `# UNIT`, `# EOF`; any other `#` line is a comment.
enum MetadataLine {
    static func parse(_ line: UnsafeRawBufferPointer, at hash: Int) -> ExpositionLine {
        var cursor = Cursor(line: line, at: hash + 1)
        cursor.skipBlanks()
        let keyword = cursor.token()
        if equal(keyword, "EOF") { return .eof }
        let isType = equal(keyword, "TYPE")
        guard isType || equal(keyword, "HELP") || equal(keyword, "UNIT") else { return .comment }
        cursor.skipBlanks()
        let name: Range<Int>
        if cursor.byte == UInt8(ascii: "\"") {
            let at = cursor.at
            guard let quoted = cursor.quoted() else { return .bad(BadLine(reason: .badMetadata, at: at)) }
            name = quoted.range
        } else {
            let start = cursor.at
            cursor.skipName()
            name = start..<cursor.at
        }
        guard !name.isEmpty else { return .bad(BadLine(reason: .badMetadata, at: cursor.at)) }
        guard isType else { return equal(keyword, "HELP") ? .help : .unit }
        cursor.skipBlanks()
        let at = cursor.at
        guard let kind = kinds.first(where: { equal(cursor.token(in: at), $0.0) })?.1 else { return .bad(BadLine(reason: .unknownType, at: at)) }
        return .type(name: name, kind: kind)
    }

    /// A family's kind; which part of it a sample is, its suffix says (`ExpositionKind`).
    private static let kinds: [(StaticString, SeriesKind)] = [
        ("counter", .counter), ("gauge", .gauge), ("histogram", .histogramCount), ("gaugehistogram", .histogramBucket), ("summary", .summaryQuantile),
        ("untyped", .unknown), ("unknown", .unknown), ("info", .info), ("stateset", .stateSet),
    ]

    static func equal(_ bytes: UnsafeRawBufferPointer, _ word: StaticString) -> Bool {
        bytes.count == word.utf8CodeUnitCount && bytes.elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }
}

extension Cursor {
    fileprivate func token(in start: Int) -> UnsafeRawBufferPointer {
        var copy = self
        copy.at = start
        return copy.token()
    }
}
