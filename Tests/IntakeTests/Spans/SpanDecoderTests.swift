import MeshModel
import Testing
import WireFormats
@testable import Intake

@Suite struct SpanDecoderTests {
    @Test func aSpansFieldsAreRead() throws {
        var parts = SpanParts(2, parent: 1, [("http.response.status_code", 503), ("response_flags", "UF,URX"), ("component", "proxy"),
                                             ("upstream_cluster", "outbound|80|v1|cart.shop.svc.cluster.local"), ("error", "true")])
        parts.status = 2
        parts.links = 1
        let decoded = Decoded([("service.name", "checkout")], parts)
        let span = try #require(decoded.batch.spans.first)
        #expect(span.trace == TraceID(high: 0x0707_0707_0707_0707, low: 0x0707_0707_0707_0707))
        #expect(span.id == SpanID(raw: 2) && span.parent == SpanID(raw: 1))
        #expect(span.start.nanoseconds == 1_000 && span.end.nanoseconds == 3_000)
        #expect(span.kind == .client && span.status == .error && span.hasLinks && span.isProxy && span.hasErrorTag)
        #expect(span.code == 503 && span.grpcStatus == 255)
        #expect(decoded.text(span.flags) == "UF,URX" && decoded.text(span.name) == "GET /")
        #expect(decoded.text(span.upstreamCluster) == "outbound|80|v1|cart.shop.svc.cluster.local")
        #expect(decoded.claim(0) == "service=checkout")
        #expect(decoded.report.spans == 1 && decoded.report.rejected == 0)
    }

    @Test(arguments: [
        ("http.status_code", Value.text("200"), UInt16(200)), ("http.status_code", .int(404), 404), ("http.status_code", .text("0"), 0),
        ("http.response.status_code", .text("502"), 502), ("http.status_code", .text("-"), Meaning.untoldCode),
        ("http.status_code", .int(-1), Meaning.untoldCode), ("http.status_code", .int(70_000), Meaning.untoldCode),
    ]) func httpCodes(_ key: String, _ value: Value, _ code: UInt16) {
        #expect(Decoded([], SpanParts(1, [(key, value)])).batch.spans.first?.code == code)
    }

    @Test(arguments: [
        ("grpc.status_code", Value.text("14"), UInt8(14)), ("rpc.grpc.status_code", .int(0), 0), ("rpc.grpc.status_code", .text("UNAVAILABLE"), 14),
        ("rpc.response.status_code", .text("DeadlineExceeded"), 4), ("grpc.status_code", .text(""), 255), ("grpc.status_code", .int(300), 255),
    ]) func grpcCodes(_ key: String, _ value: Value, _ code: UInt8) {
        #expect(Decoded([], SpanParts(1, [(key, value)])).batch.spans.first?.grpcStatus == code)
    }

    @Test(arguments: [("true", true), ("", true), ("timeout", true), ("false", false), ("False", false)]) func errorTags(_ value: String, _ isError: Bool) {
        #expect(Decoded([], SpanParts(1, [("error", .text(value))])).batch.spans.first?.hasErrorTag == isError)
    }

    static let peers: [(UInt64, [(String, Value)], String, EntityClaim.Kind)] = [
        (3, [("server.address", "cart:7070"), ("peer.service", "basket")], "basket", .workload),
        (3, [("service.peer.name", "basket")], "basket", .workload),
        (3, [("db.system", "redis"), ("net.peer.name", "redis-cart")], "redis", .database),
        (3, [("db.namespace", "orders"), ("db.system.name", "postgresql")], "postgresql/orders", .database),
        (4, [("messaging.system", "kafka"), ("messaging.destination.name", "orders"), ("server.address", "broker")], "kafka/orders", .queue),
        (5, [("messaging.system", "kafka"), ("messaging.destination.name", "orders")], "kafka/orders", .queue),
        (4, [("peer.service", "rabbitmq")], "rabbitmq", .queue),
        (3, [("server.address", "[::1]:80")], "::1", .workload),
        (3, [("server.address", "fe80::1")], "fe80::1", .workload),
        (3, [("http.url", "https://user:word@api.example.com:8443/v1?x=//y")], "api.example.com", .workload),
        (3, [("http.url", "/relative"), ("net.peer.name", "api")], "api", .workload),
        (3, [("sql.query", "select 1"), ("peer.service", "app_db")], "app_db", .database),
        (3, [("db.statement", "select 1"), ("server.address", "db-1:5432")], "db-1", .database),
        (3, [("db.statement", "select 1"), ("db.name", "orders"), ("server.address", "db-1:5432")], "orders", .database),
        (2, [("sql.query", "select 1")], "", .unknown),
        (2, [("server.address", "myself"), ("http.url", "http://myself/")], "", .unknown),
        (3, [], "", .unknown),
    ]

