import TestSupport
import Testing
import Yams

/// The recorded traces of demo-data against what was really sent when they were recorded.
struct RecordedTracesTests {
    private static let folder = ListTests.root + "/demo-data/"

    /// caller>callee → code → calls.
    private func truth(_ name: String) throws -> [String: [String: Double]] {
        let pairs = try #require(try Yams.compose(yaml: Program.contents(Self.folder + name + ".truth.json"))?.mapping)
        var calls: [String: [String: Double]] = [:]
        for (key, count) in pairs {
            let parts = (key.string ?? "").split(separator: ":")
            calls[String(parts[0]), default: [:]][String(parts[1])] = count.float
        }
        return calls
    }

    @Test(arguments: [("incident", "incident.otlp.gz"), ("outage", "outage.zipkin.json.gz")])
    func edgesAgreeWithTheTruth(_ name: String, _ file: String) async throws {
        let outcome = await Program.run(["edges", Self.folder + file, "-o", "json"])
        #expect(outcome.exit == 0 && outcome.errors.isEmpty)
        var seen: [String: [String: Double]] = [:]
        for row in try Row.rows(outcome.output) {
            let source = try #require(row.row("source")), destination = try #require(row.row("destination"))
            let caller = source.text("kind") == "external" ? "client" : source.text("service") ?? "?"
            seen["\(caller)>\(destination.text("service") ?? "?")"] = row.numbers("codes").filter { $0.value > 0 }
        }
        #expect(try seen == truth(name))
    }

    @Test(arguments: [("incident", "incident.otlp.gz"), ("outage", "outage.zipkin.json.gz")])
    func oneTraceForEachRequest(_ name: String, _ file: String) async throws {
        let entries = try #require(try truth(name)["client>gateway"])
        let outcome = await Program.run(["traces", Self.folder + file, "-o", "json"])
        let rows = try Row.rows(outcome.output)
        #expect(Double(rows.count) == entries.values.reduce(0, +))
        #expect(Double(rows.count { $0.text("failed") == "true" }) == entries.filter { $0.key.hasPrefix("5") }.values.reduce(0, +))
        #expect(rows.allSatisfy { $0.number("orphans") == 0 })
    }

    @Test(arguments: [("latency:checkout", "Time of checkout"), ("why:checkout", "Why checkout"), ("compare:checkout", "Compare"), ("service:shop/checkout", "checkout")])
    func aScreenOfOneService(screen: String, title: String) async {
        let outcome = await Program.run(["snapshot", "demo-data/incident.otlp.gz", "--screen", screen], in: ListTests.root)
        #expect(outcome.exit == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
        #expect(outcome.output.split(separator: "\n").dropFirst().first?.contains(title) == true, "\(outcome.output)")
    }

    @Test func oneThatIsNotThereIsSaid() async {
        for screen in ["latency:nobody", "service:nobody"] {
            let outcome = await Program.run(["snapshot", "demo-data/incident.otlp.gz", "--screen", screen], in: ListTests.root)
            #expect(outcome.exit == 2 && outcome.errors.contains("no service nobody in these data; there are cart"), "\(outcome.errors)")
        }
        let folded = await Program.run(["snapshot", "demo-data/incident.otlp.gz", "--screen", "graph", "--by", "pod"], in: ListTests.root)
        #expect(folded.output.contains("payment-v2-06x"))
        #expect(await Program.run(["snapshot", "demo-data/incident.otlp.gz", "--by", "pod"], in: ListTests.root).exit == 2)
    }
}
