import Dashboard
import MeshModel
import Panels
import Testing

@Suite struct TimeTests {
    @Test func freezingCountsWhatComesIn() throws {
        var driver = try Driver(place: .services).playing("<space>")
        #expect(driver.model.time == .frozen(at: Shop.now))
        driver.send(.tick(now: Shop.now + .init(seconds: 12), version: 13))
        #expect(driver.model.behind == (0, true), "samples as of the last answer")
        var later = Shop.frame(version: 13)
        later.stats?.samples += 1234
        driver.send(.frame(later))
        #expect(driver.model.behind == (1234, true))
        later.stats = nil
        driver.send(.frame(later))
        #expect(driver.model.behind == (12, false), "batches where samples are not counted")
        driver.send(.tick(now: Shop.now + .init(seconds: 13), version: 14, samples: 5_000_000))
        let seen = driver.model.behind.count
        driver.send(.tick(now: Shop.now + .init(seconds: 14), version: 15, samples: 5_000_700))
        #expect(driver.model.behind == (seen + 700, true), "counted on although the frozen answer is not asked for again")
        try driver.play("<space>")
        #expect(driver.model.time == .live)
        #expect(driver.model.behind.count == 0)
    }

    @Test func stepping() throws {
        var driver = Driver()
        try driver.play("T")
        #expect(driver.model.time == .live)
        try driver.play("t")
        #expect(driver.model.time == .frozen(at: Shop.now - .init(seconds: 5)), "one slot, and frozen")
        driver.data.now = Shop.now - .init(seconds: 5)
        try driver.play("t")
        #expect(driver.model.time == .frozen(at: Shop.now - .init(seconds: 10)))
        try driver.play("TTT")
        #expect(driver.model.time == .frozen(at: Shop.now), "never past the newest")
        try driver.play("<end>")
        #expect(driver.model.time == .live)
    }

    @Test func jumping() throws {
        #expect(try Driver().playing("b-5m<enter>").model.time == .frozen(at: Shop.now - .init(seconds: 300)))
        #expect(try Driver().playing("b20:00<enter>").model.time == .frozen(at: Shop.now - .init(seconds: 273)))
        #expect(try Driver().playing("b+5m<enter>").model.time == .frozen(at: Shop.now))
        let early = try Driver().playing("b-10m<enter>").model
        #expect(early.time == .frozen(at: Shop.now - .init(seconds: 540)), "as far as data is kept")
        #expect(early.message?.text == "nothing is kept from before 19:55:33")
        let wrong = try Driver().playing("b25:99<enter>").model
        #expect(wrong.time == .live)
        #expect(wrong.message?.isError == true)
        #expect(try Driver().playing("b-5m<esc>").model.time == .live)
    }

    @Test func windows() throws {
        var driver = try Driver().playing("+")
        #expect(driver.model.windowSeconds == 600)
        #expect(queries(for: driver.model).time.windowSeconds == 600)
        try driver.play("+++++")
        #expect(driver.model.windowSeconds == 3600)
        try driver.play("--------")
        #expect(driver.model.windowSeconds == 60)
        try driver.play(":window 90s<enter>")
        #expect(driver.model.windowSeconds == 90)
        try driver.play("+")
        #expect(driver.model.windowSeconds == 120)
        for bad in ["", "x", "1s", "99d"] {
            try driver.play(":window \(bad)<enter>")
            #expect(driver.model.windowSeconds == 120)
            #expect(driver.model.message?.isError == true)
        }
    }

    /// Sources of a past instant say what is of then and what is of now.
    @Test func saysWhatOfTheSourcesIsOfThen() throws {
        var driver = Driver(place: .sources)
        driver.send(.tick(now: Shop.now, version: 1))
        #expect(!driver.picture.contains("counts are of now"))
        driver.data.now = Shop.now - .init(seconds: 60)
        try driver.play("b-1m<enter>")
        #expect(driver.picture.contains("who answered at 20:03:33; counts are of now"))
    }

    /// Until another instant or window is read back the last picture stays, and says what it waits for.
    @Test func saysWhatIsBeingReadBack() throws {
        var driver = Driver()
        let before = driver.picture
        for (keys, badge) in [("+", "COMPUTING 10m …"), ("-", "COMPUTING 5m …"), ("b-5m<enter>", "COMPUTING @19:59:33 …")] {
            try driver.play(keys)
            _ = update(&driver.model, .awaiting)
            #expect(driver.picture.contains(badge))
        }
        _ = update(&driver.model, .frame(driver.data))
        #expect(!driver.picture.contains("COMPUTING"))
        #expect(!before.contains("COMPUTING"))
    }

    @Test func nothingToFreezeBeforeData() throws {
        var model = Model(width: 80, height: 24)
        for key in try KeyScript(parsing: "<space>tTb-5m<enter>G<enter>yz").keys { _ = update(&model, .key(key)) }
        #expect(model.time == .live)
    }
}
