import DemoMesh
import Engine
import Intake
import MeshModel
import Panels
import Profiles

/// The demo mesh scraped into an engine, turn by turn, by a clock of the test.
final class DemoFeed {
    let engine: Engine
    let interval: Double
    private(set) var now: Timestamp
    private var mesh: DemoMesh
    private let sessions: [DecodeSession]
    private var page: [UInt8] = []
    private var decoder: SpanDecoder
    private var spans = SpanBatch(source: SourceID(raw: 1 << 20), time: start)
    /// Targets that answer no more.
    var silenced: Set<Int> = []

    static let start = Timestamp(seconds: 1_790_000_000)

    convenience init(windowSeconds: Double, scenario: DemoMesh.Scenario = .incident, incidentAfter: Double = 120, interval: Double = 10, budgetBytes: Int = 1 << 30) throws {
        try self.init(DemoMesh(seed: 7, scenario: scenario, start: Self.start, incidentAfter: incidentAfter), windowSeconds: windowSeconds, interval: interval, budgetBytes: budgetBytes)
    }

    /// - Parameters:
    ///   - mesh: one that begins at `start`.
    ///   - hasPages: its proxies are scraped; else its spans alone tell of it.
    init(_ mesh: DemoMesh, windowSeconds: Double, interval: Double, budgetBytes: Int = 1 << 30, hasPages: Bool = true) throws {
        let intake = Intake(profiles: try ProfileSet.builtin())
        let engine = Engine(symbols: intake.symbols, windowSeconds: windowSeconds, budgetBytes: budgetBytes)
        self.engine = engine
        self.interval = interval
        now = Self.start
        self.mesh = mesh
        decoder = SpanDecoder(symbols: intake.symbols)
        sessions = !hasPages ? [] : mesh.targets.map { intake.openSource(name: $0.url, job: "demo", labels: $0.labels, intervalSeconds: interval, sink: engine) }
    }

    func run(seconds: Double) {
        let end = now + Timestamp.Span(seconds: seconds)
        while now < end {
            now = now + Timestamp.Span(seconds: interval)
            turn()
        }
    }

    /// What there is to know now.
    func turn() {
        mesh.advance(to: now)
        for (index, session) in sessions.enumerated() { scrape(index, session) }
        page.removeAll(keepingCapacity: true)
        mesh.takeSpans(into: &page)
        guard !page.isEmpty else { return }
        spans.removeAll(source: spans.source, time: now)
        _ = page.withUnsafeBytes { decoder.append(request: $0, to: &spans) }
        engine.consume(spans)
    }

    private func scrape(_ index: Int, _ session: DecodeSession) {
        page.removeAll(keepingCapacity: true)
        session.state.lastAttempt = now
        if !silenced.contains(index), mesh.page(of: index, into: &page) {
            session.begin(time: now)
            page.withUnsafeBytes { session.feed($0) }
            _ = session.finish(into: engine)
            session.state.health = .up
            session.state.lastSuccess = now
        } else {
            session.state.health = .failing(reason: "no answer")
        }
        engine.update(session.state)
    }

    static let queries: [PanelQuery] = [.mesh, .entities(.service), .entities(.pod), .entities(.node), .edges(.service),
                                        .detail(EntityKey(level: .service, namespace: "shop", name: "checkout"))]

    func answer(at time: Timestamp? = nil, window: Double) -> FrameData {
        let time = FrameTime(now: time, windowSeconds: window)
        var data = engine.answer(Self.queries, at: time)
        data.trends = engine.answer([.trends(.service, data.entities[.service]?.map(\.key) ?? []), .trends(.pod, data.entities[.pod]?.map(\.key) ?? [])], at: time).trends
        return data
    }
}
