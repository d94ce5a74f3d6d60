import Glibc
import MeshModel
import WireFormats

/// Feeds one input as three scrapes of one source: whole, the same again by the remembered lines, and again in pieces. What it
/// must hold: no trap, and the same samples and reports however the bytes came. The first byte is how the pieces are cut.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzExposition(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: data, count: size)
    guard let cut = input.first else { return 0 }
    let page = UnsafeRawBufferPointer(rebasing: input.dropFirst())
    let format: ExpositionFormat = cut & 1 == 0 ? .prometheusText : .openMetrics
    var limits = PageLimits()
    limits.lineBytes = 256
    limits.series = 64

    var whole = Source(limits: limits), pieces = Source(limits: limits)
    for scrape in 0..<3 {
        // The second scrape is another page: the one of before without its beginning, so that lines vanish and return.
        let text = scrape == 1 ? UnsafeRawBufferPointer(rebasing: page.dropFirst(page.count / 3)) : page
        let a = whole.scrape(text, format, piece: max(1, text.count))
        let b = pieces.scrape(text, format, piece: 1 + Int(cut >> 1) % 37)
        insist(a == b, "the pieces changed what was read in scrape \(scrape):\n  \(a)\n  \(b)")
    }
    checked(page, piece: page.count + 1, against: checked(page, piece: 1 + Int(cut >> 1) % 37, against: nil))
    return 0
}

/// A decoder with the numbering that Intake gives.
struct Source: ~Copyable {
    var decoder: PageDecoder
    var next: UInt32 = 0

    init(limits: PageLimits) { decoder = PageDecoder(seed: 42, limits: limits) }

    mutating func scrape(_ page: UnsafeRawBufferPointer, _ format: ExpositionFormat, piece: Int) -> [String] {
        decoder.begin(format: format)
        var at = 0
        while at < page.count {
            let end = min(page.count, at + piece)
            decoder.feed(UnsafeRawBufferPointer(rebasing: page[at..<end]))
            at = end
        }
        decoder.end()
        var ordinals: [UInt32] = []
        var reader = SeriesReader()
        let table = SymbolTable()
        var batch = Batch(source: SourceID(raw: 0), time: Timestamp(nanoseconds: 0))
        for item in decoder.pending.items {
            decoder.pending.bytes.withUnsafeBytes { bytes in
                let line = UnsafeRawBufferPointer(rebasing: bytes[item.bytes]), type = UnsafeRawBufferPointer(rebasing: bytes[item.type])
                table.withLock { _ = reader.read(line, type: type, symbols: &$0, labels: &batch.labels) }
            }
            // Every fifth series is one that no profile maps.
            ordinals.append(next % 5 == 4 ? LineCache.dropped : next)
            next += 1
        }
        decoder.settle(ordinals)
        decoder.write(to: &batch)
        insist(batch.ordinals.count == batch.values.count && Set(batch.ordinals).count == batch.ordinals.count, "a series twice in one batch")
        return ["\(decoder.report)"] + zip(batch.ordinals, batch.values).map { "\($0)=\($1.bitPattern)" }
    }
}

@discardableResult
private func checked(_ page: UnsafeRawBufferPointer, piece: Int, against other: String?) -> String {
    var check = OpenMetricsCheck(lineBytes: 256)
    var at = 0
    while at < page.count {
        let end = min(page.count, at + piece)
        check.feed(UnsafeRawBufferPointer(rebasing: page[at..<end]))
        at = end
    }
    check.end()
    let words = "\(check.count) \(String(describing: check.first))"
    insist(other == nil || other == words, "the pieces changed the findings: \(words) and \(other ?? "")")
    return words
}

/// Says what is wrong before it traps: an optimised precondition is silent.
private func insist(_ holds: Bool, _ message: @autoclosure () -> String) {
    guard !holds else { return }
    var text = "BUG: \(message())\n"
    text.withUTF8 { _ = write(2, $0.baseAddress, $0.count) }
    fatalError("BUG: see above")
}
