import CellCanvas
@testable import Dashboard
import MeshModel
import Panels
import TestSupport
import Testing

/// A recording in the dashboard: time moves by what `update` is told alone.
@Suite struct ReplayTests {
    static let start = Shop.now - Timestamp.Span(seconds: 600)
    static let range = TimeRange(from: start, to: Shop.now)

    /// A hundred parts of six seconds; traces fail in the 40th and the 70th.
    static var timeline: Timeline {
        var timeline = Timeline(range: range, traces: (0..<100).map { Float($0 % 7) }, failing: [Float](repeating: 0, count: 100), stretches: [range])
        (timeline.traces[40], timeline.traces[70]) = (4, 4)
        (timeline.failing[40], timeline.failing[70]) = (4, 1)
        return timeline
    }

    static func driver(_ playback: Playback = Playback(range: range), width: Int = 120, height: Int = 40, place: Place = .services,
                       timeline: Timeline = timeline, glyphs: GlyphSet = .braille) -> Driver {
        var data = place == .traces ? ShopTraces.frame : Shop.frame()
        (data.timeline, data.now) = (timeline, playback.at)
        var driver = Driver(data, width: width, height: height, place: place)
        driver.model = Model(width: width, height: height, settings: .init(glyphs: glyphs), place: place, playback: playback)
        driver.send(.frame(data))
        return driver
    }

    private func seconds(_ driver: Driver) -> Double? { driver.model.time.playback.map { ($0.at - Self.start).seconds } }
    private func isPlaying(_ driver: Driver) -> Bool? { driver.model.time.playback?.isPlaying }

    @Test func playsByTheSecondsItIsTold() throws {
        var driver = Self.driver()
        #expect(seconds(driver) == 1 && isPlaying(driver) == true)
        driver.send(.elapsed(seconds: 0.25))
        #expect(seconds(driver) == 1.25)
        #expect(queries(for: driver.model).time.now == Self.start + Timestamp.Span(seconds: 1.25))
        #expect(queries(for: driver.model).queries.contains(.timeline))
        try driver.play("...")
        #expect(driver.model.time.playback?.speed == 10)
        driver.send(.elapsed(seconds: 0.5))
        #expect(seconds(driver) == 6.25)
        try driver.play(",:speed 60<enter>")
        driver.send(.elapsed(seconds: 1))
        #expect(seconds(driver) == 66.25)
        try driver.play("<space>")
        #expect(isPlaying(driver) == false)
        driver.send(.elapsed(seconds: 100))
        #expect(seconds(driver) == 66.25, "stands still")
    }

    @Test func endsAtTheEndAndBeginsAnew() throws {
        var driver = Self.driver(Playback(range: Self.range, speed: 1000))
        driver.send(.elapsed(seconds: 0.25))
        #expect(isPlaying(driver) == true)
        driver.send(.elapsed(seconds: 0.5))
        #expect(seconds(driver) == 600 && isPlaying(driver) == false)
        #expect(driver.picture.contains(" END "))
        try driver.play("<space>")
        #expect(seconds(driver) == 1 && isPlaying(driver) == true)
    }

    @Test(arguments: [
        ("bstart<enter>", 0.0), ("bend<enter>", 600), ("b+30s<enter>", 330), ("b-4m<enter>", 60), ("b20:00<enter>", 327), ("b+2h<enter>", 600), ("b09:00<enter>", 0),
        ("T", 305), ("t", 295), ("<end>", 600), (":at 20:00:10<enter>", 337), (":end<enter>", 600), ("bnonsense<enter>", 300), ("}", 426), ("{", 246), ("}}", 426), ("}{", 246),
    ])
    func goesThere(_ keys: String, _ expected: Double) throws {
        let driver = try Self.driver(Playback(range: Self.range, at: Self.start + Timestamp.Span(seconds: 300), isPlaying: false)).playing(keys)
        #expect(seconds(driver) == expected)
        #expect(isPlaying(driver) == false)
        #expect((driver.model.message?.isError ?? false) == keys.contains("nonsense"))
    }

    @Test func quietStretchesAreLeftOut() {
        let late = Self.start + Timestamp.Span(seconds: 500)
        let stretches = [TimeRange(from: Self.start, to: Self.start + Timestamp.Span(seconds: 20)), TimeRange(from: late, to: Shop.now)]
        var driver = Self.driver(timeline: Timeline(range: Self.range, stretches: stretches))
        driver.send(.elapsed(seconds: 20))
        #expect(seconds(driver) == 21)
        driver.send(.elapsed(seconds: 6))
        #expect(seconds(driver) == 499)
        #expect(driver.model.message?.text == "nothing was recorded for 7m52s: left out")
        driver.send(.elapsed(seconds: 6))
        #expect(seconds(driver) == 505, "once")
    }

    @Test func keysOfRecordingsSaySoElsewhere() throws {
        for keys in [".", ",", "}", "{", ":speed 2<enter>"] {
            let driver = try Driver().playing(keys)
            #expect(driver.model.message?.text == "that is for recordings: telltale replay plays one")
            #expect(driver.model.time == .live)
        }
        #expect(try Self.driver().playing(":speed fast<enter>").model.message?.isError == true)
    }

    @Test func aClickOnTheLineGoesThere() throws {
        var driver = Self.driver()
        let row = driver.picture.split(separator: "\n", omittingEmptySubsequences: false)[38]
        #expect(row.hasPrefix(" 19:54:33 ") && row.contains("1s of 10m"))
        driver.send(.mouse(Mouse(.click, x: 10, y: 38)))
        let first = try #require(seconds(driver))
        #expect(first > 0 && first < 6)
        driver.send(.mouse(Mouse(.click, x: 60, y: 38)))
        #expect(try #require(seconds(driver)) > 250)
        #expect(isPlaying(driver) == false)
    }

    @Test(arguments: [(80, 24), (120, 40), (200, 50)])
    func pictures(_ width: Int, _ height: Int) throws {
        func check(_ driver: Driver, _ name: String) {
            var canvas = Canvas(width: width, height: height)
            view(driver.model, driver.data, into: &canvas)
            if let difference = Golden.difference(canvas, named: name) { Issue.record("\(difference)") }
        }
        check(Self.driver(Playback(range: Self.range, at: Self.start + Timestamp.Span(seconds: 190), speed: 10), width: width, height: height, place: .overview), "replay-overview")
        check(Self.driver(Playback(range: Self.range, at: Self.start + Timestamp.Span(seconds: 190), isPlaying: false), width: width, height: height, place: .traces), "replay-traces")
        check(Self.driver(Playback(range: Self.range, at: Self.start + Timestamp.Span(seconds: 190), isPlaying: false), width: width, height: height, place: .services, glyphs: .ascii),
              "replay-ascii")
    }
}
