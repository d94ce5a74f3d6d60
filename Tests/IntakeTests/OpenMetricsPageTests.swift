import Intake
import MeshModel
import Testing

/// The checker reads beside the decoder: it reports and drops nothing, and only while a page is new.
@Suite struct OpenMetricsPageTests {
    private static let type = "application/openmetrics-text; version=1.0.0; charset=utf-8"

    @Test func samplesOfABadPageAreKeptAndTheFirstDepartureIsNamed() {
        var bench = Bench()
        let report = bench.scrape("# TYPE a counter\na_total -1\nb 1\n", contentType: Self.type)
        #expect(report.samples == 2)
        #expect(report.badLines == 0)
        #expect(report.departures == 2)
        #expect(report.firstDeparture == "line 2, byte 17: a counter, sum, count or bucket is negative")
        #expect(bench.session.state.departures == 2)
    }

    @Test func repeatScrapesAreNotCheckedAgainAndNewShapesAre() {
        var bench = Bench()
        #expect(bench.scrape("a 1\n", contentType: Self.type).departures == 1)
        #expect(bench.scrape("a 1\n", contentType: Self.type).departures == 0)
        #expect(bench.scrape("a 1\nb 1\n\n", contentType: Self.type).departures == 0, "the page that brings it is not checked itself")
        #expect(bench.scrape("a 1\nb 1\n\n", contentType: Self.type).departures == 2)
        #expect(bench.scrape("a 1\nb 1\n\n", contentType: Self.type).departures == 0)
        #expect(bench.session.state.departures == 2, "what was found stays known")
    }

    @Test func aTextPageIsNotHeldToOpenMetrics() {
        var bench = Bench()
        #expect(bench.scrape("a 1\n\n", contentType: "text/plain; version=0.0.4").departures == 0)
        #expect(bench.scrape("b 1\n\n").departures == 0)
    }
}
