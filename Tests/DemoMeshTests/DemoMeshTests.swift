import DemoMesh
import Engine
import Intake
import MeshModel
import Panels
import Profiles
import Testing

@Suite struct DemoMeshTests {
    static let start = Timestamp(seconds: 1_790_000_000)

    private func pages(seed: UInt64, scenario: DemoMesh.Scenario = .incident, seconds: Double = 90) -> [[UInt8]] {
        var mesh = DemoMesh(seed: seed, scenario: scenario, start: Self.start, incidentAfter: 30)
        mesh.advance(to: Self.start + Timestamp.Span(seconds: seconds))
        return mesh.targets.indices.map { index in
            var page: [UInt8] = []
            return mesh.page(of: index, into: &page) ? page : []
        }
    }

    @Test func oneSeedGivesOneRun() {
        #expect(pages(seed: 5) == pages(seed: 5))
        #expect(pages(seed: 5) != pages(seed: 6))
    }

    /// However often one looks, the traffic is the same.
    @Test func lookingChangesNothing() {
        var often = DemoMesh(seed: 5, scenario: .incident, start: Self.start, incidentAfter: 30)
        for second in 1...90 {
            often.advance(to: Self.start + Timestamp.Span(seconds: Double(second)))
            var page: [UInt8] = []
            _ = often.page(of: second % often.targets.count, into: &page)
        }
        var once = DemoMesh(seed: 5, scenario: .incident, start: Self.start, incidentAfter: 30)
        once.advance(to: Self.start + Timestamp.Span(seconds: 90))
        #expect(often.truth == once.truth)
    }

    /// A dozen services in three namespaces, on several nodes, in versions, some in plaintext.
    @Test func itIsAMeshWorthLookingAt() {
        let mesh = DemoMesh(seed: 1, scenario: .calm, start: Self.start, incidentAfter: 0)
        func distinct(_ label: String) -> Int { Set(mesh.targets.compactMap { $0.labels.first { $0.0 == label }?.1 }).count }
        #expect(distinct("service") >= 12)
        #expect(distinct("namespace") == 3)
        #expect(distinct("node") >= 3)
        #expect(distinct("pod") == mesh.targets.count)
        #expect(distinct("version") >= 3)
    }

    /// The incident: before it nothing fails but what always does; then the canary alone; then the ledger is slow as well.
    @Test func theIncidentIsAsTold() throws {
        let run = try Run(.incident, incidentAfter: 60)
        run.advance(seconds: 60)
        let before = run.answer()
        let payment = try #require(before.service("payment"))
        #expect(payment.signals.errors == 0)
        #expect((before.edge("recommendation", "inventory")?.signals.denied ?? 0) > 0, "the denial is always there")
        run.advance(seconds: 44)
        let during = run.answer()
        let versions = try #require(during.service("payment")).versions
        #expect(versions.first { $0.version == "v1" }?.signals.errors == 0)
        #expect((versions.first { $0.version == "v2" }?.signals.errors ?? 0) > 0)
        let calm = try #require(during.service("ledger")?.signals.latency?.p95)
        run.advance(seconds: 60)
        let slow = try #require(run.answer().service("ledger")?.signals.latency?.p95)
        #expect(slow > 3 * calm, "\(slow) after \(calm)")
    }

    @Test func theOutageTakesAMachine() throws {
        let run = try Run(.outage, incidentAfter: 30)
        run.advance(seconds: 90)
        let dead = run.mesh.targets.filter { $0.labels.contains { $0 == ("node", "node-e") } }
        #expect(!dead.isEmpty)
        let sources = run.answer().sources ?? []
        #expect(sources.filter { if case .failing = $0.health { true } else { false } }.count == dead.count)
    }

    @Test(arguments: DemoMesh.Scenario.allCases)
    func everyLineIsUnderstood(_ scenario: DemoMesh.Scenario) throws {
        let run = try Run(scenario, incidentAfter: 30)
        run.advance(seconds: 60)
        for source in run.answer().sources ?? [] {
            #expect(source.badLines == 0, "\(source.name): \(source.firstBadLine ?? "")")
            #expect(source.seriesMapped > 20 && source.profiles.contains("envoy"), "\(source.name)")
        }
        #expect(run.answer().stats?.badLines == 0)
        #expect(run.answer().stats?.dropped == [:])
    }

