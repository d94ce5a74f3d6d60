import MeshModel
import Testing
import WireFormats
@testable import Intake

/// Zipkin, Jaeger and JSON become the same spans that OTLP protobuf makes.
@Suite struct SpanFormatTests {
    struct Read {
        var batch = SpanBatch(source: SourceID(raw: 0), time: Timestamp(nanoseconds: 0))
        var report = SpanReport()
        var problem: String?
        let symbols = SymbolTable()

        init(_ text: String, _ format: SpanFormat) { self.init(Array(text.utf8), format) }

        init(_ bytes: [UInt8], _ format: SpanFormat) {
            var decoder = SpanDecoder(symbols: symbols)
            problem = bytes.withUnsafeBytes { decoder.decode($0, as: format, into: &batch) }
            report = decoder.report
        }

        func opened(_ index: Int = 0) -> OpenedSpan {
            let span = batch.spans[index]
            let resource = batch.resources[Int(span.resource)].bytes
            return batch.bytes.withUnsafeBytes { bytes in
                SpanOpener.open(span: UnsafeRawBufferPointer(rebasing: bytes[Int(span.bytes.start)..<Int(span.bytes.start + span.bytes.count)]),
                                resource: UnsafeRawBufferPointer(rebasing: bytes[Int(resource.start)..<Int(resource.start + resource.count)]))
            }
        }

        /// Everything of a span in words.
        func words(_ index: Int = 0) -> String {
            let span = batch.spans[index]
            let claim = batch.resources[Int(span.resource)].claim
            return "\(HexText.text(span.trace)) \(HexText.text(span.id)) \(HexText.text(span.parent)) \(symbols.string(claim.service)) "
                + "\(symbols.string(span.name)) \(span.kind) \(span.start.nanoseconds)+\(span.duration.nanoseconds) \(span.status) code \(span.code) "
                + "peer \(symbols.string(span.peer)) \(span.peerKind)\(span.hasErrorTag ? " error" : "")\(span.isShared ? " shared" : "")\(span.hasLinks ? " links" : "")"
        }
    }

    static let expected = "463ac35c9f6413ad48485a3953bb6124 a2fb4a1d1a96d312 48485a3953bb6124 frontend get server 1000000+2000000 unset code 503 "
        + "peer  unknown error"

    static let same: [(SpanFormat, String)] = [
        (.otlpJSON, """
        {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"463AC35C9F6413AD48485A3953BB6124","spanId":"a2fb4a1d1a96d312","name":"get",
        "parentSpanId":"48485a3953bb6124","kind":2,"startTimeUnixNano":"1000000","endTimeUnixNano":3000000,"status":{},"attributes":[
        {"key":"http.status_code","value":{"intValue":"503"}},{"key":"error","value":{"boolValue":true}}]}]}],
        "resource":{"attributes":[{"key":"service.name","value":{"stringValue":"frontend"}}]}}]}
        """),
        (.otlpJSON, """
        {"batches":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"frontend"}}]},"instrumentationLibrarySpans":[{"spans":[
        {"traceId":"RjrDXJ9kE61ISFo5U7thJA==","spanId":"ovtKHRqW0xI=","parentSpanId":"SEhaOVO7YSQ=","name":"get","kind":"SPAN_KIND_SERVER",
        "startTimeUnixNano":"1000000","endTimeUnixNano":"3000000","attributes":[{"key":"http.status_code","value":{"stringValue":"503"}},
        {"key":"error","value":{"stringValue":"true"}}]}]}]}]}
        """),
        (.zipkinJSON, """
        [[{"traceId":"463ac35c9f6413ad48485a3953bb6124","id":"a2fb4a1d1a96d312","parentId":"48485a3953bb6124","kind":"SERVER","name":"get","timestamp":1000,
        "duration":2000,"localEndpoint":{"serviceName":"frontend"},"tags":{"http.status_code":"503","error":""}}]]
        """),
        (.jaegerJSON, """
        {"data":[{"traceID":"463ac35c9f6413ad48485a3953bb6124","spans":[{"traceID":"463ac35c9f6413ad48485a3953bb6124","spanID":"a2fb4a1d1a96d312",
        "operationName":"get","references":[{"refType":"CHILD_OF","traceID":"463ac35c9f6413ad48485a3953bb6124","spanID":"48485a3953bb6124",
        "span":{"spanID":"1","references":[{"span":{}}]}}],"startTime":1000,"duration":2000,"tags":[{"key":"span.kind","type":"string","value":"server"},
        {"key":"http.status_code","type":"int64","value":503},{"key":"error","type":"bool","value":true}],"logs":[],"processID":"p1","warnings":null}],
        "processes":{"p1":{"serviceName":"frontend","tags":[]}}}]}
        """),
        (.jaegerJSON, """
        {"traceID":"463ac35c9f6413ad48485a3953bb6124","spans":[{"traceID":"463ac35c9f6413ad48485a3953bb6124","spanID":"a2fb4a1d1a96d312","references":null,
        "parentSpanID":"48485a3953bb6124","operationName":"get","startTime":1000,"duration":2000,"tags":[{"key":"span.kind","value":"server"},
        {"key":"http.status_code","value":"503"},{"key":"error","value":"true"}],"process":{"serviceName":"frontend"}}]}
        """),
    ]

