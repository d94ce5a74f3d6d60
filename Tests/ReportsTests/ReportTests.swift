import MeshModel
import Panels
import Reports
import TestSupport
import Testing
import Yams

@Suite struct ReportTests {
    @Test(arguments: ReportFormat.allCases)
    func rowsAsRecorded(_ format: ReportFormat) {
        for level in EntityLevel.allCases {
            let text = Report.entities(Sample.rows, level: level, predicate: .client, format: format)
            #expect(Golden.difference(text, named: "\(level).\(format)") == nil)
        }
        #expect(Golden.difference(Report.entities([], level: .service, predicate: .server, format: format), named: "none.\(format)") == nil)
        #expect(Golden.difference(Report.entities(Sample.hostile, level: .service, predicate: .server, format: format), named: "hostile.\(format)") == nil)
    }

    @Test(arguments: EdgeFormat.allCases)
    func edgesAsRecorded(_ format: EdgeFormat) {
        #expect(Golden.difference(Report.edges(Sample.edges, predicate: .server, format: format), named: "edges.\(format)") == nil)
    }

    /// Names are other people's text: none of it is taken for the language it stands in.
    /// Boxes are called what they are at that level, each once, and their states are their own.
    @Test func aGraphOfVersions() {
        func version(_ name: String) -> Entity { Entity(namespace: "shop", service: "payment", version: name) }
        let edges = ["v1", "v2"].map { EdgeRow(source: Entity(namespace: "shop", service: "checkout", version: "v1"), destination: version($0), protocol: "http", signals: Sample.full) }
        let rows = ["v1", "v2"].map { EntityRow(key: EntityKey(level: .version, namespace: "shop", name: "payment", version: $0), entity: version($0), signals: Sample.full, state: $0 == "v2" ? .failing : .good) }
        let picture = Report.edges(edges, level: .version, entities: rows, predicate: .server, format: .graph)
        #expect(picture.contains("payment@v1 ✓") && picture.contains("payment@v2 ✕") && picture.split(separator: "payment", omittingEmptySubsequences: false).count == 3)
    }

    @Test func namesInGraphsAreQuoted() {
        var edge = Sample.edges[0]
        edge.source.service = "a\"];evil[x=\\\u{1b}[31m"
        let dot = Report.edges([edge], predicate: .server, format: .dot)
        #expect(dot.contains(#"label="a\"];evil[x=\\[31m""#))
        let mermaid = Report.edges([edge], predicate: .server, format: .mermaid)
        #expect(mermaid.contains("\"a#34;]#59;evil[x=#92;[31m\""))
        #expect(!mermaid.contains("\u{1b}") && !dot.contains("\u{1b}"))
    }

    private static let signalMembers = ["requests", "errors", "denied", "success", "predicate", "rate", "attempts", "p50_ms", "p95_ms", "p99_ms", "bytes_in", "bytes_out", "mtls"]
    private static let endMembers = ["versions", "codes", "flags", "evidence", "stale", "from", "to"]

    /// Of edges alone.
    private static let sideMembers = ["connections_active", "connections_opened", "retries", "retry_excess", "wire_errors", "answers", "principals", "client", "server", "spans", "disagreements"]

    @Test func membersOfARowInTheirOrder() throws {
        let pod = try #require(try rows(Report.entities(Sample.rows, level: .pod, predicate: .client, format: .json)).first)
        #expect(pod.keys.compactMap(\.string) == ["service", "namespace", "workload", "version", "pod", "node"] + Self.signalMembers + Self.endMembers)
        let service = try #require(try rows(Report.entities(Sample.rows, level: .service, predicate: .client, format: .json)).first)
        #expect(service.keys.compactMap(\.string) == ["service", "namespace"] + Self.signalMembers + Self.endMembers)
        let edge = try #require(try rows(Report.edges(Sample.edges, predicate: .server, format: .json)).first)
        #expect(edge.keys.compactMap(\.string) == ["source", "destination", "protocol"] + Self.signalMembers + ["mtls_share"] + Self.endMembers + Self.sideMembers)
        #expect(edge["source"]?.mapping?.keys.compactMap(\.string) == ["kind", "namespace", "service", "workload", "version", "pod", "node"])
    }

    @Test func valuesOfARow() throws {
        let pod = try #require(try rows(Report.entities(Sample.rows, level: .pod, predicate: .client, format: .json)).first)
        #expect(pod.number("success") == 1 - 61.0 / 988, "denied calls are judged by nobody")
        #expect(pod.number("rate") == 80, "requests over to - from")
        #expect(pod.text("predicate") == "client")
        #expect(pod.text("from") == "2026-11-18T11:06:40.000Z" || pod.text("from")?.hasSuffix("Z") == true)
        #expect(pod.number("p50_ms") == 31.25)
        #expect(pod.counts("codes") == ["0": 3, "5xx": 2, "200": 939, "503": 56])
        #expect(pod.counts("flags") == ["UF": 3])
        #expect(pod["evidence"]?.sequence?.compactMap(\.string) == ["metrics_client", "metrics_server"])
        #expect(pod["versions"]?.mapping?["v2"]?.mapping?.text("rate") == nil)
    }

    /// Unknown is null and never 0; 0 is 0 and never null.
    @Test func unknownIsNull() throws {
        let row = try rows(Report.entities(Sample.rows, level: .pod, predicate: .server, format: .json))[1]
        for name in ["service", "namespace", "workload", "version", "node", "denied", "rate", "attempts", "p50_ms", "p95_ms", "p99_ms", "bytes_in", "bytes_out", "from"] {
            #expect(row[Node(name)]?.string == "null", "\(name)")
        }
        #expect(row.text("mtls") == "unknown")
        #expect(row.text("stale") == "true")
        var calm = GoldenSignals()
        calm.denied = 0
        let zero = try rows(Report.entities([EntityRow(key: EntityKey(level: .node, name: "n"), entity: Entity(node: "n"), signals: calm)], level: .node, predicate: .server, format: .json))[0]
        #expect(zero["requests"]?.string == "0")
        #expect(zero["denied"]?.string == "0")
        #expect(zero["success"]?.string == "null", "nothing was judged")
    }

    @Test(arguments: ReportFormat.allCases)
    func namesCannotSteerATerminal(_ format: ReportFormat) {
        let text = Report.entities(Sample.hostile, level: .service, predicate: .server, format: format)
        let forbidden = text.unicodeScalars.filter { ($0.value < 32 && $0 != "\n" && $0 != "\r") || (127...159).contains($0.value) || $0.value == 0x202E }
        #expect(forbidden.isEmpty)
    }

    @Test func numbersThatJSONHasNotAreNull() throws {
        var signals = GoldenSignals()
        signals.requests = .nan
        signals.bytesIn = .infinity
        signals.bytesOut = 1e20
        signals.attempts = 0.1
        let row = try rows(Report.entities([EntityRow(key: EntityKey(level: .node, name: "n"), entity: Entity(node: "n"), signals: signals)], level: .node, predicate: .server, format: .json))[0]
        #expect(row["requests"]?.string == "null")
        #expect(row["bytes_in"]?.string == "null")
        #expect(row.number("bytes_out") == 1e20)
        #expect(row["attempts"]?.string == "0.1")
    }

    private func rows(_ json: String) throws -> [Node.Mapping] { try TruthTests.rows(json) }
}
