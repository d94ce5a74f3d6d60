import TestSupport
import Testing
import Yams

/// `services`, `pods`, `edges` as scripts read them, over the recorded fleet in demo-data, held against what was really sent.
struct ListTests {
    static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")

    /// Asked once, for several tests.
    private static let answers = Task {
        var answers: [String: Program.Outcome] = [:]
        for command in ["services", "pods", "edges"] { answers[command] = await Program.run([command, "demo-data/shop", "-o", "json"], in: root) }
        return answers
    }

    private func rows(_ command: String, _ more: String...) async throws -> [Row] {
        let known = more.isEmpty ? await Self.answers.value[command] : nil
        let outcome: Program.Outcome
        if let known { outcome = known } else { outcome = await Program.run([command, "demo-data/shop", "-o", "json"] + more, in: Self.root) }
        #expect(outcome.exit == 0)
        #expect(outcome.errors.isEmpty)
        return try Row.rows(outcome.output)
    }

    /// caller>callee:code → calls.
    private func truth(_ name: String) throws -> [(key: String, count: Double)] {
        let text = Program.contents(Self.root + "/demo-data/shop/" + name)
        return try #require(try Yams.compose(yaml: text)?.mapping).map { ($0.key.string ?? "", $0.value.float ?? -1) }
    }

    private func expectRate(_ row: Row) throws {
        let rate = try #require(row.number("rate")), requests = try #require(row.number("requests"))
        // Five pages over 37 s.
        #expect((36.5...38).contains(requests / rate))
    }

    @Test func servicesAgreeWithTheTruth() async throws {
        var wanted: [String: Double] = [:]
        for (key, count) in try truth("truth.json") {
            let callee = key.split(separator: ">")[1].split(separator: ":")[0]
            wanted[String(callee), default: 0] += count
        }
        let rows = try await rows("services")
        #expect(rows.count == 10)
        for row in rows {
            #expect(row.number("requests") == wanted[row.text("service") ?? ""])
            try expectRate(row)
        }
    }

    @Test func edgesAgreeWithTheTruth() async throws {
        var wanted: [String: [String: Double]] = [:]
        for (key, count) in try truth("truth.json") {
            let parts = key.split(separator: ":")
            wanted[String(parts[0]), default: [:]][String(parts[1])] = count
        }
        var seen: [String: [String: Double]] = [:]
        for row in try await rows("edges") {
            let source = try #require(row.row("source")), destination = try #require(row.row("destination"))
            let caller = source.text("kind") == "external" ? "client" : source.text("service") ?? "?"
            seen["\(caller)>\(destination.text("service") ?? "?")"] = row.numbers("codes").filter { $0.value > 0 }
            #expect(row.text("mtls") == (caller == "client" ? "none" : "mutual"))
        }
        #expect(seen == wanted)
    }

    @Test func podsAgreeWithWhatTheirApplicationsServed() async throws {
        var wanted: [String: Double] = [:]
        for (key, count) in try truth("served.json") { wanted[String(key.split(separator: ":")[0]), default: 0] += count }
        let denied = try #require(try truth("truth.json").first { $0.key == "recommendation>inventory:403" }).count
        let rows = try await rows("pods")
        #expect(rows.count == 11)
        for row in rows {
            let pod = try #require(row.text("pod"))
            #expect(row.number("requests") == (wanted[pod] ?? 0) + (row.text("service") == "inventory" ? denied : 0), "\(pod)")
            try expectRate(row)
        }
    }

    @Test func versionsStandApart() async throws {
        let services = try await rows("services")
        let payment = try #require(services.first { $0.text("service") == "payment" }?.row("versions"))
        var errors: [String: Double] = [:], requests: [String: Double] = [:]
        for (key, count) in try truth("served.json") where key.hasPrefix("payment-") {
            let version = String(key.split(separator: "-")[1])
            requests[version, default: 0] += count
            if key.hasSuffix(":503") { errors[version, default: 0] += count }
        }
        for version in ["v1", "v2"] {
            #expect(payment.row(version)?.number("requests") == requests[version])
            #expect(payment.row(version)?.number("errors") == errors[version] ?? 0)
        }
    }

    /// The names and their order, as scripts rely on them.
    @Test func membersOfRows() async throws {
        let common = ["requests", "errors", "denied", "success", "predicate", "rate", "attempts", "p50_ms", "p95_ms", "p99_ms", "bytes_in", "bytes_out",
                      "mtls"]
        let end = ["versions", "codes", "flags", "evidence", "stale", "from", "to"]
        let signals = common + end
        let services = try await rows("services"), pods = try await rows("pods"), namespaces = try await rows("services", "--by", "namespace")
        #expect(services[0].names == ["service", "namespace"] + signals)
        #expect(pods[0].names == ["service", "namespace", "workload", "version", "pod", "node"] + signals)
        #expect(namespaces[0].names == ["namespace"] + signals)
        let edge = try await rows("edges")[0]
        #expect(edge.names == ["source", "destination", "protocol"] + common + ["mtls_share"] + end
            + ["connections_active", "connections_opened", "retries", "retry_excess", "wire_errors", "answers", "principals", "client", "server", "spans", "disagreements"])
        #expect(edge.row("destination")?.names == ["kind", "namespace", "service", "workload", "version", "pod", "node"])
    }

    /// Under `client` a 4xx is an error; denied calls are a class of their own under all three.
    @Test func predicatesDecideWhatAnErrorIs() async throws {
        for predicate in ["server", "client", "strict"] {
            let services = try await rows("services", "--predicate", predicate)
            let inventory = try #require(services.first { $0.text("service") == "inventory" })
            #expect(inventory.text("predicate") == predicate)
            #expect(inventory.number("errors") == 0)
            #expect(inventory.number("denied") == 219)
        }
    }

    @Test func tableIsAligned() async {
        let lines = await Program.run(["services", "demo-data/shop"], in: Self.root).output.split(separator: "\n")
        #expect(lines.count == 11)
        #expect(lines[0].hasPrefix("SERVICE         NAMESPACE   RPS  REQUESTS  ERRORS  DENIED  SUCCESS(server)"))
        #expect(lines.contains { $0.hasPrefix("payment         shop       30.1      1114      67       0            94.0%") })
    }

    @Test func csvIsRFC4180() async {
        let output = await Program.run(["edges", "demo-data/shop", "-o", "csv"], in: Self.root).output
        let lines = output.split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines.count == 16)
        #expect(lines[0] == "SOURCE,DESTINATION,PROTOCOL,RPS,REQUESTS,ERRORS,DENIED,SUCCESS(server),P50_MS,P95_MS,P99_MS,BYTES_IN,BYTES_OUT,MTLS,VERSIONS,CODES,FLAGS,ATTEMPTS,RETRY_EXCESS,WIRE_ERRORS,EVIDENCE,DISAGREEMENTS")
        #expect(lines.contains { $0.hasPrefix("checkout,payment,http,30.1,1114,67,") })
        #expect(lines.last == "")
    }

    @Test func aScreenOfRecordedPages() async {
        let output = await Program.run(["snapshot", "demo-data/shop", "--screen", "services", "--size", "100x24"], in: Self.root).output
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 25)
        #expect(lines.contains { $0.contains("payment") && $0.contains("30.1") && $0.contains("94.0 %") })
    }
}
