/// Observations per bucket (not cumulative) of one histogram layout, in the unit of its bounds. Vectors are added, never their
/// quantiles averaged.
public struct BucketVector: Sendable, Equatable {
    public private(set) var bounds: [Float] = []
    public private(set) var counts: [Double] = []

    public var total: Double { counts.reduce(0, +) }

    public init() {}

    /// - Parameter cumulative: counts at or below each bound, as exposed; a decrease (sampling between two buckets) counts as 0.
    public init(bounds: [Float], cumulative: [Double]) {
        self.bounds = bounds
        counts = cumulative
        for index in stride(from: counts.count - 1, to: 0, by: -1) { counts[index] = max(0, counts[index] - counts[index - 1]) }
    }

    public mutating func merge(_ other: BucketVector) {
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
    private mutating func mergeByInterpolation(_ other: BucketVector) {
        let union = Array(Set(bounds).union(other.bounds)).sorted()
        let sums = union.map { below($0) + other.below($0) }
        self = BucketVector(bounds: union, cumulative: sums)
    }

    /// Observations at or below `value`.
    public func below(_ value: Float) -> Double {
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
    public func quantile(_ q: Double) -> (value: Double, isAtLeast: Bool)? { quantile(q, of: total) }

    /// - Parameter total: the sum of all counts, which whoever asks for several quantiles knows already.
    public func quantile(_ q: Double, of total: Double) -> (value: Double, isAtLeast: Bool)? {
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
}
