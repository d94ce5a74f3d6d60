package import WireFormats

/// What came of decoding metrics since it was asked last.
package struct MetricReport: Sendable, Equatable {
    /// Data points that are valid, kept or not.
    package var points = 0
    /// Of those: no profile maps them.
    package var unmapped = 0
    /// Of those: not newer than the stream's point before, as a request that was sent twice brings them.
    package var repeated = 0
    package private(set) var rejections = Rejections<MetricRejection>()

    package init() {}

    package var rejected: Int { rejections.total }
    package func rejected(_ reason: MetricRejection) -> Int { rejections[reason] }
    package var firstExample: String? { rejections.firstExample }
    package var sentence: String? { rejections.sentence(of: "data point") }

    mutating func reject(_ reason: MetricRejection, count: Int = 1, example: @autoclosure () -> String) {
        rejections.reject(reason, count: count, example: example())
    }

    package mutating func add(_ other: MetricReport) {
        points += other.points
        unmapped += other.unmapped
        repeated += other.repeated
        rejections.add(other.rejections)
    }
}

extension MetricRejection: RejectionReason {}
