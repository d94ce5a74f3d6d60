/// `# TYPE name text` and its sisters, single blanks between.
struct StrictMetadata {
    enum Keyword { case help, type, unit }
    var keyword: Keyword
    var name: String
    var text: String

    init?(_ line: UnsafeRawBufferPointer) {
        var cursor = Cursor(line: line, at: 1)
        guard cursor.byte == 32 else { return nil }
        cursor.at += 1
        let word = cursor.token()
        if MetadataLine.equal(word, "HELP") {
            keyword = .help
        } else if MetadataLine.equal(word, "TYPE") {
            keyword = .type
        } else if MetadataLine.equal(word, "UNIT") {
            keyword = .unit
        } else {
            return nil
        }
        guard cursor.byte == 32 else { return nil }
        cursor.at += 1
        let range: Range<Int>
        if cursor.byte == UInt8(ascii: "\"") {
            guard let quoted = cursor.quoted() else { return nil }
            range = quoted.range
        } else {
            let start = cursor.at
            cursor.skipName()
            range = start..<cursor.at
        }
        // The text may be empty, the blank before it may not be missing.
        guard let first = line[range].first, !(48...57).contains(first), cursor.byte == 32 else { return nil }
        name = String(decoding: line[range], as: UTF8.self)
        text = String(decoding: line[(cursor.at + 1)...], as: UTF8.self)
    }
}
