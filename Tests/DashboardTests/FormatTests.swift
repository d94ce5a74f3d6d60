@testable import Dashboard
import MeshModel
import Panels
import Testing

@Suite struct FormatTests {
    @Test(arguments: [
        (nil, "–"), (0, "0"), (0.004, "<0.01"), (0.04, "0.04"), (0.5, "0.50"), (8.21, "8.2"), (82.1, "82.1"), (99.96, "100"), (412.4, "412"), (999.6, "1.0k"),
        (1234, "1.2k"), (12_345, "12.3k"), (123_456, "123k"), (999_900, "1.0M"), (3.4e6, "3.4M"), (.nan, "–"), (.infinity, "–"), (1e300, ">999T"),
    ] as [(Double?, String)])
    func rate(_ value: Double?, _ text: String) { #expect(Format.rate(value) == text) }

    @Test(arguments: [
        (nil, "–"), (1, "100 %"), (0.99999, "99.99 %"), (0.9996, "99.96 %"), (0.9989, "99.8 %"), (0.939, "93.9 %"), (0.0004, "<0.1 %"), (0, "0 %"), (0.5, "50.0 %"),
    ] as [(Double?, String)])
    func percent(_ value: Double?, _ text: String) { #expect(Format.percent(value) == text) }

    @Test(arguments: [
        (0, "0ms"), (0.01, "<0.1ms"), (0.42, "0.4ms"), (9.96, "10ms"), (31.2, "31ms"), (999.7, "1.00s"), (1240, "1.24s"), (12_400, "12.4s"), (124_000, "124s"),
        (900_000, "15m"), (-1, "–"), (.nan, "–"), (1e300, "9999m"),
    ] as [(Double, String)])
    func milliseconds(_ value: Double, _ text: String) { #expect(Format.milliseconds(value) == text) }

    @Test(arguments: [
        (0, "0s"), (0.3, "<1s"), (12.7, "12s"), (60, "1m"), (90, "1m30s"), (300, "5m"), (3600, "1h"), (5400, "1h30m"), (90_000, "1d1h"), (-1, "–"), (1e300, "37037d"),
    ] as [(Double, String)])
    func duration(_ value: Double, _ text: String) { #expect(Format.duration(value).hasPrefix(text)) }

    @Test func successIsCountsWhereTheSampleIsSmall() {
        var signals = GoldenSignals()
        #expect(Format.success(signals) == "–")
        signals.requests = 3
        signals.errors = 1
        #expect(Format.success(signals) == "2/3")
        signals.requests = 20
        #expect(Format.success(signals) == "95.0 %")
        signals.denied = 20
        #expect(Format.success(signals) == "–", "nothing was let through")
        signals.requests = 22
        signals.errors = 2
        #expect(Format.success(signals) == "0/2")
    }

    @Test func quantilesOfTheOpenBucketSaySo() {
        let latency = LatencySummary(p50: 10, p95: 9000, p99: 10_000, count: 4, atLeast: true)
        #expect(Format.quantile(latency.p99, of: latency) == "≥10.0s")
        #expect(Format.quantile(latency.p50, of: latency) == "10ms")
        #expect(Format.quantile(10, of: nil) == "–")
    }

    @Test func trafficSharesOneUnit() {
        #expect(Format.traffic(200_000, 900_000) == "0.2/0.9M/s")
        #expect(Format.traffic(nil, 900_000) == "–/0.9M/s")
        #expect(Format.traffic(nil, nil) == "–")
        #expect(Format.traffic(0, 0) == "0/0B/s")
        #expect(Format.traffic(1e12, 1e15) == "1000/1000000G/s")
    }

    @Test func versions() {
        #expect(VersionShare.text(Shop.services[6].versions) == "v1 80 · v2 20✕")
        #expect(VersionShare.text([]) == "–")
        #expect(VersionShare.text([VersionRow(version: "", signals: GoldenSignals())]) == "?")
    }

    @Test(arguments: [("10m", 600), ("90s", 90), ("1h30m", 5400), ("45", 45), ("2d", 172_800), ("1.5m", 90)] as [(String, Double)])
    func durationsAreRead(_ text: String, _ seconds: Double) { #expect(TimeText.seconds(text) == seconds) }

    @Test(arguments: ["", "m", "10x", "10m5", "ten", "-5m", "1e999"])
    func noDurations(_ text: String) { #expect(TimeText.seconds(text) == nil) }

    @Test func instants() {
        let newest = Shop.now  // 20:04:33
        func read(_ text: String, shown: Timestamp = newest) -> String? { TimeText.instant(text, shown: shown, newest: newest)?.rfc3339 }
        #expect(read("-10m") == "2026-11-23T19:54:33.000Z")
        #expect(read("10m") == "2026-11-23T19:54:33.000Z")
        #expect(read("+30s", shown: newest - .init(seconds: 60)) == "2026-11-23T20:04:03.000Z")
        #expect(read("15:30") == "2026-11-23T15:30:00.000Z")
        #expect(read("15:30:05") == "2026-11-23T15:30:05.000Z")
        #expect(read("23:59") == "2026-11-22T23:59:00.000Z", "the latest such time that has been")
        for bad in ["25:00", "15:60", "15:30:61", "x", "15", ":", "1:2:3:4", "-", "-x", "999:00"] { #expect(read(bad) == nil, "\(bad)") }
    }
}
