import MeshModel

/// Why a span was not taken.
package enum SpanRejection: UInt8, Sendable, CaseIterable {
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
    package private(set) var counts = [Int](repeating: 0, count: SpanRejection.allCases.count)
    /// The first that was rejected, in words.
    package private(set) var firstExample: String?
    /// Names that were not kept because there were too many different ones.
    package var namesRefused = 0

    package init() {}

    package var rejected: Int { counts.reduce(0, +) }
    package func rejected(_ reason: SpanRejection) -> Int { counts[Int(reason.rawValue)] }

    /// By reason, only what occurred.
    package var byReason: [String: Int] {
        var result: [String: Int] = [:]
        for reason in SpanRejection.allCases where rejected(reason) > 0 { result[reason.sentence] = rejected(reason) }
        return result
    }

    /// nil where nothing was rejected: "3 spans rejected: trace id missing or not of 16 bytes (2), damaged (1); first: …".
    package var sentence: String? {
        guard rejected > 0 else { return nil }
        let reasons = SpanRejection.allCases.filter { rejected($0) > 0 }.map { "\($0.sentence) (\(rejected($0)))" }
        return "\(rejected) span\(rejected == 1 ? "" : "s") rejected: \(reasons.joined(separator: ", "))\(firstExample.map { "; first: \($0)" } ?? "")"
    }

    mutating func reject(_ reason: SpanRejection, count: Int = 1, example: @autoclosure () -> String) {
        counts[Int(reason.rawValue)] += count
        if firstExample == nil { firstExample = example() }
    }

    package mutating func add(_ other: SpanReport) {
        spans += other.spans
        for index in counts.indices { counts[index] += other.counts[index] }
        if firstExample == nil { firstExample = other.firstExample }
        namesRefused += other.namesRefused
    }
}
