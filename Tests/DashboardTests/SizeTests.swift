import CellCanvas
import Dashboard
import MeshModel
import Panels
import Testing

/// Every screen with every kind of data at every size from nothing up: no trap, and all that is written lies inside.
@Suite struct SizeTests {
    static let sizes: [(Int, Int)] = {
        var sizes: [(Int, Int)] = []
        for width in [0, 1, 2, 7, 40, 79, 80, 99, 100, 119, 120, 170, 180, 200, 301] {
            for height in [0, 1, 2, 5, 23, 24, 35, 36, 47, 50, 120] { sizes.append((width, height)) }
        }
        return sizes
    }()

    static let frames: [String: FrameData] = [
        "normal": Shop.frame(), "empty": Shop.emptyFrame, "huge": Shop.hugeFrame(40), "failing": Shop.failingSourceFrame, "traces": ShopTraces.frame, "pages": Shop.pagesFrame, "graph": GraphScreenTests.frame,
        "nothing": FrameData(now: Shop.now, window: Shop.range, version: 0),
    ]

    @Test(arguments: ["", "2", "3", "4", "0", "?", "2<enter>", "3<enter>", "4<enter>", "2<enter><s-tab>", "2<enter><s-tab>z", "3<enter><tab>z", "2/p", ":s", "6", "6<tab>kk", "6jj<enter>", "6j<enter><enter>", "6jjj<enter>", "5", "5lP", "5<tab>", "5l<enter>", "5mz"], Array(frames.keys))
    func everySize(_ keys: String, _ fixture: String) throws {
        let data = try #require(Self.frames[fixture])
        var driver = try Driver(data, width: 120, height: 40).playing(keys)
        // Each takes a third of the sizes, another one for another screen.
        for (index, (width, height)) in Self.sizes.enumerated() where (index + keys.count + fixture.count) % 3 == 0 {
            driver.send(.resized(width: width, height: height))
            var canvas = Canvas(width: width, height: height)
            view(driver.model, data, into: &canvas)
            // The focus is on something that is shown, and moving keeps it there.
            #expect(driver.model.screen.panes.indices.contains(driver.model.screen.focus))
            if width >= 80, height >= 24 {
                #expect(!canvas.plainText().contains("needs 80x24"))
            } else if width >= 40, height >= 2 {
                #expect(canvas.plainText().contains("telltale needs 80x24"), "\(width)x\(height)")
            }
        }
        driver.send(.resized(width: 80, height: 24))
        try driver.play("jjGgk<tab><tab><s-tab>z<esc>")
    }

    /// On the smallest screen Tab leads to every pane of a page, and each shows its rows.
    @Test(arguments: ["2<enter>", "3<enter>", "4<enter>"])
    func nothingIsLostOnTheSmallest(_ keys: String) throws {
        var driver = try Driver(width: 80, height: 24).playing(keys)
        var seen: Set<Int> = []
        for _ in driver.model.screen.panes {
            seen.insert(driver.model.screen.focus)
            let pane = driver.model.screen.pane
            if pane.listing.order.count > 0, let name = pane.selection?.displayName {
                #expect(driver.picture.contains(name.prefix(5)), "the selected row of \(pane.kind) is seen")
            }
            try driver.play("<tab>")
        }
        #expect(seen.count == driver.model.screen.panes.count)
    }
}
