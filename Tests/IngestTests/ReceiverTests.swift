import AsyncHTTPClient
import GRPCCore
import Ingest
import NIOCore
import NIOHTTP1
import Testing

@Suite struct ReceiverTests {
    private func withReceiver(_ kind: Receivers.Kind, _ handler: Recorder, limits: ReceiverLimits = ReceiverLimits(),
                              _ body: (Int) async throws -> Void) async throws {
        let receivers = Receivers(limits: limits)
        let port = try await receivers.start(kind, try ListenAddress(parsing: "127.0.0.1:0"), handler)
        let result: Result<Void, any Error>
        do { result = .success(try await body(port)) } catch { result = .failure(error) }
        await receivers.stop()
        try result.get()
    }

    private struct Answer {
        var status: Int
        var type: String?
        var retryAfter: String?
        var body: [UInt8]
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    private func post(_ url: String, _ body: [UInt8], _ headers: [(String, String)], method: HTTPMethod = .POST) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = method
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(bytes: body))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
        let bytes = try await response.body.collect(upTo: 1 << 20)
        return Answer(status: Int(response.status.code), type: response.headers.first(name: "content-type"),
                      retryAfter: response.headers.first(name: "retry-after"), body: Array(bytes.readableBytesView))
    }

    private func expect(_ status: Int, _ url: String, _ body: [UInt8], _ headers: [(String, String)], method: HTTPMethod = .POST,
                        at location: SourceLocation = #_sourceLocation) async throws {
        let answer = try await post(url, body, headers, method: method)
        #expect(answer.status == status, sourceLocation: location)
    }

    @Test(arguments: [
        ("/v1/traces", "application/x-protobuf", ExportFormat.otlpTracesProtobuf), ("/v1/traces", "application/json; charset=utf-8", .otlpTracesJSON),
        ("/v1/metrics", "application/x-protobuf", .otlpMetricsProtobuf), ("/v1/metrics", "Application/JSON", .otlpMetricsJSON),
    ])
    func whatItCarriesSaysThePathAndTheType(_ path: String, _ type: String, _ format: ExportFormat) async throws {
        let recorder = Recorder()
        try await withReceiver(.otlpHTTP, recorder) { port in
            let answer = try await post("http://127.0.0.1:\(port)\(path)", [1, 2, 3], [("content-type", type)])
            #expect(answer.status == 200)
            #expect(answer.type == (format == .otlpTracesJSON || format == .otlpMetricsJSON ? "application/json" : "application/x-protobuf"))
            #expect(answer.text == (answer.type == "application/json" ? "{}" : ""))
            #expect(recorder.formats == [format] && recorder.bodies == [[1, 2, 3]])
        }
    }

    @Test func partialSuccessNamesCountAndReason() async throws {
        try await withReceiver(.otlpHTTP, Recorder(.taken(rejected: 3, reason: "trace id of \"7\" bytes"))) { port in
            let json = try await post("http://127.0.0.1:\(port)/v1/traces", [], [("content-type", "application/json")])
            #expect(json.status == 200 && json.text == #"{"partialSuccess":{"rejectedSpans":"3","errorMessage":"trace id of \"7\" bytes"}}"#)
            let metrics = try await post("http://127.0.0.1:\(port)/v1/metrics", [], [("content-type", "application/json")])
            #expect(metrics.text.contains("rejectedDataPoints"))
            let protobuf = try await post("http://127.0.0.1:\(port)/v1/traces", [], [("content-type", "application/x-protobuf")])
            #expect(protobuf.body.prefix(4) == [0x0A, 25, 0x08, 3] && protobuf.body.count == 27)
        }
    }

    @Test func errorsAreAnsweredAsTheProtocolSays() async throws {
        try await withReceiver(.otlpHTTP, Recorder(.malformed("not protobuf"))) { port in
            let answer = try await post("http://127.0.0.1:\(port)/v1/traces", [9], [("content-type", "application/json")])
            #expect(answer.status == 400 && answer.text == #"{"code":3,"message":"not protobuf"}"#)
        }
        try await withReceiver(.otlpHTTP, Recorder(.full("the budget is spent"))) { port in
            let answer = try await post("http://127.0.0.1:\(port)/v1/traces", [9], [("content-type", "application/json")])
            #expect(answer.status == 503 && answer.retryAfter == "5" && answer.text.contains("the budget is spent"))
        }
    }

    @Test func whatIsNoExportIsRefusedWithAReason() async throws {
        var limits = ReceiverLimits()
        limits.bodyBytes = 1000
        let recorder = Recorder()
        try await withReceiver(.otlpHTTP, recorder, limits: limits) { port in
            let url = "http://127.0.0.1:\(port)"
            try await expect(404, url + "/v2/traces", [], [])
            try await expect(405, url + "/v1/traces", [], [], method: .PUT)
            try await expect(415, url + "/v1/traces", [], [("content-type", "text/plain")])
            try await expect(415, url + "/v1/traces", [], [])
            try await expect(415, url + "/v1/traces", [], [("content-type", "application/json"), ("content-encoding", "zstd")])
            try await expect(413, url + "/v1/traces", Array(repeating: 32, count: 1001), [("content-type", "application/json")])
            try await expect(400, url + "/v1/traces", [0x1F, 0x8B, 8], [("content-type", "application/json"), ("content-encoding", "gzip")])
        }
        #expect(recorder.bodies.isEmpty && recorder.refusals.count == 5, "\(recorder.refusals)")
    }

    @Test func gzipIsUnpackedUpToTheLimit() async throws {
        let page = Array(repeating: UInt8(65), count: 5000)
        let packed = Gzip.stored(String(repeating: "A", count: 5000))
        let headers = [("content-type", "application/x-protobuf"), ("content-encoding", "gzip")]
        let recorder = Recorder()
        try await withReceiver(.otlpHTTP, recorder) { port in
            try await expect(200, "http://127.0.0.1:\(port)/v1/traces", packed, headers)
        }
        #expect(recorder.bodies == [page])
        var limits = ReceiverLimits()
        limits.bodyBytes = 1 << 20
        try await withReceiver(.otlpHTTP, Recorder(), limits: limits) { port in
            try await expect(413, "http://127.0.0.1:\(port)/v1/traces", Gzip.bomb.head + Gzip.bomb.more, headers)
        }
    }

    @Test func zipkinIsAcceptedWithoutABody() async throws {
        let recorder = Recorder()
        try await withReceiver(.zipkin, recorder) { port in
            let answer = try await post("http://127.0.0.1:\(port)/api/v2/spans", Array("[]".utf8), [("content-type", "application/json")])
            #expect(answer.status == 202 && answer.body.isEmpty)
            try await expect(404, "http://127.0.0.1:\(port)/v1/traces", [], [("content-type", "application/json")])
        }
        #expect(recorder.formats == [.zipkinJSON])
    }

    // MARK: - gRPC

    @Test func exportsComeOverGRPC() async throws {
        let recorder = Recorder(.taken(rejected: 2, reason: "no"))
        try await withReceiver(.otlpGRPC, recorder) { port in
            let answer = try await GRPCExport.send(port, [1, 2, 3])
            #expect(answer == [0x0A, 6, 0x08, 2, 0x12, 2, 0x6E, 0x6F])
            _ = try await GRPCExport.send(port, Array(repeating: 7, count: 300_000), compression: .gzip)
            _ = try await GRPCExport.send(port, [], service: "opentelemetry.proto.collector.metrics.v1.MetricsService")
        }
        #expect(recorder.formats == [.otlpTracesProtobuf, .otlpTracesProtobuf, .otlpMetricsProtobuf])
        #expect(recorder.bodies.map(\.count) == [3, 300_000, 0])
    }

    @Test(arguments: [(ExportResult.malformed("bad"), RPCError.Code.invalidArgument), (.full("spent"), .unavailable)])
    func gRPCCodesSayWhetherToTryAgain(_ result: ExportResult, _ code: RPCError.Code) async throws {
        try await withReceiver(.otlpGRPC, Recorder(result)) { port in
            let error = await #expect(throws: RPCError.self) { try await GRPCExport.send(port, [1]) }
            #expect(error?.code == code)
        }
    }

    // MARK: - Addresses

    @Test func aPortInUseNamesThePortAndTheFlag() async throws {
        let receivers = Receivers()
        let port = try await receivers.start(.otlpHTTP, ListenAddress(host: "127.0.0.1", port: 0), Recorder())
        for kind in Receivers.Kind.allCases {
            let error = await #expect(throws: IngestError.self) { try await receivers.start(kind, ListenAddress(host: "127.0.0.1", port: port), Recorder()) }
            #expect(error?.description == "the port is in use; move it with --\(kind.rawValue) HOST:PORT, or start with --no-receivers")
        }
        await receivers.stop()
    }

    @Test(arguments: [("4317", "127.0.0.1:4317"), (":4317", "127.0.0.1:4317"), ("localhost:1", "127.0.0.1:1"), ("0.0.0.0:4317", "0.0.0.0:4317"), ("[::1]:4317", "[::1]:4317")])
    func addressesAreOnLoopbackUnlessToldOtherwise(_ text: String, _ expected: String) throws {
        #expect(try ListenAddress(parsing: text).description == expected)
    }

    @Test(arguments: ["", "example.com:4317", "127.0.0.1", "127.0.0.1:", "127.0.0.1:70000", "1.2.3:80"])
    func whatIsNoAddressIsSaid(_ text: String) {
        #expect(throws: IngestError.self) { try ListenAddress(parsing: text) }
    }
}
