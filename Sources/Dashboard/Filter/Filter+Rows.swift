/// What a list can sort, filter, select and name. Numbers are in the units filters are typed in: per second,
/// milliseconds, percent; nil is unknown and satisfies no comparison.
protocol ListRow: ~Copyable, Sendable {
    /// Rows come in the order of their names, so that their places break ties.
    static var comesByName: Bool { get }
    var rowKey: RowKey { get }
    var stateName: String { get }
    /// Whether one of the names its state goes by satisfies `body`.
    func anyState(_ body: (String) -> Bool) -> Bool
    /// Has errors, denials, warnings, or is failing itself.
    var isTroubled: Bool { get }
    func number(_ field: Field) -> Double?
    func text(_ field: Field) -> String?
    /// The three numbers of "worst first".
    var urgency: (Double, Double, Double) { get }
    /// Every text a plain filter word may be found in, until `body` says true.
    func anyText(_ body: (String) -> Bool) -> Bool
    /// Whether some value of a field that may have several (versions) satisfies `body`.
    func anyValue(_ field: Field, _ body: (String) -> Bool) -> Bool
    /// Whether some value of an attribute satisfies `body`; nil where that is not known yet, or never will be.
    func anyAttribute(_ key: String, _ body: (String) -> Bool) -> Bool?
}

extension ListRow where Self: ~Copyable {
    static var comesByName: Bool { false }
    func anyState(_ body: (String) -> Bool) -> Bool { body(stateName) }
    func anyValue(_ field: Field, _ body: (String) -> Bool) -> Bool { text(field).map(body) ?? false }
    func anyAttribute(_ key: String, _ body: (String) -> Bool) -> Bool? { nil }
}

extension Filter {
    func accepts<Row: ListRow & ~Copyable>(_ row: borrowing Row) -> Bool {
        for term in terms {
            guard let holds = Self.holds(term, row), holds != term.isNegated else { return false }
        }
        return true
    }

    /// nil: the row's value is unknown, which satisfies neither a comparison nor its negation.
    private static func holds<Row: ListRow & ~Copyable>(_ term: Term, _ row: borrowing Row) -> Bool? {
        switch term.test {
        case .anywhere(let pattern): row.anyText { pattern.matches($0) }
        case .text(let field, let pattern): row.anyValue(field) { pattern.matches($0) }
        case .state(let pattern): row.anyState { pattern.matches($0) }
        case .attribute(let key, .isPresent): row.anyAttribute(key) { _ in true }
        case .attribute(let key, .text(let pattern)): row.anyAttribute(key) { pattern.matches($0) }
        case .attribute(let key, .number(let comparison, let bound)): row.anyAttribute(key) { Double($0).map { compare($0, comparison, bound) } ?? false }
        case .number(let field, let comparison, let bound): row.number(field).map { compare($0, comparison, bound) }
        }
    }

    private static func compare(_ value: Double, _ comparison: Comparison, _ bound: Double) -> Bool {
        switch comparison {
        case .less: value < bound
        case .lessOrEqual: value <= bound
        case .equal: value == bound
        case .notEqual: value != bound
        case .greaterOrEqual: value >= bound
        case .greater: value > bound
        }
    }
}
