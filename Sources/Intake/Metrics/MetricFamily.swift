import MeshModel
import WireFormats

/// One metric as its series are named, decided when it is first met: under which of its names a profile knows it.
struct MetricFamily {
    let kind: MetricKind
    let isMonotonic: Bool
    let isDelta: Bool
    let isKnown: Bool
    /// Of a gauge, a sum, a summary's quantiles.
    let base: Symbol
    // Of histograms and summaries
    let bucket: Symbol
    let sum: Symbol
    let count: Symbol
    /// Taken out of the name.
    let labels: [Label]
    let ladder: ExponentialLadder
    let ladderBounds: [Symbol]

    /// - Parameter intern: texts are bounded by whoever asks.
    init(_ metric: MetricHeader, naming: any MetricNaming, intern: (String) -> Symbol) {
        kind = metric.kind
        isMonotonic = metric.isMonotonic
        isDelta = metric.temporality == .delta
        let name = String(decoding: metric.name.prefix(SpanTexts.longest), as: UTF8.self)
        let unit = String(decoding: metric.unit.prefix(64), as: UTF8.self)
        let plain = MetricNames.plain(name)
        let isNumber = kind == .gauge || kind == .sum
        let translated = MetricNames.translated(name, unit: unit, isCounter: kind == .sum && isMonotonic, isGauge: kind == .gauge || (kind == .sum && !isMonotonic))
        // As it is (what was scraped and sent on has its final name), as Envoy's page has it, and as Prometheus would.
        var candidates: [(name: String, labels: [(name: String, value: String)])] = [(plain, [])]
        if let stat = EnvoyStatName(name) { candidates.append((stat.family, stat.labels)) }
        candidates += [("envoy_" + plain, []), (translated, [])]
        let endings = isNumber ? [""] : kind == .summary ? ["", "_count", "_sum"] : ["_bucket", "_count", "_sum"]
        let known = candidates.first { candidate in endings.contains { naming.knows(candidate.name + $0) } }
        isKnown = known != nil
        let chosen = known ?? (translated, [])
        let isKept = isKnown || naming.keepsAll
        base = isKept ? intern(chosen.name) : .empty
        bucket = isKept && !isNumber ? intern(chosen.name + "_bucket") : .empty
        sum = isKept && !isNumber ? intern(chosen.name + "_sum") : .empty
        count = isKept && !isNumber ? intern(chosen.name + "_count") : .empty
        labels = isKept ? chosen.labels.map { Label(name: intern($0.name), value: intern($0.value)) } : []
        ladder = ExponentialLadder(unit: metric.unit)
        ladderBounds = isKept && kind == .exponentialHistogram ? ladder.bounds.map { intern(MetricNames.bound($0)) } : []
    }

    /// How many values of a point stand for themselves, the rest being counts that only grow.
    func absolutes(_ point: borrowing MetricPoint) -> Int {
        switch kind {
        case .gauge: 1
        case .sum: isMonotonic || isDelta ? 0 : 1
        case .histogram, .exponentialHistogram: 0
        case .summary: point.quantiles.count
        }
    }

    /// A point's values, one for each series; `entries` names those series in the same order.
    func append(_ point: borrowing MetricPoint, to values: inout [Double]) {
        switch kind {
        case .gauge, .sum: values.append(point.value ?? 0)
        case .histogram:
            var below = 0.0
            for count in point.counts.dropLast() {
                below += Double(count)
                values.append(below)
            }
            values.append(max(point.count, below + Double(point.counts.last ?? 0)))
            if let sum = point.sum { values.append(sum) }
            values.append(point.count)
        case .exponentialHistogram:
            ladder.append(point, to: &values)
            if let sum = point.sum { values.append(sum) }
            values.append(point.count)
        case .summary:
            for pair in point.quantiles { values.append(pair.value) }
            if let sum = point.sum { values.append(sum) }
            values.append(point.count)
        }
    }

    /// The series of a point's stream, named.
    func entries(_ point: borrowing MetricPoint, attributes: [Label], names: (le: Symbol, quantile: Symbol, infinity: Symbol), into labels: inout [Label],
                 intern: (String) -> Symbol) -> [SeriesEntry] {
        var entries: [SeriesEntry] = []
        func add(_ name: Symbol, _ kind: SeriesKind, _ extra: Label? = nil) {
            let first = labels.count
            labels.append(contentsOf: attributes)
            if let extra { labels.append(extra) }
            labels[first...].sort { $0.name.raw < $1.name.raw }
            entries.append(SeriesEntry(ordinal: 0, name: name, labels: first..<labels.count, kind: kind, meaning: nil))
        }
        switch kind {
        case .gauge: add(base, .gauge)
        case .sum: add(base, isMonotonic ? .counter : .gauge)
        case .histogram:
            for bound in point.bounds { add(bucket, .histogramBucket, Label(name: names.le, value: intern(MetricNames.bound(bound)))) }
            add(bucket, .histogramBucket, Label(name: names.le, value: names.infinity))
        case .exponentialHistogram:
            for bound in ladderBounds { add(bucket, .histogramBucket, Label(name: names.le, value: bound)) }
            add(bucket, .histogramBucket, Label(name: names.le, value: names.infinity))
        case .summary:
            for pair in point.quantiles { add(base, .summaryQuantile, Label(name: names.quantile, value: intern(MetricNames.bound(pair.quantile)))) }
        }
        guard kind != .gauge, kind != .sum else { return entries }
        if point.sum != nil { add(sum, .histogramSum) }
        add(count, .histogramCount)
        return entries
    }
}
