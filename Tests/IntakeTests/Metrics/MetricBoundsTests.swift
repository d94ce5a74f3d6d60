@testable import Intake
import MeshModel
import Synchronization
import Testing
import WireFormats

/// What one sender can make us hold: nothing is allocated beyond a limit, and what was given back can be taken again.
@Suite struct MetricBoundsTests {
    private static let many = MetricPoint.mostBuckets + 1
    private static let ones = [UInt64](repeating: 1, count: many)

    @Test(arguments: [
        (MetricKind.histogram, MetricParts.Value.histogram(ones, (1..<many).map(Double.init), sum: 1, count: nil)),
        (.histogram, .histogram([1], (0..<many).map(Double.init), sum: 1, count: nil)),
        (.exponentialHistogram, .exponential(scale: 3, offset: 0, ones, zeros: 0, sum: 1)),
        (.summary, .summary(count: 1, sum: 1, (0..<many).map { (Double($0) / 2000, 1) })),
    ])
    func pointsOfMoreBucketsThanAreKept(_ kind: MetricKind, _ value: MetricParts.Value) {
        var bench = MetricBench()
        let report = bench.send(at: 1, [MetricParts(name: "x", kind: kind, points: [.init(value: value, start: 0, time: 1)]), .counter("after", 1, time: 1)])
        #expect(report.rejected == 1 && report.rejected(.limit) == 1 && report.points == 1, "\(report)")
    }

    /// A byte on the wire is a bucket of eight: what is not taken is not even held for a moment.
    @Test(arguments: [UInt32(8), 9]) func packedBucketsAreReadNoFurtherThanTheLimit(_ field: UInt32) {
        var writer = ProtobufWriter()
        writer.fixed64(3, 1_700_000_000_000_000_000)
        let buckets = writer.begin(field)
        let packed = writer.begin(2)
        writer.bytes.append(contentsOf: repeatElement(0, count: 1 << 20))
        writer.end(packed)
        writer.end(buckets)
        var header = MetricHeader()
        (header.kind, header.temporality) = (.exponentialHistogram, .delta)
        var point = MetricPoint()
        let rejection = "x".utf8.withContiguousStorageIfAvailable { name in
            header.name = UnsafeRawBufferPointer(name)
            return writer.bytes.withUnsafeBytes { point.read($0, of: header, seed: 1) }
        }
        #expect(rejection == .limit)
        #expect(point.positive.capacity <= 4 * MetricPoint.mostBuckets)
    }

    private final class Forgetful: SampleSink {
        func register(_ source: SourceState, claim: EntityClaim) {}
        func consume(_ batch: borrowing Batch) {}
        func update(_ source: SourceState) {}
        func takesHandedBack(_ source: SourceID) -> Bool { true }
    }

    @Test func seriesThatWereHandedBackAreNotCounted() {
        var limits = MetricDecoder.Limits()
        limits.series = 10
        var decoder = MetricDecoder(Intake(profiles: builtin, keep: .all), place: "test", job: "otlp", since: nil, sink: Forgetful(), limits: limits)
        for round in 1...1000 {
            let time = Double(round) * 10
            let request = MetricBench.request([("service.name", "shop")], [.counter("done", 1, time: time), .gauge("size", 1, time: time)])
            _ = request.withUnsafeBytes { decoder.decode($0, isJSON: false, now: nil) }
        }
        #expect(decoder.report.points == 2000 && decoder.report.rejected == 0)
        #expect(decoder.series == 2)
    }
    private static func series(_ prefix: String, _ count: Int, time: Double) -> [MetricParts] {
        (0..<count).map { .counter("done", 1, time: time, [("n", "\(prefix)\($0)")]) }
    }

    /// One limit for all that decode, and what a decoder took is there again when it is gone.
    @Test func seriesStayWithinTheMemoryThereIs() {
        let intake = Intake(profiles: builtin, keep: .all)
        intake.metricRoom.setLimit(ofMemory: 16 << 20)
        func fill(_ decoder: inout MetricDecoder, _ prefix: String) {
            let request = MetricBench.request([("service.name", prefix)], Self.series(prefix, 10_000, time: 10))
            _ = request.withUnsafeBytes { decoder.decode($0, isJSON: false, now: nil) }
        }
        do {
            var first = MetricDecoder(intake, place: "one", job: "otlp", since: nil, sink: Collector(intake))
            fill(&first, "a")
            #expect(first.report.rejected(.memory) == first.report.rejected && first.report.rejected > 1000)
            #expect(first.series == first.report.points && first.series > 1000)
            var second = MetricDecoder(intake, place: "two", job: "otlp", since: nil, sink: Collector(intake))
            fill(&second, "b")
            #expect(second.series < 10)
            #expect(intake.metricRoom.used <= 2 << 20)
        }
        #expect(intake.metricRoom.used == 0)
    }