    @Test(arguments: peers.indices) func otherSides(_ index: Int) throws {
        let (kind, attributes, name, peerKind) = Self.peers[index]
        var parts = SpanParts(1, attributes)
        parts.kind = kind
        let decoded = Decoded([], parts)
        let span = try #require(decoded.batch.spans.first)
        #expect(decoded.text(span.peer) == name)
        #expect(span.peerKind == peerKind)
    }

    static let invalid: [(String, SpanRejection, @Sendable (inout SpanParts) -> Void)] = [
        ("zero trace id", .traceID, { $0.trace = .init(repeating: 0, count: 16) }),
        ("trace id of 8 bytes", .traceID, { $0.trace = .init(repeating: 1, count: 8) }),
        ("no trace id", .traceID, { $0.trace = [] }),
        ("zero span id", .spanID, { $0.id = .init(repeating: 0, count: 8) }),
        ("span id of 9 bytes", .spanID, { $0.id = .init(repeating: 1, count: 9) }),
        ("parent of 4 bytes", .parentID, { $0.parent = [1, 2, 3, 4] }),
        ("the year 2500", .time, { $0.end = 16_725_225_600_000_000_000 }),
        ("a field cut off", .damaged, { $0.more = [0x4A, 20, 1] }),
        ("an attribute cut off", .damaged, { $0.more = [0x4A, 3, 0x0A, 9, 65] }),
        ("a status cut off", .damaged, { $0.more = [0x7A, 2, 0x12, 9] }),
    ]

    @Test(arguments: invalid.indices) func invalidSpansAreRejectedOneByOne(_ index: Int) {
        let (_, reason, spoil) = Self.invalid[index]
        var bad = SpanParts(2)
        spoil(&bad)
        let decoded = Decoded([("service.name", "a")], SpanParts(1), bad, SpanParts(3))
        #expect(decoded.batch.spans.map(\.id.raw) == [1, 3])
        #expect(decoded.report.rejected == 1 && decoded.report.rejected(reason) == 1)
        #expect(decoded.report.sentence?.contains(reason.sentence) == true)
        #expect(decoded.isWhole)
    }

    /// Where spans come as they happen, one of a clock far ahead is no span; what is recorded may be of any time.
    @Test func spansFromTheFutureAreRejectedWhereThereIsANow() {
        let now = Timestamp(seconds: 1_800_000_000)
        func ending(_ id: UInt8, ahead seconds: Double) -> SpanParts {
            var parts = SpanParts(id)
            parts.start = UInt64(now.nanoseconds)
            parts.end = UInt64((now + Timestamp.Span(seconds: seconds)).nanoseconds)
            return parts
        }
        var writer = RequestWriter()
        writer.resourceSpans([("service.name", "a")], [ending(1, ahead: 0), ending(2, ahead: 3500), ending(3, ahead: 3700), ending(4, ahead: 1e9)])
        var decoder = SpanDecoder(symbols: SymbolTable())
        for (isLive, kept) in [(false, [1, 2, 3, 4] as [UInt64]), (true, [1, 2])] {
            var batch = SpanBatch(source: SourceID(raw: 0), time: now)
            if isLive { decoder.expect(now: now) }
            _ = writer.bytes.withUnsafeBytes { decoder.append(request: $0, to: &batch) }
            #expect(batch.spans.map(\.id.raw) == kept)
            #expect(decoder.takeReport().rejected(.future) == (isLive ? 2 : 0))
        }
    }

