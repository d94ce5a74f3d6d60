import TestSupport
import Testing
import Yams

/// `traces`, `services` and `edges` of recorded spans of a real fleet, as scripts read them.
struct TraceListTests {
    private func rows(_ arguments: String...) async throws -> [Row] {
        let outcome = await Program.run(arguments + [Fixture.folder + "/spans/istio-spans.otlp.gz", "-o", "json"])
        #expect(outcome.exit == 0 && outcome.errors.isEmpty)
        return try Row.rows(outcome.output)
    }

    @Test func tracesHaveTheMembersOfTheDesign() async throws {
        let all = try await rows("traces")
        #expect(all.count == 174)
        #expect(all[0].names == ["trace_id", "root", "start", "duration_ms", "spans", "services", "errors", "failed", "orphans", "adjusted", "arriving"])
        #expect(all.allSatisfy { $0.text("trace_id")?.count == 32 && $0.row("root")?.text("service") == "gateway" })
        #expect(all.reduce(0) { $0 + ($1.number("spans") ?? 0) } == 9507)
    }

    @Test func filtersAreFlags() async throws {
        let failed = try await rows("traces", "--failed")
        #expect(failed.count == 8)
        let slow = try await rows("traces", "--failed", "--min-duration", "150ms")
        #expect(slow.count < 8 && slow.allSatisfy { ($0.number("duration_ms") ?? 0) >= 150 })
        #expect(try await rows("traces", "--service", "ledger", "--operation", "gateway", "--limit", "3").count == 3)
        #expect(try await rows("traces", "--service", "nobody").isEmpty)
    }

    @Test(arguments: [
        (["response_flags=UF"], 0), (["upstream_cluster=outbound|80|v2|payment.shop.svc.cluster.local"], 35), (["http.status_code=503"], 8), (["http.status_code>=500"], 8),
        (["http.status_code=503", "http.status_code=403"], 2), (["service.name=inventory.shop"], 174), (["nobody"], 0), (["node_id"], 174),
    ])
    func attributesAreFlags(_ attributes: [String], _ count: Int) async throws {
        let outcome = await Program.run(["traces", Fixture.folder + "/spans/istio-spans.otlp.gz", "-o", "json"] + attributes.flatMap { ["--attribute", $0] })
        #expect(outcome.exit == 0)
        #expect(try Row.rows(outcome.output).count == count, "\(attributes)")
    }

    @Test func servicesAndEdgesComeFromSpansAlone() async throws {
        let services = try await rows("services")
        #expect(services.count == 10)
        let edges = try await rows("edges")
        #expect(edges.count == 14)
        let refused = try #require(edges.first { $0.row("source")?.text("service") == "recommendation" && $0.row("destination")?.text("service") == "inventory" })
        #expect(refused.number("denied") == 37 && refused.number("errors") == 0 && refused.numbers("codes") == ["403": 37])
        #expect(refused.row("client")?.number("requests") == 37 && refused.row("server")?.number("requests") == 37)
    }

    @Test func wrongUseIsToldSo() async {
        #expect(await Program.run(["traces"]).exit == 2)
        #expect(await Program.run(["traces", "--limit", "0", "x"]).exit == 2)
        #expect(await Program.run(["traces", "--attribute", "=1", "x"]).exit == 2)
    }
}
