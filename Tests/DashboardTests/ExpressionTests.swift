@testable import Dashboard
import Panels
import TestSupport
import Testing

/// The language of `/`, `:find` and `:hide`: what belongs to what, and where what is wrong stands.
@Suite struct ExpressionTests {
    /// The tree with every pair of operands in brackets.
    private func shape(_ text: String, _ dialect: Filter.Dialect = .find) -> String {
        let filter = Filter(text, dialect)
        func write(_ node: Int) -> String {
            switch filter.nodes[node] {
            case .term(let term): String(Array(text)[filter.terms[term].place])
            case .not(let child): "-" + write(child)
            case .and(let a, let b): "[\(write(a)) & \(write(b))]"
            case .or(let a, let b): "[\(write(a)) | \(write(b))]"
            }
        }
        return filter.problem?.text ?? (filter.isEmpty ? "" : write(filter.nodes.count - 1))
    }

    @Test(arguments: [
        ("", ""), ("   ", ""), ("idle", "idle"), ("a OR b AND c", "[a | [b & c]]"), ("a AND b OR c", "[[a & b] | c]"), ("a || b && c || d", "[[a | [b & c]] | d]"),
        ("(a OR b) AND c", "[[a | b] & c]"), ("NOT a AND b", "[-a & b]"), ("NOT (a AND b)", "-[a & b]"), ("!a || b", "[-a | b]"), ("! a b", "[-a & b]"), ("not not a", "--a"),
        ("!!a", "--a"), ("a b c", "[[a & b] & c]"), ("a b OR c d", "[[a & b] | [c & d]]"), ("a or NOT b and c", "[a | [-b & c]]"), ("((a))", "a"), ("(a)(b)", "(a)(b)"), ("(a) (b)", "[a & b]"), ("a&&b||c", "[[a & b] | c]"),
        ("rate > 5 AND p99>1s", "[rate > 5 & p99>1s]"), ("(rate > 5)", "rate > 5"), ("(rate>5)&&(idle)", "[rate>5 & idle]"), ("rate >= 5 idle", "[rate >= 5 & idle]"),
        ("name contains pay OR ns ^= sh", "[name contains pay | ns ^= sh]"), ("name not contains pay idle", "[name not contains pay & idle]"), ("name !contains pay", "name !contains pay"),
        ("healthy NOT idle", "[healthy & -idle]"), ("name = \"a OR b\" idle", "[name = \"a OR b\" & idle]"), ("'a b' or c", "['a b' | c]"), ("orders and notes", "[orders & notes]"),
        ("(a|b)c", "(a|b)c"), ("^(cart|ledger)$ idle", "[^(cart|ledger)$ & idle]"), ("(^a|b)", "^a|b"), ("name ~ ^(a|b)$", "name ~ ^(a|b)$"), ("a||b", "[a | b]"), ("a|b", "a|b"),
        ("(name ~ (a|b) OR idle)", "[name ~ (a|b) | idle]"), ("healthy-check", "healthy-check"), ("IDLE AnD Healthy", "[IDLE & Healthy]"),
    ])
    func whatBelongsToWhat(_ text: String, _ expected: String) { #expect(shape(text) == expected) }

    /// In the line that filters while one types, words are text until something joins them.
    @Test(arguments: [
        ("idle", "anywhere"), ("idle queue", "anywhere anywhere"), ("!idle", "anywhere"), ("idle OR queue", "property property"), ("NOT idle", "property"), ("idle pay OR queue", "property anywhere property"),
        ("or", "anywhere"), ("not", "anywhere"), ("and", "anywhere"), ("node OR pay", "anywhere anywhere"), ("rate", "anywhere"), ("pay contains", "anywhere anywhere"), ("name contains pay", "text"),
        ("fi OR se", "anywhere anywhere"),
    ])
    func wordsOfASearch(_ text: String, _ expected: String) {
        let kinds = Filter(text).terms.map { term in
            switch term.test {
            case .anywhere: "anywhere"
            case .property: "property"
            case .text: "text"
            default: "other"
            }
        }
        #expect(kinds.joined(separator: " ") == expected)
    }

    @Test(arguments: [
        ("rats > 5", 0..<4, "no operand rats; did you mean rate?"), ("idle AND foo = 3", 9..<12, "no operand foo"), ("rate > 5 AND", 9..<12, "nothing follows AND"),
        ("rate >", 6..<7, "rate has no value yet"), ("rate > fast", 7..<11, "fast is not a number"), ("p99 > fast", 6..<10, "fast is not a number: write 200ms or 1s"), ("name > 3", 0..<7, "name is text: use =, != or ~"),
        ("rate ^= 3", 0..<8, "rate is a number: use =, < or >"), ("(idle", 0..<1, "this parenthesis is not closed"), ("idle)", 4..<5, "nothing is open that ) could close"), ("idle AND ()", 9..<11, "nothing stands in these parentheses"),
        ("OR idle", 0..<2, "nothing stands before OR"), ("idle OR AND healthy", 8..<11, "nothing stands before AND"), ("> 5", 0..<1, "no operand stands before >"), ("name = \"pay", 7..<8, "this quote is not closed"),
        ("name = [a", 7..<9, "[a is not a finished pattern"), ("NOT", 0..<3, "nothing follows NOT"), ("rate", 0..<4, "rate wants a comparison, as in rate > 5"), ("rate > NaN", 7..<10, "NaN is no activity: use = or !="),
        ("healthy = yes", 0..<7, "healthy is or is not: it is compared with nothing"), ("NOT vs", 4..<6, "telltale sees traffic, not the mesh's configuration"), ("httpin > 5", 0..<6, "a row counts what it answers, whatever the protocol: use rate, and http, grpc or tcp of calls"),
        ("label:app = pay", 0..<9, "telltale keeps no labels of workloads"), ("日本 = 3", 0..<2, "no operand 日本"), ("(a) b (c", 6..<7, "this parenthesis is not closed"), ("rate > inf", 7..<10, "inf is not a number"), ("rate > 0x10", 7..<11, "0x10 is not a number"),
    ])
    func whatIsWrongIsPointedAt(_ text: String, _ place: Range<Int>, _ words: String) {
        let problem = Filter(text, .find).problem
        #expect(problem?.place == place)
        #expect(problem?.text == words)
    }

    @Test(arguments: [("foo=1", "no operand foo", false), ("rate>", "rate has no value yet", true), ("pay [", "[ is not a finished pattern", true), ("(pay", "this parenthesis is not closed", true), ("pay OR ", "nothing follows OR", true), ("rate>abc", "abc is not a number", false)])
    func unfinishedIsNotWrong(_ text: String, _ words: String, _ isUnfinished: Bool) {
        #expect(Filter(text).problem?.text == words)
        #expect(Filter(text).problem?.isUnfinished == isUnfinished)
    }

    @Test func whatOnlyOthersKnowIsRefused() {
        #expect(Filter("operation = x", .find).misuse()?.place == 0..<13)
        #expect(Filter("idle OR attr.x=1", .find).misuse()?.place == 8..<16)
        #expect(Filter("idle protocol=grpc", .find).misuse() == nil)
        #expect(Filter("idle protocol=grpc", .find).misuse(ofCalls: false)?.place == 5..<18)
        #expect(Filter("idle OR app = x", .find).misuse(ofCalls: true, at: .service)?.text == "app is not told at the level of services: fold by app")
        #expect(Filter("node = x", .find).misuse(ofCalls: true, at: .pod) == nil)
        #expect(Filter("pods > 1", .find).misuse(ofCalls: true)?.place == 0..<8)
    }

    @Test func sizesAreBounded() {
        func problem(_ text: String) -> String? { Filter(text, .find).problem?.text }
        #expect(problem(String(repeating: "(", count: 32) + "a" + String(repeating: ")", count: 32)) == nil)
        #expect(problem(String(repeating: "(", count: 33)) == "nested deeper than 32")
        #expect(problem(String(repeating: "!", count: 33) + "a") == "nested deeper than 32")
        #expect(problem(Array(repeating: "a", count: 64).joined(separator: " ")) == nil)
        #expect(problem(Array(repeating: "a", count: 65).joined(separator: " OR ")) == "more than 64 terms")
        #expect(problem(String(repeating: "a", count: 1001)) == "longer than 1000 characters")
        #expect(problem(String(repeating: "e\u{301}", count: 2_000_000)) == "longer than 1000 characters")
    }

    /// Whatever is typed: an answer, places within the text, and the same of every row twice.
    @Test func anyTextHasAnAnswer() {
        let pieces = ["(", ")", "!", "&&", "||", "AND", "or", "NOT", "\"", "'", "\\", "[", "]", "*", "=", "!=", ">", "<=", "~", "^=", "$=", "*=", "contains", "not", "rate", "name", "p99", "idle", "healthy", "mtls", "attr.", "attr.a",
                      "NaN", "5", "1s", "%err", "%", ".", ":", "label:x", "日本", "e\u{301}", "👩‍👩‍👧", "\u{202E}", "\u{0}", "payment", " ", "  ", "\t", "x"]
        var random = SeededGenerator(seed: 7)
        for round in 0..<6000 {
            let text = (0..<Int.random(in: 0..<14, using: &random)).map { _ in (pieces.randomElement(using: &random) ?? "") + (Bool.random(using: &random) ? " " : "") }.joined()
            for dialect in [Filter.Dialect.find, .search] {
                let filter = Filter(text, dialect)
                if let problem = filter.problem {
                    #expect(filter.isEmpty && problem.place.lowerBound <= text.count && !problem.place.isEmpty && problem.place.upperBound <= text.count + 1, "round \(round): \(text)")
                }
                #expect(filter.terms.allSatisfy { $0.place.upperBound <= text.count })
                let accepted = Shop.services.filter { filter.accepts($0) }.count
                #expect(accepted <= Shop.services.count && (!filter.isEmpty || accepted == Shop.services.count))
                #expect(Filter(text, dialect) == filter)
                #expect(Filter.wanted(text, dialect).at <= text.count)
            }
        }
    }
}