    /// A page's counters: exact where exported, each thing told once, and unknown where nobody tells.
    @Test func countersOfAPage() throws {
        let run = try Run(.incident, incidentAfter: 20)
        run.advance(seconds: 60)
        let key = EntityKey(level: .service, namespace: "platform", name: "inventory")
        let detail = try #require(run.engine.answer([.detail(key)], at: FrameTime(windowSeconds: .infinity)).details[key])
        func value(_ name: String) throws -> Double? { try #require(detail.counters.first { $0.name == name }, "\(name)").value }
        let denied = run.mesh.truth.denied.reduce(0, +)
        #expect(denied > 0)
        #expect(try value("RBAC denied") == Double(denied))
        #expect(try value("RBAC allowed") == detail.row.signals.requests - Double(denied))
        #expect(try value("active inbound") == detail.row.signals.connectionsActive, "the manager's connections are not the cluster's on top")
        #expect(try value("uptime") == 60, "the youngest proxy's")
        #expect(try value("control plane connected") == 1)
        #expect(try value("RBAC shadow denied") == nil, "not exported")
        #expect(try value("active outbound") == nil, "it calls nobody")
    }

    /// What the pages tell is what happened, to the last call.
    @Test(arguments: [(DemoMesh.Scenario.incident, UInt64(1)), (.calm, 2), (.incident, 3)])
    func countsAreExact(_ scenario: DemoMesh.Scenario, _ seed: UInt64) throws {
        let run = try Run(scenario, incidentAfter: 40, seed: seed)
        run.advance(seconds: 120)
        let data = run.answer(), truth = run.mesh.truth, codes = DemoTruth.codes
        func errors(_ counts: [Int]) -> Int { zip(codes, counts).reduce(0) { $0 + ($1.0 >= 500 ? $1.1 : 0) } }

        let pods = try #require(data.entities[.pod])
        #expect(pods.count == run.mesh.targets.count)
        var services: [String: (requests: Int, denied: Int, errors: Int)] = [:]
        for (index, target) in run.mesh.targets.enumerated() {
            let row = try #require(pods.first { $0.key.name == target.name })
            let served = truth.served[index].reduce(0, +), denied = truth.denied[index]
            #expect(Int(row.signals.requests) == served + denied, "\(target.name)")
            #expect(Int(row.signals.errors) == errors(truth.served[index]), "\(target.name)")
            #expect(Int(row.signals.denied ?? 0) == denied, "\(target.name)")
            let service = target.labels.first { $0.0 == "service" }?.1 ?? ""
            let sum = services[service] ?? (0, 0, 0)
            services[service] = (sum.requests + served + denied, sum.denied + denied, sum.errors + errors(truth.served[index]))
        }

        let rows = try #require(data.entities[.service])
        #expect(Set(rows.map(\.key.name)) == Set(services.keys))
        for (name, sum) in services {
            let row = try #require(data.service(name))
            #expect(Int(row.signals.requests) == sum.requests && Int(row.signals.errors) == sum.errors && Int(row.signals.denied ?? 0) == sum.denied, "\(name)")
        }

        let edges = try #require(data.edges[.service]).filter { $0.destination.kind == .workload }
        let called = truth.calls.filter { !$0.value.allSatisfy { $0 == 0 } }
        #expect(edges.count == called.count)
        for (edge, counts) in called {
            let row = try #require(data.edge(edge.caller, edge.callee), "\(edge)")
            #expect(Int(row.signals.requests) == counts.reduce(0, +), "\(edge)")
            for (code, count) in zip(codes, counts) where count > 0 {
                #expect(Int(row.signals.codes.first { $0.code == UInt16(code) }?.count ?? 0) == count, "\(edge) \(code)")
            }
        }
    }
}

/// The mesh scraped through the same decoders as real proxies.
final class Run {
    var mesh: DemoMesh
    let engine: Engine
    private let sessions: [DecodeSession]
    private var now = DemoMeshTests.start

    init(_ scenario: DemoMesh.Scenario, incidentAfter: Double, seed: UInt64 = 1) throws {
        let intake = Intake(profiles: try ProfileSet.builtin())
        let engine = Engine(symbols: intake.symbols, windowSeconds: 300)
        let mesh = DemoMesh(seed: seed, scenario: scenario, start: now, incidentAfter: incidentAfter)
        sessions = mesh.targets.map { intake.openSource(name: $0.url, job: "demo", labels: $0.labels, intervalSeconds: 5, sink: engine) }
        (self.mesh, self.engine) = (mesh, engine)
        scrape()
    }

    func advance(seconds: Double) {
        let end = now + Timestamp.Span(seconds: seconds)
        while now < end {
            now = now + Timestamp.Span(seconds: min(5, (end - now).seconds))
            mesh.advance(to: now)
            scrape()
        }
    }

    private func scrape() {
        for (index, session) in sessions.enumerated() {
            var page: [UInt8] = []
            session.state.lastAttempt = now
            if mesh.page(of: index, into: &page) {
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
    }

    func answer() -> FrameData {
        engine.answer([.mesh, .entities(.service), .entities(.pod), .edges(.service), .sources], at: FrameTime(windowSeconds: .infinity))
    }
}

extension FrameData {
    func service(_ name: String) -> EntityRow? { entities[.service]?.first { $0.key.name == name } }

    func edge(_ caller: String?, _ callee: String) -> EdgeRow? {
        edges[.service]?.first { ($0.source.kind == .workload ? $0.source.service : nil) == caller && $0.destination.service == callee }
    }
}
