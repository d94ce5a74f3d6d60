import MeshModel

/// Why a span was not taken.
package enum SpanRejection: UInt8, RejectionReason {
    case damaged, traceID, spanID, parentID, time, future, part, format

    /// For people, with the number in front: "3 spans with …".
    package var sentence: String {
        switch self {
        case .damaged: "damaged"
        case .traceID: "trace id missing or not of 16 bytes"
        case .spanID: "span id missing or not of 8 bytes"
        case .parentID: "parent span id not of 8 bytes"
        case .time: "time after the year 2262"
        case .future: "time more than an hour ahead of this machine's clock"
        case .part: "a damaged group of spans"
        case .format: "not a span"
        }
    }
}

/// What came of decoding since it was asked last.
package struct SpanReport: Sendable, Equatable {
    package var spans = 0
    package private(set) var rejections = Rejections<SpanRejection>()
    /// Names that were not kept because there were too many different ones.
    package var namesRefused = 0

    package init() {}

    package var rejected: Int { rejections.total }
    package func rejected(_ reason: SpanRejection) -> Int { rejections[reason] }
    package var firstExample: String? { rejections.firstExample }
    package var byReason: [String: Int] { rejections.byReason }
    package var sentence: String? { rejections.sentence(of: "span") }

    mutating func reject(_ reason: SpanRejection, count: Int = 1, example: @autoclosure () -> String) {
        rejections.reject(reason, count: count, example: example())
    }

    package mutating func add(_ other: SpanReport) {
        spans += other.spans
        rejections.add(other.rejections)
        namesRefused += other.namesRefused
    }
}
