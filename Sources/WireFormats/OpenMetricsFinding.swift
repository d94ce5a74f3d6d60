/// Where a page departs from OpenMetrics 1.0. Nothing is dropped because of it: a finding is for the person who owns
/// the exporter.
public struct OpenMetricsFinding: Sendable, Equatable {
    public enum Rule: UInt8, Sendable, CaseIterable {
        case missingEOF, textAfterEOF, blankLine, carriageReturn, notUTF8
        case malformedMetadata, unknownType, metadataTwice, metadataAfterSamples, unitNotSuffix, unitNotAllowed, familyTwice
        case malformedSample, badLabel, labelTwice, badNumber, badTimestamp, sampleNameNotOfType
        case groupInterleaved, timestampsMixed, timestampsBackwards
        case badLe, badQuantile, stateSetLabelMissing, stateSetValue, infoValue, counterNaN, counterNegative, countNotWhole, quantileNegative
        case malformedExemplar, exemplarTooLong, exemplarNotAllowed
        case bucketOrder, bucketDecreases, infBucketMissing, countDiffers, sumWithoutCount, countWithoutSum, sumWithNegativeBuckets, negativeGaugeSum

        public var sentence: String {
            switch self {
            case .missingEOF: "the page does not end in # EOF (cut off?)"
            case .textAfterEOF: "text after # EOF"
            case .blankLine: "a blank line"
            case .carriageReturn: "a line ends in a carriage return"
            case .notUTF8: "not UTF-8"
            case .malformedMetadata: "a # line that is not HELP, TYPE, UNIT or EOF with name and text after single blanks"
            case .unknownType: "an unknown type"
            case .metadataTwice: "the same metadata twice for one family"
            case .metadataAfterSamples: "metadata after the family's samples"
            case .unitNotSuffix: "the unit is not the end of the family's name"
            case .unitNotAllowed: "info and stateset families have no unit"
            case .familyTwice: "two families share a name, or one is in two pieces"
            case .malformedSample: "a sample is not name{labels} value [timestamp] after single blanks"
            case .badLabel: "a malformed label"
            case .labelTwice: "a label occurs twice"
            case .badNumber: "the value is not a decimal number"
            case .badTimestamp: "the timestamp is not a finite decimal number"
            case .sampleNameNotOfType: "the sample's name has not the suffix of its type (a counter's is _total)"
            case .groupInterleaved: "the samples of one label set do not stand together"
            case .timestampsMixed: "timestamps on some samples of a label set only"
            case .timestampsBackwards: "timestamps go backwards"
            case .badLe: "a bucket's le is missing or not canonical"
            case .badQuantile: "a quantile is missing or not from 0 to 1"
            case .stateSetLabelMissing: "a stateset sample lacks the label named like its family"
            case .stateSetValue: "a stateset sample is neither 0 nor 1"
            case .infoValue: "an info sample is not 1"
            case .counterNaN: "a counter, sum, count or bucket is NaN"
            case .counterNegative: "a counter, sum, count or bucket is negative"
            case .countNotWhole: "a count or bucket is not a whole number"
            case .quantileNegative: "a quantile's value is negative"
            case .malformedExemplar: "the exemplar is malformed"
            case .exemplarTooLong: "the exemplar's labels are longer than 128 characters"
            case .exemplarNotAllowed: "exemplars belong on _total and _bucket samples only"
            case .bucketOrder: "buckets are out of order"
            case .bucketDecreases: "a bucket is smaller than the one before"
            case .infBucketMissing: "the +Inf bucket is missing"
            case .countDiffers: "the count is not that of the +Inf bucket"
            case .sumWithoutCount: "a sum without its count"
            case .countWithoutSum: "a count without its sum"
            case .sumWithNegativeBuckets: "a sum beside negative buckets"
            case .negativeGaugeSum: "a negative _gsum without negative buckets"
            }
        }
    }

    public var rule: Rule
    /// Counted from 1.
    public var line: Int
    /// Byte offset in the page.
    public var offset: Int
}
