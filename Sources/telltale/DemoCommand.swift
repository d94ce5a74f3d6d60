import ArgumentParser
import DemoMesh
import Engine
import Intake
import MeshModel
import Profiles
import TerminalDriver

struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "demo", abstract: "Opens the dashboard on a simulated mesh with ten minutes behind it.")
    @OptionGroup var screen: ScreenOptions

    @Option(help: "incident (after a minute a canary fails, then a dependency slows down), calm, or outage (after a minute a machine drops out).")
    var scenario: DemoMesh.Scenario = .incident

    @Option(help: "The same seed gives the same mesh and traffic.")
    var seed: UInt64 = 1

    func run() throws {
        let sieve = try screen.sieve.compiled()
        let fleet = try DemoFleet(seed: seed, scenario: scenario, windowSeconds: screen.window.value, now: DashboardLoop.wallClock)
        let terminal = try LiveCommand.terminal(screen)
        let size = terminal.size
        var loop = DashboardLoop(engine: fleet.engine, terminal: terminal, model: screen.model(width: size.width, height: size.height, sieve: sieve)) { now in
            fleet.advance(to: now)
        }
        let ending = loop.run()
        _ = consume loop
        ending.leave()
    }
}

extension DemoMesh.Scenario: ExpressibleByArgument {}

/// The demo mesh with its proxies as sources: scraped in memory, through the same decoders.
final class DemoFleet {
    let engine: Engine
    private var mesh: DemoMesh
    private let sessions: [DecodeSession]
    private var page: [UInt8] = []
    private var decoder: SpanDecoder
    private var spans: SpanBatch
    private var collector: SourceState
    private let spansFrom: Timestamp
    private var next: Timestamp

    static let historySeconds = 600.0
    static let interval = 5.0
    /// Spans are written from so long before now on, of every tenth request: all ten minutes of them would keep the first screen waiting.
    static let spanSeconds = 120.0
    static let sampling = 0.1
    /// When the incident begins: a minute after the dashboard opens, so that it is seen to come; in pictures a minute before them.
    static let incidentDelay = 60.0

    init(seed: UInt64, scenario: DemoMesh.Scenario, windowSeconds: Double, now: Timestamp, incidentIn delay: Double = incidentDelay) throws(Failure) {
        let intake = try Wiring.intake(profiles: [], keep: .mapped)
        engine = Engine(symbols: intake.symbols, windowSeconds: windowSeconds)
        let start = now - Timestamp.Span(seconds: Self.historySeconds)
        mesh = DemoMesh(seed: seed, scenario: scenario, start: start, incidentAfter: Self.historySeconds + delay)
        var sessions: [DecodeSession] = []
        for target in mesh.targets {
            sessions.append(intake.openSource(name: target.url, job: "demo", labels: target.labels, intervalSeconds: Self.interval, sink: engine))
        }
        self.sessions = sessions
        decoder = SpanDecoder(symbols: intake.symbols)
        collector = intake.openNotice(name: "collector:4317", job: "demo", sink: engine)
        spans = SpanBatch(source: collector.id, time: start)
        spansFrom = now - Timestamp.Span(seconds: Self.spanSeconds)
        next = start
        advance(to: now)
    }

    /// Scrapes every proxy at each turn up to `time`.
    func advance(to time: Timestamp) {
        while next <= time {
            mesh.advance(to: next)
            for (index, session) in sessions.enumerated() { scrape(index, session, at: next) }
            takeSpans(at: next)
            next = next + Timestamp.Span(seconds: Self.interval)
        }
    }

    /// As a collector would pass them on.
    private func takeSpans(at time: Timestamp) {
        if mesh.sampling == 0, time >= spansFrom { mesh.sampling = Self.sampling }
        page.removeAll(keepingCapacity: true)
        mesh.takeSpans(into: &page)
        guard !page.isEmpty else { return }
        spans.removeAll(source: collector.id, time: time)
        _ = page.withUnsafeBytes { decoder.append(request: $0, to: &spans) }
        collector.samples += spans.spans.count
        collector.bytes += page.count
        (collector.lastAttempt, collector.lastSuccess, collector.health) = (time, time, .up)
        _ = engine.consume(spans)
        engine.update(collector)
    }

    private func scrape(_ index: Int, _ session: DecodeSession, at time: Timestamp) {
        page.removeAll(keepingCapacity: true)
        session.state.lastAttempt = time
        if mesh.page(of: index, into: &page) {
            session.begin(time: time)
            page.withUnsafeBytes { session.feed($0) }
            _ = session.finish(into: engine)
            session.state.health = .up
            session.state.lastSuccess = time
            session.state.consecutiveFailures = 0
        } else {
            session.state.health = .failing(reason: "connection refused: nothing listens there")
            session.state.consecutiveFailures += 1
        }
        engine.update(session.state)
    }

    /// A fleet at a fixed instant, for pictures.
    static func engine(seed: UInt64, scenario: DemoMesh.Scenario, windowSeconds: Double) throws(Failure) -> Engine {
        try DemoFleet(seed: seed, scenario: scenario, windowSeconds: windowSeconds, now: Timestamp(seconds: 1_795_000_000), incidentIn: -incidentDelay).engine
    }
}
