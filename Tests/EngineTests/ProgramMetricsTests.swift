import Engine
import Intake
import MeshModel
import Panels
import Profiles
import Testing

/// What programs say of their own calls over OTLP fills services and edges, as scraped pages do.
@Suite struct ProgramMetricsTests {
    static let began: Int64 = 1_700_000_000

    /// Two programs and a receiver that listens since `began`.
    private struct Shop: ~Copyable {
        let engine: Engine
        let intake: Intake
        var decoder: MetricDecoder

        init() throws {
            intake = Intake(profiles: try ProfileSet.builtin())
            engine = Engine(symbols: intake.symbols, windowSeconds: 300)
            decoder = MetricDecoder(intake, place: "otlp", job: "otlp", since: Timestamp(nanoseconds: began * 1_000_000_000), sink: engine)
        }

        mutating func send(at seconds: Int64, _ service: String, _ metrics: [String]) {
            let json = "{\"resourceMetrics\":[{\"resource\":{\"attributes\":[\(attributes(["service.name": service, "service.instance.id": service + "-1"]))]},"
                + "\"scopeMetrics\":[{\"metrics\":[\(metrics.joined(separator: ","))]}]}]}"
            let problem = Array(json.utf8).withUnsafeBytes {
                decoder.decode($0, isJSON: true, now: Timestamp(nanoseconds: (began + seconds) * 1_000_000_000))
            }
            #expect(problem == nil && decoder.takeReport().rejected == 0)
        }

        func rows(window: Double = .infinity) -> [String: GoldenSignals] {
            let data = engine.answer([.entities(.service)], at: FrameTime(windowSeconds: window))
            return Dictionary(uniqueKeysWithValues: (data.entities[.service] ?? []).map { ($0.key.name, $0.signals) })
        }

        var edges: [String: GoldenSignals] {
            let data = engine.answer([.edges(.service)], at: FrameTime(windowSeconds: .infinity))
            return Dictionary(uniqueKeysWithValues: (data.edges[.service] ?? []).map { ("\($0.source.service ?? "?")>\($0.destination.service ?? "?")", $0.signals) })
        }
    }

    private static func attributes(_ pairs: [String: String]) -> String {
        pairs.sorted { $0.key < $1.key }.map { "{\"key\":\"\($0.key)\",\"value\":{\"stringValue\":\"\($0.value)\"}}" }.joined(separator: ",")
    }

    /// Half of the calls took up to 100 ms, half up to 1 s.
    private static func durations(of name: String = "http.server.request.duration", unit: String = "s", _ count: Int, from start: Int64 = 1, at time: Int64,
                                  delta: Bool = false, _ labels: [String: String]) -> String {
        let bounds = unit == "s" ? "0.1,1" : "100,1000"
        return "{\"name\":\"\(name)\",\"unit\":\"\(unit)\",\"histogram\":{\"aggregationTemporality\":\(delta ? 1 : 2),\"dataPoints\":[{\"startTimeUnixNano\":\"\(began + start)000000000\","
            + "\"timeUnixNano\":\"\(began + time)000000000\",\"count\":\"\(count)\",\"sum\":\(count),\"explicitBounds\":[\(bounds)],"
            + "\"bucketCounts\":[\"\(count / 2)\",\"\(count - count / 2)\",\"0\"],\"attributes\":[\(attributes(labels))]}]}}"
    }

    private static let ok = ["http.response.status_code": "200"]
    private static let bad = ["http.response.status_code": "503"]

    @Test(arguments: [false, true]) func serversAndClientsMakeServicesAndEdges(delta: Bool) throws {
        var shop = try Shop()
        for round: Int64 in 1...3 {
            let from = delta ? round * 10 - 9 : 1, times = delta ? 1 : Int(round)
            shop.send(at: round * 10, "payment", [Self.durations(100 * times, from: from, at: round * 10, delta: delta, Self.ok),
                                                  Self.durations(10 * times, from: from, at: round * 10, delta: delta, Self.bad)])
            shop.send(at: round * 10, "web", [
                Self.durations(of: "http.client.request.duration", 100 * times, from: from, at: round * 10, delta: delta, ["http.response.status_code": "200", "server.address": "payment"]),
                Self.durations(of: "http.client.request.duration", 12 * times, from: from, at: round * 10, delta: delta, ["error.type": "timeout", "server.address": "payment"]),
            ])
        }
        let payment = try #require(shop.rows()["payment"])
        #expect(payment.requests == 330 && payment.errors == 30)
        #expect(payment.codes == [.init(code: 200, count: 300), .init(code: 503, count: 30)])
        #expect(payment.from == Timestamp(nanoseconds: (Self.began + 1) * 1_000_000_000) && payment.to == Timestamp(nanoseconds: (Self.began + 30) * 1_000_000_000))
        let latency = try #require(payment.latency)
        #expect(abs(latency.p50 - 100) < 1 && latency.p99 > 900 && latency.p99 <= 1000)
        let edge = try #require(shop.edges["web>payment"])
        #expect(edge.requests == 336)
        #expect(edge.codes == [.init(code: 0, count: 36), .init(code: 200, count: 300)])
        #expect(edge.evidence.contains(.metricsClient))
    }

