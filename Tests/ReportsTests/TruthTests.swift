import Engine
@testable import Intake
import MeshModel
import Panels
import Profiles
import Reports
import TestSupport
import Testing
import Yams

/// Recorded pages of a real fleet, through Intake, Engine and Reports, against what was truly sent. Latency excepted, all is exact.
@Suite(.serialized) struct TruthTests {
    struct Fleet: Sendable, CustomTestStringConvertible {
        var folder: String
        var podPrefix: String
        var namespace: String?
        var testDescription: String { folder }
    }
    static let fleets = [Fleet(folder: "fleet-istio", podPrefix: "", namespace: "shop"), Fleet(folder: "fleet-plain", podPrefix: "plain-", namespace: nil)]

    /// One call relation of the truth with its counts by code; the load from outside has caller nil.
    struct Call: Hashable {
        var caller: String?
        var callee: String
    }

    static func truth(_ fleet: Fleet) throws -> [Call: [String: Double]] {
        var calls: [Call: [String: Double]] = [:]
        for (key, count) in try #require(try Yams.compose(yaml: Fixture.text(fleet.folder + "/truth.json"))?.mapping) {
            let parts = try #require(key.string).split(separator: ":").map(String.init)
            let ends = parts[0].split(separator: ">").map(String.init)
            calls[Call(caller: ends[0] == "client" ? nil : ends[0], callee: ends[1]), default: [:]][parts[1]] = count.float
        }
        return calls
    }

    static func engine(_ fleet: Fleet) throws -> Engine {
        let intake = Intake(profiles: try ProfileSet.builtin())
        let engine = Engine(symbols: intake.symbols, windowSeconds: .infinity)
        let outcome = try PageFiles.load([Fixture.folder + "/" + fleet.folder], intake: intake, sink: engine)
        #expect(outcome.pages == 11)
        #expect(outcome.problems.isEmpty)
        return engine
    }

    static func rows(_ json: String) throws -> [Node.Mapping] {
        try #require(try Yams.compose(yaml: json)?.sequence).map { try #require($0.mapping) }
    }

    private func entities(_ fleet: Fleet, _ level: EntityLevel) throws -> [Node.Mapping] {
        let rows = try Self.engine(fleet).answer([.entities(level)], at: FrameTime(windowSeconds: .infinity)).entities[level] ?? []
        return try Self.rows(Report.entities(rows, level: level, predicate: .server, format: .json))
    }

    @Test(arguments: fleets)
    func edges(_ fleet: Fleet) throws {
        let truth = try Self.truth(fleet)
        let answer = try Self.engine(fleet).answer([.edges(.service)], at: FrameTime(windowSeconds: .infinity))
        var seen: [Call: [String: Double]] = [:]
        for row in try Self.rows(Report.edges(answer.edges[.service] ?? [], predicate: .server, format: .json)) {
            let source = try #require(row["source"]?.mapping), destination = try #require(row["destination"]?.mapping)
            let call = Call(caller: source.text("kind") == "external" ? nil : source.text("service"), callee: try #require(destination.text("service")))
            let codes = row.counts("codes")
            seen[call] = codes
            let calls = truth[call]?.values.reduce(0, +)
            #expect(row.number("requests") == calls)
            #expect(row.number("errors") == truth[call]?.filter { $0.key.hasPrefix("5") }.values.reduce(0, +))
            #expect(row.number("denied") ?? 0 == truth[call]?["403"] ?? 0)
            #expect(row.text("mtls") == (call.caller == nil ? "none" : "mutual"))
            #expect(row.text("rate") == nil, "a single page has no rate")
            #expect(row.text("from") == nil)
            // Envoy's own counters do not tell the callee who called: the caller's side alone is seen, or for the first proxy its own.
            #expect((row["client"]?.mapping != nil) == (call.caller != nil))
            #expect((row["server"]?.mapping != nil) == (call.caller == nil))
        }
        #expect(seen == truth)
    }

    @Test(arguments: fleets)
    func services(_ fleet: Fleet) throws {
        let rows = try entities(fleet, .service)
        let truth = try Self.truth(fleet)
        #expect(Set(rows.compactMap { $0.text("service") }) == Set(truth.keys.map(\.callee)))
        for row in rows {
            let calls = truth.filter { $0.key.callee == row.text("service") }.values
            #expect(row.number("requests") == calls.reduce(0) { $0 + $1.values.reduce(0, +) })
            #expect(row.number("errors") == calls.reduce(0) { $0 + $1.filter { $0.key.hasPrefix("5") }.values.reduce(0, +) })
            #expect(row.number("denied") ?? 0 == calls.reduce(0) { $0 + ($1["403"] ?? 0) })
            let versions = try #require(row["versions"]?.mapping)
            #expect(Set(versions.keys.compactMap(\.string)) == (row.text("service") == "payment" ? ["v1", "v2"] : ["v1"]))
            if row.text("service") == "payment" {
                let counts = versions.values.map { $0.mapping?.number("requests") ?? -1 }
                #expect(counts.reduce(0, +) == row.number("requests"))
                #expect(versions["v1"]?.mapping?.number("errors") == 0)
                #expect(versions["v2"]?.mapping?.number("errors") == row.number("errors"))
            }
        }
    }

    /// A pod's requests are what its own page says it served, read here without telltale's reader, and its denied calls.
    @Test(arguments: fleets)
    func pods(_ fleet: Fleet) throws {
        let rows = try entities(fleet, .pod)
        #expect(rows.count == 11)
        for row in rows {
            let pod = try #require(row.text("pod"))
            #expect(pod.hasPrefix(fleet.podPrefix))
            let parts = pod.dropFirst(fleet.podPrefix.count).split(separator: "-").map(String.init)
            #expect(row.text("service") == parts[0])
            #expect(row.text("version") == parts[1])
            if parts[0] != "gateway" { #expect(row.text("namespace") == fleet.namespace) }
            let page = String(decoding: try Gzip.unpacked(Fixture.bytes("\(fleet.folder)/\(pod).txt.gz"), limit: 1 << 24), as: UTF8.self)
            var served = 0.0
            for line in page.split(separator: "\n") where line.hasPrefix("envoy_http_") && (line.contains("downstream_rq_xx{") || line.contains("downstream_rq{"))
                && (line.contains("=\"inbound") || line.contains("=\"ingress")) {
                served += Double(line.split(separator: " ").last!)!
            }
            #expect(row.number("requests") == served, "\(pod)")
        }
    }
}

extension Node.Mapping {
    func text(_ name: String) -> String? {
        guard let text = self[Node(name)]?.string, text != "null" else { return nil }
        return text
    }
    func number(_ name: String) -> Double? { self[Node(name)]?.float }
    func counts(_ name: String) -> [String: Double] {
        var counts: [String: Double] = [:]
        for (key, value) in self[Node(name)]?.mapping ?? [:] where value.float != 0 { counts[key.string ?? "?"] = value.float }
        return counts
    }
}
