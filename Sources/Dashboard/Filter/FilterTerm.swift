import MeshModel

extension Filter {
    enum Comparison: Sendable { case less, lessOrEqual, equal, greaterOrEqual, greater }

    enum Test: Sendable, Equatable {
        case anywhere(Pattern)
        case text(Field, Pattern)
        case number(Field, Comparison, Double)
        /// `= NaN`: nothing went on that the number could be of.
        case noActivity(Field)
        case state(Pattern)
        case property(Property)
        case attribute(String, AttributeTest)
    }

    enum AttributeTest: Sendable, Equatable {
        case isPresent
        case text(Pattern)
        case number(Comparison, Double)
    }

    struct Term: Sendable, Equatable {
        var test: Test
        /// `!=` and the like; of what is not known neither the test nor its negation holds.
        var isNegated = false
        /// Where it stands, in characters of the text.
        var place: Range<Int>

        var attributeKey: String? { if case .attribute(let key, _) = test { key } else { nil } }

        /// The column it asks for, if it does.
        var field: Field? {
            switch test {
            case .text(let field, _), .number(let field, _, _), .noActivity(let field): field
            case .state: .state
            case .anywhere, .property, .attribute: nil
            }
        }
    }
}

extension Filter.Term {
    /// A column compared with a value.
    init(_ field: Field, named name: String, _ written: FilterOperator, _ value: FilterValue, at start: Int) throws(FilterProblem) {
        let place = start..<value.place.upperBound
        if value.text.lowercased() == "nan", !value.isQuoted, !field.isText, field != .state {
            guard written.kind == .equal else { throw FilterProblem("NaN is no activity: use = or !=", at: value.place) }
            self.init(test: .noActivity(field), isNegated: written.isNegated, place: place)
            return
        }
        let ranks = switch written.kind { case .less, .lessOrEqual, .greater, .greaterOrEqual: true; default: false }
        // Compared they are counted; equal to something, one of them is.
        let wantsText = field.isText || field == .state || (field == .versions && !ranks) || (field == .mtls && TransportSecurity(named: value.text.lowercased()) != nil)
        if wantsText {
            guard !ranks else { throw FilterProblem("\(name) is text: use =, != or ~", at: start..<value.place.lowerBound) }
            guard let pattern = value.pattern(written.kind) else { throw FilterProblem("\(value.text) is not a finished pattern", at: value.place, isUnfinished: true) }
            self.init(test: field == .state ? .state(pattern) : .text(field == .versions ? .version : field, pattern), isNegated: written.isNegated, place: place)
            return
        }
        if field == .code, written.kind == .equal, value.text.count == 3, value.text.lowercased().hasSuffix("xx") {
            self.init(test: .text(.code, Pattern(literal: String(value.text.prefix(1)), .prefix)), isNegated: written.isNegated, place: place)
            return
        }
        guard let comparison = written.comparison else { throw FilterProblem("\(name) is a number: use =, < or >", at: start..<value.place.lowerBound) }
        guard let number = FilterNumber.read(value.text, for: field) else {
            throw FilterProblem("\(value.text) is not a number\(FilterNumber.example(for: field))", at: value.place)
        }
        self.init(test: .number(field, comparison, number), isNegated: written.isNegated, place: place)
    }

    /// An attribute compared with a value: what looks like a number is compared as one only by order.
    init(attribute key: String, _ written: FilterOperator, _ value: FilterValue, at start: Int) throws(FilterProblem) {
        let place = start..<value.place.upperBound
        switch written.kind {
        case .equal: self.init(test: .attribute(key, .text(Pattern(literal: value.text))), isNegated: written.isNegated, place: place)
        case .matches, .contains, .startsWith, .endsWith:
            guard let pattern = value.pattern(written.kind) else { throw FilterProblem("\(value.text) is not a finished pattern", at: value.place, isUnfinished: true) }
            self.init(test: .attribute(key, .text(pattern)), isNegated: written.isNegated, place: place)
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            guard let number = Double(value.text), let comparison = written.comparison else { throw FilterProblem("\(value.text) is not a number", at: value.place) }
            self.init(test: .attribute(key, .number(comparison, number)), isNegated: written.isNegated, place: place)
        }
    }

    /// `key`, `key=value` and the like, to the end of the text.
    init(attribute body: String, in text: String) throws(FilterProblem) {
        var scanner = FilterScanner(text)
        scanner.skip(text.count - body.count)
        let start = scanner.at
        let key = scanner.attributeKey(isOneWord: false)
        guard !key.isEmpty else { throw FilterProblem("attr. wants the name of an attribute", at: start..<start + 1, isUnfinished: true) }
        guard !scanner.isAtEnd else {
            self.init(test: .attribute(key, .isPresent), place: start..<scanner.at)
            return
        }
        guard let written = scanner.symbol() else { throw FilterProblem("\(body) is not finished", at: scanner.at..<scanner.at + 1, isUnfinished: true) }
        let value = FilterValue(text: scanner.rest, isQuoted: false, place: scanner.at..<scanner.count)
        guard !value.text.isEmpty else { throw FilterProblem("\(key) has no value yet", at: scanner.at..<scanner.at + 1, isUnfinished: true) }
        try self.init(attribute: key, written, value, at: start)
    }
}
