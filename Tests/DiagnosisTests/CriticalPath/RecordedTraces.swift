import CallGraph
@testable import Diagnosis
@testable import Intake
import MeshModel
import Profiles
import Synchronization
import TestSupport
import Testing

/// Traces of a recorded file as trees.
struct RecordedTraces {
    private static let profiles = Result { try ProfileSet.builtin() }
    let symbols: SymbolTable
    var labels = SpanLabels()
    var trees: [SpanTree] = []

    /// - Parameters:
    ///   - path: below Tests/Fixtures.
    ///   - later: seconds that Jaeger's times are moved by: to the decoder, a start of 0 is none.
    init(_ path: String, later seconds: Int = 0) throws {
        let folder = TemporaryFolder()
        if seconds > 0 { folder.write(Self.moved(Fixture.text(path), by: seconds), to: "moved.json") }
        let sink = BatchCollector(), intake = Intake(profiles: try Self.profiles.get())
        _ = try SpanFiles.load([seconds > 0 ? folder.path + "/moved.json" : Fixture.folder + "/" + path], intake: intake, spans: sink, sources: NoSamples())
        symbols = intake.symbols
        var store = TraceStore(symbols: symbols, budgetBytes: 1 << 28)
        for batch in sink.batches.withLock({ $0 }) { _ = store.consume(batch) }
        store.settle()
        for case let trace? in store.traces {
            guard let assembly = store.assembly(of: trace.id) else { continue }
            trees.append(SpanTree(assembly, parties: store.parties, labels: &labels))
        }
    }

    private static func moved(_ text: String, by seconds: Int) -> String {
        let parts = text.split(separator: "\"startTime\": ", omittingEmptySubsequences: false)
        return parts.dropFirst().reduce(String(parts[0])) { moved, part in
            let digits = part.prefix(while: \.isNumber)
            return moved + "\"startTime\": \((Int(digits) ?? 0) + seconds * 1_000_000)" + part.dropFirst(digits.count)
        }
    }

    /// `"O1 0-30 O2 30-60"`: operation and microseconds since the root began.
    func text(_ path: CriticalPath, in tree: SpanTree) -> String {
        let start = tree.start[Int(path.root)]
        return path.sections.map { section in
            let name = symbols.string(labels[tree.label[Int(section.place)]].operation)
            return "\(name) \((section.from - start) / 1000)-\((section.to - start) / 1000)"
        }.joined(separator: " ")
    }
}

final class BatchCollector: SpanSink {
    let batches = Mutex<[SpanBatch]>([])

    func consume(_ batch: borrowing SpanBatch) -> Int {
        let kept = copy batch
        batches.withLock { $0.append(kept) }
        return 0
    }
}

struct NoSamples: SampleSink {
    func register(_ source: SourceState, claim: EntityClaim) {}
    func consume(_ batch: borrowing Batch) {}
    func update(_ source: SourceState) {}
}
