package import MeshModel

/// Text format of a scraped page, by its Content-Type. Bodies are read leniently either way: OpenMetrics under text/plain
/// and the reverse are common.
package enum ExpositionFormat: Sendable {
    case prometheusText, openMetrics

    package init(contentType: String?) {
        self = contentType?.lowercased().hasPrefix("application/openmetrics-text") == true ? .openMetrics : .prometheusText
    }
}

/// One label as it stands in its line: byte offsets, value without its quotes, escapes not yet undone.
package struct LabelSpan: BitwiseCopyable, Sendable, Equatable {
    package var nameStart: UInt32
    package var nameEnd: UInt32
    package var valueStart: UInt32
    package var valueEnd: UInt32
    package var hasEscapes: Bool
}

/// A sample as it stands in its line. `keyEnd` bytes are name and labels as written.
package struct SampleLine: BitwiseCopyable, Sendable, Equatable {
    package var keyEnd = 0
    package var nameStart = 0
    package var nameEnd = 0
    package var value = 0.0
    package var hasTimestamp = false
    /// Prometheus text says whole milliseconds, OpenMetrics seconds with a fraction; here milliseconds.
    package var timestampMilliseconds: Int64 = 0
    /// Where an exemplar begins (its `#`), 0 for none, and its value.
    package var exemplarStart = 0
    package var exemplarValue = 0.0
}

package enum ExpositionLine: Sendable {
    case blank, comment, help, unit, eof
    case type(name: Range<Int>, kind: SeriesKind)
    case sample(SampleLine)
    case bad(BadLine)
}

/// Why a line was not used, and where in it.
package struct BadLine: Sendable, Equatable {
    package enum Reason: UInt8, Sendable, CaseIterable {
        case noName, badName, noValue, badNumber, badTimestamp, labelNoName, labelNoEquals, labelNotQuoted, labelNotClosed, labelNoComma,
            textAfterValue, badExemplar, exemplarTooLong, notUTF8, controlCharacter, tooManyLabels, badMetadata, unknownType

        package var sentence: String {
            switch self {
            case .noName: "no metric name"
            case .badName: "not a metric name"
            case .noValue: "no value after the name"
            case .badNumber: "the value is not a number"
            case .badTimestamp: "the timestamp is not a number"
            case .labelNoName: "a label has no name"
            case .labelNoEquals: "a label has no ="
            case .labelNotQuoted: "a label value is not in quotes"
            case .labelNotClosed: "a label value or the label list is not closed"
            case .labelNoComma: "no comma between two labels (a quote inside a value must be escaped)"
            case .textAfterValue: "text after the value"
            case .badExemplar: "the exemplar is malformed"
            case .exemplarTooLong: "the exemplar's labels are longer than 128 characters"
            case .notUTF8: "not UTF-8"
            case .controlCharacter: "a control character in a name or label"
            case .tooManyLabels: "more than 256 labels"
            case .badMetadata: "a malformed # HELP, # TYPE or # UNIT"
            case .unknownType: "an unknown type"
            }
        }
    }
    package var reason: Reason
    /// Byte offset in the line.
    package var at: Int
}
