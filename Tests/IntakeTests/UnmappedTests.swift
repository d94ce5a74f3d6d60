@testable import Intake
import MeshModel
import TestSupport
import Testing

/// What the built-in profiles leave out of real pages, by family: a change of this list is to be judged.
@Suite struct UnmappedTests {
    @Test(arguments: [
        ("sidecar", ["fleet-istio/checkout-v1-05x.txt.gz"]), ("front-proxy", ["pages/envoy/envoy_prometheus_openmetrics.txt"]),
    ])
    func familiesThatNoProfileMaps(_ name: String, _ paths: [String]) throws {
        var bench = Bench(keep: .all)
        for path in paths {
            var bytes = Fixture.bytes(path)
            if Gzip.isGzip(bytes) { bytes = try Gzip.unpacked(bytes, limit: 1 << 24) }
            _ = bench.scrape([bytes[...]])
        }
        let kept = bench.collector.all
        var mapped = Set<String>(), unmapped: [String: Int] = [:]
        for (key, series) in kept.names {
            var family = String(series.prefix { $0 != "{" })
            for suffix in ["_bucket", "_sum", "_count"] where family.hasSuffix(suffix) { family.removeLast(suffix.count) }
            if kept.meanings[key] != nil { mapped.insert(family) } else { unmapped[family, default: 0] += 1 }
        }
        // Of a family that is mapped elsewhere (infrastructure clusters, the admin listener) the rest is no gap.
        let lines = unmapped.filter { !mapped.contains($0.key) }.map { "\($0.key) \($0.value)" }.sorted()
        #expect(Golden.difference(lines.joined(separator: "\n") + "\n", named: "unmapped-\(name)") == nil)
    }
}
