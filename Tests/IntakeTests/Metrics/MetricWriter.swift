@testable import Intake
import MeshModel
import WireFormats

/// Writes OTLP metrics requests for tests, one resource each, and feeds them to a decoder.
struct MetricBench: ~Copyable {
    let intake: Intake
    let collector: Collector
    var decoder: MetricDecoder
    static let began: Int64 = 1_700_000_000

    /// - Parameter listens: as a receiver that was opened at `began`; else as a file.
    init(keep: Intake.Keep = .all, listens: Bool = true, limits: MetricDecoder.Limits = .init()) {
        intake = Intake(profiles: builtin, keep: keep)
        collector = Collector(intake)
        decoder = MetricDecoder(intake, place: "test", job: "otlp", since: listens ? Timestamp(nanoseconds: Self.began * 1_000_000_000) : nil,
                                sink: collector, limits: limits)
    }

    /// - Parameter at: seconds after `began` when it comes.
    @discardableResult
    mutating func send(at seconds: Double = 0, from resource: [(String, String)] = [("service.name", "shop")], _ metrics: [MetricParts]) -> MetricReport {
        send(at: seconds, bytes: Self.request(resource, metrics))
    }

    @discardableResult
    mutating func send(at seconds: Double = 0, bytes: [UInt8], isJSON: Bool = false) -> MetricReport {
        let now = Timestamp(nanoseconds: Self.began * 1_000_000_000 + Int64(seconds * 1e9))
        _ = bytes.withUnsafeBytes { decoder.decode($0, isJSON: isJSON, now: now) }
        return decoder.takeReport()
    }

    static func request(_ resource: [(String, String)], _ metrics: [MetricParts]) -> [UInt8] {
        var writer = RequestWriter()
        let start = writer.writer.begin(1)
        writer.writeResource(resource.map { ($0.0, .text($0.1)) })
        let scope = writer.writer.begin(2)
        for metric in metrics { metric.write(&writer) }
        writer.writer.end(scope)
        writer.writer.end(start)
        return writer.bytes
    }

    /// Every value of every page by its series' name: seconds after `began`, value.
    func history(_ name: String, of source: UInt32 = 0) -> [[Double]] {
        let kept = collector.all
        return kept.pages.compactMap { page in
            page.samples.first { kept.names[UInt64(source) << 32 | UInt64($0.ordinal)] == name }
                .map { [page.time.seconds - Double(Self.began), $0.value] }
        }
    }

    var names: [String] { collector.all.names.values.sorted() }
}

/// One metric and its points. Times are seconds after `MetricBench.began`.
struct MetricParts {
    enum Value {
        case int(Int64), double(Double), nothing
        case histogram([UInt64], [Double], sum: Double?, count: UInt64?)
        case exponential(scale: Int32, offset: Int32, [UInt64], zeros: UInt64, sum: Double?)
        case summary(count: UInt64, sum: Double, [(Double, Double)])
    }
    struct Point {
        var value: Value
        var start: Double?
        var time: Double?
        var attributes: [(String, String)] = []
        var flags: UInt64 = 0
    }
    var name: String
    var unit = ""
    var kind = MetricKind.sum
    var temporality: UInt64 = 2
    var isMonotonic = true
    var points: [Point] = []

    static func counter(_ name: String, _ value: Int64, start: Double? = 0, time: Double, delta: Bool = false, _ attributes: [(String, String)] = []) -> MetricParts {
        MetricParts(name: name, temporality: delta ? 1 : 2, points: [Point(value: .int(value), start: start, time: time, attributes: attributes)])
    }

    static func gauge(_ name: String, _ value: Double, time: Double, _ attributes: [(String, String)] = []) -> MetricParts {
        MetricParts(name: name, kind: .gauge, points: [Point(value: .double(value), start: nil, time: time, attributes: attributes)])
    }

    func write(_ writer: inout RequestWriter) {
        let start = writer.writer.begin(2)
        writer.text(1, name)
        if !unit.isEmpty { writer.text(3, unit) }
        let field: UInt32 = switch kind {
        case .gauge: 5
        case .sum: 7
        case .histogram: 9
        case .exponentialHistogram: 10
        case .summary: 11
        }
        let data = writer.writer.begin(field)
        for point in points { write(point, &writer) }
        if kind != .gauge, kind != .summary { writer.writer.varint(2, temporality) }
        if kind == .sum, isMonotonic { writer.writer.varint(3, 1) }
        writer.writer.end(data)
        writer.writer.end(start)
    }

    private static func nanoseconds(_ seconds: Double) -> UInt64 { UInt64(MetricBench.began * 1_000_000_000 + Int64(seconds * 1e9)) }

    private func write(_ point: Point, _ writer: inout RequestWriter) {
        let begin = writer.writer.begin(1)
        if let start = point.start { writer.writer.fixed64(2, Self.nanoseconds(start)) }
        if let time = point.time { writer.writer.fixed64(3, time == .infinity ? .max : Self.nanoseconds(time)) }
        let attributes: UInt32 = MetricPoint.attributesTag(kind) >> 3
        for (key, value) in point.attributes { writer.attribute(attributes, key, .text(value)) }
        switch point.value {
        case .int(let value): writer.writer.fixed64(6, UInt64(bitPattern: value))
        case .double(let value): writer.writer.fixed64(4, value.bitPattern)
        case .nothing: break
        case .histogram(let counts, let bounds, let sum, let count):
            writer.writer.fixed64(4, count ?? counts.reduce(0, +))
            if let sum { writer.writer.fixed64(5, sum.bitPattern) }
            for count in counts { writer.writer.fixed64(6, count) }
            for bound in bounds { writer.writer.fixed64(7, bound.bitPattern) }
        case .exponential(let scale, let offset, let counts, let zeros, let sum):
            writer.writer.fixed64(4, counts.reduce(0, +) + zeros)
            if let sum { writer.writer.fixed64(5, sum.bitPattern) }
            writer.writer.varint(6, UInt64(UInt32(bitPattern: scale << 1 ^ scale >> 31)))
            writer.writer.fixed64(7, zeros)
            let buckets = writer.writer.begin(8)
            writer.writer.varint(1, UInt64(UInt32(bitPattern: offset << 1 ^ offset >> 31)))
            for count in counts { writer.writer.varint(2, count) }
            writer.writer.end(buckets)
        case .summary(let count, let sum, let quantiles):
            writer.writer.fixed64(4, count)
            writer.writer.fixed64(5, sum.bitPattern)
            for (quantile, value) in quantiles {
                let pair = writer.writer.begin(6)
                writer.writer.fixed64(1, quantile.bitPattern)
                writer.writer.fixed64(2, value.bitPattern)
                writer.writer.end(pair)
            }
        }
        if point.flags != 0 { writer.writer.varint(kind == .histogram || kind == .exponentialHistogram ? 10 : 8, point.flags) }
        writer.writer.end(begin)
    }
}
