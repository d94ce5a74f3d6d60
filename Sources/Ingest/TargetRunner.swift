import Intake
import MeshModel
import NIOCore
import NIOPosix

/// Asks one target at its interval and decodes what it answers, on one event loop. Whatever the target does ends here: in a page
/// or in a sentence.
final class TargetRunner: @unchecked Sendable {  // protected by confinement: everything runs on `loop`
    let loop: any EventLoop
    private var target: ScrapeTarget
    private let job: ScrapeJob
    private let session: DecodeSession
    private let sink: any SampleSink
    private let secure: SecureClient?
    private var schedule: ScrapeSchedule

    private var channel: (any Channel)?
    private var scanner: HTTPResponseScanner
    private var timer: Scheduled<Void>?
    private var deadline: Scheduled<Void>?
    private var task: Task<Void, Never>?
    private var isAsking = false
    private var attempt = 0
    private var sentAt = Timestamp(nanoseconds: 0)
    private var startedAt = 0.0
    private var isStopped = false
    private var isScheduled = false
    private var waiting: [EventLoopPromise<Void>] = []
    private var waitingForNext: [EventLoopPromise<Void>] = []

    init(loop: any EventLoop, target: ScrapeTarget, job: ScrapeJob, session: DecodeSession, sink: any SampleSink, secure: SecureClient?) {
        self.loop = loop
        self.target = target
        self.job = job
        self.session = session
        self.sink = sink
        self.secure = secure
        schedule = ScrapeSchedule(interval: job.intervalSeconds, key: target.url)
        scanner = HTTPResponseScanner(bodyLimit: job.bodyLimit)
    }

    // MARK: - Turns

    func start() {
        isScheduled = true
        scheduleNext()
    }

    func stop() {
        isStopped = true
        timer?.cancel()
        if isAsking { end(.failure(ScrapeProblem("no longer asked"))) }
        channel?.close(promise: nil)
        session.state.health = .gone
        sink.update(session.state)
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
        let delay = schedule.delay(now: WallClock.monotonicSeconds)
        timer = loop.scheduleTask(in: .nanoseconds(Int64(delay * 1e9))) { [self] in
            if isAsking { scheduleNext() } else { ask() }
        }
    }

    private func ask() {
        isAsking = true
        attempt += 1
        let attempt = attempt
        scanner = HTTPResponseScanner(bodyLimit: job.bodyLimit)
        // Stamped when asked: the proxy reads its counters then, however long the answer takes.
        sentAt = WallClock.now
        startedAt = WallClock.monotonicSeconds
        session.state.lastAttempt = sentAt
        deadline = loop.scheduleTask(in: .nanoseconds(Int64(job.timeoutSeconds * 1e9))) { [self] in
            guard attempt == self.attempt, isAsking else { return }
            let place = channel == nil && task == nil ? "while connecting" : scanner.isUntouched ? "without an answer" : "while reading the page"
            end(.failure(ScrapeProblem("timed out after \(Self.seconds(job.timeoutSeconds)) \(place)")))
        }
        if let secure, target.isTLS || job.acceptsGzip {
            askSecurely(secure, attempt)
        } else if let channel, channel.isActive {
            send(on: channel)
        } else {
            connect(attempt)
        }
    }

    static func seconds(_ value: Double) -> String { value == value.rounded() ? "\(Int(value)) s" : "\(value) s" }

    // MARK: - Plain HTTP

