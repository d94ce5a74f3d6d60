/// Recursive descent over the text of a filter; OR binds least, then AND (or nothing between two terms), then NOT.
///
///     or      = and { (OR | "||") and }
///     and     = not { [AND | "&&"] not }
///     not     = (NOT | "!") not | primary
///     primary = "(" or ")" | operand operator value | property | text | quoted
struct FilterParser {
    /// More than anyone writes; what parses a pasted file has an end, and the tree is as shallow as the stack needs it.
    static let longest = 1000, deepest = 32, mostTerms = 64

    private(set) var terms: [Filter.Term] = []
    private(set) var nodes: [Filter.Node] = []
    /// What was read last, or would be, and where it begins: what completion goes by.
    private(set) var wanted = (Wanted.operand, at: 0)

    enum Wanted: Equatable {
        case operand
        case comparison(Field)
        case value(Field)
        /// AND, OR, or the next term.
        case link
    }

    private var scanner: FilterScanner
    private let dialect: Filter.Dialect
    private let isTooLong: Bool
    /// Words that name a property are meant so.
    private let hasProperties: Bool
    private var depth = 0

    init(_ text: String, _ dialect: Filter.Dialect) {
        scanner = FilterScanner(text.utf8.count > 4 * Self.longest ? String(text.prefix(Self.longest + 1)) : text)
        isTooLong = scanner.count > Self.longest
        self.dialect = dialect
        hasProperties = dialect == .find || Self.isLogical(text)
    }

    /// Whether AND, OR or NOT stand in it, as words or symbols apart.
    private static func isLogical(_ text: String) -> Bool {
        let words = text.prefix(longest).split(whereSeparator: \.isWhitespace)
        return words.indices.contains { index in
            switch words[index].lowercased() {
            case "and", "or", "&&", "||": index > 0 && index < words.count - 1
            case "not", "!": index < words.count - 1
            default: false
            }
        }
    }

    mutating func parse() throws(FilterProblem) {
        guard !isTooLong else { throw FilterProblem("longer than \(Self.longest) characters", at: Self.longest..<Self.longest + 1) }
        scanner.skipBlanks()
        guard !scanner.isAtEnd else { return }
        _ = try or()
        scanner.skipBlanks()
        if !scanner.isAtEnd { throw FilterProblem("nothing is open that ) could close", at: here) }
    }

    private var here: Range<Int> { scanner.at..<scanner.at + 1 }

    private mutating func add(_ node: Filter.Node) -> Int {
        nodes.append(node)
        return nodes.count - 1
    }

    private mutating func or() throws(FilterProblem) -> Int {
        var left = try and()
        while true {
            let start = scanner.at
            guard scanner.take("||") || scanner.takeWord("or") else { return left }
            try expectOperand(after: start..<scanner.at)
            let right = try and()
            left = add(.or(left, right))
        }
    }

    private mutating func and() throws(FilterProblem) -> Int {
        var left = try not()
        while true {
            let end = scanner.at
            scanner.skipBlanks()
            let start = scanner.at
            if start > end { wanted = (.link, start) }
            let isSaid = scanner.take("&&") || scanner.takeWord("and")
            if !isSaid {
                if scanner.isAtEnd || scanner.peek == ")" || scanner.startsWith("||") { return left }
                if scanner.takeWord("or") {
                    scanner.move(to: start)
                    return left
                }
            }
            if isSaid { try expectOperand(after: start..<scanner.at) }
            let right = try not()
            left = add(.and(left, right))
        }
    }

    private mutating func expectOperand(after word: Range<Int>) throws(FilterProblem) {
        scanner.skipBlanks()
        wanted = (.operand, scanner.at)
        guard scanner.isAtEnd || scanner.peek == ")" else { return }
        throw FilterProblem("nothing follows \(scanner.text(word))", at: word, isUnfinished: scanner.isAtEnd)
    }

