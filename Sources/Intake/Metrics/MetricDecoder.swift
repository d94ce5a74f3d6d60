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
        /// Of metrics that a profile knows, or that are kept all the same.
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
    private let work = RoundWork()
    private var families: [MetricFamily] = []
    private var familyPlaces: [UInt64: Int32] = [:]
    /// Metrics that are not kept, so that the profiles are not asked in every request: when there are too many they are asked anew.
    private var unknownMetrics = Set<UInt64>()
    private var seriesKept = 0
    // Of points that were valid: the newest time, and how many; and how many were too far ahead of it.
    private var newest: UInt64 = 0
    private var taken = 0
    private var strays = 0
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
        work.values = 0
        if let now, now >= nextSweep { sweep(now) }
    }

    /// - Returns: false where the bytes are no such request from some point on.
    mutating func read(_ bytes: UnsafeRawBufferPointer, _ now: Timestamp?) -> Bool {
        var walker = MetricRequestWalker(bytes)
        while walker.nextResource() {
            var exporter: MetricExporter?
            var isRefused = false
            while walker.nextMetric() {
                let metric = familyPlace(walker.metric)
                while let message = walker.nextPoint() {
                    if let rejection = point.read(message, of: walker.metric, seed: seed) ?? self.problem(now, metric) {
                        reject(rejection, walker.metric)
                        continue
                    }
                    report.points += 1
                    newest = max(newest, point.time)
                    taken += 1
                    guard case .kept(let family) = metric else {
                        report.unmapped += 1
                        continue
                    }
                    if exporter == nil, !isRefused { exporter = self.exporter(walker) }
                    guard let exporter else {
                        isRefused = true
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

    /// What clocks may differ by: rounds of an exporter go on from its newest, so one that is far ahead would take the others with it.
    private static let ahead: UInt64 = 300_000_000_000
    /// The same for files, which have no clock but their other points.
    private static let aheadOfOthers: UInt64 = 366 * 86_400_000_000_000

    /// What is to become of a metric's points.
    private enum FamilyPlace {
        case kept(Int32), unknown, full
    }

    private mutating func problem(_ now: Timestamp?, _ metric: FamilyPlace) -> MetricRejection? {
        if case .full = metric { return .names }
        if let now { return point.time > UInt64(clamping: now.nanoseconds) + Self.ahead ? .future : nil }
        guard taken > 0, point.time > newest + Self.aheadOfOthers else { return nil }
        strays += 1
        // Where most are, the first were the ones that were wrong.
        return strays > taken ? nil : .future
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
                // A cumulative value that comes again tells nothing new; a delta that is left out is a count that is lost.
                guard known.isDelta else { report.repeated += 1; return }
                report.points -= 1
                reject(.repeated, metric)
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
        // Before its names are looked at: where there is no room they are not kept either.
        guard naming.metricRoom.hasRoom(MetricExporter.bytes(ofStream: values.count)) else {
            report.points -= 1
            return reject(.memory, metric)
        }
        let texts = texts
        let attributes = texts.labels(message, tag: MetricPoint.attributesTag(metric.kind), and: known.labels)
        var labels: [Label] = []
        var entries = known.entries(point, attributes: attributes, names: (texts.le, texts.quantile, texts.infinity), into: &labels) { texts.symbol($0) }
        precondition(entries.count == values.count, "BUG: a point has other series than values")
        naming.read(&entries, labels: labels)
        let kept = naming.keepsAll ? entries.count : entries.count { $0.meaning != nil }
        // What is not kept is remembered as such: a stream without values.
        let bytes = kept == 0 ? MetricExporter.bytes(ofStream: 0)
            : MetricExporter.bytes(ofStream: values.count) + MetricExporter.bytes(announcing: kept, labels: labels.count)
        guard exporter.takeRoom(bytes) else {
            report.points -= 1
            return reject(.memory, metric)
        }
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

    private mutating func familyPlace(_ metric: MetricHeader) -> FamilyPlace {
        let flags = UInt64(metric.kind.rawValue) << 8 | UInt64(metric.temporality.rawValue) << 4 | (metric.isMonotonic ? 1 : 0)
        let hash = ByteHash.hash(metric.name, seed: seed) &+ ByteHash.hash(metric.unit, seed: ~seed) &* 3 &+ flags &* 0x9E37_79B9_7F4A_7C15
        if let known = familyPlaces[hash] { return .kept(known) }
        if unknownMetrics.contains(hash) { return .unknown }
        let texts = texts
        let family = MetricFamily(metric, naming: naming) { texts.symbol($0) }
        guard family.isKnown || naming.keepsAll else {
            if unknownMetrics.count >= limits.metrics { unknownMetrics.removeAll(keepingCapacity: true) }
            unknownMetrics.insert(hash)
            return .unknown
        }
        guard families.count < limits.metrics else { return .full }
        families.append(family)
        familyPlaces[hash] = Int32(families.count - 1)
        return .kept(Int32(families.count - 1))
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
        let exporter = MetricExporter(claim: claim, name: name, job: job, since: since, naming: naming, sink: sink, work: work)
        return exporter.takeRoom(MetricExporter.ownBytes) ? exporter : nil
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
