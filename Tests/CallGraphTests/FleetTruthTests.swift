import Testing
@testable import CallGraph
@testable import Intake
import MeshModel
import TestSupport

/// Spans of a real fleet of Envoys against what its gateway's clients and services counted themselves.
@Suite struct FleetTruthTests {
    static func istio() throws -> (TraceStore, SymbolTable) {
        let bytes = try Gzip.unpacked(Fixture.bytes("spans/istio-spans.otlp.gz"), limit: 1 << 26)
        let symbols = SymbolTable()
        var store = TraceStore(symbols: symbols, budgetBytes: 1 << 28)
        var decoder = SpanDecoder(symbols: symbols)
        var batch = SpanBatch(source: SourceID(raw: 1), time: Timestamp(seconds: 1))
        // Requests with four bytes of length in front of each.
        var at = 0
        while at + 4 <= bytes.count {
            let count = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
            batch.removeAll(source: SourceID(raw: 1), time: Timestamp(seconds: 1))
            batch.bytes = Array(bytes[at + 4..<at + 4 + count])
            let isWhole = decoder.decode(&batch), refused = store.consume(batch)
            #expect(isWhole && refused == 0)
            at += 4 + count
        }
        store.settle()
        return (store, symbols)
    }

    /// `"a>b:200": 3`
    static func truth(_ path: String) -> [String: Int] {
        var counts: [String: Int] = [:]
        for line in Fixture.text(path).split(separator: "\n") where line.contains("\": ") {
            let parts = line.split(separator: "\"")
            guard parts.count == 3, let count = Int(parts[2].filter(\.isNumber)) else { continue }
            counts[String(parts[1])] = count
        }
        return counts
    }

    @Test func requestsPerEdgeAreThoseOfTheTruth() throws {
        let (store, symbols) = try Self.istio()
        var seen: [String: Int] = [:]
        var denied = 0
        for case let trace? in store.traces {
            for call in trace.calls {
                let source = call.source == Parties.outside ? "client" : symbols.string(store.parties[call.source].service)
                seen["\(source)>\(symbols.string(store.parties[call.destination].service)):\(call.seen.code)", default: 0] += 1
                if call.seen.isDenied { denied += 1 }
                #expect(call.server.isPresent && call.attempts == 1)
            }
        }
        let truth = Self.truth("spans/istio-truth.json")
        #expect(seen == truth)
        #expect(denied == truth["recommendation>inventory:403"])
        #expect(store.oddities[.noServerHalf] == 0 && store.oddities[.noClientHalf] == 0 && store.oddities[.parentMissing] == 0)
    }

    @Test func failingTracesAreThoseWhoseEntryFailed() throws {
        let (store, symbols) = try Self.istio()
        var failed = 0
        var versions = Set<String>()
        for case let trace? in store.traces {
            if trace.summary?.isFailed(.server) == true { failed += 1 }
            #expect(trace.summary?.services.count == 10)
            for call in trace.calls where call.seen.code == 503 { versions.insert(symbols.string(store.parties[call.destination].version)) }
        }
        #expect(store.count == 174)
        #expect(failed == Self.truth("spans/istio-truth.json")["client>gateway:502"])
        #expect(versions == ["v2"])
    }
}