    private mutating func not() throws(FilterProblem) -> Int {
        scanner.skipBlanks()
        let start = scanner.at
        guard takesNot() else { return try primary() }
        depth += 1
        guard depth <= Self.deepest else { throw FilterProblem("nested deeper than \(Self.deepest)", at: start..<scanner.at) }
        try expectOperand(after: start..<scanner.at)
        let child = try not()
        depth -= 1
        return add(.not(child))
    }

    /// `not` alone is a word like any other while one types a text to look for.
    private mutating func takesNot() -> Bool {
        if scanner.take("!") { return true }
        let start = scanner.at
        guard scanner.takeWord("not") else { return false }
        if dialect == .search, scanner.rest.allSatisfy(\.isWhitespace) {
            scanner.move(to: start)
            return false
        }
        return true
    }

    private mutating func primary() throws(FilterProblem) -> Int {
        let start = scanner.at
        wanted = (.operand, start)
        switch scanner.peek {
        case "("? where !scanner.opensPattern: return try group()
        case "\""?, "'"?:
            guard let text = scanner.quoted() else { throw FilterProblem("this quote is not closed", at: start..<start + 1, isUnfinished: true) }
            return try add(Filter.Term(test: .anywhere(Pattern(literal: text, .substring)), place: start..<scanner.at))
        default: break
        }
        if dialect == .find, let link = ["and", "or", "&&", "||"].first(where: { scanner.startsWith($0) && isWhole($0) }) {
            throw FilterProblem("nothing stands before \(scanner.text(start..<start + link.count))", at: start..<start + link.count)
        }
        do throws(FilterProblem) {
            return try add(try term(at: start))
        } catch {
            var problem = error
            problem.before = start
            throw problem
        }
    }

    private mutating func term(at start: Int) throws(FilterProblem) -> Filter.Term {
        for prefix in ["attr.", "attr:", "tag.", "tag:"] where scanner.take(prefix) { return try attribute(prefix, at: start) }
        if let term = try comparison(at: start) { return term }
        scanner.move(to: start)
        return try text(at: start)
    }

    /// Whether nothing of a longer word follows.
    private func isWhole(_ word: String) -> Bool {
        var copy = scanner
        return word.first?.isLetter == false || copy.takeWord(word)
    }

    private mutating func group() throws(FilterProblem) -> Int {
        let open = here
        scanner.skip(1)
        depth += 1
        guard depth <= Self.deepest else { throw FilterProblem("nested deeper than \(Self.deepest)", at: open) }
        scanner.skipBlanks()
        if scanner.peek == ")" { throw FilterProblem("nothing stands in these parentheses", at: open.lowerBound..<scanner.at + 1) }
        if scanner.isAtEnd { throw FilterProblem("this parenthesis is not closed", at: open, isUnfinished: true) }
        let inner = try or()
        scanner.skipBlanks()
        guard scanner.take(")") else { throw FilterProblem("this parenthesis is not closed", at: open, isUnfinished: true) }
        depth -= 1
        return inner
    }

    private mutating func add(_ term: Filter.Term) throws(FilterProblem) -> Int {
        guard terms.count < Self.mostTerms else { throw FilterProblem("more than \(Self.mostTerms) terms", at: term.place) }
        terms.append(term)
        return add(.term(terms.count - 1))
    }

    // MARK: - Terms

