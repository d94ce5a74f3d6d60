import CellCanvas
import Dashboard
import MeshModel
import Panels
import TestSupport
import Testing

/// Traces and Trace at every size, as pictures.
@Suite struct TraceGoldenTests {
    static let sizes = [(80, 24), (120, 40), (200, 50)]

    private func check(_ driver: Driver, _ name: String) {
        var canvas = Canvas(width: driver.model.width, height: driver.model.height)
        view(driver.model, driver.data, into: &canvas)
        if let difference = Golden.difference(canvas, named: name) { Issue.record("\(difference)") }
    }

    @Test(arguments: [
        ("traces", ""), ("traces-cell", "<tab>kkkhhh"), ("traces-picked", "<tab><enter>"), ("trace", "<down><enter>"), ("trace-broken", "<down><down><enter>"), ("trace-huge", "<down><down><down><enter>"),
        ("trace-span", "<down><enter>nnn<enter>"), ("trace-critical", "<down><enter>P"),
    ])
    func screens(_ name: String, _ keys: String) throws {
        for (width, height) in Self.sizes {
            check(try Driver(ShopTraces.frame, width: width, height: height, place: .traces).playing(keys), name)
        }
    }

    @Test(arguments: [
        ("traces-failed", ":traces status=failed<enter>"), ("traces-filter", "/service=payment duration>400ms"), ("traces-none", "/nothing<enter>"), ("trace-folded", "<down><enter>jjjf"),
        ("trace-found", "<down><enter>/ledger"), ("trace-errors", "<down><enter>e"), ("traces-of-service", "2<enter>v"),
    ])
    func states(_ name: String, _ keys: String) throws { check(try Driver(ShopTraces.frame, width: 80, height: 24, place: .traces).playing(keys), "state-\(name)") }

    @Test(arguments: [GlyphSet.ascii, .block])
    func monochrome(_ glyphs: GlyphSet) throws {
        for (name, keys) in [("traces", ""), ("trace", "<down><enter>"), ("trace-critical", "<down><enter>P")] {
            let driver = try Driver(ShopTraces.frame, width: 120, height: 40, place: .traces, settings: .init(theme: "mono", glyphs: glyphs)).playing(keys)
            check(driver, "\(name)-mono-\(glyphs)")
            if glyphs == .ascii { #expect(driver.picture.utf8.allSatisfy { $0 < 128 }) }
        }
    }

    @Test(arguments: [("traces-attribute", "/attr.http.response.status_code=503"), ("traces-searching", "/attr.slow.key=1<enter>")])
    func searched(_ name: String, _ keys: String) throws {
        for (width, height) in Self.sizes { check(try Driver(ShopTraces.frame, width: width, height: height, place: .traces).playing(keys), name) }
    }

    @Test(arguments: [("traces-arriving", ""), ("trace-arriving", "<down><down><enter>")])
    func stillArriving(_ name: String, _ keys: String) throws {
        for (width, height) in Self.sizes { check(try Driver(ShopTraces.arriving, width: width, height: height, place: .traces).playing(keys), name) }
    }

    @Test func nothingYet() {
        var data = Shop.frame()
        data.traces = []
        data.traceStats = TraceStats()
        for (width, height) in Self.sizes { check(Driver(data, width: width, height: height, place: .traces), "traces-empty") }
    }
}
