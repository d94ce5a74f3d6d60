package import Intake
package import MeshModel
import NIOCore
import NIOPosix
import Synchronization

/// Runs the targets of all lists. One event loop does it all: receiving, decoding and handing on; the sink's lock is crossed
/// once a page.
package final class Scraper: Sendable {
    private let intake: Intake
    private let sink: any SampleSink
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let names = NameLookup()
    private let state = Mutex(State())

    /// Protects: which runner asks which target, the lists they come from, and the clients of jobs.
    private struct State {
        var lists: [List] = []  // in the order in which they were first named
        var runners: [ScrapeTarget: TargetRunner] = [:]
        var leaving: [ObjectIdentifier: TargetRunner] = [:]  // taken off, and perhaps still ending a turn
        var clients: [String: SecureClient] = [:]  // by job
        var notices: [String: SourceState] = [:]  // by list
        var isRunning = false
    }

    private struct List {
        var name: String
        var job: ScrapeJob
        var targets: [ScrapeTarget]
    }

    package init(intake: Intake, sink: any SampleSink) {
        self.intake = intake
        self.sink = sink
        OpenFiles.allowAll()
    }

    /// Takes over a list's present targets: new ones are asked from now on, those gone are not asked any more. A URL that is
    /// listed more than once is asked once, or its traffic would count twice; the listing that says more of it counts.
    package func update(list name: String, job: ScrapeJob, targets: [ScrapeTarget]) throws(IngestError) {
        let (added, removed) = try state.withLock { (state) throws(IngestError) -> ([TargetRunner], [TargetRunner]) in
            let list = List(name: name, job: job, targets: targets)
            if let index = state.lists.firstIndex(where: { $0.name == name }) { state.lists[index] = list } else { state.lists.append(list) }
            var wanted: [ScrapeTarget: ScrapeJob] = [:]
            for (target, job) in Self.withoutRepetition(state.lists) { wanted[target] = job }
            let removed = state.runners.filter { wanted[$0.key] == nil }
            for (key, runner) in removed {
                state.runners[key] = nil
                state.leaving[ObjectIdentifier(runner)] = runner
            }
            var added: [TargetRunner] = []
            for list in state.lists {
                for target in list.targets where wanted[target] == list.job && state.runners[target] == nil {
                    let runner = try makeRunner(target, list.job, &state)
                    state.runners[target] = runner
                    if state.isRunning { added.append(runner) }
                }
                // Unreadable certificates are told even where no target needs them yet.
                if list.job.tls != ScrapeJob.TLS() { _ = try client(of: list.job, &state) }
            }
            return (added, Array(removed.values))
        }
        for runner in removed {
            runner.loop.flatSubmit { runner.stop(isGone: true) }.whenComplete { [self] _ in
                state.withLock { $0.leaving[ObjectIdentifier(runner)] = nil }
            }
        }
        for runner in added { runner.loop.execute { runner.start() } }
    }

    private static func withoutRepetition(_ lists: [List]) -> [(ScrapeTarget, ScrapeJob)] {
        var chosen: [(ScrapeTarget, ScrapeJob)] = []
        var places: [String: Int] = [:]
        for list in lists {
            for target in list.targets {
                if let place = places[target.url] {
                    if chosen[place].0.labels.isEmpty, !target.labels.isEmpty { chosen[place] = (target, list.job) }
                } else {
                    places[target.url] = chosen.count
                    chosen.append((target, list.job))
                }
            }
        }
        return chosen
    }

    private func makeRunner(_ target: ScrapeTarget, _ job: ScrapeJob, _ state: inout State) throws(IngestError) -> TargetRunner {
        let secure = target.isTLS || job.acceptsGzip ? try client(of: job, &state) : nil
        let session = intake.openSource(name: target.url, job: job.name, labels: target.labels.map { ($0.name, $0.value) },
                                        intervalSeconds: job.intervalSeconds, sink: sink)
        return TargetRunner(.init(loop: group.next(), names: names, sink: sink), target: target, job: job, session: session, secure: secure)
    }

    private func client(of job: ScrapeJob, _ state: inout State) throws(IngestError) -> SecureClient {
        if let known = state.clients[job.name] { return known }
        let client = try SecureClient(job: job, group: group)
        state.clients[job.name] = client
        return client
    }

    /// Shows among the sources that a list cannot be read just now, and why, or that it can again.
    package func note(list name: String, problem: IngestError?) {
        state.withLock { state in
            guard problem != nil || state.notices[name] != nil else { return }
            var notice = state.notices[name] ?? intake.openNotice(name: name, job: "target list", sink: sink)
            let now = WallClock.now
            notice.lastAttempt = now
            if let problem {
                notice.health = .failing(reason: problem.description)
                notice.consecutiveFailures += 1
            } else {
                notice.health = .up
                notice.lastSuccess = now
                notice.consecutiveFailures = 0
            }
            state.notices[name] = notice
            sink.update(notice)
        }
    }

    /// From now on every target is asked at its interval.
    package func start() {
        let runners = state.withLock { state in
            state.isRunning = true
            return Array(state.runners.values)
        }
        for runner in runners { runner.loop.execute { runner.start() } }
    }

    /// Asks every target once, now; returns when all have answered or failed.
    package func scrapeAll() async {
        let futures = all.map { runner -> EventLoopFuture<Void> in
            let promise = runner.loop.makePromise(of: Void.self)
            runner.loop.execute { runner.askNow(promise) }
            return promise.futureResult
        }
        for future in futures { try? await future.get() }
    }

    /// Ends all asking; what the sources said last stays.
    package func shutdown() async {
        let running = all + state.withLock { Array($0.leaving.values) }
        for future in running.map({ runner in runner.loop.flatSubmit { runner.stop(isGone: false) } }) { try? await future.get() }
        for client in state.withLock({ Array($0.clients.values) }) { await client.shutdown() }
        names.shutdown()
        try? await group.shutdownGracefully()
    }

    private var all: [TargetRunner] { state.withLock { Array($0.runners.values) } }
}
