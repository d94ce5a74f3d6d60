import Engine
import MeshModel
import Panels
import Testing
import TestSupport

/// What other tools get wrong of errors, and is right here.
struct PeerDefectTests {
    private static let all = FrameTime(windowSeconds: .infinity)

    private func cart(_ pages: [String: String]) throws -> EntityRow {
        let proxies = try Proxies(Array(pages.keys), interval: 1, window: 120)
        for (name, page) in pages { try proxies.scrape(name, at: 1000, page) }
        return try #require(proxies.engine.answer([.entities(.service)], at: Self.all).entities[.service]?.first { $0.key.name == "cart" })
    }

    /// SigNoz' map adds up the percentages of a node's calls.
    @Test func aServicesErrorShareIsOfAllItsRequestsAndNoSumOfShares() throws {
        let row = try cart([
            "web": calls("web", "cart", "source", 200, 90) + calls("web", "cart", "source", 503, 10), "app": calls("app", "cart", "source", 200, 810) + calls("app", "cart", "source", 503, 90),
        ])
        #expect(row.signals.requests == 1000 && row.signals.errors == 100 && row.signals.success == 0.9)
    }

    /// Kiali calls a service degraded for any error, be it one of three requests.
    @Test func oneErrorOfThreeRequestsIsNoFailingService() throws {
        let row = try cart(["web": calls("web", "cart", "source", 200, 2) + calls("web", "cart", "source", 503, 1)])
        #expect(row.signals.errors == 1 && row.state == .warning && !row.reason.contains("%"))
    }

    /// Istio's boards call a success what is no 5xx: a gRPC failure with 200, and what was never answered.
    @Test func gRPCFailuresAndMissingAnswersAreNoSuccess() throws {
        let grpc = calls("web", "cart", "source", 200, 40).replacing("response_code", with: "request_protocol=\"grpc\",grpc_response_status=\"14\",response_code")
        let row = try cart(["web": calls("web", "cart", "source", 200, 100) + grpc + calls("web", "cart", "source", 0, 10)])
        #expect(row.signals.requests == 150 && row.signals.errors == 50)
    }

    /// SkyWalking makes a 200 of code 0, of spans, too; Tempo's one bit says failed of both sides of a call.
    @Test func aCallerThatGotNoAnswerFailsAndItsCalleeDoesNot() throws {
        var builder = SpanBuilder()
        for trace in 1...30 as ClosedRange<UInt64> {
            builder.add(trace * 10, 0, .server, "web", 0...100, trace: trace, code: 200)
            builder.add(trace * 10 + 1, trace * 10, .client, "web", 1...50, trace: trace, code: 0, status: .error, flags: "UT")
            builder.add(trace * 10 + 2, trace * 10 + 1, .server, "cart", 2...90, trace: trace, code: 200)
        }
        builder.batch.time = Timestamp(seconds: 200)
        let engine = Engine(symbols: builder.symbols)
        engine.consume(builder.batch)
        let edge = try #require(engine.answer([.edges(.service)], at: Self.all).edges[.service]?.first { $0.destination.service == "cart" })
        #expect(edge.client?.errors == 30 && edge.server?.errors == 0)
        #expect(edge.client?.codes == [.init(code: 0, count: 30)])
    }

    /// The collector invents a server "unknown"; whom a call went to is named by whoever made it.
    @Test func nobodyIsCalledUnknownWhoseCallerNamesHim() throws {
        var builder = SpanBuilder()
        builder.add(1, 0, .server, "web", 0...100, code: 200)
        builder.add(2, 1, .client, "web", 1...50, peer: ("orders-db", .database))
        builder.batch.time = Timestamp(seconds: 200)
        let engine = Engine(symbols: builder.symbols)
        engine.consume(builder.batch)
        let edges = try #require(engine.answer([.edges(.service)], at: Self.all).edges[.service])
        #expect(edges.contains { $0.source.service == "web" && $0.destination.displayName == "orders-db" && $0.destination.kind == .database })
        #expect(!edges.contains { $0.destination.displayName.lowercased() == "unknown" })
    }
}
