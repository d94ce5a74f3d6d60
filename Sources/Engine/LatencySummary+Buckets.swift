import Panels
import SeriesStore

extension BucketVector {
    /// Quantiles and mean of a latency histogram, milliseconds; nil without observations.
    func summary(total sum: Double?) -> LatencySummary? {
        let count = total
        guard let p50 = quantile(0.5, of: count), let p95 = quantile(0.95, of: count), let p99 = quantile(0.99, of: count) else { return nil }
        return LatencySummary(p50: p50.value, p95: p95.value, p99: p99.value, meanMilliseconds: sum.map { $0 / count }, count: count, atLeast: p99.isAtLeast)
    }
}
