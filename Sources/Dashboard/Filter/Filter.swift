/// A compiled filter. Its terms, apart by spaces, must all hold:
/// `pay` (text or regular expression anywhere), `!pay` (not), `version=v2` (the whole value), `version!=v2`,
/// `name~^pay` (part of the value), `rate>10`, `p99>=1s`, `success<99` (percent).
/// Of traces also what spans hold in their attributes: `attr.http.status_code=503`, `attr.retry` (is there at all), `attr.user~^a`,
/// `attr.size>100`; `tag:` is the same as `attr.`.
/// A term that is half-typed or names no column is left out and named in `problems`: filters apply while typed.
package struct Filter: Sendable, Equatable {
    enum Comparison: Sendable { case less, lessOrEqual, equal, notEqual, greaterOrEqual, greater }

    enum Test: Sendable, Equatable {
        case anywhere(Pattern)
        case text(Field, Pattern)
        case number(Field, Comparison, Double)
        case state(Pattern)
        case attribute(String, AttributeTest)
    }

    enum AttributeTest: Sendable, Equatable {
        case isPresent
        case text(Pattern)
        case number(Comparison, Double)
    }

    struct Term: Sendable, Equatable {
        var test: Test
        var isNegated: Bool

        var attributeKey: String? { if case .attribute(let key, _) = test { key } else { nil } }
    }

    package let text: String
    let terms: [Term]
    package let problems: [String]

    package static let none = Filter("")

    package var isEmpty: Bool { terms.isEmpty }

    /// - Parameter hasAttributes: the list is one of traces.
    package init(_ text: String, hasAttributes: Bool = true) {
        var terms: [Term] = []
        var problems: [String] = []
        for word in text.split(separator: " ").prefix(20) {
            switch Self.term(word) {
            case .success(let term) where term.attributeKey != nil && !hasAttributes: problems.append("attributes are looked for in the list of traces")
            case .success(let term): terms.append(term)
            case .failure(let problem): problems.append(problem.text)
            }
        }
        self.text = text
        self.terms = terms
        self.problems = problems
    }

    /// One term on an attribute, `key=value` or the key alone; the value may hold spaces.
    package init(attribute: String) {
        let text = "attr." + attribute
        switch Self.attributeTerm(attribute[...], isNegated: false) {
        case .success(let term): self.init(terms: [term], problems: [], text: text)
        case .failure(let problem): self.init(terms: [], problems: [problem.text], text: text)
        }
    }

    private init(terms: [Term], problems: [String], text: String) { (self.terms, self.problems, self.text) = (terms, problems, text) }

    /// All must hold.
    package static func all(_ filters: [Filter]) -> Filter {
        Filter(terms: filters.flatMap(\.terms), problems: filters.flatMap(\.problems), text: filters.map(\.text).joined(separator: " "))
    }

    /// What has to be looked for in attributes.
    package var attributeKeys: [String] { Array(Set(terms.compactMap(\.attributeKey))).sorted() }

    /// What it accepts changes as time goes on.
    var looksAtAge: Bool { terms.contains { if case .number(.age, _, _) = $0.test { true } else { false } } }

    private struct Problem: Error { var text: String }

    private static let operators: [(text: String, comparison: Comparison?)] = [
        ("!=", .notEqual), (">=", .greaterOrEqual), ("<=", .lessOrEqual), ("=", .equal), (">", .greater), ("<", .less), ("~", nil),
    ]

    private static func term(_ word: Substring) -> Result<Term, Problem> {
        let isNegated = word.first == "!"
        let body = isNegated ? word.dropFirst() : word
        guard !body.isEmpty else { return .failure(Problem(text: "\(word) is not finished")) }
        for prefix in ["attr.", "attr:", "tag.", "tag:"] where body.hasPrefix(prefix) {
            return attributeTerm(body.dropFirst(prefix.count), isNegated: isNegated)
        }
        if let (name, comparison, value) = split(body) {
            return test(name, comparison, value).map { Term(test: $0, isNegated: isNegated != (comparison == .notEqual)) }
        }
        guard let pattern = Pattern(String(body)) else { return .failure(Problem(text: "\(body) is not a finished pattern")) }
        return .success(Term(test: .anywhere(pattern), isNegated: isNegated))
    }

    private static func attributeTerm(_ body: Substring, isNegated: Bool) -> Result<Term, Problem> {
        let key = String(body.prefix { !"=!<>~".contains($0) }), rest = body.dropFirst(key.count)
        guard !key.isEmpty else { return .failure(Problem(text: "attr. wants the name of an attribute")) }
        guard !rest.isEmpty else { return .success(Term(test: .attribute(key, .isPresent), isNegated: isNegated)) }
        guard let found = operators.first(where: { rest.hasPrefix($0.text) }) else { return .failure(Problem(text: "\(body) is not finished")) }
        let value = rest.dropFirst(found.text.count)
        guard !value.isEmpty else { return .failure(Problem(text: "\(key) has no value yet")) }
        switch found.comparison {
        case nil:
            guard let pattern = Pattern(String(value)) else { return .failure(Problem(text: "\(value) is not a finished pattern")) }
            return .success(Term(test: .attribute(key, .text(pattern)), isNegated: isNegated))
        case .equal, .notEqual:
            return .success(Term(test: .attribute(key, .text(Pattern(literal: String(value)))), isNegated: isNegated != (found.comparison == .notEqual)))
        case let comparison?:
            guard let number = Double(value) else { return .failure(Problem(text: "\(value) is not a number")) }
            return .success(Term(test: .attribute(key, .number(comparison, number)), isNegated: isNegated))
        }
    }

    /// `key<operator>value`; nil for plain text. The key is letters, digits and `_`.
    private static func split(_ body: Substring) -> (Substring, Comparison?, Substring)? {
        let name = body.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        guard !name.isEmpty, name.endIndex < body.endIndex else { return nil }
        let rest = body[name.endIndex...]
        guard let found = operators.first(where: { rest.hasPrefix($0.text) }) else { return nil }
        return (name, found.comparison, rest.dropFirst(found.text.count))
    }

    private static func test(_ name: Substring, _ comparison: Comparison?, _ value: Substring) -> Result<Test, Problem> {
        guard let field = Field(named: name) else { return .failure(Problem(text: "no column \(name)")) }
        guard !value.isEmpty else { return .failure(Problem(text: "\(name) has no value yet")) }
        if field.isText || field == .state || field == .versions {
            guard comparison == nil || comparison == .equal || comparison == .notEqual else {
                return .failure(Problem(text: "\(name) is text: use =, != or ~"))
            }
            guard let pattern = Pattern(String(value), isWhole: comparison != nil) else {
                return .failure(Problem(text: "\(value) is not a finished pattern"))
            }
            return .success(field == .state ? .state(pattern) : .text(field == .versions ? .version : field, pattern))
        }
        guard let comparison else { return .failure(Problem(text: "\(name) is a number: use =, < or >")) }
        guard let number = number(value, for: field) else { return .failure(Problem(text: "\(value) is not a number")) }
        // Not-equal is the negation of equal, except that an unknown value satisfies neither.
        return .success(.number(field, comparison == .notEqual ? .equal : comparison, number))
    }

    /// `10`, `1.5k`, `200ms`, `1s`, `99%`: in milliseconds for latencies, seconds for ages.
    private static func number(_ text: Substring, for field: Field) -> Double? {
        let suffixes: [(String, Double)] =
            field.isLatency
            ? [("ms", 1), ("us", 0.001), ("s", 1000), ("m", 60_000)]
            : field == .age ? [("s", 1), ("m", 60), ("h", 3600)] : [("%", 1), ("k", 1e3), ("M", 1e6), ("G", 1e9)]
        for (suffix, factor) in suffixes where text.hasSuffix(suffix) {
            return Double(text.dropLast(suffix.count)).map { $0 * factor }
        }
        return Double(text)
    }
}
