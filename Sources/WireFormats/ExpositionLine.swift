public import MeshModel

/// Text format of a scraped page, by its Content-Type. Bodies are read leniently either way: OpenMetrics under text/plain
/// and the reverse are common.
public enum ExpositionFormat: Sendable {
    case prometheusText, openMetrics

    public init(contentType: String?) {
        self = contentType?.lowercased().hasPrefix("application/openmetrics-text") == true ? .openMetrics : .prometheusText
    }
}

/// One label as it stands in its line: byte offsets, value without its quotes, escapes not yet undone.
public struct LabelSpan: BitwiseCopyable, Sendable, Equatable {
    public var nameStart: UInt32
    public var nameEnd: UInt32
    public var valueStart: UInt32
    public var valueEnd: UInt32
    public var hasEscapes: Bool
}

/// A sample as it stands in its line. `keyEnd` bytes are name and labels as written.
public struct SampleLine: BitwiseCopyable, Sendable, Equatable {
    public var keyEnd = 0
    public var nameStart = 0
    public var nameEnd = 0
    public var value = 0.0
    public var hasTimestamp = false
    /// Prometheus text says whole milliseconds, OpenMetrics seconds with a fraction; here milliseconds.
    public var timestampMilliseconds: Int64 = 0
    /// Where an exemplar begins (its `#`), 0 for none, and its value.
    public var exemplarStart = 0
    public var exemplarValue = 0.0
}

public enum ExpositionLine: Sendable {
    case blank, comment, help, unit, eof
    case type(name: Range<Int>, kind: SeriesKind)
    case sample(SampleLine)
    case bad(BadLine)
}

/// Why a line was not used, and where in it.
public struct BadLine: Sendable, Equatable {
    public enum Reason: UInt8, Sendable, CaseIterable {
        case noName, badName, noValue, badNumber, badTimestamp, labelNoName, labelNoEquals, labelNotQuoted, labelNotClosed, labelNoComma,
            textAfterValue, badExemplar, exemplarTooLong, notUTF8, controlCharacter, tooManyLabels, badMetadata, unknownType

        public var sentence: String {
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
    public var reason: Reason
    /// Byte offset in the line.
    public var at: Int
}
