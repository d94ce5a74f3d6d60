@testable import Ingest
import MeshModel
import Testing

/// Targets that cannot be spoken to at all.
@Suite struct UnreachableTests {
    @Test func nothingListensThenSomethingDoes() async throws {
        let port = ReservedPort()
        let url = "http://127.0.0.1:\(port.number)/metrics"
        let fleet = try Fleet()
        try await fleet.run([url]) {
            for _ in 0..<2 {
                await eventually("it is named") { fleet.reason(url) == "connection refused: nothing listens there" }
                let server = try await ScriptedServer(port: port.number) { _ in [Answer.ok(), .close] }
                await fleet.delivers(url)
                #expect(fleet.sink.named(url)?.state.consecutiveFailures == 0)
                await server.stop()
            }
        }
    }

    @Test(arguments: ["http", "https"]) func connectingTimesOut(_ scheme: String) async throws {
        let port = ReservedPort(hangs: true)
        let url = "\(scheme)://127.0.0.1:\(port.number)/metrics"
        let fleet = try Fleet(timeout: 0.2)
        try await fleet.run([url]) { await eventually("it is named") { fleet.reason(url)?.hasPrefix("timed out") == true } }
    }

    @Test func aNameThatIsNotKnown() async throws {
        let good = try await ScriptedServer { _ in [Answer.ok()] }
        let goodURL = "http://localhost:\(good.port)/metrics"
        let urls = ["http://no-such-host.invalid:9/metrics", "https://no-such-host.invalid:9/metrics"]
        let fleet = try Fleet()
        try await fleet.run(urls + [goodURL]) {
            for url in urls { await eventually("\(url) is named") { fleet.reason(url)?.hasPrefix("the name no-such-host.invalid ") == true } }
            await fleet.delivers(goodURL)
        }
        await good.stop()
    }

    @Test func aFailingTargetIsAskedLessOften() {
        var schedule = ScrapeSchedule(interval: 5, key: "a")
        func turns(_ schedule: ScrapeSchedule, within seconds: Double) -> Int {
            var now = 1000.0, count = 0
            while true {
                now += schedule.delay(now: now)
                if now > 1000 + seconds { return count }
                count += 1
            }
        }
        #expect(turns(schedule, within: 600) == 120)
        let expected = [(1, 120), (2, 60), (3, 40), (4, 30), (5, 30), (100, 30)]
        for (failures, count) in expected {
            while schedule.failures < failures { schedule.failed() }
            #expect(abs(turns(schedule, within: 600) - count) <= 1, "after \(failures) failures")
        }
        schedule.succeeded()
        #expect(turns(schedule, within: 600) == 120)
    }

    @Test(arguments: [(0.5, 4, 2.0), (5, 4, 20), (20, 4, 60), (30, 2, 60), (60, 4, 60), (300, 4, 300)])
    func backoffHasABound(_ interval: Double, _ failures: Int, _ step: Double) {
        var schedule = ScrapeSchedule(interval: interval, key: "x")
        for _ in 0..<failures { schedule.failed() }
        let first = schedule.delay(now: 10_000)
        #expect(first > 0 && first <= step)
        #expect(abs(schedule.delay(now: 10_000 + first + 1e-6) - step) < 1e-3)
    }

    @Test func turnsAreSpreadOverTheInterval() {
        let offsets = (0..<1000).map { ScrapeSchedule(interval: 10, key: "http://10.0.\($0 / 256).\($0 % 256):9901/stats/prometheus").offset }
        for tenth in 0..<10 {
            let share = offsets.filter { Int($0) == tenth }.count
            #expect((50...150).contains(share), "\(share) of 1000 in second \(tenth)")
        }
        #expect(ScrapeSchedule(interval: 10, key: "a") == ScrapeSchedule(interval: 10, key: "a"))
    }

    @Test(arguments: [0.02, 1, 5, 60]) func theFirstTurnsComeWithinASecondAndNoTwoCloseTogether(_ interval: Double) {
        for number in 0..<200 {
            let schedule = ScrapeSchedule(interval: interval, key: "target \(number)")
            #expect(schedule.firstDelay > 0 && schedule.firstDelay <= min(1, interval) + 0.001)
            var now = 5000 + Double(number) * 0.37, last = now + schedule.firstDelay
            for _ in 0..<5 {
                now = last + 0.001
                let next = now + schedule.delay(now: now, last: last)
                #expect(next - last >= interval / 2 - 1e-6 && next - last <= 1.5 * interval + 0.002)
                last = next
            }
        }
    }
}