    @Test(arguments: same.indices) func allFormatsSayTheSame(_ index: Int) {
        let read = Read(Self.same[index].1, Self.same[index].0)
        #expect(read.problem == nil)
        #expect(read.batch.spans.count == 1)
        #expect((read.batch.spans.isEmpty ? "\(read.report)" : read.words()) == Self.expected)
    }

    @Test(arguments: same.indices) func aDocumentCutAnywhereIsSaidSoAndNeverTraps(_ index: Int) {
        let text = Array(Self.same[index].1.utf8).prefix { _ in true }
        let whole = text.count - (text.last == 10 ? 1 : 0)
        for end in stride(from: 1, to: whole, by: 3) {
            let read = Read(Array(text[..<end]), Self.same[index].0)
            #expect(read.problem != nil)
        }
    }

    @Test func shortIDsAreFilledUp() {
        #expect(Read("[{\"traceId\":\"1\",\"id\":\"2\"}]", .zipkinJSON).words().hasPrefix("00000000000000000000000000000001 0000000000000002 0000000000000000"))
        #expect(Read("{\"traceID\":\"A\",\"spanID\":\"b\"}", .jaegerJSON).words().hasPrefix("0000000000000000000000000000000a 000000000000000b"))
    }

    @Test(arguments: [
        ("[{\"traceId\":\"x\",\"id\":\"2\"}]", SpanFormat.zipkinJSON, SpanRejection.traceID), ("[{\"traceId\":\"1\"}]", .zipkinJSON, .spanID), ("[7]", .zipkinJSON, .format),
        ("[{\"traceId\":\"1\",\"id\":\"2\",\"timestamp\":16725225600000000}]", .zipkinJSON, .time),
        ("[{\"traceId\":\"1\",\"id\":\"2\",\"timestamp\":1e30}]", .zipkinJSON, .time),
        ("{\"traceID\":\"trace-1\",\"spanID\":\"2\"}", .jaegerJSON, .traceID),
        ("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"0102\",\"spanId\":\"0000000000000001\"}]}]}]}", .otlpJSON, .traceID),
        ("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"00000000000000000000000000000001\",\"spanId\":\"00000000000000000001\"}]}]}]}", .otlpJSON, .spanID),
    ]) func invalidSpans(_ text: String, _ format: SpanFormat, _ reason: SpanRejection) {
        let read = Read(text, format)
        #expect(read.batch.spans.isEmpty)
        #expect(read.report.rejected(reason) == 1 && read.report.rejected == 1, "\(read.report)")
    }

