import Engine
import MeshModel
import Panels
import Testing

/// Both sides of a call beside each other, where they differ and why.
struct EdgeEvidenceTests {
    /// One series of a call from frontend to cart.
    private static func line(_ reporter: String, code: Int = 200, flags: String = "-", security: String = "unknown", principal: String = "unknown", _ count: Int) -> String {
        "istio_requests_total{reporter=\"\(reporter)\",source_workload=\"frontend\",source_canonical_service=\"frontend\",source_workload_namespace=\"shop\","
            + "source_principal=\"\(principal)\",destination_principal=\"\(principal == "unknown" ? "unknown" : "spiffe://shop/cart")\","
            + "destination_workload=\"cart\",destination_canonical_service=\"cart\",destination_service_name=\"cart\",destination_workload_namespace=\"shop\","
            + "destination_service_namespace=\"shop\",response_code=\"\(code)\",response_flags=\"\(flags)\",connection_security_policy=\"\(security)\"} \(count)\n"
    }

    /// 60 s of pages, 5 s apart; what each side counts by then is `count` × its step.
    private static func edge(_ client: (Int) -> String?, _ server: (Int) -> String?, offset: Double = 0, names: [String] = ["frontend", "cart"]) throws -> EdgeRow {
        let proxies = try Proxies(names, interval: 5, window: 60)
        for step in 0...12 {
            let time = 1000 + 5 * Double(step)
            if let page = client(step) { try proxies.scrape("frontend", at: time, page) }
            if names.contains("cart"), let page = server(step) { try proxies.scrape("cart", at: time + offset, page) }
        }
        let rows = proxies.engine.answer([.edges(.service)], at: FrameTime(windowSeconds: 60)).edges[.service] ?? []
        let edge = try #require(rows.first { $0.source.service == "frontend" && $0.destination.service == "cart" })
        // As it is seen later, or in another window, it is what it was.
        let past = proxies.engine.answer([.edges(.service)], at: FrameTime(now: Timestamp(seconds: 1060 + offset), windowSeconds: 59)).edges[.service] ?? []
        let then = try #require(past.first { $0.source.service == "frontend" && $0.destination.service == "cart" })
        #expect(then.principals == edge.principals)
        #expect(then.disagreements.map(\.kind) == edge.disagreements.map(\.kind))
        return edge
    }

    @Test func whatTheCallerSawAndWhatTheCalleeAnsweredStandApart() throws {
        let edge = try Self.edge({ Self.line("source", 90 * $0) + Self.line("source", code: 503, flags: "UF,URX", 10 * $0) },
                                 { Self.line("destination", security: "mutual_tls", principal: "spiffe://shop/frontend", 90 * $0)
                                     + Self.line("destination", code: 503, security: "mutual_tls", principal: "spiffe://shop/other", 5 * $0) })
        #expect(edge.signals.evidence == [.metricsClient, .metricsServer])
        #expect(edge.signals.requests == 1200 && edge.client?.requests == 1200 && edge.server?.requests == 1140)
        #expect(edge.client?.errors == 120 && edge.server?.errors == 60)
        #expect(edge.wireErrors == 60 && edge.retryExcess == 0)
        #expect(edge.client?.answers == [.init(code: 200, count: 1080), .init(code: 503, flags: "UF,URX", count: 120, errors: 120)])
        #expect(edge.server?.answers == [.init(code: 200, count: 1080), .init(code: 503, count: 60, errors: 60)])
        #expect(edge.signals.security == .mutual && edge.signals.mutualShare == 1)
        #expect(edge.principals == ["frontend", "other"].map { Principals(source: "spiffe://shop/\($0)", destination: "spiffe://shop/cart") })
        let wire = try #require(edge.disagreements.first)
        #expect(edge.disagreements.count == 1 && wire.kind == .wireErrors)
        #expect(wire.text == "60 of 1200 calls failed for the caller and not at the callee: on the way (UF 120, URX 120)")
        #expect(wire.numbers == [.init("client_errors", 120), .init("server_errors", 60), .init("wire_errors", 60)])
    }

