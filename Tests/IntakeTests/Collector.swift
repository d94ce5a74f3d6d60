@testable import Intake
import MeshModel
import Profiles
import Synchronization

/// A sink that keeps everything, with the names a test can read.
final class Collector: SampleSink {
    struct Page: Equatable {
        var time: Timestamp
        /// Announced with this batch: ordinal and `name{label=value,…}`.
        var entries: [UInt32: String] = [:]
        /// In the batch's order; values as bits, so that NaN equals itself.
        var samples: [Sample] = []
    }
    struct Sample: Equatable, CustomStringConvertible {
        var ordinal: UInt32
        var bits: UInt64
        var value: Double { Double(bitPattern: bits) }
        var description: String { "\(ordinal)=\(value)" }
    }
    struct Kept {
        var pages: [Page] = []
        var names: [UInt64: String] = [:]
        var kinds: [UInt64: SeriesKind] = [:]
        var meanings: [UInt64: Meaning] = [:]
        var claims: [UInt32: EntityClaim] = [:]
        var states: [UInt32: SourceState] = [:]
    }
    let symbols: SymbolTable
    private let kept = Mutex(Kept())
    var all: Kept { kept.withLock { $0 } }

    init(_ intake: Intake) { symbols = intake.symbols }

    func register(_ source: SourceState, claim: EntityClaim) { kept.withLock { $0.claims[source.id.raw] = claim } }
    func update(_ source: SourceState) { kept.withLock { $0.states[source.id.raw] = source } }

    func consume(_ batch: borrowing Batch) {
        var page = Page(time: batch.time)
        var found: [(UInt64, String, SeriesEntry)] = []
        for entry in batch.entries {
            let labels = batch.labels[entry.labels].map { symbols.string($0.name) + "=" + symbols.string($0.value) }.sorted()
            let name = symbols.string(entry.name) + (labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}")
            page.entries[entry.ordinal] = name
            found.append((UInt64(batch.source.raw) << 32 | UInt64(entry.ordinal), name, entry))
        }
        for (ordinal, value) in zip(batch.ordinals, batch.values) { page.samples.append(Sample(ordinal: ordinal, bits: value.bitPattern)) }
        kept.withLock { kept in
            for (key, name, entry) in found {
                kept.names[key] = name
                kept.kinds[key] = entry.kind
                kept.meanings[key] = entry.meaning
            }
            kept.pages.append(page)
        }
    }

    /// The last page as `name=value`, in its order.
    func last(of source: UInt32 = 0) -> [String] {
        let kept = all
        return kept.pages.last?.samples.map { "\(kept.names[UInt64(source) << 32 | UInt64($0.ordinal)] ?? "?")=\($0.value)" } ?? []
    }

    func text(_ symbol: Symbol) -> String { symbols.string(symbol) }
}

let builtin: ProfileSet = {
    do { return try ProfileSet.builtin() } catch { fatalError("\(error)") }
}()

/// One source fed pages one after another.
struct Bench {
    let intake: Intake
    let collector: Collector
    let session: DecodeSession
    private var clock: Int64 = 0

    init(keep: Intake.Keep = .all, limits: PageLimits = PageLimits()) {
        intake = Intake(profiles: builtin, keep: keep)
        collector = Collector(intake)
        session = DecodeSession(intake: intake, state: SourceState(id: SourceID(raw: 0), name: "test"), limits: limits)
    }

    @discardableResult
    mutating func scrape(_ page: String, contentType: String? = nil) -> PageReport { scrape([Array(page.utf8)[...]], contentType: contentType) }

    mutating func scrape(_ pieces: [ArraySlice<UInt8>], contentType: String? = nil) -> PageReport {
        clock += 1_000_000_000
        session.begin(time: Timestamp(nanoseconds: clock), contentType: contentType)
        for piece in pieces { piece.withUnsafeBytes { session.feed($0) } }
        return session.finish(into: collector)
    }
}
