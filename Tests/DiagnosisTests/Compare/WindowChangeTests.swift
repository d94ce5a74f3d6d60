@testable import Diagnosis
import Testing

/// What is said of two windows, and what is not.
@Suite struct WindowChangeTests {
    /// 100 ms in steps of Envoy's kind; `counts` by step.
    private static let bounds: [Double] = [1, 5, 10, 25, 50, 100, 250, 500, 1000, .infinity]

    private func steps(_ counts: [Double]) -> LatencySteps {
        var steps = LatencySteps()
        for (bound, count) in zip(Self.bounds, counts + [Double](repeating: 0, count: Self.bounds.count - counts.count)) { steps.add(count, upTo: bound) }
        return steps
    }

    private func reading(_ requests: Double, errors: Double = 0, denied: Double = 0, _ counts: [Double] = [], p50: Double? = nil, p95: Double? = nil) -> WindowReading {
        var reading = WindowReading()
        (reading.requests, reading.errors, reading.denied, reading.steps, reading.p50, reading.p95) = (requests, errors, denied, steps(counts), p50, p95)
        return reading
    }

    private func kinds(_ before: WindowReading?, _ after: WindowReading?, _ seconds: (Double, Double) = (300, 300)) -> [WindowChange.Kind] {
        WindowChange(before, after, seconds: (seconds.0, seconds.1)).kinds
    }

    @Test(arguments: [
        // Requests and errors before, then after.
        (1000, 0, 1000, 140, WindowChange.Kind.failing), (1000, 140, 1000, 0, .mended), (1000, 10, 1000, 12, .same),
        // Certain, and not a point; a point, and not certain.
        (1_000_000, 100, 1_000_000, 3000, .same), (100, 0, 100, 2, .same), (30, 0, 25, 2, .same),
        // Two failures are no trend, and of fewer than twenty a share is none.
        (10_000, 0, 20, 2, .less), (1000, 0, 1100, 300, .failing), (15, 0, 18, 18, .unsure), (15, 0, 3, 3, .unsure),
        // Who was not there: by chance all of seven fall into one window once in 128 times, of ten once in 1024.
        (0, 0, 7, 0, .unsure), (0, 0, 10, 0, .new), (7, 0, 0, 0, .unsure), (10, 0, 0, 0, .gone), (0, 0, 0, 0, .same),
        (1000, 0, 400, 0, .less), (400, 0, 1000, 0, .more), (1000, 0, 800, 0, .same), (10, 0, 25, 0, .unsure), (30, 0, 12, 0, .unsure),
    ] as [(Double, Double, Double, Double, WindowChange.Kind)])
    func counts(_ requests: Double, _ errors: Double, _ after: Double, _ errorsAfter: Double, _ kind: WindowChange.Kind) {
        #expect(WindowChange(reading(requests, errors: errors), reading(after, errors: errorsAfter), seconds: (300, 300)).kind == kind)
    }

    /// A window a tenth as long has a tenth of the requests, and nothing changed.
    @Test func lengthsAreTakenIntoAccount() {
        #expect(kinds(reading(10_000), reading(1000), (600, 60)) == [.same])
        #expect(kinds(reading(1000), reading(1000), (600, 60)) == [.more])
        // In a short window nobody may have asked: of thirty in ten minutes, three are expected in one.
        #expect(kinds(reading(30), nil, (600, 60)) == [.unsure])
        #expect(kinds(reading(300), nil, (600, 60)) == [.gone])
    }

    @Test func denialsAreAClassOfTheirOwn() {
        #expect(kinds(reading(1000), reading(1000, denied: 200)) == [.denied])
        #expect(kinds(reading(1000, denied: 200), reading(1000, denied: 200)) == [.same])
        #expect(kinds(reading(1000), reading(1000, errors: 100, denied: 200)) == [.failing, .denied])
    }