    /// Some plain text among what is mutual is not lost in rounding, and what does not say is neither.
    @Test func theWeakestProtectionIsTold() throws {
        let edge = try Self.edge({ Self.line("source", 10_000 * $0) },
                                 { Self.line("destination", security: "mutual_tls", 9_999 * $0) + Self.line("destination", security: "none", $0) })
        #expect(edge.signals.security == .none && edge.signals.mutualShare == 0.9999)
        let untold = try Self.edge({ Self.line("source", 100 * $0) }, { Self.line("destination", 100 * $0) })
        #expect(untold.signals.security == .unknown && untold.signals.mutualShare == nil && untold.principals == [])
    }

    @Test func theCalleeIsAskedMoreOftenWhereItsCallersTryAgain() throws {
        let edge = try Self.edge({ Self.line("source", 100 * $0) }, { Self.line("destination", 100 * $0) + Self.line("destination", code: 503, 8 * $0) })
        #expect(edge.signals.requests == 1200 && edge.signals.errors == 0)
        #expect(edge.retryExcess == 96 && edge.wireErrors == 0)
        #expect(edge.disagreements.map(\.kind) == [.retries])
        #expect(edge.disagreements.first?.text == "the callee was asked 96 times more than the caller asked: its proxy tried again")
    }

    /// Neither the moments between two scrapes, nor requests under way, nor a few calls are a disagreement.
    @Test(arguments: [0.0, 2.5, 4.9])
    func whatAScrapesEdgesExplainIsNone(offset: Double) throws {
        let edge = try Self.edge({ Self.line("source", 200 * $0) }, { Self.line("destination", 200 * $0 + Int(offset * 40) - 3 * ($0 % 2)) }, offset: offset)
        #expect(edge.disagreements == [])
        let few = try Self.edge({ Self.line("source", $0 / 2) + Self.line("source", code: 503, $0 / 4) }, { Self.line("destination", $0 / 2) })
        #expect(few.disagreements == [])
    }

    @Test func oneSideAloneSaysWhy() throws {
        let unread = try Self.edge({ Self.line("source", 100 * $0) }, { _ in nil }, names: ["frontend"])
        #expect(unread.server == nil && unread.disagreements.map(\.kind) == [.uninstrumented])
        #expect(unread.disagreements.first?.text == "no proxy of cart is read: only its callers tell of these calls")
        // A callee whose proxies count by themselves tells of no caller at all: that is nothing odd.
        let plain = try Self.edge({ Self.line("source", 100 * $0) }, { "envoy_http_downstream_rq_xx{envoy_response_code_class=\"2\",envoy_http_conn_manager_prefix=\"inbound_0\"} \(100 * $0)\n" })
        #expect(plain.disagreements == [])
        let half = try Self.edge({ Self.line("source", 100 * $0) }, { Self.line("destination", 40 * $0) })
        #expect(half.disagreements.map(\.kind) == [.missing])
        #expect(half.disagreements.first?.numbers == [.init("client", 1200), .init("server", 480)])
    }

    @Test func aSideThatFellSilentIsSaidToBe() throws {
        let edge = try Self.edge({ Self.line("source", 100 * $0) }, { $0 <= 6 ? Self.line("destination", 100 * $0) : nil })
        #expect(!edge.stale)
        #expect(edge.disagreements.map(\.kind) == [.stale])
        #expect(edge.disagreements.first?.text == "the callee's proxies have given no page for 30 s; the other side goes on")
    }

    @Test func aSideThatCameLaterIsComparedByRates() throws {
        let edge = try Self.edge({ Self.line("source", 100 * $0) }, { $0 >= 6 ? Self.line("destination", 100 * $0) : nil })
        #expect(edge.disagreements.map(\.kind) == [.window])
        #expect(edge.wireErrors == 0 && edge.retryExcess == 0)
    }
}