    @Test(arguments: [(UInt64(0), UInt64(0), Int64(0), Int64(0)), (5, 0, 5, 5), (0, 5, 5, 5), (9, 4, 9, 9)])
    func missingTimes(_ start: UInt64, _ end: UInt64, _ from: Int64, _ to: Int64) {
        var parts = SpanParts()
        parts.start = start
        parts.end = end
        let span = Decoded([], parts).batch.spans.first
        #expect(span?.start.nanoseconds == from && span?.end.nanoseconds == to)
    }

    @Test func longTextsAreCutBetweenCharacters() throws {
        var parts = SpanParts(1, [("http.url", .text("http://x/" + String(repeating: "y", count: 1 << 20)))])
        parts.name = "x" + String(repeating: "ä", count: 5_000)
        let decoded = Decoded([], parts)
        let name = decoded.text(try #require(decoded.batch.spans.first).name)
        #expect(name.utf8.count == 4095 && name.last == "ä")
        #expect(decoded.symbols.bytes < 1 << 20)
    }

    @Test func bytesThatAreNoTextAreKept() throws {
        var writer = RequestWriter()
        writer.resourceSpans([("service.name", "a")], [SpanParts(1, [("\u{FFFD}", "x")])])
        var bytes = writer.bytes
        let at = try #require(bytes.indices.first { bytes[$0...].starts(with: Array("GET /".utf8)) })
        bytes[at] = 0xFF
        let decoded = Decoded(bytes)
        #expect(decoded.text(try #require(decoded.batch.spans.first).name) == "\u{FFFD}ET /")
    }

    @Test func aRequestCutAtAnyByteKeepsTheSpansBeforeAndNeverTraps() {
        var writer = RequestWriter()
        writer.resourceSpans([("service.name", "a")], [SpanParts(1, [("http.status_code", "200")])])
        let first = writer.bytes.count
        writer.resourceSpans([("service.name", "b")], [SpanParts(2), SpanParts(3)])
        for end in 0...writer.bytes.count {
            let decoded = Decoded(Array(writer.bytes[..<end]))
            #expect(decoded.batch.spans.count == (end == writer.bytes.count ? 3 : end >= first ? 1 : 0))
            #expect(decoded.isWhole == (end == 0 || end == first || end == writer.bytes.count))
        }
    }

    @Test func spanAndResourceBytesAreTheirMessages() throws {
        var writer = RequestWriter()
        writer.resourceSpans([("service.name", "a")], [SpanParts(1), SpanParts(2)])
        let whole = writer.bytes
        var decoder = SpanDecoder(symbols: SymbolTable())
        var batch = SpanBatch(source: SourceID(raw: 0), time: Timestamp(nanoseconds: 0))
        // Behind a request that was there before.
        whole.withUnsafeBytes { _ = decoder.append(request: $0, to: &batch) }
        whole.withUnsafeBytes { _ = decoder.append(request: $0, to: &batch) }
        #expect(batch.spans.map(\.resource) == [0, 0, 1, 1])
        let last = try #require(batch.spans.last).bytes, own = batch.resources[1].bytes
        #expect(batch.bytes[Int(last.start)] == 0x0A && batch.bytes[Int(last.start) + 1] == 16)
        #expect(Int(last.start + last.count) == whole.count * 2)
        #expect(batch.bytes[Int(own.start)] == 0x0A && own.start > UInt32(whole.count))
    }

    @Test func aResourceInPiecesIsOne() {
        var writer = RequestWriter()
        let start = writer.writer.begin(1)
        writer.writeResource([("service.name", "a")])
        let scope = writer.writer.begin(2)
        writer.write(SpanParts(1))
        writer.writer.end(scope)
        writer.writeResource([("service.version", "7")])
        writer.writer.end(start)
        let decoded = Decoded(writer.bytes)
        #expect(decoded.claim(0) == "service=a version=7")
        #expect(Int(decoded.batch.resources[0].bytes.start) == writer.bytes.count)
    }

    @Test func aResourceBehindItsSpansCounts() {
        var writer = RequestWriter()
        writer.resourceSpans([("service.name", "a")], resourceLast: true, [SpanParts(1)])
        #expect(Decoded(writer.bytes).claim(0) == "service=a")
    }
}
