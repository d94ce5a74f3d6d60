/// A compiled expression: what the `/` line, `:find`, `:hide` and the options of that name take. One language, in docs/filter.md:
/// `pay` (text or regular expression anywhere), `version=v2` (the whole value), `name~^pay` (part of it), `rate > 10`, `p99 >= 1s`,
/// `NOT healthy AND (rate > 10 OR ns = shop)`. NOT binds closer than AND, AND closer than OR; terms side by side must all hold.
/// Of traces also what spans hold in their attributes: `attr.http.status_code=503`, `attr.retry` (is there at all), `tag:` is the same.
package struct Filter: Sendable, Equatable {
    /// How a word without an operator is meant.
    package enum Dialect: Sendable {
        /// The line that filters while one types: text to look for, unless the line holds AND, OR or NOT and the word names a property.
        case search
        /// `:find`, `:hide`: a property (`healthy`), where it names one.
        case find
    }

    /// Terms and what joins them; the last stands for the whole.
    enum Node: Sendable, Equatable {
        case term(Int)
        case not(Int)
        case and(Int, Int)
        case or(Int, Int)
    }

    package let text: String
    let terms: [Term]
    let nodes: [Node]
    /// Why the text is no expression: then everything is accepted.
    package let problem: FilterProblem?

    package static let none = Filter("")

    package var isEmpty: Bool { nodes.isEmpty }

    /// - Parameter hasAttributes: the list is one of traces.
    package init(_ text: String, _ dialect: Dialect = .search, hasAttributes: Bool = true) {
        var parser = FilterParser(text, dialect)
        do throws(FilterProblem) {
            try parser.parse()
            if !hasAttributes, let term = parser.terms.first(where: { $0.attributeKey != nil }) {
                throw FilterProblem("attributes are looked for in the list of traces", at: term.place)
            }
            self.init(terms: parser.terms, nodes: parser.nodes, text: text)
        } catch {
            self.init(terms: [], nodes: [], text: text, problem: error)
        }
    }

    /// One term on an attribute, `key=value` or the key alone; the value may hold spaces.
    package init(attribute: String) {
        let text = "attr." + attribute
        do throws(FilterProblem) {
            self.init(terms: [try Term(attribute: attribute, in: text)], nodes: [.term(0)], text: text)
        } catch {
            self.init(terms: [], nodes: [], text: text, problem: error)
        }
    }

    private init(terms: [Term], nodes: [Node], text: String, problem: FilterProblem? = nil) {
        (self.terms, self.nodes, self.text, self.problem) = (terms, nodes, text, problem)
    }

    /// All must hold.
    package static func all(_ filters: [Filter]) -> Filter {
        var terms: [Term] = [], nodes: [Node] = [], whole: Int?
        for filter in filters where !filter.isEmpty {
            let (firstTerm, firstNode) = (terms.count, nodes.count)
            terms += filter.terms
            nodes += filter.nodes.map { $0.moved(terms: firstTerm, nodes: firstNode) }
            if let whole { nodes.append(.and(whole, nodes.count - 1)) }
            whole = nodes.count - 1
        }
        return Filter(terms: terms, nodes: nodes, text: filters.map(\.text).joined(separator: " "), problem: filters.lazy.compactMap(\.problem).first)
    }

    /// The text, as far as it is an expression: without the term that is wrong or half-typed, and what follows it.
    static func asFarAsGood(_ text: String, hasAttributes: Bool) -> Filter {
        var filter = Filter(text, hasAttributes: hasAttributes)
        while let problem = filter.problem {
            filter = Filter(String(filter.text.prefix(min(problem.before, filter.text.count - 1))), hasAttributes: hasAttributes)
        }
        return filter
    }

    /// What has to be looked for in attributes.
    package var attributeKeys: [String] { Array(Set(terms.compactMap(\.attributeKey))).sorted() }

    /// What it accepts changes as time goes on.
    var looksAtAge: Bool { terms.contains { if case .number(.age, _, _) = $0.test { true } else { false } } }
}

extension Filter.Node {
    fileprivate func moved(terms: Int, nodes: Int) -> Filter.Node {
        switch self {
        case .term(let term): .term(term + terms)
        case .not(let node): .not(node + nodes)
        case .and(let a, let b): .and(a + nodes, b + nodes)
        case .or(let a, let b): .or(a + nodes, b + nodes)
        }
    }
}

/// What is wrong with an expression, and where: characters from the start of the text.
package struct FilterProblem: Error, Sendable, Equatable {
    package var text: String
    package var place: Range<Int>
    /// More of the text would mend it: no fault of who is still typing.
    package var isUnfinished: Bool
    /// Characters before the term it is in.
    var before: Int

    init(_ text: String, at place: Range<Int>, isUnfinished: Bool = false) {
        (self.text, self.place, self.isUnfinished, before) = (text, place, isUnfinished, place.lowerBound)
    }
}
