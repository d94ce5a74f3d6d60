@testable import Intake
import MeshModel
import TestSupport
import Testing

/// What a real Envoy's OpenTelemetry stat sink sends is read as its page is: the recorded requests beside the page of the same Envoy, taken
/// after the last of them, and what was really answered.
@Suite struct EnvoySinkTests {
    private func unpacked(_ path: String) throws -> [UInt8] { try Gzip.unpacked(Fixture.bytes("metrics/envoy/" + path), limit: 1 << 24) }

    private func sent(_ variant: String) throws -> (MetricReport, [String: Double], Collector) {
        var bench = MetricBench(keep: .mapped, listens: false)
        let bytes = try unpacked("\(variant).otlp.gz")
        var at = 0
        var report = MetricReport()
        while at < bytes.count {
            let length = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
            _ = bytes[(at + 4)..<(at + 4 + length)].withUnsafeBytes { bench.decoder.decode($0, isJSON: false, now: nil) }
            report.add(bench.decoder.takeReport())
            at += 4 + length
        }
        return (report, values(bench.collector), bench.collector)
    }

    private func values(_ collector: Collector) -> [String: Double] {
        let kept = collector.all
        let last = kept.pages.last?.samples ?? []
        return Dictionary(uniqueKeysWithValues: last.map { (kept.names[UInt64($0.ordinal)] ?? "?", $0.value) })
    }

    private func scraped(_ variant: String) throws -> [String: Double] {
        var bench = Bench(keep: .mapped)
        _ = bench.scrape([try unpacked("frontend-\(variant).txt.gz")[...]])
        return values(bench.collector)
    }

    private static let payment = "envoy_cluster_name=outbound|80||payment.shop.svc.cluster.local"

    @Test(arguments: ["tags", "names", "delta"]) func theSameSeriesAsThePage(_ variant: String) throws {
        let (report, otlp, collector) = try sent(variant)
        #expect(report.rejected == 0 && report.repeated == 0)
        #expect(collector.all.claims.count == 1)
        let claim = collector.all.claims[0] ?? EntityClaim()
        #expect([claim.service, claim.pod].map(collector.text) == ["frontend", "frontend-1"])
        #expect(collector.all.states[0]?.profiles == ["envoy"])
        let page = try scraped(variant)
        #expect(page.count > 100)
        // These move between the last request and the page.
        let moving = ["envoy_server_uptime", "envoy_server_memory_allocated"]
        for (name, value) in page where value != 0 {
            #expect(otlp[name] != nil, "\(name) is not in the requests")
            if !moving.contains(name) { #expect(otlp[name] == value, "\(name)") }
        }
        // A cluster's name with dots is whole here, where the page has it in pieces that no rule fits.
        for (name, _) in otlp where page[name] == nil { #expect(name.contains(Self.payment), "\(name) is not on the page") }
    }

    @Test(arguments: ["tags", "names", "delta"]) func countsAreWhatWasAnswered(_ variant: String) throws {
        let (_, otlp, _) = try sent(variant)
        let words = Fixture.text("metrics/envoy/truth-\(variant).json").split { "{}\", ".contains($0) }.map(String.init)
        var checked = 0
        // ["payment:200", ":", "61", …]
        for place in stride(from: 0, to: words.count - 1, by: 3) {
            let parts = words[place].split(separator: ":")
            let cluster = parts[0] == "cart" ? "envoy_cluster_name=cart-v1" : Self.payment
            #expect(otlp["envoy_cluster_upstream_rq{\(cluster),envoy_response_code=\(parts[1])}"] == Double(words[place + 2]), "\(words[place])")
            checked += 1
        }
        #expect(checked == 4)
    }
}
