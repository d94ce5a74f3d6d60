import AsyncHTTPClient
import GRPCCore
@testable import Ingest
import NIOCore
import NIOHTTP1
import Testing

/// What receivers hold is bounded, over all connections: beyond, the answer is to come again, and nothing is taken.
@Suite struct PendingBytesTests {
    @Test func whatDoesNotFitIsNotTaken() {
        let pending = PendingBytes(limit: 100)
        #expect(pending.take(60) && pending.hasRoom(for: 40) && !pending.hasRoom(for: 41))
        #expect(!pending.take(41) && pending.take(40) && !pending.take(1))
        pending.give(100)
        #expect(pending.take(100))
    }

    @Test(arguments: [(Packing.none, 10, 0), (.gzip, 10, 0), (.other, 10, 10_320), (.other, 1000, 65_536)])
    func roomIsMadeForWhatOthersMayUnpack(_ packing: Packing, _ count: Int, _ expected: Int) {
        #expect(packing.unpackedBytes(count, limit: 65_536) == expected)
    }

    @Test func whatIsBeingAnsweredIsHeldUntilItIs() {
        let pending = PendingBytes(limit: 100)
        #expect(pending.take(100))
        let answered = pending.handOn(60), abandoned = pending.handOn(40)
        #expect(pending.claim(answered) == 60)
        // The client goes.
        pending.abandon(answered)
        pending.abandon(abandoned)
        #expect(pending.hasRoom(for: 40) && !pending.hasRoom(for: 41), "who answers still reads the other one")
        #expect(pending.claim(abandoned) == nil && pending.claim(answered) == nil)
        pending.give(60)
        #expect(pending.hasRoom(for: 100))
    }

    @Test func aSmallMemoryTakesSmallRequests() {
        let small = ReceiverLimits(memory: 8 << 20), usual = ReceiverLimits(memory: 1 << 30)
        #expect(small.pendingBytes == 1 << 20 && small.bodyBytes == 512 << 10)
        #expect(usual.pendingBytes == 128 << 20 && usual.bodyBytes == 64 << 20)
    }

    // MARK: - Over the wire

    private var small: ReceiverLimits {
        var limits = ReceiverLimits()
        (limits.pendingBytes, limits.bodyBytes, limits.retrySeconds) = (1000, 600, 7)
        return limits
    }

    /// Holds most of the budget by a request that is never whole, and gives it back on closing.
    private func held(_ port: Int, by receivers: Receivers) async -> PlainConnection {
        let held = PlainConnection(port: port)
        held.send("POST /v1/traces HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 600\r\n\r\n" + String(repeating: " ", count: 599))
        await eventually("the bytes are counted") { !receivers.pending.hasRoom(for: 402) }
        return held
    }

    @Test(arguments: [Receivers.Kind.otlpHTTP, .zipkin]) func aFullBudgetIsToTryAgainOverHTTP(_ kind: Receivers.Kind) async throws {
        let recorder = Recorder(), receivers = Receivers(limits: small)
        let port = try await receivers.start(.otlpHTTP, ListenAddress(host: "127.0.0.1", port: 0), recorder)
        let other = try await receivers.start(kind, ListenAddress(host: "127.0.0.1", port: 0), recorder)
        let holder = await held(port, by: receivers)
        let path = kind == .zipkin ? "/api/v2/spans" : "/v1/traces"
        func send(_ count: Int, chunked: Bool = false) async throws -> HTTPClientResponse {
            var request = HTTPClientRequest(url: "http://127.0.0.1:\(other)\(path)")
            request.method = .POST
            request.headers.add(name: "content-type", value: "application/json")
            let bytes = ByteBuffer(repeating: 32, count: count)
            request.body = chunked ? .stream(AsyncStream { $0.yield(bytes); $0.finish() }, length: .unknown) : .bytes(bytes)
            return try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        }
        for isChunked in [false, true] {
            let answer = try await send(500, chunked: isChunked)
            #expect(answer.status.code == 503 && answer.headers.first(name: "retry-after") == "7")
        }
        #expect(recorder.bodies.isEmpty && recorder.refusals.count == 2)
        #expect(try await send(300).status.code < 300, "what fits beside it is taken")
        holder.close()
        await eventually("its bytes are given back") { receivers.pending.hasRoom(for: 1000) }
        #expect(try await send(500).status.code < 300)
        #expect(try await send(601).status.code == 413, "no room will ever do for that")
        #expect(recorder.bodies.map(\.count) == [300, 500])
        #expect(receivers.pending.hasRoom(for: 1000))
        await receivers.stop()
    }

