import Diagnosis
import MeshModel
import Panels
@testable import Reports
import TestSupport
import Testing

/// Why something fails, as text for a message and as JSON for a script.
@Suite struct VerdictReportTests {
    private static let verdict: Verdict = {
        let payment = Entity(namespace: "shop", service: "payment", version: "v2", pod: "payment-v2-x", node: "node-a"), gateway = Entity(namespace: "shop", service: "gateway")
        var origin = Verdict.Origin(entity: payment, fault: .own)
        (origin.answers, origin.requests, origin.errors) = ([.init(code: 503, count: 214, errors: 214)], 1042, 214)
        var verdict = Verdict(service: gateway, kind: .errors, predicate: .server)
        (verdict.origin, verdict.requests, verdict.failures, verdict.share) = (origin, 1042, 214, 1)
        verdict.interval = .init(low: 0.98, high: 1)
        var first = Verdict.Hop(entity: gateway)
        (first.requests, first.errors, first.passedOn, first.pods) = (1042, 214, 214, 2)
        var last = Verdict.Hop(entity: payment.asService)
        (last.requests, last.errors, last.own, last.pods, last.podsFailing) = (1042, 214, 214, 3, 1)
        (last.latencyShare, last.latencyTraces, last.latency) = (0.41, 300, LatencySummary(p50: 20, p95: 140, p99: 200, meanMilliseconds: 31, count: 1042))
        last.versions = [.init(name: "v1", requests: 812, errors: 0, isFailing: false), .init(name: "v2", requests: 230, errors: 214, isFailing: true)]
        last.failingPods = [.init(name: "payment-v2-x", requests: 230, errors: 214, isFailing: true)]
        verdict.path = [first, last]
        (verdict.evidence.kinds, verdict.evidence.requests) = ([.metricsClient, .metricsServer, .spans], 1042)
        return verdict
    }()

    @Test(arguments: VerdictFormat.allCases) func whatIsKnownOfHopsIsTold(_ format: VerdictFormat) {
        let text = Report.verdicts([Self.verdict], isList: false, format: format)
        if let difference = Golden.difference(text, named: "why.\(format.rawValue)") { Issue.record("\(difference)") }
    }

    /// Of a hop of which nothing is known JSON says null, and text nothing.
    @Test func whatIsNotKnownIsNotZero() {
        let json = Report.verdicts([Self.verdict], isList: false, format: .json), text = Report.verdicts([Self.verdict], isList: false, format: .text)
        #expect(json.contains("\"latency_share\": null, \"latency_traces\": null, \"mean_ms\": null, \"p95_ms\": null, \"versions\": [], \"pods\": {\"count\": 2"))
        #expect(text.contains("gateway: 21 % of 1042 fail, passed on 214\n") && text.contains("own 214, 41 % of the time, v2 214 of 230, 1 of 3 pods"))
    }
}
