@testable import Intake
import MeshModel
import Testing

@Suite struct LimitTests {
    @Test func aLineTooLongIsNamedAndSkippedHoweverItComes() {
        var limits = PageLimits()
        limits.lineBytes = 100
        let page = Array("a 1\nb{c=\"\(String(repeating: "x", count: 200))\"} 2\nd 3\n".utf8)
        for pieces in [[page[...]], [page[..<50], page[50...]], page.indices.map { page[$0...$0] }] {
            var bench = Bench(limits: limits)
            let report = bench.scrape(pieces)
            #expect(report.samples == 2)
            #expect(report.badLines == 1)
            #expect(report.firstBadLine == "line 2, byte 4: line longer than 100 bytes: \"b{c=\"\(String(repeating: "x", count: 75))\"")
            #expect(bench.scrape([Array("a 1\n@\n".utf8)[...]]).firstBadLine?.hasPrefix("line 2, byte 4") == true)
        }
    }

    /// What a line is does not depend on whether its series is known.
    @Test(arguments: ["a 1 # {b=\"X\"} 1", "a 1 X", "a X 1", "# TYPE X", "# HELP a X"])
    func aLineThatGrewTooLongIsNamed(_ line: String) {
        var limits = PageLimits()
        limits.lineBytes = 100
        let long = String(repeating: line.hasPrefix("a X") ? " " : "x", count: 120)
        let page = Array("z 0\n\(line.split(separator: "X", omittingEmptySubsequences: false).joined(separator: long))\na 2\n".utf8)
        for pieces in [[page[...]], page.indices.map { page[$0...$0] }] {
            var bench = Bench(limits: limits)
            bench.scrape("z 0\na 1\n")
            let report = bench.scrape(pieces)
            #expect(report.firstBadLine?.hasPrefix("line 2, byte 4: line longer than 100 bytes") == true)
            #expect(report.samples == 2)
            #expect(report.badLines == 1)
        }
    }

    /// Ten gigabytes without a newline take no memory.
    @Test func aLineWithoutAnEndIsNotHeld() {
        var limits = PageLimits()
        limits.lineBytes = 1000
        var bench = Bench(limits: limits)
        let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 65_536)
        let report = bench.scrape([[UInt8]("a 1\n".utf8)[...]] + (0..<100).map { _ in chunk[...] })
        #expect(report.badLines == 1)
        #expect(report.samples == 1)
        #expect(report.bytes == 4 + 100 * 65_536)
    }

    @Test func seriesBeyondTheLimitAreCountedNotKept() {
        var limits = PageLimits()
        limits.series = 10
        var bench = Bench(limits: limits)
        let page = (0..<25).map { "a\($0) 1\n" }.joined()
        for _ in 1...3 {
            let report = bench.scrape(page)
            #expect(report.samples == 10)
            #expect(report.overLimit == 15)
        }
        #expect(bench.session.state.seriesKept == 10)
    }

    /// A proxy that invents a name with every page: those of its first pages stay, and what is left out is shown.
    @Test func namesWithoutEndAreBounded() {
        var limits = PageLimits()
        limits.series = 30
        var bench = Bench(limits: limits)
        for page in 0..<20 {
            let lines = ["steady 1\n"] + (0..<5).map { "invented_\(page)_\($0) 1\n" }
            let report = bench.scrape(lines.joined())
            #expect(report.samples == (page < 5 ? 6 : page == 5 ? 5 : 1))
        }
        #expect(bench.session.state.seriesKept == 30)
        #expect(bench.session.state.badLines == 71)
        #expect(bench.session.state.firstBadLine == "more than 30 series of one source; those beyond are left out")
    }

    /// Other series on every page: what went is forgotten once it would be more than the limit.
    @Test func aPageThatNeverRepeatsItselfStaysBounded() {
        var limits = PageLimits()
        limits.series = 50
        var cache = LineCache()
        var ordinal: UInt32 = 0
        for _ in 0..<40 {
            let page = (0..<20).map { _ -> LineCache.Entry in
                defer { ordinal += 1 }
                return LineCache.Entry(hash: UInt64(ordinal) &* 0x9E37_79B9_7F4A_7C15, keyLength: 3, ordinal: ordinal)
            }
            cache.replace(page: page, limit: limits.series)
            #expect(cache.entries.count <= 50)
            #expect(cache.pageCount == 20)
        }
    }
}