    /// gzip's last four bytes are the length of its last member only, and may lie.
    @Test func whatGzipUnpacksToIsCountedWhateverItPromises() async throws {
        let recorder = Recorder(), receivers = Receivers(limits: small)
        let port = try await receivers.start(.otlpHTTP, ListenAddress(host: "127.0.0.1", port: 0), recorder)
        let holder = await held(port, by: receivers)
        func send(_ body: [UInt8]) async throws -> HTTPClientResponse {
            var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/v1/traces")
            request.method = .POST
            request.headers.add(name: "content-type", value: "application/x-protobuf")
            request.headers.add(name: "content-encoding", value: "gzip")
            request.body = .bytes(ByteBuffer(bytes: body))
            return try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        }
        let large = Gzip.newlines(repetitions: 2) + Gzip.stored("")
        let refused = try await send(large)
        #expect(refused.status.code == 503 && refused.headers.first(name: "retry-after") == "7")
        #expect(try await send(Gzip.stored("small") + Gzip.stored("")).status.code == 200)
        #expect(recorder.refusals.count == 1)
        holder.close()
        await eventually("its bytes are given back") { receivers.pending.hasRoom(for: 1000) }
        #expect(try await send(large).status.code == 200)
        #expect(try await send(Gzip.newlines(repetitions: 3) + Gzip.stored("")).status.code == 413)
        #expect(recorder.bodies.map(\.count) == [5, 517])
        #expect(receivers.pending.hasRoom(for: 1000))
        await receivers.stop()
    }

    @Test func aFullBudgetIsToTryAgainOverGRPC() async throws {
        let recorder = Recorder(), receivers = Receivers(limits: small)
        let port = try await receivers.start(.otlpHTTP, ListenAddress(host: "127.0.0.1", port: 0), recorder)
        let grpc = try await receivers.start(.otlpGRPC, ListenAddress(host: "127.0.0.1", port: 0), recorder)
        let holder = await held(port, by: receivers)
        let error = await #expect(throws: RPCError.self) { try await GRPCExport.send(grpc, Array(repeating: 1, count: 500)) }
        #expect(error?.code == .unavailable)
        #expect(error?.metadata[binaryValues: "google.rpc.retryinfo-bin"].map { $0 } == [[0x0A, 2, 0x08, 7]])
        #expect(error?.metadata[binaryValues: "grpc-status-details-bin"].map { $0.count > 40 } == [true])
        // 450 zeros are but a few bytes packed: it is their unpacked size that has no room.
        let packed = await #expect(throws: RPCError.self) { try await GRPCExport.send(grpc, Array(repeating: 0, count: 450), compression: .gzip) }
        #expect(packed?.code == .unavailable)
        #expect(recorder.bodies.isEmpty && recorder.refusals.count == 2)
        holder.close()
        await eventually("its bytes are given back") { receivers.pending.hasRoom(for: 1000) }
        try await GRPCExport.send(grpc, Array(repeating: 1, count: 500))
        try await GRPCExport.send(grpc, Array(repeating: 0, count: 450), compression: .gzip)
        let large = await #expect(throws: RPCError.self) { try await GRPCExport.send(grpc, Array(repeating: 1, count: 601)) }
        #expect(large?.code == .resourceExhausted && large?.metadata[binaryValues: "google.rpc.retryinfo-bin"].map { $0 } == [])
        #expect(recorder.bodies.map(\.count) == [500, 450])
        await eventually("all is given back") { receivers.pending.hasRoom(for: 1000) }
        await receivers.stop()
    }
}
