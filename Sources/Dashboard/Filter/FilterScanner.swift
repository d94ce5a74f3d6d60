/// Reads an expression from left to right. Places are characters, as the cursor of a line counts them.
struct FilterScanner {
    private let characters: [Character]
    private(set) var at = 0

    init(_ text: String) { characters = Array(text) }

    var count: Int { characters.count }
    var isAtEnd: Bool { at >= characters.count }
    var peek: Character? { at < characters.count ? characters[at] : nil }
    var rest: String { String(characters[min(at, count)...]) }

    func text(_ place: Range<Int>) -> String { String(characters[place.clamped(to: 0..<count)]) }

    mutating func skip(_ count: Int) { at = min(self.count, at + count) }

    mutating func move(to place: Int) { at = place }

    mutating func skipBlanks() { while let next = peek, next.isWhitespace { at += 1 } }

    func startsWith(_ text: String) -> Bool {
        var place = at
        for character in text {
            guard place < count, characters[place].lowercased() == character.lowercased() else { return false }
            place += 1
        }
        return true
    }

    mutating func take(_ text: String) -> Bool {
        guard startsWith(text) else { return false }
        at += text.count
        return true
    }

    /// `and`, `or`, `not` and the operators in words: where nothing of a longer word follows.
    mutating func takeWord(_ word: String) -> Bool {
        guard startsWith(word) else { return false }
        let after = at + word.count
        if after < count, !characters[after].isWhitespace, !"()!\"'".contains(characters[after]) { return false }
        at = after
        return true
    }

    /// What an operand may be called: letters, digits, `_`, and inside it `.` and `:`; a `%` first.
    mutating func name() -> String {
        let start = at
        if peek == "%" { at += 1 }
        while let next = peek, next.isLetter || next.isNumber || next == "_" || (at > start && (next == "." || next == ":")) { at += 1 }
        return text(start..<at)
    }

    /// A comparison in symbols, negated by a `!` before it.
    mutating func symbol() -> FilterOperator? {
        let start = at
        let isNegated = take("!")
        for (text, kind) in FilterOperator.symbols where take(text) { return FilterOperator(kind: kind, isNegated: isNegated) }
        at = start
        return nil
    }

    /// `contains`, `startswith`, `endswith`, and these and symbols after `not` or `!`.
    mutating func comparison() -> FilterOperator? {
        if let symbol = symbol() { return symbol }
        let start = at
        let isNegated = takeWord("not") || take("!")
        if isNegated { skipBlanks() }
        for (word, kind) in FilterOperator.words where takeWord(word) { return FilterOperator(kind: kind, isNegated: isNegated) }
        if isNegated, let negated = symbol() { return FilterOperator(kind: negated.kind, isNegated: !negated.isNegated) }
        at = start
        return nil
    }

    /// Of an attribute: up to what compares it.
    mutating func attributeKey(isOneWord: Bool) -> String {
        let start = at
        while let next = peek, !"=!<>~".contains(next), !isOneWord || !(next.isWhitespace || next == ")"), !startsWith("*="), !startsWith("^="), !startsWith("$=") { at += 1 }
        return text(start..<at)
    }

    /// Text in quotes, in which a backslash keeps the next character; nil where it is not closed.
    mutating func quoted() -> String? {
        guard let quote = peek else { return nil }
        at += 1
        var text = ""
        while let next = peek {
            at += 1
            if next == quote { return text }
            if next == "\\", let kept = peek {
                text.append(kept)
                at += 1
            } else {
                text.append(next)
            }
        }
        return nil
    }

    /// Text up to a blank, `&&`, `||` or a parenthesis that closes none of its own.
    mutating func word() -> String {
        let start = at
        at = endOfWord
        return text(start..<at)
    }

    private var endOfWord: Int {
        var place = at, open = 0, isInClass = false
        while place < count, !characters[place].isWhitespace {
            let character = characters[place]
            if isPair(place) { return place }
            switch character {
            case "\\": place += 1
            case "[": isInClass = true
            case "]": isInClass = false
            case "(" where !isInClass: open += 1
            case ")" where !isInClass:
                if open == 0 { return place }
                open -= 1
            default: break
            }
            place += 1
        }
        return min(place, count)
    }

    /// `&&` or `||`.
    private func isPair(_ place: Int) -> Bool {
        place + 1 < count && characters[place] == characters[place + 1] && (characters[place] == "&" || characters[place] == "|")
    }

    /// Whether the parenthesis here is part of a regular expression, as in `(a|b)c`: closed in the same word, and more of the word follows.
    var opensPattern: Bool {
        var open = 0, isInClass = false, place = at
        while place < count, !characters[place].isWhitespace {
            switch characters[place] {
            case "\\": place += 1
            case "[": isInClass = true
            case "]": isInClass = false
            case "(" where !isInClass: open += 1
            case ")" where !isInClass:
                open -= 1
                if open == 0 {
                    let after = place + 1
                    return after < count && !characters[after].isWhitespace && characters[after] != ")" && !isPair(after)
                }
            default: break
            }
            place += 1
        }
        return false
    }
}
