/// How a term compares, as it is written.
struct FilterOperator: Equatable {
    enum Kind: Equatable {
        case equal, less, lessOrEqual, greater, greaterOrEqual
        case matches, contains, startsWith, endsWith
    }

    var kind: Kind
    var isNegated = false

    /// Symbols, those first that begin with others.
    static let symbols: [(text: String, kind: Kind)] = [
        (">=", .greaterOrEqual), ("<=", .lessOrEqual), ("*=", .contains), ("^=", .startsWith), ("$=", .endsWith), ("==", .equal), ("=", .equal), (">", .greater),
        ("<", .less), ("~", .matches),
    ]
    static let words: [(text: String, kind: Kind)] = [("contains", .contains), ("startswith", .startsWith), ("endswith", .endsWith)]

    var comparison: Filter.Comparison? {
        switch kind {
        case .equal: .equal
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        case .matches, .contains, .startsWith, .endsWith: nil
        }
    }
}

/// What stands behind an operator.
struct FilterValue {
    var text: String
    /// In quotes: nothing in it is an expression.
    var isQuoted: Bool
    var place: Range<Int>

    /// nil: half an expression. `=` wants the whole of what it is compared with.
    func pattern(_ kind: FilterOperator.Kind) -> Pattern? {
        switch kind {
        case .contains: Pattern(literal: text, .substring)
        case .startsWith: Pattern(literal: text, .prefix)
        case .endsWith: Pattern(literal: text, .suffix)
        case .equal: isQuoted ? Pattern(literal: text) : Pattern(text, isWhole: true)
        default: isQuoted ? Pattern(literal: text, .substring) : Pattern(text)
        }
    }
}
