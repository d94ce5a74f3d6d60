@testable import Intake
import MeshModel
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
}
