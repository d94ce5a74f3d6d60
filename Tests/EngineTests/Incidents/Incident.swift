import DemoMesh
import Engine
import MeshModel
import TestSupport

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
    static let start = DemoFeed.start

    /// nil: no service of this mesh would be missed enough.
    init?(_ kind: Kind, seed: UInt64) {
        (self.kind, self.seed) = (kind, seed)
        var random = SeededGenerator(seed: seed &* 31 &+ 7 &+ 0x9E37_79B9_7F4A_7C15)
        topology = DemoTopology(services: 10 + Int(random.next() % 51), seed: seed, rate: 8)
        let needed = topology.visits(needed: true)
        // Nobody is asked about a service that hardly any request comes by.
        let found = needed.indices.filter { $0 > 0 && needed[$0] > 0.3 && (kind != .version && kind != .slowVersion || topology.services[$0].versions.count > 1)
            && (kind != .pod || topology.services[$0].versions[0].pods > 1) }
        guard let culprit = random.pick(found) else { return nil }
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
            guard let caller = random.pick(callers.map(\.name)) else { return nil }
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
            guard let other = random.pick(found.filter { $0 != culprit }) else { return nil }
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
        let mesh = DemoMesh(topology, faults: faults, seed: seed, start: Self.start, sampling: input == .spans ? 0.5 : 0)
        let feed = try DemoFeed(mesh, windowSeconds: Self.seconds, interval: Self.interval, hasPages: input == .metrics)
        feed.turn()
        feed.run(seconds: Self.seconds)
        return feed.engine
    }
}

extension SeededGenerator {
    /// 0 ≤ x < 1.
    fileprivate mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
    fileprivate mutating func pick<Element>(_ some: [Element]) -> Element? { some.isEmpty ? nil : some[Int(next() % UInt64(some.count))] }
}
