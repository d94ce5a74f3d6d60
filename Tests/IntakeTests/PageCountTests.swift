import Glibc
@testable import Intake
import MeshModel
import TestSupport
import Testing

/// Every recorded page of every proxy has the lines, samples, series and unreadable lines that an independent reader counts
/// (Tests/Fixtures/independent.py). Pages too large for the repository are read where TELLTALE_FIXTURES says they lie.
@Suite struct PageCountTests {
    static let rows = Fixture.table("page-counts.tsv")

    private static func page(_ path: String) -> [UInt8]? {
        if path.hasPrefix("envoy-fleet/") { return try? Gzip.unpacked(Fixture.bytes("fleet-plain/" + path.dropFirst("envoy-fleet/".count) + ".gz"), limit: 1 << 24) }
        return Fixture.contents(Fixture.folder + "/pages/" + path) ?? getenv("TELLTALE_FIXTURES").flatMap { Fixture.contents(String(cString: $0) + "/" + path) }
    }

    @Test(arguments: rows)
    func countsAgree(_ row: [String]) {
        guard let bytes = Self.page(row[0]) else { return }
        var bench = Bench()
        for round in ["first", "second"] {
            let report = bench.scrape([bytes[...]])
            #expect(report.lines == Int(row[1]), "lines, \(round) page")
            #expect(report.samples + report.repeatedSeries == Int(row[2]), "samples, \(round) page")
            #expect(report.samples == Int(row[3]), "series, \(round) page")
            if round == "first" { #expect(report.badLines == Int(row[4]), "\(report.firstBadLine ?? "")") }
        }
    }

    @Test func mostPagesAreInTheRepository() {
        #expect(Self.rows.count { Self.page($0[0]) != nil } >= 55)
    }

    /// Real pages that call themselves OpenMetrics, or nearly do.
    @Test(arguments: [
        ("pages/istio/ztunnel_1.24_datadog.om.txt", 0), ("pages/prometheus/textparse/1histogram.om.txt", 0),
        // A histogram of negative observations: sums below 0, as OpenMetrics forbids and the Python client refuses.
        ("pages/prometheus/textparse/alltypes.5mfs.om.txt", 4), ("pages/kuma/kuma-dp/openmetrics_0_1_1.in.prom.txt", 1),
    ])
    func realOpenMetricsPagesDepartAsOftenAsTheyDo(_ path: String, _ departures: Int) {
        var bench = Bench()
        let report = bench.scrape([Fixture.bytes(path)[...]], contentType: "application/openmetrics-text; version=1.0.0; charset=utf-8")
        #expect(report.departures == departures, "\(report.firstDeparture ?? "")")
        #expect(report.badLines == 0)
    }
}
