import ArgumentParser
import CellCanvas
import Dashboard
import Panels

/// Which rows and calls are wanted: the language of the dashboard's `:find` and `:hide`.
struct SieveOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only what this is true of: \"NOT healthy AND (rate > 10 OR ns = shop)\"; docs/filter.md has the language.", valueName: "expression"))
    var find: String?

    @Option(help: ArgumentHelp("Not what this is true of: \"idle OR p99 < 5ms\".", valueName: "expression"))
    var hide: String?

    /// - Parameter isOfCalls: whether it is asked of calls or of who makes them; nil of both.
    func compiled(ofCalls isOfCalls: Bool? = nil, at level: EntityLevel? = nil) throws(Failure) -> Sieve {
        Sieve(find: try Self.filter("--find", find, isOfCalls, level), hide: try Self.filter("--hide", hide, isOfCalls, level))
    }

    private static func filter(_ option: String, _ text: String?, _ isOfCalls: Bool?, _ level: EntityLevel?) throws(Failure) -> Filter {
        guard let text else { return .none }
        // A character a terminal would act on has a column of its own, so that the caret stands right.
        let shown = String(text.map { TextWidth.columns(of: String($0)) == 0 || $0.isWhitespace ? " " : $0 })
        let filter = Filter(shown, .find)
        if let problem = filter.problem ?? filter.misuse(ofCalls: isOfCalls, at: level) {
            let before = TextWidth.columns(of: String(shown.prefix(problem.place.lowerBound)))
            let marked = TextWidth.columns(of: String(shown.dropFirst(problem.place.lowerBound).prefix(problem.place.count)))
            let caret = String(repeating: " ", count: before) + String(repeating: "^", count: max(1, marked))
            throw Failure(message: "\(option): \(problem.text)", code: .usage, quote: [shown, caret])
        }
        if filter.isEmpty { throw Failure(message: "\(option): the expression is empty", code: .usage) }
        return filter
    }
}
