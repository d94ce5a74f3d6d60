/// A place in a line. Reading past the end gives 0, which no token contains.
struct Cursor {
    let line: UnsafeRawBufferPointer
    var at = 0

    var isAtEnd: Bool { at >= line.count }
    var byte: UInt8 { at < line.count ? line[at] : 0 }

    mutating func skipBlanks() {
        while at < line.count, line[at] == 32 || line[at] == 9 { at += 1 }
    }

    /// Letters, digits, `_` and `:`; whether the first is a digit is for the strict checker.
    mutating func skipName() {
        while at < line.count {
            let byte = line[at]
            guard byte == 95 || byte == 58 || (byte | 32) &- 97 < 26 || byte &- 48 < 10 else { return }
            at += 1
        }
    }

    /// The bytes up to the next blank.
    mutating func token() -> UnsafeRawBufferPointer {
        let start = at
        while at < line.count, line[at] != 32, line[at] != 9 { at += 1 }
        return UnsafeRawBufferPointer(rebasing: line[start..<at])
    }

    /// From an opening quote to behind the closing one; the range is what lies between. nil where it is not closed.
    mutating func quoted() -> (range: Range<Int>, hasEscapes: Bool)? {
        let start = at + 1
        var index = start
        var hasEscapes = false
        while index < line.count {
            switch line[index] {
            case UInt8(ascii: "\\"):
                hasEscapes = true
                index += 2
            case UInt8(ascii: "\""):
                at = index + 1
                return (start..<index, hasEscapes)
            default: index += 1
            }
        }
        return nil
    }
}
