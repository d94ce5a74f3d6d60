import Glibc

/// Reports where a page departs from OpenMetrics 1.0, beside the decoder that keeps all it can read. Fed the same bytes in
/// the same chunks; made for pages whose shape is new, so it may spend Strings on a line.
package struct OpenMetricsCheck: Sendable {
    package private(set) var count = 0
    package private(set) var first: OpenMetricsFinding?

    private var carry: [UInt8] = []
    private var line = 0
    private var offset = 0
    private var sawEOF = false
    private var family: OpenMetricsFamily?
    private var seenNames = Set<String>()
    private var rulesSeenOnce = Set<OpenMetricsFinding.Rule>()
    /// A page that is wrong this often is not checked to its end; neither is one with lines longer than a decoder takes.
    private static let enough = 10_000
    private let lineBytes: Int

    package init(lineBytes: Int = 65_536) { self.lineBytes = lineBytes }

    private var isDone: Bool { count >= Self.enough }

    package mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, !isDone else { return }
        var at = 0
        while at < bytes.count, let newline = memchr(base + at, 10, bytes.count - at) {
            let end = UnsafeRawPointer(newline) - base
            let piece = UnsafeRawBufferPointer(rebasing: bytes[at..<end])
            if carry.isEmpty { take(piece) } else { takeCarry(with: piece) }
            at = end + 1
        }
        if at < bytes.count, carry.count <= lineBytes { carry.append(contentsOf: bytes[at...]) }
    }

    package mutating func end() {
        if !carry.isEmpty { takeCarry(with: UnsafeRawBufferPointer(start: nil, count: 0)) }
        closeFamily()
        if !sawEOF, !isDone { note(.missingEOF, at: 0) }
    }

    private mutating func takeCarry(with rest: UnsafeRawBufferPointer) {
        var whole = carry
        carry.removeAll(keepingCapacity: true)
        whole.append(contentsOf: rest)
        whole.withUnsafeBytes { take($0) }
    }

    private mutating func note(_ rule: OpenMetricsFinding.Rule, at: Int) {
        count += 1
        if first == nil { first = OpenMetricsFinding(rule: rule, line: line, offset: offset + at) }
    }

    /// For what every line of a page may have.
    private mutating func noteOnce(_ rule: OpenMetricsFinding.Rule, at: Int) {
        if rulesSeenOnce.insert(rule).inserted { note(rule, at: at) }
    }

    private mutating func take(_ whole: UnsafeRawBufferPointer) {
        line += 1
        defer { offset += whole.count + 1 }
        guard !isDone, whole.count <= lineBytes else { return }
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
        for name in ended.allNames where !seenNames.insert(name).inserted {
            note(.familyTwice, at: 0)
            break
        }
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
