package import Intake
package import MeshModel
import NIOCore
import NIOPosix
import Synchronization

/// Runs the targets of all jobs. One event loop does it all: receiving, decoding and handing on; the sink's lock is crossed
/// once a page.
package final class Scraper: Sendable {
    private let intake: Intake
    private let sink: any SampleSink
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let state = Mutex(State())

    /// Protects: which runner asks which target, and the clients of jobs.
    private struct State {
        var runners: [String: [ScrapeTarget: TargetRunner]] = [:]  // by target list
        var clients: [String: SecureClient] = [:]  // by job
        var isRunning = false
    }

    package init(intake: Intake, sink: any SampleSink) {
        self.intake = intake
        self.sink = sink
    }

    /// Takes over a list's present targets: new ones are asked from now on, those gone are not asked any more.
    package func update(list: String, job: ScrapeJob, targets: [ScrapeTarget]) throws(IngestError) {
        let wanted = Set(targets)
        var secure = state.withLock { $0.clients[job.name] }
        if secure == nil, job.acceptsGzip || job.tls != ScrapeJob.TLS() || wanted.contains(where: \.isTLS) {
            let client = try SecureClient(job: job, group: group)
            state.withLock { $0.clients[job.name] = client }
            secure = client
        }
        let client = secure
        let (added, removed, isRunning) = state.withLock { state -> ([TargetRunner], [TargetRunner], Bool) in
            var present = state.runners[list] ?? [:]
            let removed = present.filter { !wanted.contains($0.key) }
            for key in removed.keys { present[key] = nil }
            var added: [TargetRunner] = []
            for target in targets where present[target] == nil {
                let session = intake.openSource(name: target.url, job: job.name, labels: target.labels.map { ($0.name, $0.value) },
                                                intervalSeconds: job.intervalSeconds, sink: sink)
                let runner = TargetRunner(loop: group.next(), target: target, job: job, session: session, sink: sink, secure: client)
                present[target] = runner
                added.append(runner)
            }
            state.runners[list] = present
            return (added, Array(removed.values), state.isRunning)
        }
        for runner in removed { runner.loop.execute { runner.stop() } }
        if isRunning { for runner in added { runner.loop.execute { runner.start() } } }
    }

    /// From now on every target is asked at its interval.
    package func start() {
        for runner in all(starting: true) { runner.loop.execute { runner.start() } }
    }

    /// Asks every target once, now; returns when all have answered or failed.
    package func scrapeAll() async {
        let futures = all().map { runner -> EventLoopFuture<Void> in
            let promise = runner.loop.makePromise(of: Void.self)
            runner.loop.execute { runner.askNow(promise) }
            return promise.futureResult
        }
        for future in futures { try? await future.get() }
    }

    package func shutdown() async {
        for runner in all() { try? await runner.loop.submit { runner.stop() }.get() }
        for client in state.withLock({ Array($0.clients.values) }) { await client.shutdown() }
        try? await group.shutdownGracefully()
    }

    private func all(starting: Bool = false) -> [TargetRunner] {
        state.withLock { state in
            if starting { state.isRunning = true }
            return state.runners.values.flatMap(\.values)
        }
    }
}
