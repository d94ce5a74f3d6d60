/// One metric family while its lines go by: what its metadata said and what its samples so far forbid.
struct OpenMetricsFamily {
    typealias Rule = OpenMetricsFinding.Rule

    enum Kind: String {
        case counter, gauge, histogram, gaugehistogram, summary, info, stateset, unknown

        var suffixes: [String] {
            switch self {
            case .counter: ["_total", "_created"]
            case .summary: ["", "_count", "_sum", "_created"]
            case .histogram: ["", "_count", "_sum", "_bucket", "_created"]
            case .gaugehistogram: ["", "_gcount", "_gsum", "_bucket"]
            case .info: ["_info"]
            case .gauge, .stateset, .unknown: [""]
            }
        }
        var hasBuckets: Bool { self == .histogram || self == .gaugehistogram }
    }

    struct Sample {
        var name: String
        var labels: [String: String]
        var value: Double
        var timestamp: Double?
        var hasExemplar: Bool
    }

    let name: String
    private(set) var hasSamples = false
    private var kind: Kind?
    private var unit: String?
    private var hasHelp = false
    private var group: [String: String]?
    private var groupTime: Double?
    private var seenGroups = Set<[String: String]>()
    private var buckets = BucketRun()
    /// Series of this moment: timestamps cut short make duplicates, and those are no second sample of a bucket.
    private var seriesOfGroup = Set<[String: String]>()

    init(name: String) { self.name = name }

    private var effectiveKind: Kind { kind ?? .unknown }
    /// The names it takes from other families.
    var allNames: Set<String> { Set(effectiveKind.suffixes.map { name + $0 } + [name]) }
    func allows(_ sample: String) -> Bool { sample.hasPrefix(name) && effectiveKind.suffixes.contains { name + $0 == sample } }

    // MARK: - Metadata

    mutating func take(_ line: StrictMetadata) -> Rule? {
        switch line.keyword {
        case .help:
            guard !hasHelp else { return .metadataTwice }
            hasHelp = true
        case .type:
            guard kind == nil else { return .metadataTwice }
            guard let known = Kind(rawValue: line.text) else { return .unknownType }
            kind = known
        case .unit:
            guard unit == nil else { return .metadataTwice }
            unit = line.text
        }
        return nil
    }

    mutating func close() -> [Rule] {
        var rules: [Rule] = []
        if let unit, !unit.isEmpty {
            if !name.hasSuffix("_" + unit) { rules.append(.unitNotSuffix) }
            if kind == .info || kind == .stateset { rules.append(.unitNotAllowed) }
        }
        if effectiveKind.hasBuckets { rules += buckets.close() }
        return rules
    }

    // MARK: - Samples

    mutating func take(_ sample: Sample) -> [Rule] {
        hasSamples = true
        let kind = effectiveKind
        let suffix = String(sample.name.dropFirst(name.count))
        var rules = valueRules(kind, suffix, sample)
        rules += labelRules(kind, suffix, sample)
        if sample.hasExemplar, !(kind.hasBuckets && suffix == "_bucket" || kind == .counter && suffix == "_total") { rules.append(.exemplarNotAllowed) }
        rules += groupRules(kind, suffix, sample)
        return rules
    }

    private func valueRules(_ kind: Kind, _ suffix: String, _ sample: Sample) -> [Rule] {
        var rules: [Rule] = []
        let value = sample.value
        if kind == .stateset, value != 0, value != 1 { rules.append(.stateSetValue) }
        if kind == .info, value != 1 { rules.append(.infoValue) }
        if kind == .summary, suffix.isEmpty, value < 0 { rules.append(.quantileNegative) }
        guard !suffix.isEmpty else { return rules }
        if ["_total", "_sum", "_count", "_bucket", "_gcount", "_gsum"].contains(suffix), value.isNaN { rules.append(.counterNaN) }
        if ["_total", "_sum", "_count", "_bucket", "_gcount"].contains(suffix), value < 0 { rules.append(.counterNegative) }
        if ["_count", "_bucket", "_gcount"].contains(suffix), value.isFinite, value != value.rounded() { rules.append(.countNotWhole) }
        return rules
    }

