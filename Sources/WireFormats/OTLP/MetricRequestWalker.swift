/// What a metric's points are.
public enum MetricKind: UInt8, Sendable, CaseIterable {
    case gauge, sum, histogram, exponentialHistogram, summary

    /// Of the `Metric` message's field that holds them.
    fileprivate init?(tag: UInt32) {
        switch tag {
        case 0x2A: self = .gauge
        case 0x3A: self = .sum
        case 0x4A: self = .histogram
        case 0x52: self = .exponentialHistogram
        case 0x5A: self = .summary
        default: return nil
        }
    }

    fileprivate var tag: UInt32 {
        switch self {
        case .gauge: 0x2A
        case .sum: 0x3A
        case .histogram: 0x4A
        case .exponentialHistogram: 0x52
        case .summary: 0x5A
        }
    }
}

/// Whether points count since the stream began or since the point before.
public enum MetricTemporality: UInt8, Sendable {
    case unspecified, delta, cumulative
}

/// What a `Metric` message says of all its points.
public struct MetricHeader {
    public var name = UnsafeRawBufferPointer(start: nil, count: 0)
    public var unit = UnsafeRawBufferPointer(start: nil, count: 0)
    public var kind = MetricKind.gauge
    public var temporality = MetricTemporality.unspecified
    public var isMonotonic = false
    public init() {}
}

/// Goes through an OTLP `ExportMetricsServiceRequest` (or `MetricsData`, the same on the wire) by resources, metrics and points, without
/// copying or decoding the points. Scopes are passed through. A damaged part ends that part alone: `damagedParts` counts them.
public struct MetricRequestWalker {
    private var resources: ResourceWalker
    private var metrics = ResourceWalker.nothing
    private var body = ResourceWalker.nothing
    private var points = ResourceWalker.nothing

    public private(set) var metric = MetricHeader()
    public var damagedParts: Int { resources.damagedParts }

    public init(_ bytes: UnsafeRawBufferPointer) { resources = ResourceWalker(bytes) }

    /// The bytes are no such request from some point on.
    public var isBroken: Bool { resources.isBroken }

    /// Goes to the next `ResourceMetrics`.
    public mutating func nextResource() -> Bool {
        guard resources.nextResource() else { return false }
        (metrics, body, points) = (ResourceWalker.nothing, ResourceWalker.nothing, ResourceWalker.nothing)
        return true
    }

    /// Every piece of the resource's `Resource` message, wherever it stands; a sender may have written it in several.
    public func forEachResourcePiece(_ take: (UnsafeRawBufferPointer) -> Void) { resources.forEachPiece(take) }

    /// Goes to the next metric of this resource that has points of a known kind.
    public mutating func nextMetric() -> Bool {
        while true {
            while metrics.next() {
                guard metrics.tag == 0x12 else {
                    metrics.skip()
                    continue
                }
                let message = metrics.bytes()
                if !metrics.isBroken, open(message) { return true }
            }
            guard let next = resources.nextScope(after: metrics) else {
                metrics = ResourceWalker.nothing
                return false
            }
            metrics = next
        }
    }

    /// The next data point's message of this metric.
    public mutating func nextPoint() -> UnsafeRawBufferPointer? {
        while true {
            while points.next() {
                guard points.tag == 0x0A else {
                    points.skip()
                    continue
                }
                let point = points.bytes()
                if !points.isBroken { return point }
            }
            if points.isBroken { resources.countDamage() }
            points = ResourceWalker.nothing
            guard nextPiece() else { return nil }
        }
    }

    /// Temporality may stand behind the points: what is said of all of them is read first.
    private mutating func open(_ message: UnsafeRawBufferPointer) -> Bool {
        metric = MetricHeader()
        var kind: MetricKind?
        var reader = ProtobufReader(message)
        while reader.next() {
            switch reader.tag {
            case 0x0A: metric.name = reader.bytes()
            case 0x1A: metric.unit = reader.bytes()
            default:
                guard let found = MetricKind(tag: reader.tag) else {
                    reader.skip()
                    continue
                }
                // One of them only: the last one counts.
                if kind != found { (metric.temporality, metric.isMonotonic) = (.unspecified, false) }
                kind = found
                readHead(reader.message())
            }
        }
        if reader.isBroken { resources.countDamage() }
        guard let kind else { return false }
        metric.kind = kind
        body = ProtobufReader(message)
        points = ResourceWalker.nothing
        return true
    }

    private mutating func readHead(_ data: ProtobufReader) {
        var data = data
        while data.next() {
            switch data.tag {
            case 0x10: metric.temporality = MetricTemporality(rawValue: UInt8(clamping: data.varint())) ?? .unspecified
            case 0x18: metric.isMonotonic = data.varint() != 0
            default: data.skip()
            }
        }
    }

    private mutating func nextPiece() -> Bool {
        while body.next() {
            guard body.tag == metric.kind.tag else {
                body.skip()
                continue
            }
            points = body.message()
            if !body.isBroken { return true }
        }
        body = ResourceWalker.nothing
        return false
    }
}
