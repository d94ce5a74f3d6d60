@testable import Intake
import MeshModel
import TestSupport
import Testing
import WireFormats

/// Bad points are rejected one by one, with the reason and the first example; what stands beside them is taken.
@Suite struct MetricRejectionTests {
    private typealias Point = MetricParts.Point

    @Test(arguments: [
        (MetricParts(name: "", points: [Point(value: .int(1), start: 0, time: 1)]), MetricRejection.name),
        (MetricParts(name: "x", points: [Point(value: .nothing, start: 0, time: 1)]), .value),
        (MetricParts(name: "x", kind: .gauge, points: [Point(value: .nothing, start: 0, time: 1)]), .value),
        (MetricParts(name: "x", points: [Point(value: .double(.nan), start: 0, time: 1)]), .number),
        (MetricParts(name: "x", points: [Point(value: .double(.infinity), start: 0, time: 1)]), .number),
        (MetricParts(name: "x", points: [Point(value: .int(-1), start: 0, time: 1)]), .negative),
        (MetricParts(name: "x", temporality: 0, points: [Point(value: .int(1), start: 0, time: 1)]), .temporality),
        (MetricParts(name: "x", temporality: 9, points: [Point(value: .int(1), start: 0, time: 1)]), .temporality),
        (MetricParts(name: "x", points: [Point(value: .int(1), start: 0, time: nil)]), .time),
        (MetricParts(name: "x", points: [Point(value: .int(1), start: 0, time: .infinity)]), .time),
        (MetricParts(name: "x", points: [Point(value: .int(1), start: 0, time: 7200)]), .future),
        (MetricParts(name: "x", kind: .histogram, points: [Point(value: .histogram([1, 2], [1, 2], sum: 1, count: 3), start: 0, time: 1)]), .buckets),
        (MetricParts(name: "x", kind: .histogram, points: [Point(value: .histogram([1], [1], sum: 1, count: 1), start: 0, time: 1)]), .buckets),
        (MetricParts(name: "x", kind: .histogram, points: [Point(value: .histogram([1, 2, 3], [2, 1], sum: 1, count: 6), start: 0, time: 1)]), .bounds),
        (MetricParts(name: "x", kind: .histogram, points: [Point(value: .histogram([1, 2, 3], [1, .nan], sum: 1, count: 6), start: 0, time: 1)]), .bounds),
        (MetricParts(name: "x", kind: .histogram, points: [Point(value: .histogram([1, 2], [1], sum: .nan, count: 3), start: 0, time: 1)]), .number),
        (MetricParts(name: "x", kind: .exponentialHistogram, points: [Point(value: .exponential(scale: 99, offset: 0, [1], zeros: 0, sum: 1), start: 0, time: 1)]), .buckets),
        (MetricParts(name: "x", kind: .summary, points: [Point(value: .summary(count: 1, sum: .nan, []), start: 0, time: 1)]), .number),
    ] as [(MetricParts, MetricRejection)]) func reasons(_ bad: MetricParts, _ reason: MetricRejection) {
        var bench = MetricBench()
        let report = bench.send(at: 1, [.counter("before", 1, time: 1), bad, .counter("after", 1, time: 1)])
        #expect(report.points == 2)
        #expect(report.rejected == 1 && report.rejected(reason) == 1, "\(report)")
        #expect(report.firstExample == "\(bad.name.isEmpty ? "a point" : "a point of x"): \(reason.sentence)")
        #expect(bench.names == ["after_total", "before_total"])
    }

    /// NaN is what a gauge may be.
    @Test func aGaugeMayBeNoNumber() {
        var bench = MetricBench()
        #expect(bench.send([.gauge("x", .nan, time: 1)]).rejected == 0)
        #expect(bench.names == ["x"])
    }

    @Test func limitsHold() {
        var limits = MetricDecoder.Limits()
        (limits.exporters, limits.series, limits.metrics, limits.buckets) = (2, 5, 3, 3)
        var bench = MetricBench(limits: limits)
        for name in ["a", "b", "c"] { bench.send(from: [("service.name", name)], [.counter("x", 1, time: 1)]) }
        #expect(bench.collector.all.claims.count == 2)
        let report = bench.send(from: [("service.name", "a")], (0..<9).map { .counter("x", 1, time: 1, [("n", "\($0)")]) })
        #expect(report.rejected(.limit) == 6 && report.points == 3)
        let large = MetricParts(name: "h", kind: .histogram, points: [.init(value: .histogram([1, 1, 1, 1], [1, 2, 3], sum: nil, count: nil), start: 0, time: 2)])
        #expect(bench.send(at: 2, [large]).rejected(.limit) == 1)
    }

    /// Cut anywhere, and with any byte changed, bytes are answered without a trap, and JSON as well.
    @Test(arguments: [("metrics/every-kind.otlp-metrics.pb", false), ("metrics/every-kind.otlp-metrics.json", true)])
    func damagedBytes(_ path: String, _ isJSON: Bool) {
        let bytes = Fixture.bytes(path)
        var bench = MetricBench(keep: .mapped)
        for end in 0..<bytes.count {
            let report = bench.send(at: 20, bytes: Array(bytes[..<end]), isJSON: isJSON)
            #expect(report.points <= 14)
        }
        for place in stride(from: 0, to: bytes.count, by: 7) {
            for change: UInt8 in [0x80, 0xFF, 0x01] {
                var damaged = bytes
                damaged[place] ^= change
                let report = bench.send(at: 20, bytes: damaged, isJSON: isJSON)
                #expect(report.points <= 14)
            }
        }
        // None of it spoilt the decoder.
        let report = bench.send(from: [("service.name", "after")], [.gauge("http.server.active_requests", 7, time: 20)])
        #expect(report == { var whole = MetricReport(); whole.points = 1; return whole }())
        #expect(bench.collector.all.pages.last?.samples.map(\.value) == [7])
    }
}