    @Test func zipkinHalvesAndMissingTimes() {
        let read = Read("""
        [{"traceId":"1","id":"2","kind":"CLIENT","remoteEndpoint":{"serviceName":"db","ipv4":"10.0.0.1","port":3306},"localEndpoint":{"serviceName":"a","ipv4":"10.0.0.2"}},
         {"traceId":"1","id":"2","kind":"SERVER","shared":true,"timestamp":5,"localEndpoint":{"serviceName":"b"}},
         {"traceId":"1","id":"3","kind":"CONSUMER","remoteEndpoint":{"serviceName":"rabbitmq"},"localEndpoint":{"serviceName":"a","ipv4":"10.0.0.2"},"annotations":[{"timestamp":7,"value":"ws"}]}]
        """, .zipkinJSON)
        #expect(read.batch.spans.map(\.id.raw) == [2, 3, 2])
        #expect(read.batch.resources.count == 2)
        #expect(read.words(0).hasSuffix("a  client 0+0 unset code 65535 peer db workload"))
        #expect(read.words(1).hasSuffix("peer rabbitmq queue"))
        #expect(read.words(2).hasSuffix("b  server 5000+0 unset code 65535 peer  unknown shared"))
        #expect(read.symbols.string(read.batch.resources[0].host) == "10.0.0.2")
        #expect(read.opened(1).events.map { "\($0.name) \($0.time.nanoseconds)" } == ["ws 7000"])
        #expect(read.opened(0).attributes.contains { $0.key == "net.peer.port" && $0.value == "3306" })
    }

    @Test func jaegersReferences() {
        let read = Read("""
        {"traceID":"1","spanID":"2","references":[{"refType":"FOLLOWS_FROM","traceID":"0001","spanID":"5"},{"refType":"CHILD_OF","traceID":"9","spanID":"6"},
        {"refType":"CHILD_OF","traceID":"1","spanID":"7"}],"logs":[{"timestamp":1,"fields":[{"key":"event","value":"retry"}]}],
        "tags":[{"key":"otel.status_code","value":"ERROR"},{"key":"n","value":-5},{"key":"f","value":1.5}],"process":{"serviceName":"s","tags":[{"key":"ip","value":"10.0.0.9"}]}}
        """, .jaegerJSON)
        #expect(read.batch.spans.first?.parent.raw == 7)
        #expect(read.batch.spans.first?.status == .error)
        let opened = read.opened()
        #expect(opened.links.map(\.span.raw) == [5, 6])
        #expect(opened.events.map(\.name) == ["retry"])
        #expect(opened.attributes.map(\.value) == ["ERROR", "-5", "1.5"])
        #expect(read.symbols.string(read.batch.resources[0].host) == "10.0.0.9")
    }

    @Test func valuesOfAllKindsAreOpened() {
        let deep = String(repeating: "{\"arrayValue\":{\"values\":[", count: 60) + "{\"stringValue\":\"x\"}" + String(repeating: "]}}", count: 60)
        let values = "{\"stringValue\":\"a\"},{\"intValue\":\"-9223372036854775808\"},{\"boolValue\":false},{\"doubleValue\":0.5},{\"bytesValue\":\"AQI=\"},"
            + "{\"arrayValue\":{\"values\":[{\"intValue\":1},{\"stringValue\":\"b\"}]}},{\"kvlistValue\":{\"values\":[{\"key\":\"k\",\"value\":{\"intValue\":2}}]}},{},\(deep)"
        let attributes = values.split(separator: "},{", omittingEmptySubsequences: false).count
        #expect(attributes > 8)
        let text = "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"00000000000000000000000000000001\",\"spanId\":\"0000000000000001\",\"attributes\":["
            + "{\"key\":\"all\",\"value\":{\"arrayValue\":{\"values\":[\(values)]}}}],\"status\":{\"code\":\"STATUS_CODE_ERROR\",\"message\":\"no\"},"
            + "\"links\":[{\"traceId\":\"00000000000000000000000000000002\",\"spanId\":\"0000000000000003\"}]}]}]}]}"
        let read = Read(text, .otlpJSON)
        let opened = read.opened()
        #expect(opened.attributes.first?.value.hasPrefix("[a, -9223372036854775808, false, 0.5, 0x0102, [1, b], {k: 2}, , [[[[") == true)
        #expect(opened.attributes.first?.value.contains("…") == true)
        #expect(opened.statusMessage == "no" && read.batch.spans.first?.status == .error)
        #expect(read.batch.spans.first?.hasLinks == true && opened.links.map(\.trace.low) == [2])
    }

    @Test func aMegabyteOfOneAttributeIsShownInPart() {
        let read = Read("[{\"traceId\":\"1\",\"id\":\"2\",\"tags\":{\"big\":\"\(String(repeating: "x", count: 1 << 20))\"}}]", .zipkinJSON)
        let value = read.opened().attributes.first?.value
        #expect(value?.utf8.count ?? 0 < 1 << 17)
        #expect(value?.hasSuffix("… (1048576 bytes)") == true)
    }
}