    /// nil where no operator follows what could be an operand, and it names no property.
    private mutating func comparison(at start: Int) throws(FilterProblem) -> Filter.Term? {
        let name = scanner.name()
        let place = start..<scanner.at
        if name.isEmpty {
            guard dialect == .find, scanner.symbol() != nil else { return nil }
            throw FilterProblem("no operand stands before \(scanner.text(start..<scanner.at))", at: start..<scanner.at)
        }
        let operand = Operand(named: name)
        let isWholeWord = scanner.isAtEnd || scanner.peek?.isWhitespace == true || scanner.peek == ")" || scanner.startsWith("&&") || scanner.startsWith("||")
        scanner.skipBlanks()
        if case .field(let field)? = operand, place.upperBound < scanner.at { wanted = (.comparison(field), scanner.at) }
        // Words compare only what there is: `pay contains` may be two words to look for.
        guard let written = operand != nil || dialect == .find ? scanner.comparison() : scanner.symbol() else {
            scanner.move(to: place.upperBound)
            guard isWholeWord, hasProperties else { return nil }
            return try property(name, operand, at: place)
        }
        switch operand {
        case .field(let field)?:
            let value = try value(of: name, field)
            return try Filter.Term(field, named: name, written, value, at: start)
        case .property?: throw FilterProblem("\(name) is or is not: it is compared with nothing", at: place)
        case .unknowable(let why)?: throw FilterProblem(why, at: place)
        case nil: throw FilterProblem("no operand \(name)\(Operand.suggestion(for: name))", at: place)
        }
    }

    /// A word alone.
    private func property(_ name: String, _ operand: Operand?, at place: Range<Int>) throws(FilterProblem) -> Filter.Term? {
        if let property = Property(named: name) { return Filter.Term(test: .property(property), place: place) }
        guard dialect == .find else { return nil }
        switch operand {
        case .field(let field)?:
            throw FilterProblem("\(name) wants a comparison, as in \(name) \(field.exampleComparison)", at: place, isUnfinished: scanner.rest.allSatisfy(\.isWhitespace))
        case .unknowable(let why)?: throw FilterProblem(why, at: place)
        case .property?, nil: return nil
        }
    }

    private mutating func value(of name: String, _ field: Field?) throws(FilterProblem) -> FilterValue {
        scanner.skipBlanks()
        let start = scanner.at
        if let field { wanted = (.value(field), start) }
        guard !scanner.isAtEnd, scanner.peek != ")" else {
            throw FilterProblem("\(name) has no value yet", at: start..<start + 1, isUnfinished: scanner.isAtEnd)
        }
        if scanner.peek == "\"" || scanner.peek == "'" {
            guard let text = scanner.quoted() else { throw FilterProblem("this quote is not closed", at: start..<start + 1, isUnfinished: true) }
            return FilterValue(text: text, isQuoted: true, place: start..<scanner.at)
        }
        let text = scanner.word()
        guard !text.isEmpty else { throw FilterProblem("\(name) has no value", at: here) }
        return FilterValue(text: text, isQuoted: false, place: start..<scanner.at)
    }

    private mutating func attribute(_ prefix: String, at start: Int) throws(FilterProblem) -> Filter.Term {
        let key = scanner.attributeKey(isOneWord: true)
        guard !key.isEmpty else { throw FilterProblem("\(prefix) wants the name of an attribute", at: start..<scanner.at, isUnfinished: scanner.isAtEnd) }
        let end = scanner.at
        scanner.skipBlanks()
        guard let written = scanner.comparison() else {
            scanner.move(to: end)
            return Filter.Term(test: .attribute(key, .isPresent), place: start..<end)
        }
        return try Filter.Term(attribute: key, written, try value(of: key, nil), at: start)
    }

    private mutating func text(at start: Int) throws(FilterProblem) -> Filter.Term {
        let word = scanner.word()
        guard !word.isEmpty else { throw FilterProblem("a text, a comparison or ( is missing here", at: here) }
        guard let pattern = Pattern(word) else { throw FilterProblem("\(word) is not a finished pattern", at: start..<scanner.at, isUnfinished: scanner.isAtEnd) }
        return Filter.Term(test: .anywhere(pattern), place: start..<scanner.at)
    }
}

extension Filter {
    /// What an expression wants next, and where in its text that begins.
    static func wanted(_ text: String, _ dialect: Dialect) -> (what: FilterParser.Wanted, at: Int) {
        var parser = FilterParser(text, dialect)
        _ = try? parser.parse()
        return parser.wanted
    }
}
