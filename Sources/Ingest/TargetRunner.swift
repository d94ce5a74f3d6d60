import Intake
import MeshModel
import NIOCore
import NIOPosix

/// Asks one target at its interval and decodes what it answers, on one event loop. Whatever the target does ends here: in a page
/// or in a sentence.
final class TargetRunner: @unchecked Sendable {  // protected by confinement: everything runs on `loop`
    /// What all runners of a scraper share.
    struct Surroundings: Sendable {
        var loop: any EventLoop
        var names: NameLookup
        var sink: any SampleSink
    }

    let loop: any EventLoop
    let names: NameLookup
    let job: ScrapeJob
    var target: ScrapeTarget
    private let session: DecodeSession
    private let sink: any SampleSink
    private let secure: SecureClient?
    private var schedule: ScrapeSchedule

    var exchange = Exchange()
    private var task: Task<Void, Never>?
    /// What is to be said although the task will say something else when it returns.
    private var verdict: ScrapeProblem?

    private var timer: Scheduled<Void>?
    private var deadline: Scheduled<Void>?
    private(set) var isAsking = false
    /// Numbers the turns, so that what comes late is known to be late.
    private(set) var attempt = 0
    private(set) var sentAt = Timestamp(nanoseconds: 0)
    /// When it was asked last.
    private var startedAt: Double?
    private var isScheduled = false
    private(set) var isStopped = false
    private var waiting: [EventLoopPromise<Void>] = []
    private var waitingForNext: [EventLoopPromise<Void>] = []

    init(_ surroundings: Surroundings, target: ScrapeTarget, job: ScrapeJob, session: DecodeSession, secure: SecureClient?) {
        loop = surroundings.loop
        names = surroundings.names
        sink = surroundings.sink
        self.target = target
        self.job = job
        self.session = session
        self.secure = secure
        schedule = ScrapeSchedule(interval: job.intervalSeconds, key: target.url)
    }

    // MARK: - Turns

    func start() {
        guard !isScheduled, !isStopped else { return }
        isScheduled = true
        scheduleNext()
    }

    /// - Parameter isGone: the target was taken off its list, rather than the program being about to end.
    /// - Returns: done when nothing of the target runs any more.
    func stop(isGone: Bool) -> EventLoopFuture<Void> {
        isStopped = true
        timer?.cancel()
        if isGone { session.state.health = .gone }
        let stopped = loop.makePromise(of: Void.self)
        waiting.append(stopped)
        if isAsking { giveUp(ScrapeProblem("no longer asked")) } else { retire() }
        return stopped.futureResult
    }

    /// Asks now; an answer under way is awaited first, so that the page is newer than this call.
    func askNow(_ promise: EventLoopPromise<Void>) {
        guard !isStopped else { return promise.succeed() }
        if isAsking {
            waitingForNext.append(promise)
        } else {
            waiting.append(promise)
            ask()
        }
    }

    private func scheduleNext() {
        guard isScheduled, !isStopped else { return }
        timer?.cancel()
        turn += 1
        let turn = turn
        let delay = startedAt.map { schedule.delay(now: WallClock.monotonicSeconds, last: $0) } ?? schedule.firstDelay
        timer = loop.scheduleTask(in: .nanoseconds(Int64(delay * 1e9))) { [self] in
            // What was due in the same round of the loop runs although it was cancelled in it.
            guard turn == self.turn, !isStopped else { return }
            if isAsking { scheduleNext() } else { ask() }
        }
    }
    private var turn = 0

    private func ask(isSecondPath: Bool = false) {
        precondition(!isAsking && !isStopped, "BUG: two turns of one target at once, or one after its end")
        isAsking = true
        attempt += 1
        let attempt = attempt
        triesOtherPath = !isSecondPath
        exchange.begin(bodyLimit: job.bodyLimit)
        // Stamped when asked: the proxy reads its counters then, however long the answer takes.
        sentAt = WallClock.now
        startedAt = WallClock.monotonicSeconds
        session.state.lastAttempt = sentAt
        deadline = loop.scheduleTask(in: .nanoseconds(Int64(job.timeoutSeconds * 1e9))) { [self] in
            guard attempt == self.attempt, isAsking else { return }
            giveUp(ScrapeProblem("timed out after \(Self.seconds(job.timeoutSeconds))\(task == nil ? exchange.place : "")"))
        }
        if let secure, target.isTLS || job.acceptsGzip {
            askSecurely(secure)
        } else {
            askPlainly()
        }
    }
    /// This turn may still try the other usual path.
    private var triesOtherPath = true

    static func seconds(_ value: Double) -> String { value == value.rounded() ? "\(Int(value)) s" : "\(value) s" }

    // MARK: - Pages

    func beginPage(contentType: String?) { session.begin(time: sentAt, contentType: contentType) }
    func feed(_ bytes: UnsafeRawBufferPointer) { session.feed(bytes) }

    private func askSecurely(_ client: SecureClient) {
        let target = target, job = job, session = session, sentAt = sentAt
        task = Task { [self] in
            let result = await client.scrape(target, job, at: sentAt, into: session)
            loop.execute { [self] in
                task = nil
                end(verdict.map { .failure($0) } ?? result)
            }
        }
    }

    // MARK: - The end of a turn

    /// Ends the turn early. A task is only asked to return: until it has, the session is its own.
    private func giveUp(_ problem: ScrapeProblem) {
        guard let task else { return end(.failure(problem)) }
        verdict = problem
        task.cancel()
    }

    func end(_ result: Result<Void, ScrapeProblem>) {
        isAsking = false
        verdict = nil
        deadline?.cancel()
        deadline = nil
        guard !isStopped else {
            session.abort()
            return retire()
        }
        session.state.durationSeconds = startedAt.map { WallClock.monotonicSeconds - $0 }
        switch result {
        case .success:
            let report = session.finish(into: sink)
            if report.samples == 0 {
                let why = report.firstBadLine.map { ": \($0)" } ?? ""
                note(ScrapeProblem(report.bytes == 0 ? "answered an empty page" : "answered something that is no page of metrics\(why)"))
            } else {
                schedule.succeeded()
                session.state.health = .up
                session.state.lastSuccess = sentAt
                session.state.consecutiveFailures = 0
                target.pathIsGuess = false
            }
        case .failure(let problem):
            session.abort()
            drop()
            if target.pathIsGuess, problem.status == 404, triesOtherPath {
                target.takeOtherPath()
                session.state.name = target.url
                return ask(isSecondPath: true)
            }
            let isNowhere = target.pathIsGuess && problem.status == 404
            note(isNowhere ? ScrapeProblem("answered 404 at \(ScrapeTarget.usualPaths.joined(separator: " and at ")): give the path") : problem)
        }
        sink.update(session.state)
        let done = waiting
        waiting = waitingForNext
        waitingForNext = []
        for promise in done { promise.succeed() }
        if waiting.isEmpty { scheduleNext() } else { ask() }
    }

    private func retire() {
        drop()
        sink.update(session.state)
        for promise in waiting + waitingForNext { promise.succeed() }
        waiting = []
        waitingForNext = []
    }

    private func note(_ problem: ScrapeProblem) {
        schedule.failed()
        session.state.health = .failing(reason: problem.sentence)
        session.state.consecutiveFailures += 1
    }
}
