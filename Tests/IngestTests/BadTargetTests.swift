@testable import Ingest
import MeshModel
import Testing

/// What a target does wrong, and the sentence it gets in Sources.
struct Misbehaviour: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var greeting: [ScriptedServer.Step] = []
    var steps: [ScriptedServer.Step]
    var sentence: String
    /// Told by its first words alone, where the rest depends on what had arrived.
    var isPrefix = false

    init(_ name: String, greeting: [ScriptedServer.Step] = [], _ steps: [ScriptedServer.Step], _ sentence: String, isPrefix: Bool = false) {
        testDescription = name
        self.greeting = greeting
        self.steps = steps
        self.sentence = sentence
        self.isPrefix = isPrefix
    }

    static let answers: [Misbehaviour] = [
        .init("closes", [.close], "closed the connection without an answer"),
        .init("resets", [.reset], "reset the connection"),
        .init("closes among the headers", [.send("HTTP/1.1 200 OK\r\nContent-"), .close], "closed the connection in the middle of the headers"),
        .init("closes in the page", [.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nenvoy_a 1\n"), .close], "closed the connection in the middle of the page, after 10 bytes"),
        .init("closes between chunks", [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nenvoy_a 1\n\r\n"), .close], "closed the connection in the middle of the page, after 10 bytes"),
        .init("resets in the page", [.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nenvoy_a 1\n"), .reset], "reset the connection", isPrefix: true),
        .init("500", [Answer.status("500 Internal Server Error")], "answered 500 Internal Server Error"),
        .init("503 without words", [Answer.status("503 ")], "answered 503"),
        .init("401", [Answer.status("401 Unauthorized")], "answered 401 Unauthorized: it wants other credentials"),
        .init("404", [Answer.status("404 Not Found")], "answered 404 Not Found: is the path right?"),
        .init("204", [.send("HTTP/1.1 204 No Content\r\n\r\n")], "answered 204 No Content"),
        .init("redirect", [Answer.status("302 Found", fields: "Location: http://elsewhere/\u{1B}[31m\r\n")],
              "answered 302 Found, a redirect to http://elsewhere/[31m; redirects are not followed, scrape that address"),
        .init("protocol change", [.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n")], "answered 101, another protocol than HTTP"),
        .init("HTML", [.send("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 6\r\n\r\n<html>")], "answered text/html, no metrics: is the path right?"),
        .init("HTML as text", [Answer.ok("<html>\n")], "answered something that is no page of metrics: line 1, byte 0:", isPrefix: true),
        .init("nothing", [Answer.ok("")], "answered an empty page"),
        .init("comments only", [Answer.ok("# HELP a b\n")], "answered something that is no page of metrics"),
        .init("compressed unasked", [Answer.ok(fields: "Content-Encoding: gzip\r\n")], "answered in gzip although plain text was asked for"),
        .init("odd transfer coding", [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")], "answered in a transfer coding that was not asked for, gzip, chunked"),
        .init("negative length", [.send("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")], "answered with a broken Content-Length"),
        .init("signed length", [.send("HTTP/1.1 200 OK\r\nContent-Length: +9\r\n\r\nenvoy_a 1\n")], "answered with a broken Content-Length"),
        .init("two lengths", [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Length: 10\r\n\r\nenvoy_a 1\n")], "answered with a broken Content-Length"),
        .init("broken chunk size", [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")], "answered with a broken chunk size"),
        .init("chunk longer than told", [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nenvoy_a 1\n\r\n")], "answered with a broken chunk"),
        .init("10 GB by its length", [.send("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n"), .flood(body)], "the page is larger than 1 MiB"),
        .init("endless without a length", [.send("HTTP/1.1 200 OK\r\n\r\n"), .flood(body)], "the page is larger than 1 MiB"),
        .init("endless chunks", [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), .flood("4000\r\n" + body + "\r\n")], "the page is larger than 1 MiB"),
        .init("endless headers", [.send("HTTP/1.1 200 OK\r\n"), .flood(String(repeating: "X-Noise: \(String(repeating: "n", count: 1000))\r\n", count: 10))], "answered with more than 256 kB of headers"),
        .init("an endless header", [.send("HTTP/1.1 200 OK\r\nX-Noise: "), .flood(String(repeating: "n", count: 16_384))], "answered with more than 64 kB of headers"),
        .init("endless interim answers", [.flood(String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 500))], "answered with more than 256 kB of headers"),
        .init("endless blank lines", [.flood(String(repeating: "\r\n", count: 4096))], "does not speak HTTP: it answered \"\""),
        .init("endless trailers", [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"), .flood(String(repeating: "X-Noise: \(String(repeating: "n", count: 1000))\r\n", count: 10))], "answered with more than 256 kB of headers"),
        .init("SSH", greeting: [.send("SSH-2.0-OpenSSH_9.6\r\n")], [], "does not speak HTTP: it answered \"SSH-2.0-OpenSSH_9.6\""),
        .init("SMTP that closes", greeting: [.send("220 mail ESMTP")], [.close], "does not speak HTTP: it answered \"220 mail ESMTP\""),
        .init("Redis", [.send("-ERR unknown command 'GET'\r\n")], "does not speak HTTP: it answered \"-ERR unknown command 'GET'\""),
        .init("noise without lines", [.bytes([UInt8](repeating: 0x80, count: 400))], "does not speak HTTP: it answered \"", isPrefix: true),
        .init("a TLS alert", [.bytes([21, 3, 1, 0, 2, 2, 70])], "speaks TLS: write https://"),
        .init("HTTP/2", [.send("HTTP/2.0 200 OK\r\n\r\n")], "does not speak HTTP: it answered \"HTTP/2.0 200 OK\""),
        .init("a status that is none", [.send("HTTP/1.1 2000 OK\r\n\r\n")], "does not speak HTTP: it answered \"HTTP/1.1 2000 OK\""),
    ]

    /// 16 kB of lines that are all the same series.
    static let body = String(repeating: "envoy_noise 1234\n", count: 964).prefix(16_384).description

    static let hangs: [Misbehaviour] = [
        .init("says nothing", [], "timed out after 0.2 s without an answer"),
        .init("stops after the head", [.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")], "timed out after 0.2 s in the middle of the answer"),
        .init("trickles headers", [.trickle("HTTP/1.1 200 OK\r\nX-Slow: 1\r\n")], "timed out after 0.2 s in the middle of the answer"),
        .init("trickles the page", [.send("HTTP/1.1 200 OK\r\n\r\n"), .trickle("envoy_a 1\n")], "timed out after 0.2 s in the middle of the answer"),
        .init("no end to its chunks", [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), .trickle("a\r\nenvoy_a 1\n\r\n")], "timed out after 0.2 s in the middle of the answer"),
    ]
}

@Suite struct BadTargetTests {
    private func holds(_ case: Misbehaviour, _ reason: String?) -> Bool { `case`.isPrefix ? reason?.hasPrefix(`case`.sentence) == true : reason == `case`.sentence }

    @Test(arguments: Misbehaviour.answers) func badAnswersAreNamedAndRecoveredFrom(_ case: Misbehaviour) async throws {
        try await check(`case`, timeout: 20)
    }

    @Test(arguments: Misbehaviour.hangs) func hangsEndAtTheTimeout(_ case: Misbehaviour) async throws {
        try await check(`case`, timeout: 0.2)
    }

    /// The bad one beside a good one: named with its reason, nothing kept of it, the good one undisturbed; then it turns good.
    private func check(_ case: Misbehaviour, timeout: Double) async throws {
        let bad = try await ScriptedServer(greeting: `case`.greeting) { _ in `case`.steps }
        let good = try await ScriptedServer { _ in [Answer.ok()] }
        let badURL = "http://127.0.0.1:\(bad.port)/metrics", goodURL = "http://127.0.0.1:\(good.port)/metrics"
        let fleet = try Fleet(timeout: timeout) { $0.bodyLimit = 1 << 20 }
        try fleet.ask([goodURL], list: "patient", timeout: 20)
        try await fleet.run([badURL]) {
            await eventually("\(`case`.testDescription) is named") { holds(`case`, fleet.reason(badURL)) }
            if !holds(`case`, fleet.reason(badURL)) { Issue.record("it says: \(fleet.reason(badURL) ?? "nothing")") }
            #expect(fleet.batches(badURL) == 0)
            #expect(fleet.sink.named(badURL)?.state.lastSuccess == nil)
            await fleet.delivers(goodURL)
            #expect(fleet.sink.named(goodURL)?.reasons == [])
            if `case`.greeting.isEmpty {
                bad.answer { _ in [Answer.ok()] }
                await fleet.delivers(badURL)
                await eventually("it is well") { fleet.isUp(badURL) && fleet.sink.named(badURL)?.state.consecutiveFailures == 0 }
            }
        }
        await bad.stop()
        await good.stop()
    }

    @Test func aFloodIsCutOffWhereTheLimitIs() async throws {
        let server = try await ScriptedServer { request in
            request.number == 0 ? [.send("HTTP/1.1 200 OK\r\n\r\n"), .flood(Misbehaviour.body)] : []
        }
        let fleet = try Fleet { $0.bodyLimit = 1 << 20 }
        try await fleet.run(["http://127.0.0.1:\(server.port)/metrics"]) {
            await eventually("the flood's connection is closed") { server.log.connections >= 1 && server.log.requests.count >= 2 && server.log.openConnections <= 1 }
            // The limit, what the sockets hold, and one read: far from what a flood would bring.
            #expect(server.log.bytesWritten < 32 << 20)
        }
        await server.stop()
    }

    @Test func allAtOnceDisturbNobody() async throws {
        var servers: [ScriptedServer] = [], urls: [String] = []
        for bad in Misbehaviour.hangs + Misbehaviour.answers {
            servers.append(try await ScriptedServer(greeting: bad.greeting) { _ in bad.steps })
            urls.append("http://127.0.0.1:\(servers[servers.count - 1].port)/metrics")
        }
        let good = try await ScriptedServer { _ in [Answer.ok()] }
        let goodURL = "http://127.0.0.1:\(good.port)/metrics"
        let fleet = try Fleet(timeout: 1) { $0.bodyLimit = 1 << 20 }
        try fleet.ask([goodURL], list: "patient", timeout: 20)
        try await fleet.run(urls) {
            await eventually("all bad ones are failing") { urls.allSatisfy { fleet.reason($0) != nil } }
            await fleet.delivers(goodURL, more: 5)
            #expect(fleet.sink.named(goodURL)?.reasons == [])
        }
        for server in servers + [good] { await server.stop() }
    }
}
