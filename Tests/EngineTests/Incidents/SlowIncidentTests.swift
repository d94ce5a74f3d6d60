import Diagnosis
import DemoMesh
import Engine
import MeshModel
import Panels
import Testing

/// Slowdowns on simulated meshes, and how rows stand for them.
struct SlowIncidentTests {
    private func data(_ incident: Incident, _ input: Incident.Input) throws -> FrameData {
        try incident.observed(by: input).answer([.mesh, .verdicts, .entities(.service), .entities(.pod), .entities(.version), .entities(.workload), .edges(.service)], at: FrameTime(windowSeconds: Incident.seconds))
    }

    @Test(arguments: [Incident.Input.metrics, .spans]) func rowsSayThatTheyAreSlower(_ input: Incident.Input) throws {
        let incident = try #require(Incident(.slowVersion, seed: 60_001) ?? Incident(.slowVersion, seed: 60_002))
        let place = try #require(incident.places.first), data = try data(incident, input)
        let verdict = try #require(data.verdicts?.first { $0.kind == .latency })
        let culprit = try #require(data.service(place.service))
        #expect(culprit.state == .warning && culprit.reason.contains("latency: ") && culprit.reason.contains(" ms instead of "), "\(culprit.state) \(culprit.reason)")
        let pods = try #require(data.entities[.pod]).filter { $0.entity.service == place.service }
        #expect(pods.contains { $0.entity.version == "v2" && $0.reason.contains("latency: ") })
        #expect(pods.allSatisfy { $0.entity.version == "v2" || !$0.reason.contains("latency: ") }, "\(pods.map { ($0.key.name, $0.reason) })")
        #expect(data.entities[.version]?.first { $0.key.name == place.service && $0.key.version == "v2" }?.reason.contains("latency: ") == true)
        // Here all pods of a service are one workload.
        let workloads = try #require(data.entities[.workload]).filter { $0.entity.service == place.service }
        #expect(workloads.count == 1 && workloads[0].reason.contains("latency: "), "\(workloads.map { ($0.key, $0.entity, $0.reason) })")
        let way = verdict.path.compactMap(\.entity.service)
        if way.count > 1 {
            let call = try #require(data.edge(way[way.count - 2], place.service))
            #expect(call.state == .warning && call.reason.contains("latency: "), "\(call.state) \(call.reason)")
        }
        // Who is called by those alone that are slow is not.
        let below = incident.topology.services.first { $0.name == place.service }?.calls.map(\.callee) ?? []
        for callee in below { #expect(data.service(callee)?.reason.contains("latency: ") != true) }
    }

    /// A trace in which the culprit itself takes that long, in the very pod, and of which operation it is.
    @Test(arguments: [Incident.Kind.slow, .slowVersion]) func aTraceOfItIsAtHand(_ kind: Incident.Kind) throws {
        var checked = 0
        defer { #expect(checked >= 2) }
        for seed in 60_001...60_004 as ClosedRange<UInt64> {
            guard let incident = Incident(kind, seed: seed), let place = incident.places.first else { continue }
            let engine = try incident.observed(by: .spans), time = FrameTime(windowSeconds: Incident.seconds)
            let verdict = try #require(engine.answer([.verdicts], at: time).verdicts?.first { $0.kind == .latency })
            guard verdict.origin?.entity.service == place.service, verdict.origin?.caller == nil, let change = verdict.origin?.changes.first else { continue }
            let sample = try #require(verdict.evidence.sample, "\(seed) \(verdict.remarks) \(change)")
            let spans = try #require(engine.answer([.trace(sample)], at: time).trace).spans.filter { $0.service == place.service }
            #expect(spans.contains { max($0.durationSeconds, $0.serverDurationSeconds ?? 0) * 1000 > (change.usual + change.seen) / 2 }, "\(spans.map(\.durationSeconds)) \(change)")
            if let pod = verdict.origin?.entity.pod { #expect(spans.contains { $0.pod == pod }) }
            #expect((verdict.evidence.passing + verdict.remarks).contains { $0.contains("in traces take that long") }, "\(verdict.evidence)")
            checked += 1
        }
    }

    @Test func calmRowsAreWell() throws {
        let incident = try #require(Incident(.calm, seed: 5)), data = try data(incident, .metrics)
        #expect(data.entities.values.joined().allSatisfy { !$0.reason.contains("latency") } && data.edges[.service]?.allSatisfy { !$0.reason.contains("latency") } == true)
    }

    /// Below an entry whose requests do not take a fifth longer.
    @Test(arguments: [Incident.Input.metrics, .spans]) func whatTheEntryHardlyFeelsIsNamedToo(_ input: Incident.Input) throws {
        var topology = DemoTopology(services: 12, seed: 11, rate: 8)
        let visits = topology.visits(needed: false)
        let culprit = try #require(topology.services.indices.filter { $0 > 4 && topology.services[$0].calls.isEmpty && visits[$0] > 0.3 }.first)
        topology.services[0].latency = 400
        let times = 1 + 40 / topology.services[culprit].latency
        let incident = Incident(topology, [DemoFault(.slower(times: times), service: topology.services[culprit].name, after: Incident.after)], seed: 3)
        let verdict = try #require(try incident.observed(by: input).answer([.verdicts], at: FrameTime(windowSeconds: Incident.seconds)).verdicts?.first { $0.kind == .latency })
        #expect(verdict.origin?.entity.service == topology.services[culprit].name, "\(verdict.headline)")
        #expect(verdict.path.first?.entity.service == "s0" && verdict.service.service != "s0", "from where requests come in, of whom it is true: \(verdict.headline)")
    }
}

extension FrameData {
    fileprivate func service(_ name: String) -> EntityRow? { entities[.service]?.first { $0.key.name == name } }
    fileprivate func edge(_ caller: String, _ callee: String) -> EdgeRow? { edges[.service]?.first { $0.source.service == caller && $0.destination.service == callee } }
}
