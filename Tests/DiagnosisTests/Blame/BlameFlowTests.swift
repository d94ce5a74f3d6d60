@testable import Diagnosis
import Testing

/// A mesh by names: `a > b: 100 30` says that of 100 calls from a to b 30 failed, as both sides saw it.
private struct Mesh {
    var reading = MeshReading()
    var names: [String] = []

    init(_ nodes: [(String, MeshReading.Counts)], entry: String = "gateway", edges: [(String, String, MeshReading.Counts?, MeshReading.Counts?)]) {
        for (name, counts) in nodes {
            names.append(name)
            reading.add(.init(own: counts, entry: name == entry ? counts : nil))
        }
        for (source, destination, client, server) in edges {
            reading.add(.init(source: place(source), destination: place(destination), client: client, server: server))
        }
    }

    func place(_ name: String) -> Int32 { Int32(names.firstIndex(of: name) ?? -1) }

    /// `gateway>checkout>payment 0.90 [0.80 0.95]`, an edge as `gateway>checkout->payment`.
    func origins(_ entry: String = "gateway") -> [String] {
        let flow = BlameFlow(from: [(place(entry), reading.answered(place(entry)).errors)], in: reading)
        return flow.origins.map { origin in
            var path = origin.path.map { names[Int($0)] }.joined(separator: ">")
            if case .edge(let edge) = origin.place { path += "->" + names[Int(reading.edges[Int(edge)].destination)] }
            return "\(path) \(Int((origin.mass.likely / flow.total * 100).rounded()))" + (origin.isInCircle ? " circle" : "")
        }
    }
}

private func calls(_ requests: Double, _ errors: Double, onTheWay: Double = 0) -> MeshReading.Counts { .init(requests: requests, errors: errors, onTheWay: onTheWay) }

@Suite struct BlameFlowTests {
    @Test func aChainLeadsToItsEnd() {
        let mesh = Mesh([("gateway", calls(1000, 60)), ("checkout", calls(500, 60)), ("payment", calls(500, 60)), ("ledger", calls(440, 0))], edges: [
            ("gateway", "checkout", calls(500, 60), calls(500, 60)), ("checkout", "payment", calls(500, 60), calls(500, 60)),
            ("payment", "ledger", calls(440, 0), calls(440, 0)),
        ])
        #expect(mesh.origins() == ["gateway>checkout>payment 100"])
    }

    @Test func whatNeverArrivedIsTheEdges() {
        let mesh = Mesh([("gateway", calls(1000, 200)), ("payment", calls(1000, 200)), ("ledger", calls(800, 0))], edges: [
            ("gateway", "payment", calls(1000, 200), calls(1000, 200)), ("payment", "ledger", calls(1000, 200, onTheWay: 200), calls(800, 0)),
        ])
        #expect(mesh.origins() == ["gateway>payment->ledger 100"])
        let plain = Mesh([("gateway", calls(1000, 200)), ("payment", calls(1000, 200)), ("ledger", calls(800, 0))], edges: [
            ("gateway", "payment", calls(1000, 200), nil), ("payment", "ledger", calls(1000, 200), nil),
        ])
        #expect(plain.origins() == ["gateway>payment->ledger 100"], "its callee counts what it answered")
    }

    @Test func twoFaultsShareWhatTheyCause() {
        let mesh = Mesh([("gateway", calls(1000, 100)), ("cart", calls(1000, 75)), ("search", calls(1000, 25))], edges: [
            ("gateway", "cart", calls(1000, 75), calls(1000, 75)), ("gateway", "search", calls(1000, 25), calls(1000, 25)),
        ])
        #expect(mesh.origins() == ["gateway>cart 75", "gateway>search 25"])
    }

    @Test func oneOriginByTwoWaysIsOne() {
        let mesh = Mesh([("gateway", calls(1000, 100)), ("a", calls(500, 60)), ("b", calls(500, 40)), ("db", calls(1000, 100))], edges: [
            ("gateway", "a", calls(500, 60), calls(500, 60)), ("gateway", "b", calls(500, 40), calls(500, 40)),
            ("a", "db", calls(500, 60), calls(500, 60)), ("b", "db", calls(500, 40), calls(500, 40)),
        ])
        #expect(mesh.origins() == ["gateway>a>db 100"])
    }

    @Test func circlesEndAndSaySo() {
        let mesh = Mesh([("gateway", calls(100, 50)), ("a", calls(100, 50)), ("b", calls(100, 50))], edges: [
            ("gateway", "a", calls(100, 50), calls(100, 50)), ("a", "b", calls(100, 50), calls(100, 50)), ("b", "a", calls(100, 50), calls(100, 50)),
        ])
        #expect(mesh.origins() == ["gateway>a>b 100 circle"])
    }

