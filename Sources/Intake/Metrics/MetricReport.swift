package import WireFormats

/// What came of decoding metrics since it was asked last.
package struct MetricReport: Sendable, Equatable {
    /// Data points that are valid, kept or not.
    package var points = 0
    /// Of those: no profile maps them.
    package var unmapped = 0
    /// Of those: not newer than the stream's point before, as a request that was sent twice brings them.
    package var repeated = 0
    package private(set) var counts = [Int](repeating: 0, count: MetricRejection.allCases.count)
    /// The first that was rejected, in words.
    package private(set) var firstExample: String?

    package init() {}

    package var rejected: Int { counts.reduce(0, +) }
    package func rejected(_ reason: MetricRejection) -> Int { counts[Int(reason.rawValue)] }

    /// nil where nothing was rejected: "3 data points rejected: without a value (2), damaged (1); first: …".
    package var sentence: String? {
        guard rejected > 0 else { return nil }
        let reasons = MetricRejection.allCases.filter { rejected($0) > 0 }.map { "\($0.sentence) (\(rejected($0)))" }
        return "\(rejected) data point\(rejected == 1 ? "" : "s") rejected: \(reasons.joined(separator: ", "))\(firstExample.map { "; first: \($0)" } ?? "")"
    }

    mutating func reject(_ reason: MetricRejection, count: Int = 1, example: @autoclosure () -> String) {
        counts[Int(reason.rawValue)] += count
        if firstExample == nil { firstExample = example() }
    }

    package mutating func add(_ other: MetricReport) {
        points += other.points
        unmapped += other.unmapped
        repeated += other.repeated
        for index in counts.indices { counts[index] += other.counts[index] }
        if firstExample == nil { firstExample = other.firstExample }
    }
}
