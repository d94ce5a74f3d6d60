/// What a list can sort, filter, select and name. Numbers are in the units filters are typed in: per second,
/// milliseconds, percent; nil is unknown and satisfies no comparison.
protocol ListRow: ~Copyable, Sendable {
    /// Rows come in the order of their names, so that their places break ties.
    static var comesByName: Bool { get }
    /// Calls have two ends; what is asked of calls alone is not known of other rows.
    static var isCall: Bool { get }
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
    /// The same of numbers (response codes); nil where none is known.
    func anyNumber(_ field: Field, _ body: (Double) -> Bool) -> Bool?
    /// nil: not known, or nothing that such a row is or is not.
    func has(_ property: Property) -> Bool?
    /// Whether some value of an attribute satisfies `body`; nil where that is not known yet, or never will be.
    func anyAttribute(_ key: String, _ body: (String) -> Bool) -> Bool?
}

extension ListRow where Self: ~Copyable {
    static var comesByName: Bool { false }
    static var isCall: Bool { false }
    func anyState(_ body: (String) -> Bool) -> Bool { body(stateName) }
    func anyValue(_ field: Field, _ body: (String) -> Bool) -> Bool { text(field).map(body) ?? false }
    func anyNumber(_ field: Field, _ body: (Double) -> Bool) -> Bool? { number(field).map(body) }
    func anyAttribute(_ key: String, _ body: (String) -> Bool) -> Bool? { nil }
    func has(_ property: Property) -> Bool? {
        switch property {
        case .failing: anyState { $0 == "failing" || $0 == "failed" }
        case .healthy: anyState { $0 == "good" || $0 == "ok" }
        case .warning, .idle, .stale: anyState { $0 == property.rawValue }
        case .errors: isTroubled
        case .denied, .retries, .traffic, .mtls, .external, .database, .queue, .unknown: nil
        }
    }
}

extension Filter {
    func accepts<Row: ListRow & ~Copyable>(_ row: borrowing Row) -> Bool { isEmpty || holds(nodes.count - 1, row) == true }

    /// nil: neither it nor its negation holds, because of what is unknown.
    private func holds<Row: ListRow & ~Copyable>(_ node: Int, _ row: borrowing Row) -> Bool? {
        switch nodes[node] {
        case .term(let place):
            return Self.holds(terms[place].test, row).map { $0 != terms[place].isNegated }
        case .not(let child): return holds(child, row).map { !$0 }
        case .and(let a, let b):
            let left = holds(a, row)
            if left == false { return false }
            let right = holds(b, row)
            return right == false ? false : left == nil ? nil : right
        case .or(let a, let b):
            let left = holds(a, row)
            if left == true { return true }
            let right = holds(b, row)
            return right == true ? true : left == nil ? nil : right
        }
    }

    private static func holds<Row: ListRow & ~Copyable>(_ test: Test, _ row: borrowing Row) -> Bool? {
        switch test {
        case .anywhere(let pattern): row.anyText { pattern.matches($0) }
        case .text(let field, _) where field.isOfCalls && !Row.isCall: nil
        case .text(let field, _) where field.isOfIdentity && !row.anyValue(field) { !$0.isEmpty }: nil
        case .text(let field, let pattern): row.anyValue(field) { pattern.matches($0) }
        case .state(let pattern): row.anyState { pattern.matches($0) }
        case .property(let property): row.has(property)
        case .attribute(let key, .isPresent): row.anyAttribute(key) { _ in true }
        case .attribute(let key, .text(let pattern)): row.anyAttribute(key) { pattern.matches($0) }
        case .attribute(let key, .number(let comparison, let bound)): row.anyAttribute(key) { Double($0).map { compare($0, comparison, bound) } ?? false }
        // No answer is no low code.
        case .number(.code, let comparison, let bound) where comparison != .equal: row.anyNumber(.code) { $0 > 0 && compare($0, comparison, bound) }
        case .number(let field, let comparison, let bound): row.anyNumber(field) { compare($0, comparison, bound) }
        case .noActivity(let field) where field.isOfCalls && !Row.isCall: nil
        case .noActivity(let field): row.number(field).map { $0 == 0 && field.countsActivity } ?? true
        }
    }

    private static func compare(_ value: Double, _ comparison: Comparison, _ bound: Double) -> Bool {
        switch comparison {
        case .less: value < bound
        case .lessOrEqual: value <= bound
        case .equal: value == bound
        case .greaterOrEqual: value >= bound
        case .greater: value > bound
        }
    }
}
