@testable import CallGraph
@testable import Diagnosis
import MeshModel
import TestSupport
import Testing

/// Faults in meshes nobody has seen before: the rules know no names and no shapes.
@Suite struct SyntheticIncidentTests {
    struct Outcome {
        var departures: Departures
        var service: String
        var pod: String
        var onset: Double
        var met: Int
        let symbols: SymbolTable
        let parties: Parties

        func name(_ departure: Departure) -> String { symbols.string(parties[parties.service(of: departure.party)].service) }
        var place: Int? { departures.all.firstIndex { name($0) == service } }
    }

    private func rows(_ builder: SpanBuilder, _ names: inout RowNames) -> (CallRows, TraceStore) {
        var store = builder.store(budget: 1 << 28)
        #expect(store.consume(builder.batch) == 0)
        store.settle()
        return (CallRows(&store, window: Timestamp(nanoseconds: .min)...Timestamp(nanoseconds: .max), names: &names), store)
    }

    /// - Parameter kind: nil: nothing is wrong.
    private func run(seed: UInt64, _ kind: SyntheticMesh.Kind?) -> Outcome? {
        var mesh = SyntheticMesh(seed: seed), builder = SpanBuilder(), names = RowNames()
        _ = mesh.write(&builder, seconds: 300, requests: 300)
        let quiet = rows(builder, &names).0, model = QuietModel(quiet, names)
        var calls: [String: Int] = [:]
        for row in quiet.all { calls[builder.symbols.string(names.services[Int(row.service)].service), default: 0] += 1 }
        let used = mesh.operations.indices.filter { service in
            calls["s\(service)", default: 0] >= 60 && (kind != .returnsEarly || mesh.operations[service].allSatisfy { $0.steps.contains { $0.chance == 1 } })
                && (kind != .onePod || mesh.pods[service].count > 1) && (kind != .network || service > 0)
        }
        var fault: SyntheticMesh.Fault?
        if let kind {
            guard let service = used.randomElement(using: &mesh.dice) else { return nil }
            fault = .init(kind: kind, service: service, pod: kind == .onePod ? mesh.pods[service].first : nil,
                          amount: model.requestSeconds * 1000 * Double.random(in: 0.5...4, using: &mesh.dice), onset: Double.random(in: 20...50, using: &mesh.dice))
        }
        builder.restart(at: 200)
        let met = mesh.write(&builder, seconds: 90, requests: 200, fault: fault)
        if fault != nil, met < 8 { return nil }
        let (recorded, store) = rows(builder, &names)
        let service = fault?.service ?? 0, pods = mesh.pods[service]
        return Outcome(departures: Departures(model, recorded, names), service: "s\(service)", pod: fault?.pod ?? (pods.count == 1 ? pods[0] : ""),
                       onset: 100 + (fault?.onset ?? 0), met: met, symbols: builder.symbols, parties: store.parties)
    }

    @Test func theFaultIsNamedFirst() {
        var all = 0, first = 0, three = 0, pods = 0, onsets = 0
        for seed in 0..<20 as Range<UInt64> {
            let kind = SyntheticMesh.Kind.allCases[Int(seed) % SyntheticMesh.Kind.allCases.count]
            guard let outcome = run(seed: seed, kind) else { continue }
            all += 1
            three += (outcome.place ?? 9) < 3 ? 1 : 0
            guard outcome.place == 0, let named = outcome.departures.all.first else { continue }
            first += 1
            pods += outcome.symbols.string(named.pod) == outcome.pod ? 1 : 0
            onsets += abs(named.onset.seconds - outcome.onset) <= 15 ? 1 : 0
            #expect(named.standing != .otherEnd)
        }
        #expect(all >= 15, "\(all) of 20 seeds make a fault that enough requests meet")
        #expect(first * 10 >= all * 9, "\(first) of \(all) first")
        #expect(three * 20 >= all * 19, "\(three) of \(all) within three")
        #expect(pods * 10 >= first * 9, "\(pods) of \(first) pods")
        #expect(onsets * 10 >= first * 9, "\(onsets) of \(first) onsets")
    }

    @Test func whatIsWellIsLeftAlone() {
        // The bursty may be called: they did get slower than in the baseline.
        let called = (100..<106 as Range<UInt64>).count { seed in run(seed: seed, nil)?.departures.all.contains { $0.standing == .found } ?? false }
        #expect(called <= 2)
    }
}
