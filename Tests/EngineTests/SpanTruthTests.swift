import Glibc
import Testing
@testable import Engine
import Intake
import MeshModel
import Panels
import Profiles
import TestSupport

/// Edges of recorded span files against what was really sent, and against an independent reader's count.
@Suite struct SpanTruthTests {
    private func edges(_ path: String) throws -> (rows: [EdgeRow], data: FrameData) {
        let intake = Intake(profiles: try ProfileSet.builtin())
        let engine = Engine(symbols: intake.symbols)
        let outcome = try SpanFiles.load([path], intake: intake, spans: engine, sources: engine)
        #expect(outcome.files == 1 && outcome.unkept == 0)
        let data = engine.answer([.edges(.service), .traces], at: FrameTime(windowSeconds: .infinity))
        return (try #require(data.edges[.service]), data)
    }

    /// `"a>b:200": 3`
    private func truth(_ path: String) -> [String: Int] {
        var counts: [String: Int] = [:]
        for line in Fixture.text(path).split(separator: "\n") {
            let parts = line.split(separator: "\"")
            if parts.count == 3, let count = Int(parts[2].filter(\.isNumber)) { counts[String(parts[1])] = count }
        }
        return counts
    }

    @Test(arguments: [("istio-spans.otlp.gz", "istio-truth.json"), ("plain-zipkin-spans.json.gz", "plain-truth.json")])
    func requestsPerEdgeAndCodeAreThoseOfTheTruth(_ spans: String, _ wanted: String) throws {
        let (rows, data) = try edges(Fixture.folder + "/spans/" + spans)
        var seen: [String: Int] = [:]
        for row in rows {
            let source = row.source.kind == .external ? "client" : row.source.displayName
            for code in row.signals.codes { seen["\(source)>\(row.destination.displayName):\(code.code)"] = Int(code.count) }
            #expect(row.client == nil || row.client?.requests == row.server?.requests)
        }
        let truth = truth("spans/" + wanted)
        #expect(seen == truth)
        let denied = rows.reduce(0) { $0 + Int($1.signals.denied ?? 0) }
        #expect(denied == truth["recommendation>inventory:403"])
        let failed = try #require(data.traces).count { $0.isFailed }
        #expect(failed == truth["client>gateway:502"])
        #expect(data.traceStats?.oddities == [:])
    }

    /// caller>callee → calls that both tell of. Files too large for the repository are read where TELLTALE_FIXTURES says they lie.
    static let expected: [(String, [String: Int])] = [
        ("otlp/otel-tui/otel_demo_logs_traces_metrics.otlp.jsonl", [
            "adservice>flagd": 2, "frontend>adservice": 9, "frontend>checkoutservice": 4, "frontend>productcatalogservice": 36,
            "frontend>recommendationservice": 4, "frontend-proxy>frontend": 75, "loadgenerator>frontend-proxy": 75, "recommendationservice>flagd": 4,
            "recommendationservice>productcatalogservice": 4,
        ]),
        ("zipkin/skew.json", ["servicea>serviceb": 1]),
    ]

    @Test(arguments: expected)
    func callsThatBothTellOfAreThoseOfAnIndependentReader(_ path: String, _ wanted: [String: Int]) throws {
        let places = [Fixture.folder + "/spans/"] + (getenv("TELLTALE_FIXTURES").map { [String(cString: $0) + "/"] } ?? [])
        guard let place = places.first(where: { access($0 + path, R_OK) == 0 }) else { return }
        var seen: [String: Int] = [:]
        for row in try edges(place + path).rows where row.source.kind == .workload && row.client != nil {
            if let server = row.server, server.requests > 0 { seen["\(row.source.displayName)>\(row.destination.displayName)"] = Int(server.requests) }
        }
        #expect(seen == wanted)
    }
}
