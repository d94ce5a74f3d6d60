@testable import Ingest
import TestSupport
import Testing

/// The scanner alone: whatever the chunking, the same answer.
@Suite struct ScannerTests {
    /// What came of one response.
    struct Outcome: Equatable {
        var body: [UInt8] = []
        var head: HTTPHead?
        var problem: ScrapeProblem?
        var isDone = false
        var used = 0
    }

    private func read(_ bytes: [UInt8], limit: Int = 1 << 20, closes: Bool, cut: (Int) -> Int) -> Outcome {
        var scanner = HTTPResponseScanner(bodyLimit: limit)
        var outcome = Outcome()
        do throws(ScrapeProblem) {
            var at = 0
            while at < bytes.count, !scanner.isDone {
                let end = min(bytes.count, at + max(1, cut(at)))
                let chunk = Array(bytes[at..<end])
                var head: HTTPHead?, body: [UInt8] = []
                let result: Result<Int, ScrapeProblem> = chunk.withUnsafeBytes { raw in
                    do throws(ScrapeProblem) {
                        return .success(try scanner.feed(raw) { (given) throws(ScrapeProblem) in
                            if let problem = given.problem(bodyLimit: limit) { throw problem }
                            head = given
                        } onBody: { body += $0 })
                    } catch {
                        return .failure(error)
                    }
                }
                outcome.head = head ?? outcome.head
                outcome.body += body
                outcome.used += try result.get()
                at = end
            }
            if closes, !scanner.isDone { try scanner.end() }
        } catch {
            outcome.problem = error
            // How much of a page was handed on before it went wrong depends on the chunks.
            outcome.body = []
            outcome.used = 0
        }
        outcome.isDone = scanner.isDone
        #expect(scanner.heldBytes <= 4 * HTTPResponseScanner.maxLine)
        return outcome
    }

    static let page = Answer.page
    static let responses: [String] = [
        "HTTP/1.1 200 OK\r\nContent-Length: \(page.utf8.count)\r\n\r\n\(page)",
        "\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na 1and more",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.0 200 OK\nContent-Type: text/plain; version=0.0.4\n\n\(page)",
        Answer.chunked([page, page, "x"], trailer: "A: b\r\nC: d\r\n"),
        Answer.chunked(page.map { String($0) }) + "rest",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: CHUNKED\r\nConnection: close\r\n\r\n00003\r\nabc\r\n000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\n folded: 1\r\nno colon here\r\n: nothing\r\nX:\r\n\r\nbody",
        "HTTP/1.1 404 \u{1B}[31mNot\tFound\u{7F}\r\n\r\n", "HTTP/1.1 99 Low\r\n\r\n", "HTTP/1.1 +20 OK\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 200", "H", "", "\r\n",
        "GET / HTTP/1.1\r\n\r\n", "\u{16}\u{3}\u{1}", "\u{16}", String(repeating: "z", count: 200), "<html>\n",
        "HTTP/1.1 200 OK\r\nX: \(String(repeating: "y", count: 70_000))\r\n\r\n",
        "HTTP/1.1 200 OK\r\n" + String(repeating: "X-Y: \(String(repeating: "y", count: 995))\r\n", count: 300),
    ]

    @Test(arguments: responses.indices, [true, false]) func everyChunkingReadsTheSame(_ index: Int, _ closes: Bool) {
        let bytes = Array(Self.responses[index].utf8)
        let whole = read(bytes, closes: closes) { _ in bytes.count }
        #expect(read(bytes, closes: closes) { _ in 1 } == whole)
        var random = SeededGenerator(seed: UInt64(index))
        for _ in 0..<(bytes.count > 10_000 ? 5 : 50) {
            let most = Int.random(in: 1...max(2, bytes.count / 2), using: &random)
            #expect(read(bytes, closes: closes) { _ in Int.random(in: 1...most, using: &random) } == whole)
        }
    }

    /// Bytes that mean nothing, or a good answer with some of them changed: a sentence or a body, never a trap.
    @Test func noiseIsRead() {
        var random = SeededGenerator(seed: 7)
        for round in 0..<3000 {
            var bytes = round % 3 == 0 ? (0..<Int.random(in: 0...300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
                : Array(Self.responses[Int.random(in: 0..<Self.responses.count - 2, using: &random)].utf8)
            if round % 3 != 0 {
                for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = [13, 10, 32, 48, 58, 255, 0, 45].randomElement(using: &random) ?? 0
                }
            }
            let whole = read(bytes, closes: true) { _ in bytes.count }
            let split = read(bytes, closes: true) { _ in Int.random(in: 1...40, using: &random) }
            #expect(whole == split, "\(String(decoding: bytes.prefix(200), as: UTF8.self))")
            #expect(whole.isDone != (whole.problem != nil) || whole.problem?.status != nil)
        }
    }

    @Test func bodiesAreHandedOnWithoutCopies() {
        let bytes = Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nenvoy_a 1\n".utf8)
        bytes.withUnsafeBytes { raw in
            var scanner = HTTPResponseScanner(bodyLimit: 100)
            _ = try? scanner.feed(raw, onHead: { _ in }) { #expect($0.baseAddress == raw.baseAddress.map { $0 + (raw.count - 10) }) }
            #expect(scanner.isDone && scanner.bodyBytes == 10)
        }
    }

    static let heads: [(String, status: Int, closes: Bool, type: String?)] = [
        ("HTTP/1.1 200 OK\r\n", 200, true, nil),  // without a length it ends with the connection
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n", 200, false, nil),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: Close\r\n", 200, true, nil),
        ("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n", 200, true, nil),
        ("HTTP/1.0 200 OK\r\nContent-Length: 1\r\nCONNECTION: Keep-Alive\r\n", 200, false, nil),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Type:\t Application/OpenMetrics-Text; version=1.0.0 \r\n", 200, false, "application/openmetrics-text; version=1.0.0"),
    ]

    @Test(arguments: heads.indices) func headsAreUnderstood(_ index: Int) {
        let (text, status, closes, type) = Self.heads[index]
        var scanner = HTTPResponseScanner(bodyLimit: 100)
        _ = Array((text + "\r\n1").utf8).withUnsafeBytes { raw in try? scanner.feed(raw, onHead: { _ in }, onBody: { _ in }) }
        #expect(scanner.head.status == status)
        #expect(scanner.head.closes == closes)
        #expect(scanner.head.contentType == type)
    }
}
