import Engine
import Glibc
import Intake
import MeshModel
import Panels
import Profiles
import TestSupport
import Testing

/// Edges of recorded traces and pages are those an independent reader counts (Tests/Fixtures/edge_counts.py). Files too large for the
/// repository are read where TELLTALE_FIXTURES says they lie. What the table leaves out differs on purpose: callers through a queue, which is
/// a party of its own; ids that are not hexadecimal, whose spans are rejected; and halves that were sent twice.
struct FixtureEdgesTests {
    static let table = Fixture.table("edge-counts.tsv")
    static let files = Set(table.map { $0[0] }).sorted()

    static func place(of file: String) -> String? {
        let places = [Fixture.folder + "/spans/", Fixture.folder + "/pages/"] + (getenv("TELLTALE_FIXTURES").map { [String(cString: $0) + "/"] } ?? [])
        return places.map { $0 + file }.first { access($0, R_OK) == 0 }
    }

    static func edges(_ path: String) throws -> [EdgeRow] {
        let intake = Intake(profiles: try ProfileSet.builtin())
        let engine = Engine(symbols: intake.symbols)
        if try SpanFiles.holdsSpans(path) {
            #expect(try SpanFiles.load([path], intake: intake, spans: engine, sources: engine).files == 1)
        } else {
            #expect(try PageFiles.load([path], intake: intake, sink: engine).pages == 1)
        }
        return engine.answer([.edges(.service)], at: FrameTime(windowSeconds: .infinity)).edges[.service] ?? []
    }

    @Test(arguments: files) func edgesAreThoseOfAnIndependentReader(_ file: String) throws {
        guard let path = Self.place(of: file) else { return }
        var wanted: [String: Int] = [:], seen: [String: Int] = [:]
        for row in Self.table where row[0] == file { wanted["\(row[1])>\(row[2]) \(row[3])"] = Int(row[4]) }
        let isOfPages = wanted.keys.contains { !$0.hasSuffix(" calls") }
        for row in try Self.edges(path) where row.source.kind == .workload && row.destination.kind == .workload {
            func note(_ side: String, _ signals: GoldenSignals?) {
                guard let signals else { return }
                let count = Int(signals.requests > 0 ? signals.requests : signals.connectionsOpened ?? 0)
                if count > 0 { seen["\(row.source.displayName)>\(row.destination.displayName) \(side)"] = count }
            }
            if isOfPages { note("client", row.client) }
            // Of a call that only its caller wrote of, nobody's span has a parent elsewhere.
            if isOfPages || row.source != row.destination { note(isOfPages ? "server" : "calls", row.server) }
        }
        #expect(seen == wanted)
    }

    /// Online Boutique, as its own list of dependencies has it: nobody else is called, and of those listed one pair was not recorded.
    @Test func onlineBoutiqueCallsWhomItsListNames() throws {
        guard let spans = Self.place(of: "traces_csv/nezha_onlineboutique_trace_05_43.csv"), let list = Self.place(of: "traces_csv/nezha_onlineboutique_dependency.csv"),
              let bytes = Fixture.contents(list) else { return }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).dropFirst()
        // The list names the machines that services run on as well.
        let listed = Set(lines.map { $0.split(separator: ",") }.filter { !$0[1].contains(".") && $0[0] != "loadgenerator" }.map { "\($0[0])>\($0[1])" })
        let seen = Set(try Self.edges(spans).filter { $0.source.kind == .workload && $0.source != $0.destination }.map { "\($0.source.displayName)>\($0.destination.displayName)" })
        #expect(listed.count == 14 && seen.isSubset(of: listed))
        #expect(listed.subtracting(seen) == ["checkoutservice>currencyservice"])
    }

    @Test func someOfThemAreInTheRepository() { #expect(Self.files.count { Self.place(of: $0) != nil } >= 5) }
}
