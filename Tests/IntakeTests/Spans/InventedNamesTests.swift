import MeshModel
import Testing

@testable import Intake

@Suite struct InventedNamesTests {
    /// A name with an id in it for every span: all are kept, and what comes past the limit shares one symbol, counted.
    @Test func namesWithoutEndAreBounded() {
        let symbols = SymbolTable()
        symbols.withLock { $0.mostBytesForSpans = 64 << 10 }
        var decoder = SpanDecoder(symbols: symbols)
        var batch = SpanBatch(source: SourceID(raw: 1), time: Timestamp(nanoseconds: 1))
        for round in 0..<20 {
            var writer = RequestWriter()
            writer.resourceSpans([("service.name", "a")], (0..<100 as Range<Int>).map { place in
                var span = SpanParts(UInt8(place + 1))
                span.name = "GET /order/\(round * 100 + place)/of/somebody"
                return span
            })
            #expect(writer.bytes.withUnsafeBytes { decoder.append(request: $0, to: &batch) })
        }
        let names = Set(batch.spans.map { symbols.string($0.name) })
        #expect(batch.spans.count == 2000 && names.contains("…") && names.count > 100 && names.count < 2000)
        #expect(decoder.report.namesRefused == 2000 - (names.count - 1))
        #expect(symbols.bytes <= 2 * 64 << 10)
    }
}
