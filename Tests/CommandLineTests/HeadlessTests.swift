import TestSupport
import Testing

/// `live --headless` and its counters.
struct HeadlessTests {
    private static let incident = ListTests.root + "/demo-data/incident.otlp.gz"

    @Test func spansAloneAreADelivery() async throws {
        let folder = TemporaryFolder()
        let listed = try Row.rows(await Program.run(["traces", Self.incident, "-o", "json"]).output)
        let spans = listed.reduce(0) { $0 + Int($1.number("spans") ?? 0) }
        let outcome = await Program.run(["live", "--headless", "--no-receivers", "--for", "100ms", "--stats", "stats.jsonl", Self.incident], in: folder.path)
        #expect(outcome.exit == 0 && outcome.output.isEmpty && outcome.errors.isEmpty, "\(outcome.errors)")
        let last = try #require(Program.contents(folder.path + "/stats.jsonl").split(separator: "\n").last)
        #expect(spans > 1000 && last.contains("\"spans\": \(spans),") && last.contains("\"dropped\": {}"), "\(last)")
    }

    @Test func nothingAtAllIsNone() async {
        let outcome = await Program.run(["live", "--headless", "--no-receivers", "--for", "100ms"])
        #expect(outcome.exit == 3 && outcome.errors == "telltale: no source delivered\n", "\(outcome.errors)")
    }
}
