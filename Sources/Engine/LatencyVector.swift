import Panels

/// Observations per bucket (not cumulative) of one histogram layout, milliseconds. Vectors are added, never their quantiles.
struct LatencyVector: Equatable {
    private(set) var bounds: [Float] = []
    private(set) var counts: [Double] = []

    var total: Double { counts.reduce(0, +) }

    init() {}

    /// - Parameter cumulative: counts at or below each bound, as exposed; a decrease (sampling between two buckets) counts as 0.
    init(bounds: [Float], cumulative: [Double]) {
        self.bounds = bounds
        counts = cumulative
        for index in stride(from: counts.count - 1, to: 0, by: -1) { counts[index] = max(0, counts[index] - counts[index - 1]) }
    }

    mutating func merge(_ other: LatencyVector) {
        guard !other.bounds.isEmpty else { return }
        if bounds.isEmpty {
            self = other
        } else if bounds == other.bounds {
            for index in counts.indices { counts[index] += other.counts[index] }
        } else {
            mergeByInterpolation(other)
        }
    }

    /// Layouts that differ meet on the union of their bounds; inside a bucket observations are taken as evenly spread.
    private mutating func mergeByInterpolation(_ other: LatencyVector) {
        let union = Array(Set(bounds).union(other.bounds)).sorted()
        let sums = union.map { below($0) + other.below($0) }
        self = LatencyVector(bounds: union, cumulative: sums)
    }

    /// Observations at or below `value`.
    func below(_ value: Float) -> Double {
        var sum = 0.0
        var lower: Float = 0
        for (bound, count) in zip(bounds, counts) {
            if value >= bound {
                sum += count
            } else {
                if value > lower, bound.isFinite { sum += count * Double((value - lower) / (bound - lower)) }
                break
            }
            lower = bound
        }
        return sum
    }

    /// Linear inside the bucket, as Prometheus' histogram_quantile; in the +Inf bucket the last finite bound, flagged.
    func quantile(_ q: Double) -> (value: Double, isAtLeast: Bool)? {
        let total = total
        guard total > 0 else { return nil }
        let rank = q * total
        var seen = 0.0
        var lower = 0.0
        for (bound, count) in zip(bounds, counts) {
            if seen + count >= rank, count > 0 {
                guard bound.isFinite else { return (lower, true) }
                return (lower + (Double(bound) - lower) * max(0, rank - seen) / count, false)
            }
            seen += count
            if bound.isFinite { lower = Double(bound) }
        }
        return (lower, true)
    }

    func summary(total sum: Double?) -> LatencySummary? {
        guard let p50 = quantile(0.5), let p95 = quantile(0.95), let p99 = quantile(0.99) else { return nil }
        let count = total
        return LatencySummary(p50: p50.value, p95: p95.value, p99: p99.value, meanMilliseconds: sum.map { $0 / count }, count: count, atLeast: p99.isAtLeast)
    }
}
