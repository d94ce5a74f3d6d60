/// Why a data point was not taken.
package enum MetricRejection: UInt8, Sendable, CaseIterable {
    case damaged, name, value, number, negative, temporality, buckets, bounds, time, future, part, format, limit

    /// For people.
    package var sentence: String {
        switch self {
        case .damaged: "damaged"
        case .name: "of a metric without a name"
        case .value: "without a value"
        case .number: "a sum that is no number"
        case .negative: "a count that goes down"
        case .temporality: "neither delta nor cumulative"
        case .buckets: "not one bucket more than bounds"
        case .bounds: "bounds that do not rise"
        case .time: "time missing or after the year 2262"
        case .future: "time more than an hour ahead"
        case .part: "a damaged group of points"
        case .format: "not a data point"
        case .limit: "more series, exporters or buckets than are kept"
        }
    }
}
