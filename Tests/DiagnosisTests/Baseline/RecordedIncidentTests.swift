import CallGraph
@testable import Diagnosis
import Glibc
@testable import Intake
import MeshModel
import Profiles
import Synchronization
import TestSupport
import Testing

/// Recorded fault injections against a quiet hour of the same system.
@Suite struct RecordedIncidentTests {
    private struct Loaded {
        var rows: CallRows
        let parties: Parties
    }

    private struct Reader {
        let intake: Intake
        var names = RowNames()

        init() throws { intake = Intake(profiles: try ProfileSet.builtin()) }

        mutating func read(_ path: String) throws -> Loaded {
            let sink = BatchCollector()
            _ = try SpanFiles.load([path], intake: intake, spans: sink, sources: NoSamples())
            var store = TraceStore(symbols: intake.symbols, budgetBytes: 1 << 28)
            for batch in sink.batches.withLock({ $0 }) { _ = store.consume(batch) }
            store.settle()
            let rows = CallRows(&store, window: Timestamp(nanoseconds: .min)...Timestamp(nanoseconds: .max), names: &names)
            return Loaded(rows: rows, parties: store.parties)
        }
    }

    private struct Label {
        var file: String
        var injected: Double
        var pod: String
        var service: String
    }

    private static func labels() -> [Label] {
        func value(_ key: String, _ text: Substring) -> String {
            guard let line = text.split(separator: "\n").first(where: { $0.contains("\"\(key)\":") }) else { return "" }
            return String(line.split(separator: ":", maxSplits: 1)[1].filter { !" \",".contains($0) })
        }
        return Fixture.text("incidents/labels.json").split(separator: "{").filter { $0.contains("\"pod\":") }.map {
            Label(file: value("file", $0), injected: Double(value("injected_unix", $0)) ?? 0, pod: value("pod", $0), service: value("service", $0))
        }
    }

    /// Place of the injected service, whether its pod is right, and seconds between the onset and the injection, where the file shows it.
    private func outcomes(_ folder: String, _ files: [Label]) throws -> [(place: Int?, isPodRight: Bool, off: Double?)] {
        var reader = try Reader()
        let quiet = try reader.read(folder + "/baseline.otlp.gz")
        let model = QuietModel(quiet.rows, reader.names), names = reader.names
        return try files.map { label in
            reader.names = names
            let loaded = try reader.read(folder + "/" + label.file)
            let departures = Departures(model, loaded.rows, reader.names).all
            let place = departures.firstIndex { reader.intake.symbols.string(loaded.parties[loaded.parties.service(of: $0.party)].service) == label.service }
            guard let place else { return (nil, false, nil) }
            let begun = Double(loaded.rows.all.first?.start ?? 0) / 1e9
            return (place, reader.intake.symbols.string(departures[place].pod) == label.pod, begun <= label.injected ? departures[place].onset.seconds - label.injected : nil)
        }
    }

    @Test func oneOfEachKindIsNamedFirst() throws {
        let files = Set(Fixture.files(in: "incidents", ending: ".otlp.gz").map { String($0.dropFirst("incidents/".count)) })
        let labels = Self.labels().filter { files.contains($0.file) }
        #expect(labels.count == 5)
        for (label, outcome) in zip(labels, try outcomes(Fixture.folder + "/incidents", labels)) {
            #expect(outcome.place == 0 && outcome.isPodRight, "\(label.file)")
            if let off = outcome.off { #expect(abs(off) <= 15, "\(label.file): \(off)") }
        }
    }

    /// All of them, where TELLTALE_FIXTURES says they lie.
    @Test func nearlyAllAreNamedFirst() throws {
        guard let folder = getenv("TELLTALE_FIXTURES").map({ String(cString: $0) + "/incidents/online-boutique" }), access(folder, R_OK) == 0 else { return }
        let outcomes = try outcomes(folder, Self.labels())
        #expect(outcomes.count == 19)
        #expect(outcomes.count { $0.place == 0 } >= 18)
        #expect(outcomes.allSatisfy { $0.place.map { $0 < 3 } ?? false && $0.isPodRight })
        #expect(outcomes.compactMap(\.off).count { abs($0) <= 15 } >= 13)
    }
}
