import Glibc

/// Reports where a page departs from OpenMetrics 1.0, beside the decoder that keeps all it can read. Fed the same bytes in
/// the same chunks; made for pages whose shape is new, so it may spend Strings on a line.
public struct OpenMetricsCheck: Sendable {
    public private(set) var count = 0
    public private(set) var first: OpenMetricsFinding?

    /// The beginning of a line whose end has not come yet, and how long it is; of a line too long no more is held.
    private var carry: [UInt8] = []
    private var carryLength = 0
    private var line = 0
    private var offset = 0
    private var sawEOF = false
    private var family: OpenMetricsFamily?
    private var seenNames = Set<String>()
    private var rulesSeenOnce = Set<OpenMetricsFinding.Rule>()
    /// A page that is wrong this often or has this many lines is not checked to its end, and lines longer than a decoder takes are
    /// passed over: what a check may cost in time and memory is bounded, however large the page.
    private static let enough = 10_000
    public static let mostLines = 20_000
    private let lineBytes: Int

    public init(lineBytes: Int = 65_536) { self.lineBytes = lineBytes }

    private var isDone: Bool { count >= Self.enough || line >= Self.mostLines }

    public mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, !isDone else { return }
        var at = 0
        while at < bytes.count, let newline = memchr(base + at, 10, bytes.count - at) {
            let end = UnsafeRawPointer(newline) - base
            let piece = UnsafeRawBufferPointer(rebasing: bytes[at..<end])
            if carryLength == 0 { take(piece, length: piece.count) } else { takeCarry(with: piece) }
            at = end + 1
        }
        if at < bytes.count { hold(UnsafeRawBufferPointer(rebasing: bytes[at...])) }
    }

    public mutating func end() {
        if carryLength > 0 { takeCarry(with: UnsafeRawBufferPointer(start: nil, count: 0)) }
        closeFamily()
        if !sawEOF, !isDone { note(.missingEOF, at: 0) }
    }

    private mutating func hold(_ piece: UnsafeRawBufferPointer) {
        carryLength += piece.count
        if carryLength <= lineBytes { carry.append(contentsOf: piece) }
    }

    private mutating func takeCarry(with rest: UnsafeRawBufferPointer) {
        hold(rest)
        let whole = carry, length = carryLength
        carry.removeAll(keepingCapacity: true)
        carryLength = 0
        whole.withUnsafeBytes { take($0, length: length) }
    }

    private mutating func note(_ rule: OpenMetricsFinding.Rule, at: Int) {
        count += 1
        if first == nil { first = OpenMetricsFinding(rule: rule, line: line, offset: offset + at) }
    }

    /// For what every line of a page may have.
    private mutating func noteOnce(_ rule: OpenMetricsFinding.Rule, at: Int) {
        if rulesSeenOnce.insert(rule).inserted { note(rule, at: at) }
    }

    private mutating func take(_ whole: UnsafeRawBufferPointer, length: Int) {
        line += 1
        defer { offset += length + 1 }
        guard !isDone, length <= lineBytes else { return }
        var text = whole
        if text.last == 13 {
            noteOnce(.carriageReturn, at: text.count - 1)
            text = UnsafeRawBufferPointer(rebasing: text.dropLast())
        }
        if sawEOF { return noteOnce(.textAfterEOF, at: 0) }
        guard !text.isEmpty else { return noteOnce(.blankLine, at: 0) }
        guard UTF8Check.isValid(text) else { return note(.notUTF8, at: 0) }
        if text[0] == UInt8(ascii: "#") {
            if MetadataLine.equal(text, "# EOF") { sawEOF = true } else { metadata(text) }
        } else {
            sample(text)
        }
    }

    // MARK: - Metadata

    private mutating func metadata(_ text: UnsafeRawBufferPointer) {
        guard let read = StrictMetadata(text) else { return note(.malformedMetadata, at: 0) }
        if family?.name != read.name {
            closeFamily()
            family = OpenMetricsFamily(name: read.name)
        } else if family?.hasSamples == true {
            return note(.metadataAfterSamples, at: 0)
        }
        if let rule = family?.take(read) { note(rule, at: 0) }
    }

    /// Ends the family: what only its whole can tell.
    private mutating func closeFamily() {
        guard var ended = family.take() else { return }
        for rule in ended.close() { note(rule, at: 0) }
        if !seenNames.isDisjoint(with: ended.allNames) { note(.familyTwice, at: 0) }
        seenNames.formUnion(ended.allNames)
    }

    // MARK: - Samples

    private mutating func sample(_ text: UnsafeRawBufferPointer) {
        let sample: StrictSample
        do { sample = try StrictSample.parse(text) } catch {
            return note(error.rule, at: error.at)
        }
        let name = String(decoding: text[sample.name], as: UTF8.self)
        if let current = family, current.allows(name) {
        } else if family?.name == name {
            // The family's bare name on a type that wants a suffix.
            return note(.sampleNameNotOfType, at: 0)
        } else {
            closeFamily()
            family = OpenMetricsFamily(name: name)
        }
        var labels: [String: String] = [:]
        for span in sample.labels { labels[span.nameText(in: text)] = span.valueText(in: text) }
        let rules = family?.take(OpenMetricsFamily.Sample(name: name, labels: labels, value: sample.value, timestamp: sample.timestamp,
                                                          hasExemplar: sample.hasExemplar)) ?? []
        for rule in rules { note(rule, at: 0) }
    }
}