    private func labelRules(_ kind: Kind, _ suffix: String, _ sample: Sample) -> [Rule] {
        if kind == .stateset, sample.labels[name] == nil { return [.stateSetLabelMissing] }
        if kind.hasBuckets, suffix == "_bucket", Self.canonical(sample.labels["le"]) == nil { return [.badLe] }
        if kind == .summary, suffix.isEmpty {
            guard let quantile = Self.canonical(sample.labels["quantile"]), quantile >= 0, quantile <= 1 else { return [.badQuantile] }
        }
        return []
    }

    /// `le` and `quantile` are numbers in any spelling, but infinity is written +Inf.
    private static func canonical(_ text: String?) -> Double? {
        guard let text else { return nil }
        var copy = text
        guard let value = copy.withUTF8({ NumberScanner.number(UnsafeRawBufferPointer($0)) }), !value.isNaN else { return nil }
        return value == .infinity && text != "+Inf" ? nil : value
    }

    private mutating func groupRules(_ kind: Kind, _ suffix: String, _ sample: Sample) -> [Rule] {
        var labels = sample.labels
        switch kind {
        case .info: labels = [:]
        case .summary where suffix.isEmpty: labels["quantile"] = nil
        case .stateset: labels[name] = nil
        case .histogram where suffix == "_bucket", .gaugehistogram where suffix == "_bucket": labels["le"] = nil
        default: break
        }
        var rules: [Rule] = []
        var series = sample.labels
        series["__name__"] = sample.name
        let isNew = group != labels || groupTime != sample.timestamp
        if let group, group != labels, seenGroups.contains(labels) {
            rules.append(.groupInterleaved)
        } else if group == labels {
            if (sample.timestamp == nil) != (groupTime == nil) {
                rules.append(.timestampsMixed)
            } else if let time = sample.timestamp, let before = groupTime, before > time, kind != .info {
                rules.append(.timestampsBackwards)
            }
        }
        if isNew {
            seriesOfGroup = []
            if kind.hasBuckets, !suffix.isEmpty { rules += buckets.close() }
        }
        let isFirst = seriesOfGroup.insert(series).inserted
        group = labels
        groupTime = sample.timestamp
        seenGroups.insert(labels)
        if kind.hasBuckets, isFirst { rules += buckets.take(suffix, sample.value, le: Self.canonical(sample.labels["le"])) }
        return rules
    }
}

/// The samples of one histogram: buckets in order up to +Inf, and what goes with them.
private struct BucketRun {
    private var isOpen = false
    private var bound: Double?
    private var value = 0.0
    private var count: Double?
    private var hasSum = false, hasGaugeSum = false, hasNegativeGaugeSum = false, hasNegativeBuckets = false

    mutating func take(_ suffix: String, _ value: Double, le: Double?) -> [OpenMetricsFinding.Rule] {
        switch suffix {
        case "_bucket":
            isOpen = true
            guard let le else { return [] }
            var rules: [OpenMetricsFinding.Rule] = []
            if le < 0 { hasNegativeBuckets = true }
            if let bound, le <= bound { rules.append(.bucketOrder) }
            if value < self.value { rules.append(.bucketDecreases) }
            bound = le
            self.value = value
            return rules
        case "_count", "_gcount": count = value
        case "_sum": hasSum = true
        case "_gsum":
            hasGaugeSum = true
            hasNegativeGaugeSum = value < 0
        default: return []
        }
        isOpen = true
        return []
    }

    mutating func close() -> [OpenMetricsFinding.Rule] {
        defer { self = BucketRun() }
        guard isOpen else { return [] }
        var rules: [OpenMetricsFinding.Rule] = []
        if bound != .infinity { rules.append(.infBucketMissing) }
        if let count, count != value { rules.append(.countDiffers) }
        if hasSum || hasGaugeSum, count == nil { rules.append(.sumWithoutCount) }
        if !hasSum, !hasGaugeSum, count != nil { rules.append(.countWithoutSum) }
        if hasNegativeBuckets, hasSum { rules.append(.sumWithNegativeBuckets) }
        if !hasNegativeBuckets, hasNegativeGaugeSum { rules.append(.negativeGaugeSum) }
        return rules
    }
}
