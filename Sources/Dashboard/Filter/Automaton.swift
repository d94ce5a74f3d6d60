/// A small regular expression as a Glushkov automaton in one machine word: each literal, class or anchor of the
/// pattern is a bit (at most 63), a step is a few ORs, and matching is linear in the text, whatever the pattern.
/// Understood: literals, `.`, `[a-z]`, `[^…]`, `\d \w \s`, `( )`, `|`, `* + ?`, `^`, `$`. Works on bytes, so `.`
/// is one byte of a character beyond ASCII.
struct Automaton: Sendable, Equatable {
    /// Positions that accept a byte; the text is read as `\u{2} … \u{3}`, which `^` and `$` match.
    private var accepting: [UInt64]
    private var follow: [UInt64] = []
    private var first: UInt64 = 0
    private var last: UInt64 = 0
    private var matchesEmpty = false

    private static let textStart: UInt8 = 2, textEnd: UInt8 = 3

    /// nil if the pattern is no (or not yet a) regular expression, or has more than 63 positions.
    init?(_ pattern: [UInt8], isWhole: Bool) {
        accepting = [UInt64](repeating: 0, count: 256)
        var parser = Parser(pattern: isWhole ? Array("^(".utf8) + pattern + Array(")$".utf8) : pattern)
        guard let root = parser.parse() else { return nil }
        for (position, set) in parser.positions.enumerated() {
            for byte in 0..<256 where set.contains(UInt8(byte)) { accepting[byte] |= 1 << UInt64(position) }
        }
        follow = parser.follow
        first = root.first
        last = root.last
        matchesEmpty = root.isNullable
    }

    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        if matchesEmpty { return true }
        var active: UInt64 = 0
        if step(&active, Self.textStart) { return true }
        for byte in text where step(&active, byte.lowercasedASCII) { return true }
        return step(&active, Self.textEnd)
    }

    /// Advances over one byte; a match may begin at any byte. True when the pattern is complete.
    private func step(_ active: inout UInt64, _ byte: UInt8) -> Bool {
        var next = first
        while active != 0 {
            next |= follow[active.trailingZeroBitCount]
            active &= active &- 1
        }
        active = next & accepting[Int(byte)]
        return active & last != 0
    }

    // MARK: - Parsing

    private struct Node {
        var isNullable: Bool
        var first: UInt64
        var last: UInt64
        static let empty = Node(isNullable: true, first: 0, last: 0)
    }

    /// A set of bytes.
    private struct ByteSet {
        private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

        func contains(_ byte: UInt8) -> Bool {
            let bit: UInt64 = 1 << UInt64(byte & 63)
            return switch byte >> 6 {
            case 0: words.0 & bit != 0
            case 1: words.1 & bit != 0
            case 2: words.2 & bit != 0
            default: words.3 & bit != 0
            }
        }
        mutating func insert(_ byte: UInt8) {
            let bit: UInt64 = 1 << UInt64(byte & 63)
            switch byte >> 6 {
            case 0: words.0 |= bit
            case 1: words.1 |= bit
            case 2: words.2 |= bit
            default: words.3 |= bit
            }
        }
        mutating func insert(_ range: ClosedRange<UInt8>) { for byte in range { insert(byte) } }
        /// Everything printable that is not in the set.
        var inverted: ByteSet {
            var result = ByteSet()
            for byte in UInt8(32)...255 where !contains(byte) { result.insert(byte) }
            return result
        }
        static func single(_ byte: UInt8) -> ByteSet {
            var set = ByteSet()
            set.insert(byte)
            return set
        }
        static let any = ByteSet().inverted
        /// `\d`, `\w`, `\s` and their negations; any other escaped byte is itself.
        static func escaped(_ byte: UInt8) -> ByteSet {
            var set = ByteSet()
            switch byte {
            case UInt8(ascii: "d"): set.insert(48...57)
            case UInt8(ascii: "s"): set.insert(32)
            case UInt8(ascii: "w"):
                set.insert(48...57)
                set.insert(97...122)
                set.insert(UInt8(ascii: "_"))
            default: set.insert(byte)
            }
            return set
        }
    }

    private struct Parser {
        let pattern: [UInt8]
        var index = 0
        var depth = 0
        var positions: [ByteSet] = []
        var follow: [UInt64] = []

        init(pattern: [UInt8]) { self.pattern = pattern }

        mutating func parse() -> Node? {
            guard let node = alternation(), index == pattern.count else { return nil }
            return node
        }

        private var peek: UInt8? { index < pattern.count ? pattern[index] : nil }

        private mutating func alternation() -> Node? {
            guard var result = sequence() else { return nil }
            while peek == UInt8(ascii: "|") {
                index += 1
                guard let other = sequence() else { return nil }
                result = Node(isNullable: result.isNullable || other.isNullable, first: result.first | other.first,
                              last: result.last | other.last)
            }
            return result
        }

        private mutating func sequence() -> Node? {
            var result = Node.empty
            while let byte = peek, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
                guard let next = repetition() else { return nil }
                connect(result.last, to: next.first)
                result = Node(isNullable: result.isNullable && next.isNullable,
                              first: result.first | (result.isNullable ? next.first : 0),
                              last: next.last | (next.isNullable ? result.last : 0))
            }
            return result
        }

        private mutating func repetition() -> Node? {
            guard var node = atom() else { return nil }
            while let byte = peek {
                switch byte {
                case UInt8(ascii: "*"), UInt8(ascii: "+"):
                    connect(node.last, to: node.first)
                    if byte == UInt8(ascii: "*") { node.isNullable = true }
                case UInt8(ascii: "?"): node.isNullable = true
                default: return node
                }
                index += 1
            }
            return node
        }

        private mutating func atom() -> Node? {
            guard let byte = peek else { return nil }
            index += 1
            switch byte {
            case UInt8(ascii: "("):
                depth += 1
                // Deeper than any filter; bounds the recursion.
                guard depth < 40, let inner = alternation(), peek == UInt8(ascii: ")") else { return nil }
                depth -= 1
                index += 1
                return inner
            case UInt8(ascii: "["): return bracket().flatMap { position($0) }
            case UInt8(ascii: "."): return position(.any)
            case UInt8(ascii: "^"): return position(.single(Automaton.textStart))
            case UInt8(ascii: "$"): return position(.single(Automaton.textEnd))
            case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"): return nil
            case UInt8(ascii: "\\"):
                guard let escaped = peek else { return nil }
                index += 1
                return position(.escaped(escaped))
            default: return position(.single(byte))
            }
        }

        private mutating func bracket() -> ByteSet? {
            var set = ByteSet()
            var isNegated = false
            if peek == UInt8(ascii: "^") {
                isNegated = true
                index += 1
            }
            let start = index
            while let byte = peek, byte != UInt8(ascii: "]") || index == start {
                index += 1
                if index + 1 < pattern.count, pattern[index] == UInt8(ascii: "-"), pattern[index + 1] != UInt8(ascii: "]") {
                    let upper = pattern[index + 1]
                    guard byte <= upper else { return nil }
                    set.insert(byte...upper)
                    index += 2
                } else {
                    set.insert(byte)
                }
            }
            guard peek == UInt8(ascii: "]") else { return nil }
            index += 1
            return isNegated ? set.inverted : set
        }

        private mutating func position(_ set: ByteSet) -> Node? {
            guard positions.count < 63 else { return nil }
            let bit: UInt64 = 1 << UInt64(positions.count)
            positions.append(set)
            follow.append(0)
            return Node(isNullable: false, first: bit, last: bit)
        }

        private mutating func connect(_ from: UInt64, to: UInt64) {
            var rest = from
            while rest != 0 {
                follow[rest.trailingZeroBitCount] |= to
                rest &= rest - 1
            }
        }
    }
}
