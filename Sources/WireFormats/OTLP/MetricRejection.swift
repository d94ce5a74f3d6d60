/// Why a data point was not taken.
public enum MetricRejection: UInt8, Sendable, CaseIterable {
    case damaged, name, value, number, negative, temporality, buckets, bounds, time, future, part, format, limit, repeated, names, memory

    /// For people.
    public var sentence: String {
        switch self {
        case .damaged: "damaged"
        case .name: "of a metric without a name"
        case .value: "without a value"
        case .number: "a sum that is no number"
        case .negative: "a count that goes down"
        case .temporality: "neither delta nor cumulative"
        case .buckets: "not one bucket more than bounds"
        case .bounds: "bounds that do not rise"
        case .time: "time missing, before 2000 or after 2200"
        case .future: "time more than five minutes ahead, or a year ahead of the file's others"
        case .part: "a damaged group of points"
        case .format: "not a data point"
        case .repeated: "a delta no newer than the one before: sent twice, or by several that have one name"
        case .names: "more names of metrics than are kept"
        case .memory: "a series for which --max-memory leaves no room"
        case .limit: "more series, exporters or buckets than are kept"
        }
    }
}
