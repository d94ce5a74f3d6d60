import Ingest
import Testing

/// Clients that take their time, or more than their share.
@Suite struct ReceiverTimeTests {
    private func connect(_ kind: Receivers.Kind, _ change: (inout ReceiverLimits) -> Void, _ body: (Int, Recorder) async throws -> Void) async throws {
        var limits = ReceiverLimits()
        change(&limits)
        let receivers = Receivers(limits: limits), recorder = Recorder()
        let port = try await receivers.start(kind, ListenAddress(host: "127.0.0.1", port: 0), recorder)
        try await body(port, recorder)
        await receivers.stop()
    }

    @Test(arguments: ["", "POST /v1/tra", "POST /v1/traces HTTP/1.1\r\nhost: a\r\n"])
    func aHeadThatDoesNotEndIsHungUpOn(_ head: String) async throws {
        try await connect(.otlpHTTP) { $0.headSeconds = 1 } _: { port, recorder in
            let slow = PlainConnection(port: port)
            slow.send(head)
            #expect(await slow.read() == [])
            slow.close()
        }
    }

    @Test(arguments: ["content-length: 10\r\n\r\n{", "transfer-encoding: chunked\r\n\r\n1\r\n{\r\n"])
    func aBodyThatDoesNotEndIsToldSo(_ rest: String) async throws {
        try await connect(.otlpHTTP) { $0.requestSeconds = 1 } _: { port, recorder in
            let slow = PlainConnection(port: port)
            slow.send("POST /v1/traces HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n" + rest)
            let answer = String(decoding: await slow.read { String(decoding: $0, as: UTF8.self).contains("\r\n\r\n") } ?? [], as: UTF8.self)
            #expect(answer.hasPrefix("HTTP/1.1 408 "))
            #expect(recorder.bodies.isEmpty && recorder.refusals == ["the request was not whole after 1 s"])
            slow.close()
        }
    }

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]

    @Test(arguments: [[], Array(preface.prefix(10)), preface])
    func aSilentConnectionIsHungUpOnOverGRPC(_ bytes: [UInt8]) async throws {
        try await connect(.otlpGRPC) { $0.idleSeconds = 1; $0.graceSeconds = 1 } _: { port, recorder in
            let slow = PlainConnection(port: port)
            slow.send(bytes)
            #expect(await slow.read() != nil)
            slow.close()
        }
    }

    @Test func howManyStreamsMayBeOpenIsSaid() async throws {
        try await connect(.otlpGRPC) { $0.streamsPerConnection = 77 } _: { port, recorder in
            let client = PlainConnection(port: port)
            client.send(Self.preface)
            let frame = await client.read { $0.count >= 9 + 18 } ?? []
            // SETTINGS (RFC 9113 §6.5): six bytes each, MAX_CONCURRENT_STREAMS is 3.
            #expect(frame.count > 9 && frame[3] == 4)
            let settings = stride(from: 9, to: min(frame.count - 5, 9 + Int(frame.dropFirst(2).first ?? 0)), by: 6).map { Array(frame[$0..<$0 + 6]) }
            #expect(settings.contains([0, 3, 0, 0, 0, 77]), "\(settings)")
            client.close()
        }
    }

    @Test func moreConnectionsThanAllowedAreClosedOverGRPC() async throws {
        try await connect(.otlpGRPC) { $0.connections = 1 } _: { port, recorder in
            let first = PlainConnection(port: port)
            first.send(Self.preface)
            _ = await first.read { $0.count >= 9 }
            let second = PlainConnection(port: port)
            second.send(Self.preface)
            #expect(await second.read() != nil)
            second.close()
            first.close()
        }
    }

    @Test func aCutRequestIsNotTaken() async throws {
        try await connect(.otlpHTTP) { _ in } _: { port, recorder in
            let cut = PlainConnection(port: port)
            cut.send("POST /v1/traces HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{")
            cut.close()
            let whole = PlainConnection(port: port)
            whole.send("POST /v1/traces HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}")
            #expect(String(decoding: await whole.read() ?? [], as: UTF8.self).hasPrefix("HTTP/1.1 200 "))
            whole.close()
            #expect(recorder.bodies == [Array("{}".utf8)])
        }
    }

    /// Requests one after another without waiting: each is answered, in order, refused ones too.
    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        try await connect(.otlpHTTP) { $0.bodyBytes = 4 } _: { port, recorder in
            let client = PlainConnection(port: port)
            func request(_ body: String, _ more: String = "") -> String {
                "POST /v1/traces HTTP/1.1\r\nhost: a\r\n\(more)content-type: application/json\r\ntelltale-refusal: full\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
            }
            client.send(request("{}") + request("[1,2,3]") + request("{ }", "connection: close\r\n"))
            let answers = String(decoding: await client.read() ?? [], as: UTF8.self)
            #expect(answers.split(separator: "HTTP/1.1 ").map { $0.prefix(3) } == ["200", "413", "200"], "\(answers)")
            #expect(recorder.bodies == [Array("{}".utf8), Array("{ }".utf8)])
            client.close()
        }
    }
}
