package import MeshModel
import WireFormats

/// Takes OTLP metrics and hands them on as batches of samples, one target for each resource. Serves one receiver or file, one request
/// after another.
///
/// A point like those before it costs a pass over its message, a hash of each attribute and a look-up: no text, no allocation.
package struct MetricDecoder: ~Copyable, @unchecked Sendable {  // its exporters and texts are reached through it alone
    package struct Limits: Sendable {
        package var exporters = 20_000
        package var series = 1_000_000
        package var metrics = 100_000
        /// Of one point: a histogram of more buckets is not taken.
        package var buckets = MetricPoint.mostBuckets
        package init() {}
    }

    private let naming: any MetricNaming
    private let sink: any SampleSink
    private let place: String
    private let job: String
    private let since: Int64?
    private let limits: Limits
    private let seed: UInt64
    private let texts: MetricTexts
    private var point: MetricPoint
    private var values: [Double] = []
    private var exporters: [UInt64: MetricExporter] = [:]
    private var touched: [MetricExporter] = []
    private var families: [MetricFamily] = []
    private var familyPlaces: [UInt64: Int32] = [:]
    private var seriesKept = 0
    private var nextSweep = Timestamp(nanoseconds: .min)
    /// Of JSON.
    var writer = ProtobufWriter()
    package internal(set) var report = MetricReport()

    init(naming: any MetricNaming, place: String, job: String, since: Timestamp?, sink: any SampleSink, limits: Limits = Limits(),
         seed: UInt64 = .random(in: .min ... .max)) {
        self.naming = naming
        self.sink = sink
        self.place = place
        self.job = job
        self.since = since?.nanoseconds
        self.limits = limits
        self.seed = seed
        texts = MetricTexts(symbols: naming.symbols, seed: seed)
        point = MetricPoint(mostBuckets: limits.buckets)
    }

    /// What was decoded and rejected since the last call.
    package mutating func takeReport() -> MetricReport {
        defer { report = MetricReport() }
        return report
    }

    /// What its exporters hold, together.
    package var series: Int { seriesKept }
    /// Exporters that are heard of.
    package var exporterCount: Int { exporters.count }

    /// Reads an `ExportMetricsServiceRequest`; what it brought is with the sink at the end.
    /// - Parameter now: when it came; nil for a file.
    /// - Returns: nil, or why the bytes are not what they should be, from some point on.
    package mutating func decode(_ bytes: UnsafeRawBufferPointer, isJSON: Bool, now: Timestamp?) -> String? {
        let before = report.points + report.rejected
        var problem: String?
        if isJSON {
            problem = readJSON(bytes, now)
        } else if !read(bytes, now) {
            problem = "not an OTLP metrics request: damaged protobuf"
            if report.points + report.rejected > before { report.reject(.part, example: "a request that ends in the middle") }
        }
        finish(now, bytes.count)
        return problem
    }

    private mutating func finish(_ now: Timestamp?, _ bytes: Int) {
        for exporter in touched {
            let before = exporter.seriesKept
            exporter.close()
            precondition(exporter.seriesKept == before, "BUG: series are announced before their round ends")
            exporter.tell(at: now ?? Timestamp(nanoseconds: exporter.newest), bytes: bytes)
        }
        touched.removeAll(keepingCapacity: true)
        if let now, now >= nextSweep { sweep(now) }
    }

    /// - Returns: false where the bytes are no such request from some point on.
    mutating func read(_ bytes: UnsafeRawBufferPointer, _ now: Timestamp?) -> Bool {
        var walker = MetricRequestWalker(bytes)
        let latest = now.map { UInt64(clamping: $0.nanoseconds) &+ Self.ahead } ?? .max
        while walker.nextResource() {
            var exporter: MetricExporter?
            while walker.nextMetric() {
                let family = familyPlace(walker.metric)
                while let message = walker.nextPoint() {
                    if let rejection = point.read(message, of: walker.metric, seed: seed) ?? self.problem(latest, family) {
                        reject(rejection, walker.metric)
                        continue
                    }
                    report.points += 1
                    guard let family, families[Int(family)].isKnown || naming.keepsAll else {
                        report.unmapped += 1
                        continue
                    }
                    if exporter == nil { exporter = self.exporter(walker) }
                    guard let exporter else {
                        report.points -= 1
                        reject(.limit, walker.metric)
                        continue
                    }
                    take(message, family, exporter, walker.metric)
                }
            }
        }
        if walker.damagedParts > 0 {
            report.reject(.part, count: walker.damagedParts, example: "a group of points that ends before its length says")
        }
        return !walker.isBroken
    }

    private static let ahead: UInt64 = 3_600_000_000_000

    private func problem(_ latest: UInt64, _ family: Int32?) -> MetricRejection? {
        if family == nil { return .limit }
        return point.time > latest ? .future : nil
    }

    private mutating func reject(_ reason: MetricRejection, _ metric: MetricHeader) {
        report.reject(reason, example: "\(metric.name.isEmpty ? "a point" : "a point of \(String(decoding: metric.name.prefix(80), as: UTF8.self))"): \(reason.sentence)")
    }

    // MARK: - Points

    private mutating func take(_ message: UnsafeRawBufferPointer, _ family: Int32, _ exporter: MetricExporter, _ metric: MetricHeader) {
        let key = MetricStreamKey(family: family, attributes: point.attributesHash, layout: layout)
        let start = Int64(clamping: point.start), time = Int64(clamping: point.time)
        let known = families[Int(family)]
        if let index = exporter.places[key] {
            let stream = exporter.streams[Int(index)]
            guard stream.count > 0 else {
                report.unmapped += 1
                return
            }
            guard !point.hasNoRecordedValue else { return exporter.end(Int(index), at: time) }
            values.removeAll(keepingCapacity: true)
            known.append(point, to: &values)
            if !exporter.add(values, start: start, time: time, to: Int(index), isDelta: known.isDelta, isMonotonic: known.kind != .sum || known.isMonotonic) {
                report.repeated += 1
            }
            return
        }
        guard !point.hasNoRecordedValue else { return }
        values.removeAll(keepingCapacity: true)
        known.append(point, to: &values)
        guard seriesKept + values.count <= limits.series else {
            report.points -= 1
            return reject(.limit, metric)
        }
        let texts = texts
        let attributes = texts.labels(message, tag: MetricPoint.attributesTag(metric.kind), and: known.labels)
        var labels: [Label] = []
        var entries = known.entries(point, attributes: attributes, names: (texts.le, texts.quantile, texts.infinity), into: &labels) { texts.symbol($0) }
        precondition(entries.count == values.count, "BUG: a point has other series than values")
        naming.read(&entries, labels: labels)
        let before = exporter.seriesKept
        exporter.begin(key, entries, labels: labels, values: values, start: start, time: time, isDelta: known.isDelta, absolutes: known.absolutes(point))
        seriesKept += exporter.seriesKept - before
        if exporter.seriesKept == before { report.unmapped += 1 }
    }

    /// What tells streams of one metric and the same attributes apart.
    private var layout: UInt64 {
        let hasSum: UInt64 = point.sum == nil ? 0 : 1
        if !point.bounds.isEmpty { return point.bounds.withUnsafeBytes { ByteHash.hash($0, seed: seed) } &+ hasSum }
        guard !point.quantiles.isEmpty else { return hasSum }
        var sum = hasSum
        for pair in point.quantiles { sum = sum &* 31 &+ pair.quantile.bitPattern }
        return sum
    }

    private mutating func familyPlace(_ metric: MetricHeader) -> Int32? {
        let flags = UInt64(metric.kind.rawValue) << 8 | UInt64(metric.temporality.rawValue) << 4 | (metric.isMonotonic ? 1 : 0)
        let hash = ByteHash.hash(metric.name, seed: seed) &+ ByteHash.hash(metric.unit, seed: ~seed) &* 3 &+ flags &* 0x9E37_79B9_7F4A_7C15
        if let known = familyPlaces[hash] { return known }
        guard families.count < limits.metrics else { return nil }
        let texts = texts
        families.append(MetricFamily(metric, naming: naming) { texts.symbol($0) })
        familyPlaces[hash] = Int32(families.count - 1)
        return Int32(families.count - 1)
    }

    // MARK: - Exporters

    private mutating func exporter(_ walker: borrowing MetricRequestWalker) -> MetricExporter? {
        var resource: [UInt8] = []
        walker.forEachResourcePiece { resource.append(contentsOf: $0) }
        return resource.withUnsafeBytes { bytes in
            let hash = Self.hash(bytes, seed: seed)
            let known = exporters[hash]
            guard let exporter = known ?? opened(bytes, hash) else { return nil }
            if known == nil { exporters[hash] = exporter }
            if !touched.contains(where: { $0 === exporter }) {
                let before = exporter.seriesKept
                exporter.prepare()
                seriesKept -= before - exporter.seriesKept
                touched.append(exporter)
            }
            return exporter
        }
    }

    private func opened(_ resource: UnsafeRawBufferPointer, _ hash: UInt64) -> MetricExporter? {
        guard exporters.count < limits.exporters else { return nil }
        let claim = texts.claim(resource, hash: hash)
        let words = [claim.service, claim.workload, claim.pod].filter { !$0.isEmpty }.map { texts.string($0) }
        let name = words.isEmpty ? "\(place): a sender without a name" : "\(place): \(words.joined(separator: " "))"
        return MetricExporter(claim: claim, name: name, job: job, since: since, naming: naming, sink: sink)
    }

    /// The same for the same attributes in whatever order.
    private static func hash(_ resource: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
        var reader = ProtobufReader(resource)
        var sum: UInt64 = 0
        while reader.next() {
            if reader.tag == 0x0A { sum &+= ByteHash.hash(reader.bytes(), seed: seed) } else { reader.skip() }
        }
        return sum
    }

    /// Once a minute: exporters that fell silent for long are gone.
    private mutating func sweep(_ now: Timestamp) {
        nextSweep = now + Timestamp.Span(seconds: 60)
        for (hash, exporter) in exporters {
            let patience = max(600, 10 * (exporter.intervalSeconds ?? 0))
            guard (now - exporter.heard).seconds > patience else { continue }
            exporter.leave()
            seriesKept -= exporter.seriesKept
            exporters[hash] = nil
        }
    }
}
