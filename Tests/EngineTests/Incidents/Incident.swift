import DemoMesh
import Engine
import Intake
import MeshModel
import Panels
import Profiles

/// One staged fault in a made-up mesh of 10 to 60 services, as telltale comes to know of it: by the proxies' pages, their spans, or both.
struct Incident {
    enum Kind: String, CaseIterable {
        case service, version, pod, edge, gone, timeout, retries, slow, slowVersion, two
        /// Nothing happens.
        case calm
        static let faults = allCases.filter { $0 != .calm }
    }
    enum Input: String { case metrics, spans }

    /// Where a true answer says that it begins.
    struct Place: Equatable {
        var service: String
        var caller: String?
        var version: String?
        var pod: String?
    }

    let kind: Kind
    let seed: UInt64
    private(set) var topology: DemoTopology
    private(set) var faults: [DemoFault] = []
    private(set) var places: [Place] = []

    /// Seconds: how long is looked at, when it begins, between two scrapes.
    static let seconds = 180.0
    static let after = 90.0
    static let interval = 10.0
    static let start = Timestamp(seconds: 1_790_000_000)

    /// nil: no service of this mesh would be missed enough.
    init?(_ kind: Kind, seed: UInt64) {
        (self.kind, self.seed) = (kind, seed)
        var random = Random(seed: seed &* 31 &+ 7)
        topology = DemoTopology(services: 10 + Int(random.next() % 51), seed: seed, rate: 8)
        let needed = topology.visits(needed: true)
        // Nobody is asked about a service that hardly any request comes by.
        let found = needed.indices.filter { $0 > 0 && needed[$0] > 0.3 && (kind != .version && kind != .slowVersion || topology.services[$0].versions.count > 1)
            && (kind != .pod || topology.services[$0].versions[0].pods > 1) }
        guard let culprit = found.random(&random) else { return nil }
        let service = topology.services[culprit]
        let callers = topology.services.indices.filter { needed[$0] > 0.3 }.map { topology.services[$0] }.filter { $0.calls.contains { $0.callee == service.name && !$0.isSoft } }
        let share = 0.15 + 0.45 * random.unit()
        // So that a request from outside takes 30 to 100 % longer, of a version on average: what nobody notices is no incident.
        let part = kind == .slowVersion ? 0.3 : 1
        let times = 1 + (0.3 + 0.7 * random.unit()) * topology.milliseconds / (topology.visits(needed: false)[culprit] * part * service.latency)
        func add(_ fault: DemoFault.Kind, _ service: DemoService, version: String? = nil, pod: Int? = nil, caller: String? = nil) {
            faults.append(DemoFault(fault, service: service.name, version: version, pod: pod, caller: caller, after: Self.after))
            places.append(Place(service: service.name, caller: caller, version: version))
        }
        switch kind {
        case .service: add(.fails(share: share), service)
        case .version: add(.fails(share: min(1, 2 * share)), service, version: "v2")
        case .pod:
            add(.fails(share: min(1, 2 * share)), service, pod: 0)
            places[0].pod = DemoMesh(topology, faults: [], seed: seed, start: Self.start).targets.first { target in target.labels.contains { $0 == ("service", service.name) } }?.name
        case .gone: add(.gone, service)
        case .edge, .timeout:
            guard let caller = callers.map(\.name).random(&random) else { return nil }
            add(kind == .edge ? .lost(share: share) : .late(share: share), service, caller: caller)
        case .retries:
            for index in topology.services.indices {
                for call in topology.services[index].calls.indices where topology.services[index].calls[call].callee == service.name { topology.services[index].calls[call].retries = 5 }
            }
            add(.fails(share: share), service)
        case .slow: add(.slower(times: times), service)
        case .slowVersion: add(.slower(times: times), service, version: "v2")
        case .calm: break
        case .two:
            guard let other = found.filter({ $0 != culprit }).random(&random) else { return nil }
            add(.fails(share: share), service)
            add(.fails(share: share / 2), topology.services[other])
        }
    }

    /// Of one's own making.
    init(_ topology: DemoTopology, _ faults: [DemoFault], seed: UInt64) {
        (kind, self.seed, self.topology, self.faults) = (.calm, seed, topology, faults)
    }

    /// The mesh observed from its first second to its last.
    func observed(by input: Input) throws -> Engine {
        let intake = Intake(profiles: try ProfileSet.builtin())
        let engine = Engine(symbols: intake.symbols, windowSeconds: Self.seconds)
        var mesh = DemoMesh(topology, faults: faults, seed: seed, start: Self.start, sampling: input == .spans ? 0.5 : 0)
        let sessions = input == .spans ? [] : mesh.targets.map { intake.openSource(name: $0.url, job: "made", labels: $0.labels, intervalSeconds: Self.interval, sink: engine) }
        var decoder = SpanDecoder(symbols: intake.symbols), batch = SpanBatch(source: SourceID(raw: 1), time: Self.start), page: [UInt8] = []
        var now = Self.start
        for _ in 0...Int(Self.seconds / Self.interval) {
            mesh.advance(to: now)
            for (index, session) in sessions.enumerated() {
                page.removeAll(keepingCapacity: true)
                session.state.lastAttempt = now
                if mesh.page(of: index, into: &page) {
                    session.begin(time: now)
                    page.withUnsafeBytes { session.feed($0) }
                    _ = session.finish(into: engine)
                    (session.state.health, session.state.lastSuccess) = (.up, now)
                } else {
                    session.state.health = .failing(reason: "connection refused")
                }
                engine.update(session.state)
            }
            page.removeAll(keepingCapacity: true)
            mesh.takeSpans(into: &page)
            if !page.isEmpty {
                batch.removeAll(source: SourceID(raw: 1), time: now)
                _ = page.withUnsafeBytes { decoder.append(request: $0, to: &batch) }
                engine.consume(batch)
            }
            now = now + Timestamp.Span(seconds: Self.interval)
        }
        return engine
    }
}

/// SplitMix64.
struct Random {
    private var state: UInt64
    init(seed: UInt64) { state = seed &+ 0x9E37_79B9_7F4A_7C15 }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}

extension Array {
    fileprivate func random(_ random: inout Random) -> Element? { isEmpty ? nil : self[Int(random.next() % UInt64(count))] }
}
