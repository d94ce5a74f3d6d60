import DemoMesh
import Engine
import Intake
import MeshModel
import Panels
import Profiles
import Testing

/// What the simulated proxies' spans tell is what happened.
struct DemoSpanTests {
    private static let start = Timestamp(seconds: 1_790_000_000)

    /// The mesh known by its spans alone, all of them.
    private func observed(_ mesh: inout DemoMesh, seconds: Double) throws -> Engine {
        let intake = Intake(profiles: try ProfileSet.builtin())
        let engine = Engine(symbols: intake.symbols, windowSeconds: 300)
        var decoder = SpanDecoder(symbols: intake.symbols), batch = SpanBatch(source: SourceID(raw: 1), time: Self.start), bytes: [UInt8] = []
        for second in stride(from: 5.0, through: seconds, by: 5) {
            mesh.advance(to: Self.start + Timestamp.Span(seconds: second))
            bytes.removeAll()
            mesh.takeSpans(into: &bytes)
            batch.removeAll(source: SourceID(raw: 1), time: mesh.now)
            #expect(bytes.withUnsafeBytes { decoder.append(request: $0, to: &batch) })
            engine.consume(batch)
        }
        let report = decoder.takeReport()
        #expect(report.spans > 1000 && report.rejected == 0, "\(report.firstExample ?? "")")
        return engine
    }

    @Test func everyCallIsTold() throws {
        var mesh = DemoMesh(.shop, faults: [DemoFault(.fails(share: 0.3), service: "payment", version: "v2", after: 5), DemoFault(.lost(share: 0.2), service: "ledger", caller: "payment", after: 10)],
                            seed: 3, start: Self.start, sampling: 1)
        let engine = try observed(&mesh, seconds: 20), truth = mesh.truth
        let data = engine.answer([.edges(.service), .entities(.pod)], at: FrameTime(now: mesh.now + Timestamp.Span(seconds: 10), windowSeconds: .infinity))
        #expect(Set(data.entities[.pod]?.map(\.key.name) ?? []) == Set(mesh.targets.map(\.name)))
        // Of what is tried again each try arrives, and is told.
        for (edge, counts) in truth.calls where counts.contains(where: { $0 > 0 }) && edge.callee != "legacy-scores" {
            let row = try #require(data.edge(edge.caller, edge.callee), "\(edge)")
            #expect(Int(row.signals.requests) == counts.reduce(0, +), "\(edge)")
            for (code, count) in zip(DemoTruth.codes, counts) where count > 0 { #expect(Int(row.signals.codes.first { $0.code == UInt16(code) }?.count ?? 0) == count, "\(edge) \(code)") }
        }
        #expect(data.edge("payment", "fx-rates.example.com")?.signals.requests ?? 0 > 0)
    }

    /// Of ten thousand requests a tenth, and all or none of what one leads to.
    @Test func aShareOfTheRequests() throws {
        var mesh = DemoMesh(.shop, faults: [], seed: 3, start: Self.start, sampling: 0.1)
        let engine = try observed(&mesh, seconds: 60)
        let stats = try #require(engine.answer([.mesh], at: FrameTime(windowSeconds: .infinity)).traceStats)
        let entered = mesh.truth.calls.filter { $0.key.caller == nil }.values.joined().reduce(0, +)
        #expect(abs(Double(stats.traces) / Double(entered) - 0.1) < 0.02, "\(stats.traces) of \(entered)")
        let traces = try #require(engine.answer([.edges(.service)], at: FrameTime(windowSeconds: .infinity)).edge("gateway", "frontend"))
        #expect(Int(traces.signals.requests) == stats.traces)
    }

    /// Traffic is the same with spans and without.
    @Test func spansChangeNothing() {
        var silent = DemoMesh(.shop, faults: [], seed: 9, start: Self.start), told = DemoMesh(.shop, faults: [], seed: 9, start: Self.start, sampling: 0.5)
        silent.advance(to: Self.start + Timestamp.Span(seconds: 20))
        told.advance(to: Self.start + Timestamp.Span(seconds: 20))
        #expect(silent.truth == told.truth)
        var bytes: [UInt8] = []
        silent.takeSpans(into: &bytes)
        #expect(bytes.isEmpty)
    }
}

/// What goes wrong does, where it should and from when on it should.
struct DemoFaultTests {
    private static let start = Timestamp(seconds: 1_790_000_000)

