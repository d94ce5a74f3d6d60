@testable import Ingest
import MeshModel
import Testing

/// Over TLS, compressed, with credentials.
@Suite(.enabled(if: TestCertificates.areThere, "openssl is not here")) struct SecureTests {
    let folder = TemporaryFolder()

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var server = "server"
        var wantsClient = false
        var trusts = true
        var client: String?
        var skips = false
        /// nil: it delivers.
        var sentence: String?
    }

    static let untrusted = "TLS failed: its certificate is expired or from an authority not trusted here; name it with --tls-ca"
    static let cases: [Case] = [
        Case(testDescription: "a trusted authority"),
        Case(testDescription: "an authority not named", trusts: false, sentence: untrusted),
        Case(testDescription: "an expired certificate", server: "expired", sentence: untrusted),
        Case(testDescription: "a certificate for another name", server: "elsewhere",
             sentence: "TLS failed: its certificate is for another name"),
        Case(testDescription: "not verified", trusts: false, skips: true),
        Case(testDescription: "a client certificate", wantsClient: true, client: "client"),
        Case(testDescription: "no client certificate", wantsClient: true, sentence: "TLS failed: it wants a client certificate; give --tls-cert and --tls-key"),
        Case(testDescription: "a stranger's certificate", wantsClient: true, client: "stranger",
             sentence: "TLS failed: it does not trust this client's certificate"),
    ]

    private func trusting(_ job: inout ScrapeJob) { job.tls.caFile = TestCertificates.authority }

    @Test(arguments: cases, ["localhost", "127.0.0.1"]) func certificatesAreHeldAgainstTheName(_ case: Case, _ host: String) async throws {
        let server = try await ScriptedServer(tls: TestCertificates.context(`case`.server, wantsClient: `case`.wantsClient)) { _ in [Answer.ok()] }
        let good = try await ScriptedServer { _ in [Answer.ok()] }
        let url = "https://\(host):\(server.port)/metrics", goodURL = "http://127.0.0.1:\(good.port)/metrics"
        let fleet = try Fleet { job in
            if `case`.trusts { trusting(&job) }
            job.tls.skipsVerification = `case`.skips
            job.tls.certificateFile = `case`.client.map { TestCertificates.certificate($0) }
            job.tls.keyFile = `case`.client.map { TestCertificates.key($0) }
        }
        try await fleet.run([url, goodURL]) {
            if let sentence = `case`.sentence {
                await eventually("it is named") { fleet.reason(url) != nil }
                #expect(fleet.reason(url) == sentence)
                #expect(fleet.batches(url) == 0)
            } else {
                await fleet.delivers(url)
                #expect(fleet.sink.named(url)?.reasons == [])
                #expect(server.log.connections == 1)
            }
            await fleet.delivers(goodURL)
        }
        await server.stop()
        await good.stop()
    }

    @Test func plainAndSecureMistakenForEachOther() async throws {
        let secure = try await ScriptedServer(tls: TestCertificates.context()) { _ in [Answer.ok()] }
        let plain = try await ScriptedServer(greeting: [.send("HTTP/1.1 400 Bad Request\r\n\r\n")]) { _ in [] }
        let urls = ["http://127.0.0.1:\(secure.port)/metrics", "https://127.0.0.1:\(plain.port)/metrics"]
        let fleet = try Fleet { trusting(&$0) }
        try await fleet.run(urls) {
            await eventually("both are named") { urls.allSatisfy { fleet.reason($0) != nil } }
            // Some send a TLS alert first: that is told apart (see the answers over plain HTTP). This one says nothing.
            #expect(fleet.reason(urls[0]) == "closed the connection without an answer")
            #expect(fleet.reason(urls[1]) == "TLS failed: it speaks no TLS; write http://")
        }
        for server in [plain, secure] { await server.stop() }
    }

    /// Wrong in the same ways as over plain HTTP, and recovered from in the same way.
    static let misbehaviours: [Misbehaviour] = [
        .init("closes", [.close], "closed the connection in the middle of the answer"),
        .init("500", [Answer.status("500 Internal Server Error")], "answered 500 Internal Server Error"),
        .init("redirect", [Answer.status("301 Moved Permanently", fields: "Location: /elsewhere\r\n")],
              "answered 301 Moved Permanently, a redirect to /elsewhere; redirects are not followed, scrape that address"),
        .init("HTML", [.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>")], "answered text/html, no metrics: is the path right?"),
        .init("no HTTP", [.send("220 mail ESMTP\r\n"), .close], "answered something that is no HTTP", isPrefix: true),
        .init("10 GB by its length", [.send("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n"), .flood(Misbehaviour.body)], "the page is larger than 1 MiB"),
        .init("endless", [.send("HTTP/1.1 200 OK\r\n\r\n"), .flood(Misbehaviour.body)], "the page is larger than 1 MiB"),
        .init("endless headers", [.send("HTTP/1.1 200 OK\r\n"), .flood(String(repeating: "X-Noise: \(String(repeating: "n", count: 1000))\r\n", count: 10))],
              "answered something that is no HTTP", isPrefix: true),
        .init("another compression", [Answer.ok(fields: "Content-Encoding: br\r\n")], "answered in br, which was not asked for"),
    ]

    @Test(arguments: misbehaviours, [true, false]) func badAnswersAreNamedAndRecoveredFrom(_ case: Misbehaviour, _ isTLS: Bool) async throws {
        try await check(`case`, isTLS: isTLS, timeout: 20)
    }

    /// The session is the old turn's until its task has returned: the pages after must be whole.
    @Test(arguments: [
        Misbehaviour("says nothing", [], "timed out after 0.2 s"),
        Misbehaviour("stops after the head", [.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")], "timed out after 0.2 s"),
        Misbehaviour("trickles the page", [.send("HTTP/1.1 200 OK\r\n\r\n"), .trickle("envoy_a 1\n")], "timed out after 0.2 s"),
    ], [true, false]) func hangsEndAtTheTimeout(_ case: Misbehaviour, _ isTLS: Bool) async throws {
        try await check(`case`, isTLS: isTLS, timeout: 0.2)
    }

    private func check(_ case: Misbehaviour, isTLS: Bool, timeout: Double) async throws {
        let tls = isTLS ? try TestCertificates.context() : nil
        let server = try await ScriptedServer(tls: tls) { _ in `case`.steps }
        let url = "\(isTLS ? "https" : "http")://127.0.0.1:\(server.port)/metrics"
        let fleet = try Fleet(timeout: timeout) { job in
            job.bodyLimit = 1 << 20
            if isTLS { trusting(&job) } else { job.acceptsGzip = true }
        }
        func holds() -> Bool { `case`.isPrefix ? fleet.reason(url)?.hasPrefix(`case`.sentence) == true : fleet.reason(url) == `case`.sentence }
        try await fleet.run([url]) {
            await eventually("it is named") { holds() }
            if !holds() { Issue.record("it says: \(fleet.reason(url) ?? "nothing")") }
            #expect(fleet.batches(url) == 0)
            server.answer { _ in [Answer.ok()] }
            await fleet.delivers(url)
            let source = try #require(fleet.sink.named(url))
            #expect(source.samples == 2 * source.batches)
            #expect(source.state.badLines == 0)
        }
        await server.stop()
    }

    @Test func aTargetThatHangsInItsHandshakeTimesOut() async throws {
        let server = try await ScriptedServer { _ in [] }
        let url = "https://127.0.0.1:\(server.port)/metrics"
        let fleet = try Fleet(timeout: 0.2) { trusting(&$0) }
        try await fleet.run([url]) { await eventually("it is named") { fleet.reason(url)?.hasPrefix("timed out") == true } }
        await server.stop()
    }

    @Test func hangingTargetsBehindOnePortDoNotHoldUpOthers() async throws {
        let server = try await ScriptedServer { $0.path.hasPrefix("/hangs") ? [] : [Answer.ok()] }
        let fleet = try Fleet { $0.acceptsGzip = true }
        let base = "http://127.0.0.1:\(server.port)"
        try await fleet.run((0..<30).map { "\(base)/hangs/\($0)" }) {
            await eventually("all hang") { server.log.requests.filter { $0.path.hasPrefix("/hangs") }.count == 30 }
            try fleet.ask(["\(base)/good"], list: "more")
            await fleet.delivers("\(base)/good")
        }
        await server.stop()
    }

    // MARK: - Compression

    @Test func compressedPagesAreRead() async throws {
        let page = Gzip.stored(Answer.page)
        let server = try await ScriptedServer { request in
            request.field("Accept-Encoding") == "gzip"
                ? [.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(page.count)\r\n\r\n"), .bytes(page)] : [Answer.status("406 Not Acceptable")]
        }
        let url = "http://127.0.0.1:\(server.port)/metrics"
        let fleet = try Fleet { $0.acceptsGzip = true }
        try await fleet.run([url]) {
            await fleet.delivers(url)
            let source = try #require(fleet.sink.named(url))
            #expect(source.reasons == [] && source.samples == 2 * source.batches)
        }
        await server.stop()
    }

    @Test func compressionIsNotAskedForUnlessWanted() async throws {
        let server = try await ScriptedServer(tls: TestCertificates.context()) { _ in [Answer.ok()] }
        let url = "https://127.0.0.1:\(server.port)/metrics"
        let fleet = try Fleet { job in
            trusting(&job)
            job.authorization = "Basic dTpw"
        }
        try await fleet.run([url]) { await fleet.delivers(url) }
        #expect(server.log.requests.first?.field("Accept-Encoding") == "identity")
        #expect(server.log.requests.first?.field("Authorization") == "Basic dTpw")
        await server.stop()
    }

    @Test(arguments: [
        ("cut short", "answered a compressed page that is broken"), ("no gzip at all", "answered a compressed page that is broken"), ("a bomb", "the page is larger than 1 MiB"),
    ]) func brokenCompressionIsNamed(_ what: String, _ sentence: String) async throws {
        let page = Gzip.stored(Answer.page)
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
        let server = try await ScriptedServer { _ in
            switch what {
            case "cut short": [.send("\(head)Content-Length: \(page.count - 20)\r\n\r\n"), .bytes(Array(page.dropLast(20)))]
            case "no gzip at all": [.send("\(head)Content-Length: \(Answer.page.utf8.count)\r\n\r\n\(Answer.page)")]
            default: [.send("\(head)\r\n"), .bytes(Gzip.bomb.head), .floodBytes(Gzip.bomb.more)]
            }
        }
        let url = "http://127.0.0.1:\(server.port)/metrics"
        let fleet = try Fleet { job in
            job.acceptsGzip = true
            job.bodyLimit = 1 << 20
        }
        try await fleet.run([url]) {
            await eventually("it is named") { fleet.reason(url) != nil }
            #expect(fleet.reason(url) == sentence)
            #expect(fleet.batches(url) == 0)
            let count = server.log.requests.count
            server.answer { _ in [Answer.ok()] }
            await fleet.delivers(url)
            // A bomb is cut off by what it unpacks to, not by what comes over the wire.
            if what == "a bomb" { #expect(server.log.bytesWritten / max(1, count) < 16 << 20) }
        }
        await server.stop()
    }

    // MARK: - Files

    @Test func whatIsWrongWithCertificatesIsSaidAtOnce() throws {
        let ca = TestCertificates.authority, certificate = TestCertificates.certificate("client")
        let key = TestCertificates.key("client"), other = TestCertificates.key("stranger")
        let text = folder.write("text.pem", "hello\n"), missing = "\(folder.path)/missing.pem"
        let cases: [(ca: String?, certificate: String?, key: String?, sentence: String)] = [
            (missing, nil, nil, "--tls-ca \(missing): No such file or directory"),
            (text, nil, nil, "--tls-ca \(text): no PEM certificate in it"),
            (key, nil, nil, "--tls-ca \(key): no PEM certificate in it"),
            (ca, missing, key, "--tls-cert \(missing): No such file or directory"),
            (ca, certificate, nil, "--tls-cert \(certificate) needs its key: add --tls-key FILE"),
            (ca, nil, key, "--tls-key \(key) needs its certificate: add --tls-cert FILE"),
            (ca, certificate, missing, "--tls-key \(missing): No such file or directory"),
            (ca, certificate, text, "--tls-key \(text): no PEM private key in it"),
            (ca, certificate, other, "--tls-key \(other) is not the key of --tls-cert \(certificate)"),
        ]
        for wrong in cases {
            var options = ScrapeJob.TLS()
            options.caFile = wrong.ca
            options.certificateFile = wrong.certificate
            options.keyFile = wrong.key
            let error = #expect(throws: IngestError.self) { try TLSFiles.configuration(options) }
            #expect(error?.description == wrong.sentence)
        }
    }
}
