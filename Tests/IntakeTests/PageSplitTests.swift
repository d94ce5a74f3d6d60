@testable import Intake
import MeshModel
import TestSupport
import Testing
import WireFormats

/// Batches and reports do not depend on how the bytes came in.
@Suite struct PageSplitTests {
    /// Three scrapes of one source: a page, the same again (every line known), and one that differs.
    private func decode(_ pieces: [ArraySlice<UInt8>], contentType: String? = nil) -> String {
        var bench = Bench()
        var reports: [PageReport] = []
        reports.append(bench.scrape(pieces, contentType: contentType))
        reports.append(bench.scrape(pieces, contentType: contentType))
        reports.append(bench.scrape([Array("new_at_the_top 1\n".utf8)[...]] + pieces, contentType: contentType))
        let pages = bench.collector.all.pages.map { page in
            "\(page.entries.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }) \(page.samples)"
        }
        return "\(reports) \(pages) \(bench.collector.all.kinds.sorted { $0.key < $1.key }.map(\.value))"
    }

    @Test(arguments: [
        "a 1\nb{c=\"d\"} 2.5\n", "a 1\r\nb 2\r\n", "a 1", "# TYPE a counter\na 1\n# TYPE b meh\nb 2\n# EOF\n", "a NaN\nb +Inf\nc 0x1p-3\nd 1e+06\n",
        "a{b=\"\\\"}{,=# \\n\"} 1 # {x=\"y\"} 2 3\n# HELP a x\na 7\n", "a x\nb\n\n\n}{\nc 1 2 3\n", "# T\n# TYPE a gauge\n# The\na 1\n#TYPE a counter\n  # TYPE b gauge\nb 2\n",
        "a 1\na 2\na 3\nb 1\n", "\u{1F600} 1\na{b=\"\u{1F600}\"} 1\n", "envoy_server_live{} 1\nenvoy_server_live{} 1\n", "a \nb 1\na\t 3\n",
    ])
    func smallPages(_ page: String) {
        #expect(SplitVerifier.difference(Array(page.utf8)) { decode($0) } == nil)
        #expect(SplitVerifier.difference(Array(page.utf8)) { decode($0, contentType: "application/openmetrics-text; version=1.0.0") } == nil)
    }

    @Test(arguments: ["pages/envoy/envoy_prometheus_1_28.txt", "pages/kuma/kuma-dp/openmetrics_0_1_1.in.prom.txt", "pages/prometheus/promtool/metrics-test.prom",
                      "pages/istio/istio_non_conforming.txt", "pages/linkerd/linkerd2_outbound_route_excerpt.txt", "pages/prometheus/textparse/alltypes.5mfs.om.txt"])
    func recordedPages(_ path: String) {
        #expect(SplitVerifier.difference(Fixture.bytes(path), randomRounds: 6) { decode($0) } == nil)
    }

    /// The measure of a scraper: lines that are where they were are not parsed, however the network cut the page.
    @Test(arguments: [1, 7, 100, 1448, 16_384, 1 << 20])
    func aRepeatScrapeParsesNothing(_ piece: Int) throws {
        let page = try Gzip.unpacked(Fixture.bytes("fleet-istio/cart-v1-04x.txt.gz"), limit: 1 << 24)
        var decoder = PageDecoder(seed: 7, limits: PageLimits())
        for round in 0..<3 {
            decoder.begin(format: .prometheusText)
            var at = 0
            while at < page.count {
                let end = min(page.count, at + piece)
                page[at..<end].withUnsafeBytes { decoder.feed($0) }
                at = end
            }
            decoder.end()
            decoder.settle(decoder.pending.items.indices.map(UInt32.init))
            #expect(decoder.count > 1000)
            #expect(round == 0 ? decoder.parsedLines == decoder.report.lines : decoder.parsedLines == 0)
        }
    }
}