    /// One request, two names: the newer convention counts.
    @Test func oldAndNewNamesAreNotAdded() throws {
        var shop = try Shop()
        for round: Int64 in 1...2 {
            shop.send(at: round * 10, "cart", [
                Self.durations(50 * Int(round), at: round * 10, Self.ok),
                Self.durations(of: "http.server.duration", unit: "ms", 50 * Int(round), at: round * 10, ["http.status_code": "200"]),
            ])
        }
        #expect(shop.rows()["cart"]?.requests == 100)
    }

    @Test func spanMetricsCountWhatWasAsked() throws {
        var shop = try Shop()
        func calls(_ count: Int, _ kind: String, _ status: String) -> String {
            "{\"name\":\"traces.span.metrics.calls\",\"sum\":{\"isMonotonic\":true,\"aggregationTemporality\":2,\"dataPoints\":[{\"startTimeUnixNano\":\"\(Self.began + 1)000000000\","
                + "\"timeUnixNano\":\"\(Self.began + 10)000000000\",\"asInt\":\"\(count)\",\"attributes\":[\(Self.attributes(["span.kind": kind, "status.code": status]))]}]}}"
        }
        shop.send(at: 10, "cart", [calls(40, "SPAN_KIND_SERVER", "STATUS_CODE_UNSET"), calls(2, "SPAN_KIND_SERVER", "STATUS_CODE_ERROR"), calls(70, "SPAN_KIND_CLIENT", "STATUS_CODE_UNSET")])
        let cart = try #require(shop.rows()["cart"])
        #expect(cart.requests == 42 && cart.errors == 2)
    }

    @Test(arguments: [("14", 10.0), ("UNAVAILABLE", 10), ("0", 0), ("OK", 0)]) func grpcStatuses(_ status: String, _ errors: Double) throws {
        var shop = try Shop()
        shop.send(at: 10, "cart", [Self.durations(of: "rpc.server.duration", unit: "ms", 10, at: 10, ["rpc.grpc.status_code": status])])
        let cart = try #require(shop.rows()["cart"])
        #expect(cart.requests == 10 && cart.errors == errors)
    }

    /// Each histogram is read by its own bounds before they are added.
    @Test func histogramsOfOtherBoundsAreAdded() throws {
        var shop = try Shop()
        let rpc = Self.durations(of: "rpc.server.duration", unit: "ms", 100, at: 10, ["rpc.grpc.status_code": "0"])
            .replacing("\"explicitBounds\":[100,1000],\"bucketCounts\":[\"50\",\"50\",\"0\"]", with: "\"explicitBounds\":[50,60000],\"bucketCounts\":[\"100\",\"0\",\"0\"]")
        shop.send(at: 10, "cart", [Self.durations(100, at: 10, Self.ok), rpc])
        let latency = try #require(shop.rows()["cart"]?.latency)
        #expect(latency.count == 200 && latency.p50 <= 100 && latency.p99 > 900 && latency.p99 <= 1000 && !latency.atLeast)
    }

    /// Both see the same requests. Without its proxy the program counts.
    @Test func whatAProxyCountsIsNotCountedAgain() throws {
        var shop = try Shop()
        for round: Int64 in 1...2 { shop.send(at: round * 10, "cart", [Self.durations(50 * Int(round), at: round * 10, Self.ok)]) }
        #expect(shop.rows()["cart"]?.requests == 100)
        let session = shop.intake.openSource(name: "http://10.0.0.1:15020/stats", labels: [("pod", "cart-7d"), ("service", "cart")], intervalSeconds: 10, sink: shop.engine)
        for round: Int64 in 1...2 {
            session.begin(time: Timestamp(nanoseconds: (Self.began + 10 * round) * 1_000_000_000))
            let page = "istio_requests_total{reporter=\"destination\",response_code=\"200\",destination_workload=\"cart\"} \(30 * round)\n"
            Array(page.utf8).withUnsafeBytes { session.feed($0) }
            _ = session.finish(into: shop.engine)
        }
        #expect(shop.rows()["cart"]?.requests == 30)
        for round: Int64 in 3...4 { shop.send(at: round * 10, "cart", [Self.durations(50 * Int(round), at: round * 10, Self.ok)]) }
        #expect(shop.rows()["cart"]?.requests == 30)
        let names = shop.engine.answer([.sources], at: FrameTime(windowSeconds: 300)).sources?.map(\.name) ?? []
        #expect(names.contains("otlp: cart cart-1"))
    }

    @Test func anExporterThatFallsSilentIsStale() throws {
        var shop = try Shop()
        for round: Int64 in 1...8 { shop.send(at: round * 10, "cart", [Self.durations(50 * Int(round), at: round * 10, Self.ok)]) }
        for round: Int64 in 1...14 { shop.send(at: round * 10, "web", [Self.durations(50 * Int(round), at: round * 10, Self.ok)]) }
        let mesh = try #require(shop.engine.answer([.mesh], at: FrameTime(windowSeconds: 300)).mesh)
        #expect(mesh.sourcesStale == 1 && mesh.sourcesUp == 1)
    }
}
