import Glibc
@testable import Ingest
import MeshModel
import Synchronization
import Testing

/// Lists that change while they are used.
@Suite struct TargetSourceTests {
    let folder = TemporaryFolder()

    /// What a watcher was told, in order.
    final class Told: Sendable {
        private let lists = Mutex<[[String]]>([]), problems = Mutex<[String]>([])
        var newest: [String]? { lists.withLock { $0.last } }
        var count: Int { lists.withLock { $0.count } }
        var failures: [String] { problems.withLock { $0 } }

        func watch(_ source: TargetSource) -> Task<Void, Never> {
            Task {
                await source.watch { targets in self.lists.withLock { $0.append(targets.map(\.url)) } } failed: { error in self.problems.withLock { $0.append(error.description) } }
            }
        }
    }

    private func list(_ addresses: String...) -> String { "[{\"targets\": [\(addresses.map { "\"\($0)\"" }.joined(separator: ", "))]}]" }

    @Test func aFileIsReadAgainWhenItChanges() async throws {
        let path = folder.write("t.json", list("a:1"))
        let told = Told()
        let watcher = told.watch(TargetSource(path, pollSeconds: 0.01))
        await eventually("it is read at once") { told.newest == ["http://a:1/metrics"] }
        folder.write("t.json", list("a:1", "b:2"))
        await eventually("a file renamed into place") { told.newest == ["http://a:1/metrics", "http://b:2/metrics"] }
        let file = fopen(path, "w")
        fputs("- targets: [c:3]", file)
        fclose(file)
        await eventually("a file written in place, now YAML") { told.newest == ["http://c:3/metrics"] }
        unlink(path)
        await eventually("a file that went") { told.failures.last == "--targets \(path): No such file or directory" }
        #expect(told.newest == ["http://c:3/metrics"])
        folder.write("t.json", "[{\"targets\": [")
        await eventually("a broken file") { told.failures.last?.contains(": neither JSON nor YAML: ") == true }
        #expect(told.newest == ["http://c:3/metrics"])
        folder.write("t.json", list("d:4"))
        await eventually("a good one again") { told.newest == ["http://d:4/metrics"] }
        watcher.cancel()
        await watcher.value
    }

    @Test(arguments: [("missing", "No such file or directory"), (".", "Is a directory")]) func anUnreadableFileIsOneSentence(_ name: String, _ words: String) async {
        let path = "\(folder.path)/\(name)"
        let error = await #expect(throws: IngestError.self) { try await TargetSource(path).read() }
        #expect(error?.description == "--targets \(path): \(words)")
    }

    private func json(_ body: String, type: String = "application/json", refresh: String = "1") -> ScriptedServer.Step {
        .send("HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nX-Prometheus-Refresh-Interval-Seconds: \(refresh)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    @Test func aURLIsAskedAgainAndAnErrorKeepsTheList() async throws {
        let first = json(list("a:1")), second = json(list("b:2"))
        let server = try await ScriptedServer { _ in [first] }
        let location = "http://127.0.0.1:\(server.port)/targets"
        #expect(try await TargetSource(location).read().map(\.url) == ["http://a:1/metrics"])
        let told = Told()
        let watcher = told.watch(TargetSource(location))
        await eventually("it is read at once") { told.newest == ["http://a:1/metrics"] }
        server.answer { _ in [Answer.status("503 Service Unavailable")] }
        await eventually("an error is told") { told.failures.last == "--targets \(location): answered 503, not 200" }
        #expect(told.newest == ["http://a:1/metrics"])
        server.answer { _ in [second] }
        await eventually("the new list") { told.newest == ["http://b:2/metrics"] }
        await server.stop()
        watcher.cancel()
        await watcher.value
    }

    @Test(arguments: [
        ("text/plain", "[]", "answered text/plain, not application/json"), ("application/json", "[{]", "neither JSON nor YAML"), ("application/json", "", "is empty"),
        ("application/json", "{}", "a target list is a list"),
    ]) func aURLThatServesNoListIsOneSentence(_ type: String, _ body: String, _ words: String) async throws {
        let step = json(body, type: type)
        let server = try await ScriptedServer { _ in [step] }
        let location = "http://127.0.0.1:\(server.port)/targets"
        let error = await #expect(throws: IngestError.self) { try await TargetSource(location).read() }
        #expect(error?.description.contains(words) == true && error?.description.contains(location) == true)
        await server.stop()
    }

    @Test func aURLWhereNothingListens() async {
        let port = ReservedPort()
        let location = "http://127.0.0.1:\(port.number)/targets"
        let error = await #expect(throws: IngestError.self) { try await TargetSource(location).read() }
        #expect(error?.description == "--targets \(location): connection refused: nothing listens there")
    }

    @Test(.enabled(if: TestCertificates.areThere, "openssl is not here")) func aListOverTLSIsAskedWithTheAuthorityGiven() async throws {
        let step = json(list("a:1"))
        let server = try await ScriptedServer(tls: TestCertificates.context()) { _ in [step] }
        var tls = ScrapeJob.TLS()
        tls.caFile = TestCertificates.authority
        #expect(try await TargetSource("https://localhost:\(server.port)/t", tls: tls).read().count == 1)
        let error = await #expect(throws: IngestError.self) { try await TargetSource("https://localhost:\(server.port)/t").read() }
        #expect(error?.description == "--targets https://localhost:\(server.port)/t: \(SecureTests.untrusted)")
        await server.stop()
    }

    // MARK: - What the scraper makes of them

    @Test func targetsComeAndGoWhileOthersAreScraped() async throws {
        let server = try await ScriptedServer { _ in [Answer.ok()] }
        let url = { (name: String) in "http://127.0.0.1:\(server.port)/\(name)" }
        let fleet = try Fleet()
        try await fleet.run([url("a"), url("b")]) {
            await fleet.delivers(url("a"))
            let kept = fleet.sink.named(url("b"))?.state.id
            try fleet.ask([url("b"), url("c")])
            await fleet.delivers(url("c"))
            await fleet.delivers(url("b"))
            #expect(fleet.sink.named(url("b"))?.state.id == kept)
            await eventually("the one taken off is gone") { fleet.sink.named(url("a")) == nil }
            let asked = server.log.requests.filter { $0.path == "/a" }.count
            await fleet.delivers(url("b"), more: 5)
            #expect(server.log.requests.filter { $0.path == "/a" }.count == asked)
            try fleet.ask([])
            await eventually("all are gone") { fleet.sink.live.isEmpty }
            try fleet.ask([url("a")])
            await fleet.delivers(url("a"))
        }
        await server.stop()
    }

    @Test func aTargetTakenOffWhileItHangsIsLetGo() async throws {
        let server = try await ScriptedServer { _ in [] }
        for acceptsGzip in [false, true] {
            let url = "http://127.0.0.1:\(server.port)/\(acceptsGzip)"
            let fleet = try Fleet { $0.acceptsGzip = acceptsGzip }
            try await fleet.run([url]) {
                await eventually("it is asked") { server.log.requests.contains { $0.path == "/\(acceptsGzip)" } }
                try fleet.ask([])
                await eventually("it is gone") { fleet.sink.live.isEmpty }
                #expect(fleet.sink.all.allSatisfy { $0.reasons.isEmpty })
            }
            await eventually("its connection is closed") { server.log.openConnections == 0 }
        }
        await server.stop()
    }

    @Test func listsAndURLsWorkTogetherAndAURLIsAskedOnce() async throws {
        let server = try await ScriptedServer { _ in [Answer.ok()] }
        let address = "127.0.0.1:\(server.port)"
        let fleet = try Fleet()
        try await fleet.run(["http://\(address)/metrics", "http://\(address)/own"]) {
            let labelled = try TargetList.parse("- {targets: ['\(address)', '\(address)'], labels: {pod: p}}", file: "a")
            try fleet.scraper.update(list: "a", job: fleet.job, targets: labelled)
            try fleet.scraper.update(list: "b", job: fleet.job, targets: try TargetList.parse("- {targets: ['\(address)'], labels: {pod: q, __metrics_path__: /other}}\n- targets: ['\(address)']", file: "b"))
            for path in ["metrics", "own", "other"] { await fleet.delivers("http://\(address)/\(path)") }
            #expect(fleet.sink.live.count == 3)
            // The one that says more of the target has taken over from the bare one.
            await eventually("the bare one is gone") { fleet.sink.all.filter { $0.state.health == .gone }.count == 1 }
            try fleet.scraper.update(list: "a", job: fleet.job, targets: [])
            await eventually("the bare one is back") { fleet.sink.all.count == 5 && fleet.sink.live.count == 3 }
            await fleet.delivers("http://\(address)/metrics")
        }
        await server.stop()
    }

    @Test func aListThatCannotBeReadIsASourceThatFails() async throws {
        let fleet = try Fleet()
        fleet.scraper.note(list: "t.json", problem: nil)
        #expect(fleet.sink.all.isEmpty)
        fleet.scraper.note(list: "t.json", problem: IngestError("t.json:3: unknown key `x`"))
        #expect(fleet.reason("t.json") == "t.json:3: unknown key `x`")
        fleet.scraper.note(list: "t.json", problem: nil)
        #expect(fleet.isUp("t.json") && fleet.sink.all.count == 1)
        await fleet.scraper.shutdown()
    }
}
