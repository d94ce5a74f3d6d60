@testable import Ingest
import MeshModel
import Synchronization
import Testing

/// Answers that are unusual and right.
@Suite struct GoodTargetTests {
    static let answers: [(String, [ScriptedServer.Step])] = [
        ("plain", [Answer.ok()]),
        ("HTTP/1.0 that closes", [.send("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n\(Answer.page)"), .close]),
        ("HTTP/1.0 kept alive", [.send("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: \(Answer.page.utf8.count)\r\n\r\n\(Answer.page)")]),
        ("no reason in the status line", [.send("HTTP/1.1 200\r\nContent-Length: \(Answer.page.utf8.count)\r\n\r\n\(Answer.page)")]),
        ("without a length", [.send("HTTP/1.1 200 OK\r\n\r\n\(Answer.page)"), .close]),
        ("bare newlines", [.send("HTTP/1.1 200 OK\nContent-Length: \(Answer.page.utf8.count)\n\n\(Answer.page)")]),
        ("interim answers first", [.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"), Answer.ok()]),
        ("chunks with extensions and trailers", [.send(Answer.chunked([Answer.page], trailer: "X-Sum: 1\r\nX-More: 2\r\n"))]),
        ("chunks of one byte", [.send(Answer.chunked(Answer.page.map { String($0) }))]),
        ("chunked and a length besides", [.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n\(String(Answer.page.utf8.count, radix: 16))\r\n\(Answer.page)\r\n0\r\n\r\n")]),
        ("the same length twice", [.send("HTTP/1.1 200 OK\r\nContent-Length: \(Answer.page.utf8.count)\r\ncontent-length:\(Answer.page.utf8.count) \r\n\r\n\(Answer.page)")]),
        ("more than its length", [.send("HTTP/1.1 200 OK\r\nContent-Length: \(Answer.page.utf8.count)\r\n\r\n\(Answer.page)envoy_more 1\n")]),
        ("a trickle that ends", Answer.page.utf8.reduce(into: [.send("HTTP/1.1 200 OK\r\n\r\n")]) { $0.append(.bytes([$1])) } + [.close]),
        ("a broken line among good ones", [Answer.ok(Answer.page + "{{{\n")]),
    ]

    @Test(arguments: answers.map(\.0)) func unusualAnswersAreRead(_ name: String) async throws {
        let steps = Self.answers.first { $0.0 == name }?.1 ?? []
        let server = try await ScriptedServer { _ in steps }
        let url = "http://127.0.0.1:\(server.port)/metrics"
        let fleet = try Fleet()
        try await fleet.run([url]) {
            await fleet.delivers(url, more: 4)
            let source = try #require(fleet.sink.named(url))
            #expect(source.reasons == [])
            #expect(source.samples == 2 * source.batches)
        }
        await server.stop()
    }

    @Test func oneConnectionServesManyTurns() async throws {
        let server = try await ScriptedServer { _ in [Answer.ok()] }
        let url = "http://127.0.0.1:\(server.port)/metrics"
        let fleet = try Fleet()
        try await fleet.run([url]) { await fleet.delivers(url, more: 10) }
        #expect(server.log.connections == 1)
        await eventually("the connection is closed in the end") { server.log.openConnections == 0 }
        await server.stop()
    }

    @Test func connectionCloseIsHeeded() async throws {
        let server = try await ScriptedServer { _ in [Answer.ok(fields: "Connection: close\r\n")] }
        let url = "http://127.0.0.1:\(server.port)/metrics"
        let fleet = try Fleet()
        try await fleet.run([url]) { await fleet.delivers(url, more: 4) }
        #expect(server.log.requests.allSatisfy { $0.numberOnConnection == 0 })
        #expect(fleet.sink.all.allSatisfy { $0.reasons.isEmpty })
        await server.stop()
    }

    /// A server may end a kept connection when it likes: between turns, or just as it is asked again.
    @Test(arguments: ["after the page", "when asked again", "by reset when asked again"]) func anEndOfAKeptConnectionIsNoFailure(_ when: String) async throws {
        let server = try await ScriptedServer { request in
            switch when {
            case "after the page": [Answer.ok(), .close]
            case "when asked again": request.numberOnConnection == 0 ? [Answer.ok()] : [.close]
            default: request.numberOnConnection == 0 ? [Answer.ok()] : [.reset]
            }
        }
        let url = "http://127.0.0.1:\(server.port)/metrics"
        let fleet = try Fleet()
        try await fleet.run([url]) { await fleet.delivers(url, more: 6) }
        #expect(fleet.sink.all.first?.reasons == [])
        #expect(server.log.connections >= 6)
        await server.stop()
    }

    @Test func theRequestSaysWhatIsWanted() async throws {
        let server = try await ScriptedServer { _ in [Answer.ok()] }
        let url = "http://127.0.0.1:\(server.port)/stats/prometheus?usedonly"
        let fleet = try Fleet { $0.authorization = "Bearer abc" }
        try await fleet.run([url]) { await fleet.delivers(url, more: 1) }
        let request = try #require(server.log.requests.first)
        #expect(request.text.hasPrefix("GET /stats/prometheus?usedonly HTTP/1.1\r\n"))
        #expect(request.field("Host") == "127.0.0.1:\(server.port)")
        #expect(request.field("Authorization") == "Bearer abc")
        #expect(request.field("Accept")?.contains("application/openmetrics-text") == true)
        #expect(request.field("X-Prometheus-Scrape-Timeout-Seconds") == "20.0")
        #expect(request.field("Accept-Encoding") == nil)
        await server.stop()
    }

    @Test func envoysPathIsFoundWhereNoneWasGiven() async throws {
        let server = try await ScriptedServer { $0.path == "/stats/prometheus" ? [Answer.ok()] : [Answer.status("404 Not Found")] }
        let fleet = try Fleet()
        let found = "http://127.0.0.1:\(server.port)/stats/prometheus"
        try await fleet.run(["127.0.0.1:\(server.port)"]) {
            await fleet.delivers(found, more: 3)
            #expect(fleet.sink.all.first?.reasons == [])
            #expect(server.log.requests.map(\.path).filter { $0 == "/metrics" }.count == 1)
        }
        await server.stop()
    }

    /// Both usual paths are asked each turn until one delivers: a proxy may answer 404 while it starts.
    @Test func neitherPathIsNamedAndBothStayOpen() async throws {
        let server = try await ScriptedServer { _ in [Answer.status("404 Not Found")] }
        let fleet = try Fleet()
        try await fleet.run(["http://127.0.0.1:\(server.port)/"]) {
            await eventually("it is named") { fleet.sink.all.first?.reasons.contains("answered 404 at /metrics and at /stats/prometheus: give the path") == true }
            server.answer { $0.path == "/metrics" ? [Answer.ok()] : [Answer.status("404 Not Found")] }
            await fleet.delivers("http://127.0.0.1:\(server.port)/metrics")
        }
        await server.stop()
    }

    @Test func loopbackOfIPv6IsScraped() async throws {
        guard let server = try? await ScriptedServer(host: "::1", { _ in [Answer.ok()] }) else { return }  // no IPv6 here
        let url = "http://[::1]:\(server.port)/metrics"
        let fleet = try Fleet()
        try await fleet.run([url]) { await fleet.delivers(url) }
        #expect(server.log.requests.first?.field("Host") == "[::1]:\(server.port)")
        await server.stop()
    }

    @Test func aNameIsLookedUp() async throws {
        let server = try await ScriptedServer { _ in [Answer.ok()] }
        let url = "http://localhost:\(server.port)/metrics"
        let fleet = try Fleet()
        try await fleet.run([url]) { await fleet.delivers(url) }
        await server.stop()
    }

    @Test func askingAllWaitsForEveryAnswer() async throws {
        let good = try await ScriptedServer { _ in [Answer.ok()] }
        let bad = try await ScriptedServer { _ in [.close] }
        let fleet = try Fleet()
        try fleet.ask((0..<20).map { "http://127.0.0.1:\(good.port)/\($0)" } + ["http://127.0.0.1:\(bad.port)/metrics"])
        await fleet.scraper.scrapeAll()
        #expect(fleet.sink.live.values.filter { $0.batches == 1 }.count == 20)
        #expect(fleet.sink.live.values.filter { $0.reasons.count == 1 }.count == 1)
        await fleet.scraper.scrapeAll()
        #expect(fleet.sink.live.values.filter { $0.batches == 2 }.count == 20)
        await fleet.scraper.shutdown()
        // What was known last stays known.
        #expect(fleet.sink.live.values.filter { $0.state.health == .up }.count == 20)
        await good.stop()
        await bad.stop()
    }
}
