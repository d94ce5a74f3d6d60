package import MeshModel
import Profiles
import WireFormats

/// Decodes the pages of one source, one after another. Used by one task or event loop at a time, never by two.
///
/// `begin`, any number of `feed`, then `finish` or `abort`.
package final class DecodeSession: @unchecked Sendable {  // protected by confinement: its owner runs on one event loop
    package var source: SourceID { state.id }
    /// What is known of the source; the owner keeps its health and times, `finish` its counts.
    package var state: SourceState

    private let intake: Intake
    private let sink: (any SampleSink)?
    private let limits: PageLimits
    private var decoder: PageDecoder
    private var batch: Batch
    private var nextOrdinal: UInt32 = 0
    /// Series whose labels were ever read: a proxy that invents names without end must not fill the memory with them.
    private var namedSeries = 0
    private var leftOut = 0
    private var mappedSeries = 0
    private var time = Timestamp(nanoseconds: 0)
    private var profilesSeen = Set<UInt8>()
    /// Reads beside the decoder what a page that calls itself OpenMetrics does wrong. Only while the page is new: repeat
    /// scrapes do not pay for it.
    private var check: OpenMetricsCheck?
    private var hasNewShape = true

    init(intake: Intake, state: SourceState, sink: (any SampleSink)? = nil, limits: PageLimits = PageLimits()) {
        self.intake = intake
        self.sink = sink
        self.limits = limits
        self.state = state
        decoder = PageDecoder(seed: intake.seed, limits: limits)
        batch = Batch(source: state.id, time: Timestamp(nanoseconds: 0))
    }

    package func begin(time: Timestamp, contentType: String? = nil) {
        self.time = time
        if sink?.takesHandedBack(state.id) ?? false { forgetSeries() }
        let format = ExpositionFormat(contentType: contentType)
        decoder.begin(format: format)
        if format == .openMetrics, hasNewShape { check = OpenMetricsCheck(lineBytes: limits.lineBytes) } else { check = nil }
    }

    /// What was numbered so far is not known to the sink any more.
    private func forgetSeries() {
        decoder = PageDecoder(seed: intake.seed, limits: limits)
        (nextOrdinal, namedSeries, mappedSeries, hasNewShape) = (0, 0, 0, true)
    }

    package func feed(_ bytes: UnsafeRawBufferPointer) {
        decoder.feed(bytes)
        check?.feed(bytes)
    }

    /// Nothing of the page is used; the next `begin` starts afresh.
    package func abort() {
        decoder.begin(format: .prometheusText)
        check = nil
    }

    /// Ends the page and hands its samples to the sink as one batch.
    package func finish(into sink: any SampleSink) -> PageReport {
        decoder.end()
        batch.removeAll(source: state.id, time: time)
        let newSeries = decoder.pending.items.count
        let ordinals = name(decoder.pending)
        decoder.settle(ordinals)
        decoder.write(to: &batch)
        var report = decoder.report
        report.samples = decoder.count
        report.newSeries = newSeries
        report.overLimit += leftOut
        noteLeftOut(report.overLimit)
        finishCheck(&report)
        state.bytes = report.bytes
        state.samples = report.samples
        state.seriesKept = Int(nextOrdinal)
        state.seriesMapped = mappedSeries
        state.badLines += report.badLines
        if state.firstBadLine == nil { state.firstBadLine = report.firstBadLine }
        // A page without a single sample tells nothing, not even that its series ended.
        if report.samples > 0 { sink.consume(batch) }
        batch.forgetEntries()
        return report
    }

    private func noteLeftOut(_ count: Int) {
        guard count > 0 else { return }
        state.badLines += count
        if state.firstBadLine == nil { state.firstBadLine = "more than \(limits.series) series of one source; those beyond are left out" }
    }

    /// What a page brings new is checked with the page after it, unless it was itself checked.
    private func finishCheck(_ report: inout PageReport) {
        hasNewShape = check == nil && report.newSeries > 0
        guard var check = check.take() else { return }
        check.end()
        report.departures = check.count
        report.firstDeparture = check.first.map { "line \($0.line), byte \($0.offset): \($0.rule.sentence)" }
        state.departures = report.departures
        state.firstDeparture = report.firstDeparture
    }

    /// Reads the labels of series met for the first time, asks the profiles, gives out ordinals.
    private func name(_ pending: PendingSeries) -> [UInt32] {
        leftOut = 0
        guard !pending.items.isEmpty else { return [] }
        var ordinals: [UInt32] = []
        ordinals.reserveCapacity(pending.items.count)
        intake.withMatcher { matcher, symbols in
            var reader = SeriesReader()
            pending.bytes.withUnsafeBytes { bytes in
                for item in pending.items {
                    guard namedSeries < limits.series else {
                        leftOut += 1
                        ordinals.append(LineCache.dropped)
                        continue
                    }
                    namedSeries += 1
                    let line = UnsafeRawBufferPointer(rebasing: bytes[item.bytes])
                    let type = UnsafeRawBufferPointer(rebasing: bytes[item.type])
                    let firstLabel = batch.labels.count
                    let (name, kind) = reader.read(line, type: type, symbols: &symbols, labels: &batch.labels)
                    let labels = firstLabel..<batch.labels.count
                    let meaning = matcher.meaning(name: name, labels: batch.labels[labels], kind: kind, symbols: &symbols)
                    guard meaning != nil || intake.keep == .all else {
                        batch.labels.removeSubrange(labels)
                        ordinals.append(LineCache.dropped)
                        continue
                    }
                    if let meaning {
                        mappedSeries += 1
                        if profilesSeen.insert(meaning.profile).inserted { state.profiles.append(matcher.profileName(meaning.profile)) }
                    }
                    batch.entries.append(SeriesEntry(ordinal: nextOrdinal, name: name, labels: labels, kind: kind, meaning: meaning))
                    ordinals.append(nextOrdinal)
                    nextOrdinal += 1
                }
            }
        }
        return ordinals
    }
}
