@testable import Intake
import MeshModel
import Testing
import WireFormats

/// Points become counters that only grow, whatever their temporality, restarts and repetitions.
@Suite struct MetricSumTests {
    private func parts(_ points: [(Int64, start: Double?, time: Double)], delta: Bool = false) -> [[MetricParts]] {
        points.map { [.counter("jobs.done", $0.0, start: $0.start, time: $0.time, delta: delta)] }
    }

    private func history(_ requests: [[MetricParts]], listens: Bool = true) -> [[Double]] {
        var bench = MetricBench(listens: listens)
        for request in requests { bench.send(at: (request[0].points[0].time ?? 0) + 1, request) }
        return bench.history("jobs_done_total")
    }

    /// The first page is a baseline to the engine: what a stream has counted since it began under our eyes begins at zero.
    @Test func aStreamThatBeganUnderOurEyesBeginsAtZero() {
        #expect(history(parts([(5, start: 1, time: 10), (8, start: 1, time: 20)])) == [[1, 0], [10, 5], [20, 8]])
    }

    @Test func whatWasCountedBeforeIsNoIncrease() {
        #expect(history(parts([(500, start: -3600, time: 10), (508, start: -3600, time: 20)])) == [[10, 500], [20, 508]])
    }

    @Test func deltasAddUp() {
        #expect(history(parts([(5, start: 0, time: 10), (3, start: 10, time: 20), (0, start: 20, time: 30), (4, start: 30, time: 40)], delta: true))
            == [[0, 0], [10, 5], [20, 8], [30, 8], [40, 12]])
        #expect(history(parts([(5, start: 0, time: 10), (3, start: 10, time: 20)], delta: true), listens: false) == [[0, 0], [10, 5], [20, 8]])
    }

    @Test(arguments: [
        // A later start: all the new process has counted is an increase, be it less or more than before.
        ([(100, start: 1.0, time: 10.0), (30, start: 15, time: 20), (31, start: 15, time: 30)], [0.0, 100, 130, 131]),
        ([(100, start: 1, time: 10), (150, start: 15, time: 20)], [0, 100, 250]),
        // Without starts, less than before tells.
        ([(100, start: nil, time: 10), (30, start: nil, time: 20), (40, start: nil, time: 30)], [100, 130, 140]),
        // A sender that moves the start on to the point before.
        ([(100, start: 1, time: 10), (120, start: 10, time: 20), (150, start: 20, time: 30)], [0, 100, 120, 150]),
        // Two processes that write under one name in turn; the older one's past is not known.
        ([(100, start: 1, time: 10), (70, start: -50, time: 11), (103, start: 1, time: 20), (71, start: -50, time: 21), (104, start: 1, time: 30)],
         [0, 100, 103, 104, 105]),
        // The same request again.
        ([(100, start: 1, time: 10), (100, start: 1, time: 10), (101, start: 1, time: 20)], [0, 100, 101]),
    ] as [([(Int64, start: Double?, time: Double)], [Double])])
    func restartsAreTold(_ points: [(Int64, start: Double?, time: Double)], _ expected: [Double]) {
        let values = history(parts(points)).map { $0[1] }
        var seen: [Double] = []
        for value in values where seen.last != value { seen.append(value) }
        #expect(seen == expected)
    }

    /// A set of attributes that comes up in a metric that is known counted all it has since the round before; a metric that comes with the
    /// second half of a request that was split may be as old as the first.
    @Test func newStreamsOfKnownMetricsCountFromZero() {
        var bench = MetricBench()
        bench.send(at: 11, [.counter("calls", 50, start: -100, time: 10, [("code", "200")])])
        bench.send(at: 11, [.counter("other", 70, start: -100, time: 10)])
        bench.send(at: 21, [.counter("calls", 51, start: -100, time: 20, [("code", "200")]), .counter("calls", 3, start: -100, time: 20, [("code", "500")]),
                            .counter("other", 72, start: -100, time: 20)])
        #expect(bench.history("calls_total{code=200}").map { $0[1] } == [50, 50, 51])
        #expect(bench.history("calls_total{code=500}").map { $0[1] } == [3])
        #expect(bench.history("other_total").map { $0[1] } == [0, 2])
    }

    @Test func roundsOfOneRequestAreBatchesOfTheirOwn() {
        var bench = MetricBench()
        let points = [10.0, 20, 30].map { MetricParts.Point(value: .int(Int64($0)), start: 1, time: $0) }
        bench.send(at: 31, [MetricParts(name: "jobs", points: points), MetricParts(name: "queue", isMonotonic: false, points: points)])
        #expect(bench.history("jobs_total").map { $0[1] } == [0, 10, 20, 30, 30, 30])
        #expect(bench.history("queue").map { $0[1] }.last == 30)
        let times = bench.collector.all.pages.map(\.time)
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func whatIsNotRepeatedIsGone() {
        var bench = MetricBench()
        for round in 1...8 {
            var metrics: [MetricParts] = [.gauge("size", 1, time: Double(round) * 10), .counter("done", 1, start: Double(round - 1) * 10, time: Double(round) * 10, delta: true)]
            if round == 1 { metrics += [.gauge("old", 1, time: 10), .counter("rare", 1, start: 0, time: 10, delta: true)] }
            if round < 3 { metrics.append(.gauge("ended", 1, time: Double(round) * 10)) }
            if round == 3 {
                metrics.append(MetricParts(name: "ended", kind: .gauge, points: [.init(value: .nothing, start: nil, time: 30, flags: 1)]))
            }
            bench.send(at: Double(round) * 10, metrics)
        }
        #expect(bench.history("ended").map { $0[0] } == [0, 10, 20])
        #expect(bench.history("old").last?[0] == 40)
        // Deltas are left out where nothing happened.
        #expect(bench.history("rare").last == nil)
        #expect(bench.history("rare_total").last == [80, 1])
        #expect(bench.collector.all.states[0]?.intervalSeconds == 10)
    }
}
