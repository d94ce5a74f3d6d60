import Glibc
@testable import Ingest
import Intake
import MeshModel
import Profiles
import Synchronization
import Testing

/// Remembers what a scraper handed on.
final class RecordingSink: SampleSink {
    struct Source: Sendable {
        var state: SourceState
        var batches = 0
        var samples = 0
        /// Every reason it ever failed for.
        var reasons: [String] = []
        var wasUp = false
    }

    private let sources = Mutex<[SourceID: Source]>([:])

    func register(_ source: SourceState, claim: EntityClaim) { sources.withLock { $0[source.id] = Source(state: source) } }

    func consume(_ batch: borrowing Batch) {
        let id = batch.source, count = batch.values.count
        sources.withLock {
            $0[id]?.batches += 1
            $0[id]?.samples += count
        }
    }

    func update(_ source: SourceState) {
        sources.withLock {
            $0[source.id]?.state = source
            if case .failing(let reason) = source.health { $0[source.id]?.reasons.append(reason) }
            if source.health == .up { $0[source.id]?.wasUp = true }
        }
    }

    /// Those not gone, by name.
    var live: [String: Source] {
        sources.withLock { Dictionary($0.values.filter { $0.state.health != .gone }.map { ($0.state.name, $0) }, uniquingKeysWith: { $1 }) }
    }
    var all: [Source] { sources.withLock { Array($0.values) } }
    func named(_ name: String) -> Source? { live[name] }
}

/// A scraper over scripted servers, asking every 20 ms.
final class Fleet: Sendable {
    let sink = RecordingSink()
    let scraper: Scraper
    let job: ScrapeJob

    init(timeout: Double = 20, _ adjust: (inout ScrapeJob) -> Void = { _ in }) throws {
        scraper = Scraper(intake: Intake(profiles: try ProfileSet.builtin(), keep: .all), sink: sink)
        var job = ScrapeJob(name: "test", intervalSeconds: 0.02, timeoutSeconds: timeout)
        adjust(&job)
        self.job = job
    }

    func ask(_ urls: [String], list: String = "list", timeout: Double? = nil) throws {
        var job = job
        if let timeout { job.timeoutSeconds = timeout }
        try scraper.update(list: list, job: job, targets: urls.map { try ScrapeTarget(url: $0) })
    }

    /// The body with the fleet running, which is ended whatever happens.
    func run(_ urls: [String], _ body: () async throws -> Void) async throws {
        let result: Result<Void, any Error>
        do {
            try ask(urls)
            scraper.start()
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        await scraper.shutdown()
        try result.get()
    }

    func reason(_ name: String) -> String? { if case .failing(let reason) = sink.named(name)?.state.health { reason } else { nil } }
    func isUp(_ name: String) -> Bool { sink.named(name)?.state.health == .up }
    func batches(_ name: String) -> Int { sink.named(name)?.batches ?? 0 }

    /// Until it has delivered so many more pages.
    func delivers(_ name: String, more: Int = 3, _ location: SourceLocation = #_sourceLocation) async {
        let before = batches(name)
        await eventually("\(name) delivers", location) { self.batches(name) >= before + more }
    }
}

/// Waits for what must come; nothing is concluded from how long it takes.
func eventually(_ what: String, _ location: SourceLocation = #_sourceLocation, _ condition: () -> Bool) async {
    for _ in 0..<12_000 {
        if condition() { return }
        try? await Task.sleep(nanoseconds: 5_000_000)
    }
    Issue.record("never: \(what)", sourceLocation: location)
}
