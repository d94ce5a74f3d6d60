import Glibc
import MeshModel
import WireFormats

/// Feeds one input to a span decoder. The first byte says which format it is taken for. What must hold: no trap, valid ids only, every
/// range within the batch, every resource there; the same spans when the decoder remembers them from before; and an opener that can read
/// whatever was taken.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSpans(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: data, count: size)
    guard let first = input.first else { return 0 }
    let bytes = UnsafeRawBufferPointer(rebasing: input.dropFirst())
    let formats = SpanFormat.allCases
    let format = formats[Int(first) % formats.count]
    _ = SpanFileLayout(bytes)
    var decoder = SpanDecoder(symbols: SymbolTable(), seed: 42)
    var counts: [Int] = []
    for _ in 0..<2 {
        var batch = SpanBatch(source: SourceID(raw: 0), time: Timestamp(nanoseconds: 0))
        let problem = decoder.decode(bytes, as: format, into: &batch)
        let report = decoder.takeReport()
        insist(report.spans == batch.spans.count, "\(report.spans) spans told of, \(batch.spans.count) there")
        check(batch)
        counts.append(batch.spans.count * 1_000_000 + report.rejected * 10 + (problem == nil ? 0 : 1))
    }
    insist(counts[0] == counts[1], "another answer the second time: \(counts)")
    return 0
}

private func check(_ batch: SpanBatch) {
    for span in batch.spans {
        insist(!span.trace.isZero && !span.id.isNone && span.end >= span.start, "an invalid span was taken")
        insist(batch.resources.indices.contains(Int(span.resource)), "a span of a resource that is not there")
        let resource = batch.resources[Int(span.resource)].bytes
        for range in [span.bytes, resource] { insist(Int(range.start) + Int(range.count) <= batch.bytes.count, "a range outside of the batch") }
        batch.bytes.withUnsafeBytes { bytes in
            let message = UnsafeRawBufferPointer(rebasing: bytes[Int(span.bytes.start)..<Int(span.bytes.start + span.bytes.count)])
            let opened = SpanOpener.open(span: message, resource: UnsafeRawBufferPointer(rebasing: bytes[Int(resource.start)..<Int(resource.start + resource.count)]))
            insist(opened.links.count == SpanOpener.links(of: message).count, "links that differ")
        }
    }
}

/// Says what is wrong before it traps: an optimised precondition is silent.
private func insist(_ holds: Bool, _ message: @autoclosure () -> String) {
    guard !holds else { return }
    var text = "BUG: \(message())\n"
    text.withUTF8 { _ = write(2, $0.baseAddress, $0.count) }
    fatalError("BUG: see above")
}