    private func connect(_ attempt: Int) {
        // Pages are large: few reads of much, into a buffer that the channel uses again.
        ClientBootstrap(group: loop)
            .connectTimeout(.nanoseconds(Int64(job.timeoutSeconds * 1e9)))
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 1 << 18))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { [self] channel in channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(PageHandler(self)) } }
            .connect(host: target.host, port: target.port)
            .hop(to: loop)
            .whenComplete { [self] result in
                switch result {
                case .success(let channel):
                    guard attempt == self.attempt, isAsking, !isStopped else { return channel.close(promise: nil) }
                    self.channel = channel
                    send(on: channel)
                case .failure(let error):
                    if attempt == self.attempt, isAsking { end(.failure(TransportProblem.of(error))) }
                }
            }
    }

    static let accept = "application/openmetrics-text;version=1.0.0;escaping=underscores;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
        + "text/plain;version=0.0.4;q=0.3,*/*;q=0.1"

    private func send(on channel: any Channel) {
        var text = "GET \(target.path) HTTP/1.1\r\nHost: \(target.address)\r\nUser-Agent: telltale\r\nAccept: \(Self.accept)\r\n"
        text += "X-Prometheus-Scrape-Timeout-Seconds: \(job.timeoutSeconds)\r\n"
        if let authorization = job.authorization { text += "Authorization: \(authorization)\r\n" }
        session.begin(time: sentAt)
        channel.writeAndFlush(channel.allocator.buffer(string: text + "\r\n"), promise: nil)
    }

    func received(_ bytes: UnsafeRawBufferPointer, on channel: any Channel) {
        guard isAsking, channel === self.channel else {
            // An answer nobody waits for: what follows on this connection cannot be trusted.
            channel.close(promise: nil)
            return
        }
        do throws(ScrapeProblem) {
            let used = try scanner.feed(bytes) { head throws(ScrapeProblem) in
                if let problem = HTTPResponseScanner.problem(with: head, bodyLimit: job.bodyLimit) { throw problem }
                if let encoding = head.encoding, encoding != "identity" { throw ScrapeProblem("answered in \(encoding) although plain text was asked for") }
                session.begin(time: sentAt, contentType: head.contentType)
            } onBody: { session.feed($0) }
            guard scanner.isDone else { return }
            if scanner.head.closes || used < bytes.count { drop() }
            end(.success(()))
        } catch {
            end(.failure(error))
        }
    }

    func closed(_ channel: any Channel) {
        guard channel === self.channel else { return }
        self.channel = nil
        guard isAsking else { return }
        do throws(ScrapeProblem) {
            // A kept connection may be closed just as it is used again: that is no failure of the target.
            if scanner.isUntouched, WallClock.monotonicSeconds - startedAt < job.timeoutSeconds / 2, !hasReconnected {
                hasReconnected = true
                return connect(attempt)
            }
            try scanner.end()
            end(.success(()))
        } catch {
            end(.failure(error))
        }
    }
    private var hasReconnected = false

    func failed(_ problem: ScrapeProblem, on channel: any Channel) {
        guard channel === self.channel else { return }
        self.channel = nil
        if isAsking { end(.failure(problem)) }
    }

    private func drop() {
        let old = channel
        channel = nil
        old?.close(promise: nil)
    }

    // MARK: - TLS, compression

    private func askSecurely(_ client: SecureClient, _ attempt: Int) {
        let target = target, job = job, session = session, sentAt = sentAt
        task = Task { [self] in
            let result = await client.scrape(target, job, at: sentAt, into: session)
            loop.execute { [self] in
                guard attempt == self.attempt, isAsking else { return }
                task = nil
                end(result)
            }
        }
    }

    // MARK: - The end of a turn

    private func end(_ result: Result<Void, ScrapeProblem>) {
        isAsking = false
        hasReconnected = false
        deadline?.cancel()
        deadline = nil
        task?.cancel()
        task = nil
        session.state.durationSeconds = WallClock.monotonicSeconds - startedAt
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
            if target.pathIsGuess, problem.status == 404, !isStopped {
                // Prometheus' usual path is not there: Envoy's admin has its own.
                target.pathIsGuess = false
                target.path = "/stats/prometheus"
                return ask()
            }
            note(problem)
        }
        sink.update(session.state)
        let done = waiting
        waiting = waitingForNext
        waitingForNext = []
        for promise in done { promise.succeed() }
        if isStopped {
            for promise in waiting { promise.succeed() }
            waiting = []
        } else if !waiting.isEmpty {
            ask()
        } else {
            scheduleNext()
        }
    }

    private func note(_ problem: ScrapeProblem) {
        schedule.failed()
        session.state.health = .failing(reason: problem.sentence)
        session.state.consecutiveFailures += 1
    }
}