    private func truth(_ fault: DemoFault, seconds: Double = 30) -> DemoMesh {
        var mesh = DemoMesh(.shop, faults: [fault], seed: 4, start: Self.start)
        mesh.advance(to: Self.start + Timestamp.Span(seconds: seconds))
        return mesh
    }

    private func share(_ mesh: DemoMesh, _ caller: String?, _ callee: String, code: Int) -> Double {
        let counts = mesh.truth.calls[.init(caller: caller, callee: callee)] ?? []
        return zip(DemoTruth.codes, counts).reduce(0) { $0 + ($1.0 == code ? Double($1.1) : 0) } / Double(max(1, counts.reduce(0, +)))
    }

    @Test func callsOfOneCallerAreLost() {
        let mesh = truth(DemoFault(.lost(share: 0.4), service: "cart", caller: "checkout", after: 0))
        #expect(abs(share(mesh, "checkout", "cart", code: 503) - 0.4) < 0.06)
        #expect(share(mesh, "frontend", "cart", code: 503) == 0)
    }

    @Test func callsOfOneCallerAreLate() {
        let mesh = truth(DemoFault(.late(share: 0.4), service: "cart", caller: "checkout", after: 0))
        #expect(abs(share(mesh, "checkout", "cart", code: 504) - 0.4) < 0.06)
        #expect(share(mesh, "checkout", "cart", code: 503) == 0)
    }

    @Test func onePodFails() {
        let mesh = truth(DemoFault(.fails(share: 1), service: "shipping", pod: 1, after: 0)), codes = DemoTruth.codes
        let pods = mesh.targets.indices.filter { mesh.targets[$0].labels.contains { $0 == ("service", "shipping") } }
        let failed = pods.map { mesh.truth.served[$0][codes.firstIndex(of: 503) ?? 0] }
        #expect(failed.count == 2 && failed[0] == 0 && failed[1] > 0)
    }

    @Test func whoIsGoneAnswersNobody() {
        let mesh = truth(DemoFault(.gone, service: "ledger", after: 0))
        #expect(share(mesh, "payment", "ledger", code: 503) == 1)
        var page: [UInt8] = []
        #expect(mesh.targets.indices.filter { !mesh.page(of: $0, into: &page) }.map { mesh.targets[$0].labels.contains { $0 == ("service", "ledger") } } == [true, true])
    }

    @Test func notBeforeItBegins() {
        #expect(truth(DemoFault(.fails(share: 1), service: "cart", after: 100)).truth == truth(DemoFault(.gone, service: "nobody", after: 0)).truth)
    }
}

struct DemoTopologyTests {
    /// Callers stand before those they call, everybody is called by somebody, and the same seed gives the same mesh.
    @Test(arguments: [(10, UInt64(1)), (60, 2), (33, 3)]) func madeUpOnesHangTogether(_ count: Int, _ seed: UInt64) {
        let topology = DemoTopology(services: count, seed: seed, rate: 10)
        #expect(topology.services.count == count)
        var called = Set<String>()
        for (place, service) in topology.services.enumerated() {
            for call in service.calls {
                #expect((topology.services.firstIndex { $0.name == call.callee } ?? -1) > place)
                called.insert(call.callee)
            }
        }
        #expect(called.count == count - 1)
        let again = DemoTopology(services: count, seed: seed, rate: 10)
        #expect(again.services.map(\.latency) == topology.services.map(\.latency) && again.services.map { $0.calls.map(\.callee) } == topology.services.map { $0.calls.map(\.callee) })
        #expect(topology.visits(needed: false).allSatisfy { $0 > 0 } && topology.visits(needed: true)[0] == 1)
    }
}
