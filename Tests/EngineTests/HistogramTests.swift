import Engine
import MeshModel
import Panels
import Testing

struct HistogramTests {
    /// Thousands of buckets, in no order and with repeated bounds: every observation lies in its own.
    @Test func sortsThousandsOfBuckets() throws {
        let symbols = SymbolTable()
        let engine = Engine(symbols: symbols, windowSeconds: 60)
        var claim = EntityClaim()
        (claim.service, claim.pod) = (symbols.intern("cart"), symbols.intern("cart-1"))
        engine.register(SourceState(id: SourceID(raw: 0), name: "cart-1", health: .up, intervalSeconds: 5), claim: claim)
        let buckets = 5000
        // 7919 is prime to 5,000: every place once, out of order.
        let order = (0..<buckets).map { ($0 * 7919) % buckets }
        for scrape in 0...2 {
            var batch = Batch(source: SourceID(raw: 0), time: Timestamp(seconds: 1000 + Double(scrape * 5)))
            for (place, bucket) in order.enumerated() {
                for code in 0..<2 {
                    let ordinal = UInt32(place * 2 + code)
                    if scrape == 0 {
                        var meaning = Meaning(signal: .latencyBucket, vantage: .server)
                        meaning.code = code == 0 ? 200 : 503
                        meaning.upperBound = bucket == buckets - 1 ? .infinity : Double(bucket + 1)
                        batch.entries.append(SeriesEntry(ordinal: ordinal, name: symbols.intern("latency_bucket"), labels: 0..<0, kind: .histogramBucket, meaning: meaning))
                    }
                    batch.ordinals.append(ordinal)
                    // One observation a bucket and scrape in each series.
                    batch.values.append(Double(scrape * (bucket + 1)))
                }
            }
            if scrape == 0 {
                var meaning = Meaning(signal: .requests, vantage: .server)
                meaning.code = 200
                batch.entries.append(SeriesEntry(ordinal: 10_000, name: symbols.intern("requests"), labels: 0..<0, kind: .counter, meaning: meaning))
            }
            batch.ordinals.append(10_000)
            batch.values.append(Double(scrape * 10_000))
            engine.consume(batch)
        }
        let row = try #require(engine.answer([.entities(.service)], at: FrameTime(windowSeconds: 60)).entities[.service]?.first { $0.key.name == "cart" })
        let latency = try #require(row.signals.latency)
        #expect(abs(latency.p50 - 2500) < 1)
        #expect(abs(latency.p95 - 4750) < 1)
        #expect(abs(latency.p99 - 4950) < 1)
    }
}
