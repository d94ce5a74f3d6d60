/// How one page went.
package struct PageReport: Sendable, Equatable {
    package var bytes = 0
    package var lines = 0
    package var samples = 0
    package var newSeries = 0
    package var badLines = 0
    /// First bad line in words: `line 12, byte 340: no value after the name: "foo"`.
    package var firstBadLine: String?
    package var repeatedSeries = 0
    /// Series beyond the limit, not kept.
    package var overLimit = 0
    package var sawEnd = false
    /// Departures from OpenMetrics on a page that says it is OpenMetrics; nothing is dropped for them.
    package var departures = 0
    /// The first in words: `line 12, byte 340: a counter is negative`.
    package var firstDeparture: String?

    static let excerptBytes = 80

    package init() {}

    mutating func noteBad(line: Int, offset: Int, reason: String, excerpt: some Sequence<UInt8>) {
        badLines += 1
        guard firstBadLine == nil else { return }
        let text = String(decoding: excerpt.prefix(Self.excerptBytes).map { $0 < 32 || $0 == 127 ? UInt8(ascii: ".") : $0 }, as: UTF8.self)
        firstBadLine = "line \(line), byte \(offset): \(reason): \"\(text)\""
    }
}
