import Panels
import SeriesStore

extension BucketVector {
    /// Quantiles and mean of a latency histogram, milliseconds; nil without observations.
    func summary(total sum: Double?) -> LatencySummary? {
        guard let p50 = quantile(0.5), let p95 = quantile(0.95), let p99 = quantile(0.99) else { return nil }
        let count = total
        return LatencySummary(p50: p50.value, p95: p95.value, p99: p99.value, meanMilliseconds: sum.map { $0 / count }, count: count, atLeast: p99.isAtLeast)
    }
}
