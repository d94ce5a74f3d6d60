import MeshModel
import Profiles
import TestSupport
import Testing

/// docs/profiles.md is what people copy from: its example works, its tables name every key and signal.
@Suite struct DocumentationTests {
    private let text = String(decoding: Fixture.contents(Fixture.folder + "/../../docs/profiles.md") ?? [], as: UTF8.self)

    private func block(_ language: String) -> String {
        let after = text.split(separator: "```\(language)\n", maxSplits: 1).last ?? ""
        return after.split(separator: "```", maxSplits: 1).first.map(String.init) ?? ""
    }

    @Test func theExampleReadsAsItSays() throws {
        var set = try ProfileSet.builtin()
        try set.add(yaml: block("yaml"), file: "acme.yaml")
        var reading = Reading(set)
        #expect(reading("acme_upstream_responses_total{upstream=svc:payment.shop/v2,status=503}") == "requests client 503 >payment.shop@v2")
        #expect(reading("acme_upstream_responses_total{upstream=svc:payment.shop/v2,status_class=5}") == "requestsByClass client 5 >payment.shop@v2")
        #expect(reading("acme_upstream_responses_total{upstream=collector,status=200}") == nil)
        #expect(reading("acme_upstream_responses_total{upstream=self:8080,status=200}") == "requests server 200")
        #expect(reading("acme_upstream_tries_total{upstream=ext:api.example.com}") == "attempts client >external:api.example.com")
        #expect(reading("acme_upstream_tries_total{upstream=cart-v1}") == "attempts client >cart-v1?")
        #expect(reading("acme_upstream_duration_seconds_bucket{upstream=cart,le=0.1}") == "latencyBucket client le100.0 x1000.0 >cart?")
        #expect(reading("acme_8080_acl_denied_total{port=in-8080}") == "rbacDenied server")
        #expect(reading("acme_8080_acl_denied_total{port=in-admin}") == nil)
    }

    @Test func everySignalAndRoleIsExplained() {
        for signal in Signal.allCases where ![.latencyBucket, .latencySum, .latencyCount].contains(signal) {
            #expect(text.contains("`\(signal)`"), "\(signal)")
        }
        for key in ["profile", "recognises", "labels", "managers", "infrastructure", "clusters", "reporter", "source", "destination", "says_nothing", "no_version", "metrics",
                    "template", "side", "kind", "raw", "family", "on", "needs", "signal", "unit", "part", "rank", "cluster", "code", "class", "manager", "listener", "tcp",
                    "grpc", "flags", "security", "protocol"] {
            #expect(text.contains("`\(key)`"), "\(key)")
        }
    }
}
