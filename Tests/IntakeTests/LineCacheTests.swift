import Intake
import MeshModel
import Testing

@Suite struct LineCacheTests {
    @Test func aRepeatScrapeAnnouncesNothing() {
        var bench = Bench()
        #expect(bench.scrape("a 1\nb{c=\"d\"} 2\n").newSeries == 2)
        let second = bench.scrape("a 3\nb{c=\"d\"} 4\n")
        #expect(second.newSeries == 0)
        #expect(second.samples == 2)
        #expect(bench.collector.last() == ["a=3.0", "b{c=d}=4.0"])
        #expect(bench.collector.all.pages[1].entries.isEmpty)
    }

    @Test func aSeriesThatVanishesAndReturnsKeepsItsOrdinal() {
        var bench = Bench()
        bench.scrape("a 1\nb 2\nc 3\n")
        bench.scrape("a 1\nc 3\n")
        #expect(bench.collector.last() == ["a=1.0", "c=3.0"])
        let back = bench.scrape("a 1\nb 5\nc 3\n")
        #expect(back.newSeries == 0)
        #expect(bench.collector.last() == ["a=1.0", "b=5.0", "c=3.0"])
        #expect(bench.scrape("a 1\nb 6\nc 3\n").newSeries == 0)
        #expect(bench.collector.all.names.count == 3)
    }

    @Test func insertedLinesLeaveTheOthersKnown() {
        var bench = Bench()
        bench.scrape("a 1\nc 3\n")
        let report = bench.scrape("a 1\nb 2\nc 3\nd 4\n")
        #expect(report.newSeries == 2)
        #expect(Set(bench.collector.last()) == ["a=1.0", "b=2.0", "c=3.0", "d=4.0"])
        bench.scrape("a 1\nb 2\nc 3\nd 5\n")
        #expect(bench.collector.last() == ["a=1.0", "b=2.0", "c=3.0", "d=5.0"])
    }

    @Test func aReorderedPageIsTheSameSeries() {
        var bench = Bench()
        bench.scrape("a 1\nb 2\nc 3\nd 4\n")
        for page in ["d 1\nc 2\nb 3\na 4\n", "b 1\na 2\nd 3\nc 4\n"] {
            let report = bench.scrape(page)
            #expect(report.newSeries == 0)
            #expect(report.samples == 4)
        }
        #expect(Set(bench.collector.last()) == ["b=1.0", "a=2.0", "d=3.0", "c=4.0"])
    }

    @Test func aPageCutShortKeepsTheRestForLater() {
        var bench = Bench()
        bench.scrape("a 1\nb 2\nc 3\n")
        #expect(bench.scrape("a 1\n").samples == 1)
        let report = bench.scrape("a 1\nb 2\nc 3\n")
        #expect(report.newSeries == 0)
        #expect(report.samples == 3)
    }

    /// The first of two equal series counts; every page says how often it happened.
    @Test func aSeriesTwiceOnAPageCountsOnce() {
        var bench = Bench()
        for round in 1...4 {
            let report = bench.scrape("a \(round)\na 99\nb 2\n")
            #expect(report.repeatedSeries == 1, "page \(round)")
            #expect(report.samples == 2, "page \(round)")
            #expect(Set(bench.collector.last()) == ["a=\(round).0", "b=2.0"])
        }
    }

    @Test func withKeepMappedUnmappedSeriesAreDroppedForGood() {
        let page = { (n: Int) in "envoy_server_live{} \(n)\ngo_goroutines \(n)\nenvoy_server_uptime \(n)\n" }
        var bench = Bench(keep: .mapped)
        #expect(bench.scrape(page(1)).samples == 2)
        let report = bench.scrape(page(2))
        #expect(report.samples == 2)
        #expect(report.newSeries == 0)
        #expect(bench.collector.last() == ["envoy_server_live=2.0", "envoy_server_uptime=2.0"])
        #expect(bench.session.state.seriesMapped == 2)
        #expect(bench.session.state.profiles == ["envoy"])

        var all = Bench(keep: .all)
        #expect(all.scrape(page(1)).samples == 3)
        #expect(all.session.state.seriesMapped == 2)
        #expect(all.session.state.seriesKept == 3)
    }

    @Test func timestampsAndExemplarsDoNotDisturbRepeatScrapes() {
        var bench = Bench()
        for round in 1...3 {
            let report = bench.scrape("a \(round) 1395066363000\nb_total \(round) # {trace_id=\"\(round)\"} 0.5\n")
            #expect(report.samples == 2)
            #expect(report.badLines == 0)
            #expect(bench.collector.last() == ["a=\(round).0", "b_total=\(round).0"])
        }
    }

    @Test func badLinesAreCountedOnEveryPageAndDisturbNoOther() {
        var bench = Bench()
        for round in 1...3 {
            let report = bench.scrape("a \(round)\nb{c=\"d\"e\"} 1\nf \(round)\n")
            #expect(report.samples == 2)
            #expect(report.badLines == 1)
            #expect(report.firstBadLine == "line 2, byte 11: no comma between two labels (a quote inside a value must be escaped): \"b{c=\"d\"e\"} 1\"")
            #expect(report.lines == 3)
        }
        #expect(bench.session.state.badLines == 3)
    }

    /// A known series whose value stops being a number is a bad line, not a stale value.
    @Test func aKnownSeriesWithoutAValueIsBad() {
        var bench = Bench()
        bench.scrape("a 1\nb 2\n")
        let report = bench.scrape("a x\nb 3\n")
        #expect(report.badLines == 1)
        #expect(bench.collector.last() == ["b=3.0"])
        #expect(bench.scrape("a 4\nb 3\n").newSeries == 0)
        #expect(Set(bench.collector.last()) == ["a=4.0", "b=3.0"])
    }

    @Test func typesComeFromTheLineAboveOnEveryPage() {
        var bench = Bench()
        bench.scrape("# TYPE a counter\na 1\n# The next family follows\n# TYPE b gauge\n# Text about b\nb 1\n")
        bench.scrape("# TYPE a counter\na 1\n# The next family follows\n# TYPE b gauge\n# Text about b\nb 1\n# TYPE c counter\n# Text about c\nc 1\n")
        let kept = bench.collector.all
        let kinds = Dictionary(uniqueKeysWithValues: kept.names.map { ($0.value, kept.kinds[$0.key]) })
        #expect(kinds == ["a": .counter, "b": .gauge, "c": .counter])
    }

    @Test func anAbortedPageLeavesNoTrace() {
        var bench = Bench()
        bench.scrape("a 1\nb 2\n")
        bench.session.begin(time: Timestamp(nanoseconds: 5))
        Array("a 5\nzz 1".utf8).withUnsafeBytes { bench.session.feed($0) }
        bench.session.abort()
        #expect(bench.scrape("a 6\nb 2\n").newSeries == 0)
        #expect(bench.collector.last() == ["a=6.0", "b=2.0"])
        #expect(bench.collector.all.pages.count == 2)
    }

    @Test func anEmptyPageTellsNothing() {
        var bench = Bench()
        bench.scrape("a 1\n")
        let report = bench.scrape("# nothing\n\n")
        #expect(report.samples == 0)
        #expect(bench.collector.all.pages.count == 1, "series did not end, the page was empty")
        #expect(bench.scrape("a 2\n").newSeries == 0)
    }
}