    @Test func selfCallsEnd() {
        let mesh = Mesh([("gateway", calls(100, 50))], edges: [("gateway", "gateway", calls(100, 50), calls(100, 50))])
        #expect(mesh.origins() == ["gateway 100 circle"])
    }

    @Test func whomNobodyReadsIsToldByItsCallers() {
        var mesh = Mesh([("gateway", calls(100, 40))], edges: [])
        mesh.names.append("database")
        mesh.reading.add(.init())
        mesh.reading.add(.init(source: 0, destination: 1, client: calls(100, 40, onTheWay: 10), server: nil))
        #expect(mesh.origins() == ["gateway>database 75", "gateway->database 25"])
    }

    @Test func nothingFailsNothingIsBlamed() {
        let mesh = Mesh([("gateway", calls(0, 0)), ("a", calls(0, 0))], edges: [("gateway", "a", calls(0, 0), nil)])
        #expect(mesh.origins() == [])
    }
}

@Suite struct OwnErrorsTests {
    @Test(arguments: [
        // answered errors, received errors → low, likely, high, absorbed; of 1,000 requests
        (30.0, 30.0, 0.0, 0.0, 30.0, 0.0),
        (30.0, 0.0, 30.0, 30.0, 30.0, 0.0),
        (0.0, 50.0, 0.0, 0.0, 0.0, 50.0),
        (280.0, 200.0, 80.0, 100.0, 280.0, 0.0),
        (100.0, 97.0, 0.0, 0.0, 100.0, 0.0),
    ]) func bounds(_ answered: Double, _ received: Double, _ low: Double, _ likely: Double, _ high: Double, _ absorbed: Double) {
        let mesh = Mesh([("gateway", calls(1000, answered)), ("b", calls(1000, received))], edges: [("gateway", "b", calls(1000, received), nil)])
        let own = OwnErrors(of: 0, in: mesh.reading)
        #expect(own.low == low)
        #expect(abs(own.likely - likely) < 0.1)
        #expect(own.high == high)
        #expect(own.absorbed == absorbed)
    }
}

extension OwnErrorsTests {
    @Test func whereAllFailsAllMayBePassedOn() {
        let mesh = Mesh([("gateway", calls(1000, 1000)), ("b", calls(1000, 1000))], edges: [("gateway", "b", calls(1000, 1000), nil)])
        #expect(OwnErrors(of: 0, in: mesh.reading).likely == 0)
    }

    @Test func whoIsNotAskedAfterAFailureFailsApart() {
        let mesh = Mesh([("gateway", calls(1000, 600)), ("a", calls(1000, 300)), ("b", calls(700, 300))],
                        edges: [("gateway", "a", calls(1000, 300), nil), ("gateway", "b", calls(700, 300), nil)])
        #expect(OwnErrors(of: 0, in: mesh.reading).likely == 0)
    }
}

@Suite struct NeededCallsTests {
    private func mesh(_ answered: Double, _ received: [Double]) -> MeshReading {
        let names = received.indices.map { "s\($0)" }
        return Mesh([("gateway", calls(1000, answered))] + zip(names, received).map { ($0, calls(1000, $1)) }, edges: zip(names, received).map { ("gateway", $0, calls(1000, $1), nil) }).reading
    }

    @Test(arguments: [
        // answered, received → places spared, open
        (100.0, [100.0], [Int32](), false), (100.0, [60.0, 40.0], [], false), (50.0, [900.0, 50.0], [0], false), (50.0, [900.0, 30.0, 21.0], [0], false),
        (50.0, [50.0, 49.0], [], true), (50.0, [900.0], [], true), (50.0, [900.0, 20.0], [], true), (0.0, [900.0], [], false),
    ]) func whomANodeGetsByWithout(_ answered: Double, _ received: [Double], _ spared: [Int32], _ isOpen: Bool) {
        let needed = NeededCalls(of: 0, in: mesh(answered, received))
        #expect(needed.spared == Set(spared) && needed.isOpen == isOpen)
    }
}

@Suite struct WilsonTests {
    @Test(arguments: [(0.0, 10.0, 0.0, 0.2775), (10.0, 10.0, 0.7225, 1.0), (1.0, 2.0, 0.0945, 0.9055), (50.0, 1000.0, 0.0381, 0.0653), (0.0, 0.0, 0.0, 1.0)])
    func bounds(_ hits: Double, _ trials: Double, _ low: Double, _ high: Double) {
        let wilson = Wilson(hits, of: trials)
        #expect(abs(wilson.low - low) < 0.0001 && abs(wilson.high - high) < 0.0001, "\(wilson)")
    }
}
