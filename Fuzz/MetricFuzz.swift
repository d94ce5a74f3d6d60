import Glibc
import MeshModel
import WireFormats

/// Feeds one input to the metric decoder as two requests, one after the other. The first byte says whether it is taken for JSON. What must
/// hold: no trap; every batch newer than the one before; a series announced before it has a sample, once, and no sample twice; and the
/// same reports and samples from another decoder.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMetrics(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: data, count: size)
    guard let first = input.first else { return 0 }
    let bytes = UnsafeRawBufferPointer(rebasing: input.dropFirst())
    var seen: [[String]] = []
    for _ in 0..<2 {
        let sink = Checking()
        var limits = MetricDecoder.Limits()
        (limits.exporters, limits.series, limits.metrics, limits.buckets) = (8, 200, 32, 64)
        var decoder = MetricDecoder(naming: Naming(), place: "fuzz", job: "fuzz", since: first & 2 == 0 ? nil : Timestamp(nanoseconds: 1_700_000_000_000_000_000),
                                    sink: sink, limits: limits, seed: 42)
        for _ in 0..<2 {
            let problem = decoder.decode(bytes, isJSON: first & 1 == 1, now: first & 4 == 0 ? nil : Timestamp(nanoseconds: 1_800_000_000_000_000_000))
            let report = decoder.takeReport()
            insist(report.points >= 0 && report.unmapped + report.repeated <= report.points, "more points put aside than there are: \(report)")
            sink.words.append("\(report) \(problem ?? "")")
        }
        insist(decoder.exporterCount <= limits.exporters, "more exporters than are allowed")
        seen.append(sink.words)
    }
    insist(seen[0] == seen[1], "another answer the second time")
    return 0
}

/// Knows most names, and maps two of three series.
private final class Naming: MetricNaming, @unchecked Sendable {
    let symbols = SymbolTable()
    let keepsAll = false
    private var sources: UInt32 = 0

    func knows(_ name: String) -> Bool { name.utf8.count % 5 != 0 }
    func read(_ entries: inout [SeriesEntry], labels: [Label]) {
        for index in entries.indices {
            insist(entries[index].labels.upperBound <= labels.count, "labels that are not there")
            entries[index].meaning = index % 3 == 2 ? nil : Meaning(signal: .requests, vantage: .server)
        }
    }
    func profileName(_ index: UInt8) -> String { "fuzz" }
    func openExporter(_ name: String, job: String, claim: EntityClaim, intervalSeconds: Double?, sink: any SampleSink) -> SourceState {
        sources += 1
        return SourceState(id: SourceID(raw: sources), name: name, job: job, intervalSeconds: intervalSeconds)
    }
}

private final class Checking: SampleSink, @unchecked Sendable {
    var words: [String] = []
    private var times: [SourceID: Timestamp] = [:]
    private var known: [SourceID: Set<UInt32>] = [:]

    func register(_ source: SourceState, claim: EntityClaim) {}
    func update(_ source: SourceState) {}
    func consume(_ batch: borrowing Batch) {
        let source = batch.source
        if let last = times[source] { insist(batch.time > last, "a batch that is not newer than the one before") }
        times[source] = batch.time
        for entry in batch.entries {
            insist(known[source, default: []].insert(entry.ordinal).inserted, "a series announced twice")
            insist(entry.labels.upperBound <= batch.labels.count, "labels outside of the batch")
        }
        insist(batch.ordinals.count == batch.values.count && Set(batch.ordinals).count == batch.ordinals.count, "a series twice in one batch")
        for ordinal in batch.ordinals { insist(known[source, default: []].contains(ordinal), "a sample of a series nobody announced") }
        words.append("\(batch.time.nanoseconds) " + zip(batch.ordinals, batch.values).map { "\($0)=\($1.bitPattern)" }.joined(separator: " "))
    }
}

/// Says what is wrong before it traps: an optimised precondition is silent.
private func insist(_ holds: Bool, _ message: @autoclosure () -> String) {
    guard !holds else { return }
    var text = "BUG: \(message())\n"
    text.withUTF8 { _ = write(2, $0.baseAddress, $0.count) }
    fatalError("BUG: see above")
}