    @Test func latencyIsComparedWhereBucketsPartIt() {
        let quiet = reading(1000, [0, 0, 100, 800, 100], p50: 16, p95: 40)
        #expect(kinds(quiet, quiet) == [.same])
        // A fifth moved from below 25 ms to 100–250.
        #expect(kinds(quiet, reading(1000, [0, 0, 80, 620, 100, 0, 200], p50: 18, p95: 210)) == [.slower])
        #expect(kinds(reading(1000, [0, 0, 80, 620, 100, 0, 200], p50: 18, p95: 210), quiet) == [.faster])
        // The same buckets in another mixture: interpolation moves, and nothing is certain.
        #expect(kinds(reading(1000, [0, 0, 0, 1000], p50: 17, p95: 24), reading(1000, [0, 0, 0, 1000], p50: 24, p95: 24.9)) == [.same])
        // Two of a hundred, however slow, and thirty observations in all.
        #expect(kinds(quiet, reading(1000, [0, 0, 98, 784, 98, 0, 0, 20], p50: 16, p95: 43)) == [.same])
        #expect(kinds(reading(30, [0, 0, 3, 24, 3], p50: 16, p95: 40), reading(30, [0, 0, 3, 20, 3, 0, 4], p50: 17, p95: 200)) == [.same])
        #expect(kinds(reading(1000), reading(1000, [0, 0, 0, 0, 0, 0, 1000], p50: 170, p95: 240)) == [.same], "nothing is known of before")
        // Half a millisecond is nobody's.
        #expect(kinds(reading(1000, [1000], p50: 0.5, p95: 0.9), reading(1000, [500, 500], p50: 1, p95: 1.8)) == [.same])
    }

    /// Spans' steps leave out what nothing fell into; those of histograms do not, and the two are not held against each other.
    @Test func ladders() {
        func sparse(_ steps: [(Double, Double)]) -> WindowReading {
            var reading = WindowReading(), found = LatencySteps(isSparse: true)
            for (bound, count) in steps { found.add(count, upTo: bound) }
            (reading.requests, reading.steps, reading.p50, reading.p95) = (found.total, found, steps.first?.0, steps.last?.0)
            return reading
        }
        #expect(kinds(sparse([(10, 100), (11, 100)]), sparse([(20, 100), (21, 100)])) == [.slower])
        #expect(kinds(sparse([(10, 100), (11, 100)]), sparse([(10, 90), (11, 110)])) == [.same])
        #expect(kinds(sparse([(10, 200)]), reading(200, [0, 0, 0, 0, 0, 0, 200], p50: 170, p95: 240)) == [.same])
    }

    @Test func theWorstComesFirst() {
        let calm = reading(1000, [0, 0, 1000], p50: 7, p95: 9)
        let both = WindowChange(calm, reading(3000, errors: 1500, [0, 0, 1000, 0, 0, 0, 2000], p50: 170, p95: 240), seconds: (300, 300))
        #expect(both.kinds == [.failing, .slower, .more])
        let changes = [both, WindowChange(nil, calm, seconds: (300, 300)), WindowChange(calm, reading(1000, errors: 100), seconds: (300, 300)), WindowChange(calm, calm, seconds: (300, 300)),
                       WindowChange(calm, nil, seconds: (300, 300))]
        #expect(changes.shuffled().sorted().map(\.kind) == [.failing, .failing, .new, .gone, .same])
        #expect(changes.shuffled().sorted()[0] == both, "more of them fail")
    }

    /// Whatever comes in, an answer comes out.
    @Test func oddNumbers() {
        for value in [0, -1, .nan, .infinity, 1e300] as [Double] {
            let odd = reading(value, errors: value, denied: value, [value, value], p50: value, p95: value)
            for other in [nil, odd, reading(100)] { #expect(!WindowChange(odd, other, seconds: (0, 0)).kinds.isEmpty && !WindowChange(other, odd, seconds: (300, 300)).kinds.isEmpty) }
        }
    }
}
