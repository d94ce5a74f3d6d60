import TestSupport
import Testing
import WireFormats

/// The 211 cases of the OpenMetrics project's own parser tests.
@Suite struct OpenMetricsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var isAccepted: Bool
        var page: [UInt8]
        var testDescription: String { name }
    }

    static let cases: [Case] = {
        var rest = Fixture.bytes("openmetrics-corpus.bin")[...]
        var cases: [Case] = []
        while !rest.isEmpty {
            let header = String(decoding: rest.prefix { $0 != 10 }, as: UTF8.self)
            let words = header.split(separator: " ")
            let length = Int(words[3])!
            rest = rest.dropFirst(header.utf8.count + 1)
            cases.append(Case(name: String(words[1]), isAccepted: words[2] == "accept", page: Array(rest.prefix(length))))
            rest = rest.dropFirst(length + 1)
        }
        return cases
    }()

    @Test func theCorpusIsWhole() {
        #expect(Self.cases.count == 211)
        #expect(Self.cases.count { $0.isAccepted } == 44)
    }

    @Test(arguments: cases)
    func acceptedAndRejectedAsTheCorpusSays(_ item: Case) {
        let (count, first) = check([item.page[...]])
        if item.isAccepted {
            #expect(count == 0, "\(first.map { "\($0.rule) in line \($0.line)" } ?? "")")
        } else {
            #expect(count > 0)
        }
    }

    @Test(arguments: cases)
    func whatIsReportedDoesNotDependOnThePieces(_ item: Case) {
        let problem = SplitVerifier.difference(item.page) { pieces in
            let (count, first) = check(pieces)
            return "\(count) \(first.map { "\($0.rule) line \($0.line) byte \($0.offset)" } ?? "-")"
        }
        #expect(problem == nil)
    }

    /// Lines longer than a decoder takes are passed over, and places behind them are told right.
    @Test func linesTooLongAreNotHeld() {
        let page = Array("a{b=\"\(String(repeating: "x", count: 70_000))\"} 1\na_total x\n# EOF\n".utf8)
        let problem = SplitVerifier.difference(page, randomRounds: 4) { pieces in "\(check(pieces))" }
        #expect(problem == nil)
        let first = check([page[...]]).first
        #expect(first?.rule == .badNumber)
        #expect(first?.line == 2)
        #expect(first?.offset == 70_018, "its line begins at 70,010")
    }

    @Test func aHugePageIsCheckedInItsBeginning() {
        let page = Array((0..<OpenMetricsCheck.mostLines + 5000).map { "a\($0) 1\n" }.joined().utf8)
        #expect(check([page[...]]).count == 0, "what lies behind the beginning, a missing # EOF too, is not judged")
        #expect(check([page[...], Array("\n".utf8)[...]]).count == 0)
        #expect(check([Array("\n".utf8)[...], page[...]]).count == 1)
    }

    /// Names, labels, values and times of the accepted cases as the Python client reads them.
    @Test func acceptedCasesHaveTheRightValues() {
        var expected: [String: [String]] = [:]
        for row in Fixture.table("openmetrics-expected.tsv") {
            let labels = row[2].split(separator: "&").map { pair in pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(unquoted) }
            let text = labels.map { "\($0[0])=\($0[1])" }.joined(separator: ",")
            let time = row[4] == "-" ? "" : " @" + (Int64(row[4]).map(String.init) ?? String(Int64.max))
            expected[row[0], default: []].append(row[1] + (text.isEmpty ? "" : "{\(text)}") + " \(Double(row[3])!)" + time)
        }
        for item in Self.cases where item.isAccepted {
            let lines = item.page.split(separator: 10).map { read(Array($0), .openMetrics) }
            #expect(!lines.contains { $0.hasPrefix("bad") }, "\(item.name)")
            let samples = lines.filter { line in !["help", "unit", "eof", "comment", "blank"].contains(line) && !line.hasPrefix("type ") }
            #expect(samples.map(canonical) == expected[item.name] ?? [], "\(item.name)")
        }
    }

    /// Without its exemplar, labels sorted.
    private func canonical(_ line: String) -> String {
        var text = line
        if let mark = line.lastPlace(of: " #"), !line[mark...].contains("}") { text = String(line[..<mark]) }
        guard let open = text.firstIndex(of: "{"), let close = text.lastIndex(of: "}") else { return text }
        let labels = text[text.index(after: open)..<close].split(separator: ",").sorted().joined(separator: ",")
        return text[..<open] + "{" + labels + text[close...]
    }

    private func unquoted(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else { bytes.append(byte); continue }
            bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)!)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    fileprivate func lastPlace(of text: String) -> Index? {
        indices.reversed().first { self[$0...].hasPrefix(text) }
    }
}

/// What the checker says of a page fed in pieces.
func check(_ pieces: [ArraySlice<UInt8>]) -> (count: Int, first: OpenMetricsFinding?) {
    var check = OpenMetricsCheck()
    for piece in pieces { piece.withUnsafeBytes { check.feed($0) } }
    check.end()
    return (check.count, check.first)
}
