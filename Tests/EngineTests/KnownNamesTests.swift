import Engine
import MeshModel
import Panels
import Testing

/// Who is behind a file that says nothing but its name, among the names a whole fleet uses.
struct KnownNamesTests {
    /// Services as targets' labels name them, and clusters as proxies' pages do.
    private func pods(services: [(service: String, version: String)], clusters: [String] = [], files: [String]) -> [String: Entity] {
        let symbols = SymbolTable()
        let engine = Engine(symbols: symbols, windowSeconds: 60)
        var number: UInt32 = 0
        func register(_ claim: EntityClaim, clusters: [String] = []) {
            let state = SourceState(id: SourceID(raw: number), name: "\(number)", health: .up)
            engine.register(state, claim: claim)
            var batch = Batch(source: state.id, time: Timestamp(seconds: 100))
            for (ordinal, cluster) in clusters.enumerated() {
                var meaning = Meaning(signal: .requests, vantage: .client), peer = EntityClaim()
                (peer.service, peer.isRawName) = (symbols.intern(cluster), true)
                meaning.destination = peer
                batch.entries.append(SeriesEntry(ordinal: UInt32(ordinal), name: symbols.intern("requests"), labels: 0..<0, kind: .counter, meaning: meaning))
                batch.ordinals.append(UInt32(ordinal))
                batch.values.append(1)
            }
            engine.consume(batch)
            number += 1
        }
        for (service, version) in services {
            var claim = EntityClaim()
            (claim.service, claim.version, claim.pod) = (symbols.intern(service), symbols.intern(version), symbols.intern("of-labels-\(number)"))
            register(claim, clusters: number == 0 ? clusters : [])
        }
        for file in files {
            var claim = EntityClaim()
            (claim.pod, claim.isRawName) = (symbols.intern(file), true)
            register(claim)
        }
        let rows = engine.answer([.entities(.pod)], at: FrameTime(windowSeconds: 60)).entities[.pod] ?? []
        return Dictionary(rows.map { ($0.key.name, $0.entity) }, uniquingKeysWith: { first, _ in first })
    }

    @Test(arguments: [
        ("cart-x7k2p", "cart", ""), ("cart-db-0", "cart-db", ""), ("cart-db-v2-0", "cart-db", "v2"), ("cart", "cart", ""), ("cart-canary-1", "cart", "canary"),
        ("cart-canary-eu-1", "cart", "canary-eu"), ("cartoon-1", "cartoon", ""), ("ledger-v3-abcde", "ledger", "v3"), ("unknown-7d9f8c6b5-x2x4k", "unknown", ""),
        ("-odd", "-odd", ""),
    ])
    func takesTheLongestKnownNameThatBeginsIt(file: String, service: String, version: String) throws {
        let known = [("cart", "v1"), ("cart", "canary"), ("cart", "canary-eu"), ("cart-db", "")]
        let entity = try #require(pods(services: known, clusters: ["ledger-v3", "cart-v1"], files: [file])[file])
        #expect(entity.service == service)
        #expect(entity.version ?? "" == version)
    }

    /// As many files as names: looked up, not compared each with each.
    @Test func findsItsNameAmongThousands() {
        let names = (0..<3000).map { "service-\($0)" }
        let found = pods(services: names.map { ($0, "v1") }, files: names.map { "\($0)-v1-x2x4k" })
        for name in names { #expect(found["\(name)-v1-x2x4k"]?.service == name) }
    }
}