    /// Streams of which nothing is kept are remembered, and take room as well: such a histogram, of a call to a machine's own address.
    @Test func streamsThatAreDroppedTakeRoom() {
        let intake = Intake(profiles: builtin, keep: .mapped)
        intake.metricRoom.setLimit(ofMemory: 8 << 20)
        var decoder = MetricDecoder(intake, place: "one", job: "otlp", since: nil, sink: Collector(intake))
        let points = (0..<10_000).map {
            MetricParts.Point(value: .histogram([1, 1], [0.5], sum: 1, count: nil), start: 0, time: 10,
                              attributes: [("server.address", "127.0.0.1"), ("http.route", "/\($0)")])
        }
        let request = MetricBench.request([("service.name", "a")], [MetricParts(name: "http.client.request.duration", unit: "s", kind: .histogram, points: points)])
        _ = request.withUnsafeBytes { decoder.decode($0, isJSON: false, now: nil) }
        #expect(decoder.series == 0 && decoder.report.rejected(.memory) > 1000, "\(decoder.report)")
    }

    /// A handful of streams has many rounds of one request, thousands of streams have fewer: what goes to the sink is bounded, and no count is lost.
    @Test func roundsOfOneRequestAreBoundedByWhatTheyComeTo() {
        let intake = Intake(profiles: builtin, keep: .all)
        let sink = Summing()
        var decoder = MetricDecoder(intake, place: "test", job: "otlp", since: nil, sink: sink)
        var metrics = [MetricParts(name: "done", temporality: 1, points: (0..<4_000).map {
            .init(value: .int(1), start: 0, time: 1, attributes: [("n", "\($0)")])
        })]
        metrics.append(MetricParts(name: "done", temporality: 1, points: (0..<4_000).map {
            .init(value: .int(1), start: 2, time: 3 + Double($0) / 1e6, attributes: [("n", "0")])
        }))
        let request = MetricBench.request([("service.name", "shop")], metrics)
        _ = request.withUnsafeBytes { decoder.decode($0, isJSON: false, now: nil) }
        let seen = sink.seen.withLock { $0 }
        #expect(decoder.report.points == 8_000 && decoder.report.rejected == 0)
        #expect(seen.values < 4_100_000)
        #expect(seen.first == 4_001)
    }

    private final class Summing: SampleSink {
        let seen = Mutex((values: 0, first: 0.0))
        func register(_ source: SourceState, claim: EntityClaim) {}
        func update(_ source: SourceState) {}
        func consume(_ batch: borrowing Batch) {
            let (count, first) = (batch.values.count, batch.values.first)
            seen.withLock { seen in
                seen.values += count
                seen.first = first ?? 0
            }
        }
    }

    /// Metrics that no profile knows are as many as a sender likes; those that one knows are still taken.
    @Test func namesThatNoProfileKnowsTakeNoPlace() {
        var limits = MetricDecoder.Limits()
        limits.metrics = 2
        var bench = MetricBench(keep: .mapped, limits: limits)
        let report = bench.send(at: 1, (0..<20).map { .gauge("unknown.\($0)", 1, time: 1) } + [.gauge("http.server.active_requests", 1, time: 1)])
        #expect(report.points == 21 && report.unmapped == 20 && report.rejected == 0)
        var all = MetricBench(keep: .all, limits: limits)
        let full = all.send(at: 1, (0..<20).map { .gauge("unknown.\($0)", 1, time: 1) })
        #expect(full.points == 2 && full.rejected(.names) == 18)
    }

    @Test(arguments: [
        (true, [1.0, 2, 400, 3], 1),
        (true, [1, 2, 200, 3], 0),
        // Files have no clock but their other points.
        (false, [1, 2, 400 * 86_400, 3], 1),
        (false, [1, 2, 300 * 86_400, 3], 0),
        // Where most are, the first was the one that was wrong.
        (false, [-400 * 86_400, 1, 2, 3, 4], 1),
        (false, [-1_000_000_000, 1, 2, 3, 4], 1),
    ] as [(Bool, [Double], Int)])
    func timesThatNoClockHas(_ listens: Bool, _ times: [Double], _ rejected: Int) {
        let intake = Intake(profiles: builtin, keep: .all)
        let began = Timestamp(nanoseconds: MetricBench.began * 1_000_000_000)
        var decoder = MetricDecoder(intake, place: "test", job: "otlp", since: listens ? began : nil, sink: Collector(intake))
        for time in times {
            let request = MetricBench.request([("service.name", "shop")], [.gauge("size", 1, time: time)])
            _ = request.withUnsafeBytes { decoder.decode($0, isJSON: false, now: listens ? began + Timestamp.Span(seconds: 5) : nil) }
        }
        #expect(decoder.report.rejected == rejected && decoder.report.rejected(.future) + decoder.report.rejected(.time) == rejected, "\(decoder.report)")
    }

    /// Two that send deltas under one name lose half of them: that is said. A cumulative value that comes twice is none that is lost.
    @Test(arguments: [(true, 1), (false, 0)]) func deltasThatAreLeftOutAreShown(_ isDelta: Bool, _ rejected: Int) {
        var bench = MetricBench()
        let report = bench.send(at: 1, (0..<2).map { _ in .counter("done", 5, time: 1, delta: isDelta) })
        #expect(report.rejected == rejected && report.rejected(.repeated) == rejected && report.points == 2 - rejected)
    }
}
