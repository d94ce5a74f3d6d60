import Engine
import Intake
import MeshModel
import Panels
import Profiles

/// A mesh of any size as pages of Istio sidecars: each workload one pod of a service of its own, calling two others; the first
/// ten are called from outside. Pages go through the real decoders, and time is told.
final class MeshFeed {
    let engine: Engine
    let symbols: SymbolTable
    let workloads: Int
    private(set) var now = Timestamp(seconds: 1_790_000_000)
    private var sessions: [DecodeSession] = []
    private var text: [UInt8] = []
    private var next = 0
    /// From then on every seventh service takes four times as long.
    var slowFrom: Timestamp?

    init(workloads: Int, windowSeconds: Double, budgetBytes: Int = 1 << 30) throws {
        self.workloads = workloads
        let intake = Intake(profiles: try ProfileSet.builtin())
        let engine = Engine(symbols: intake.symbols, windowSeconds: windowSeconds, budgetBytes: budgetBytes)
        self.engine = engine
        symbols = intake.symbols
        sessions = (0..<workloads).map { index in
            intake.openSource(name: "http://10.0.\(index / 256).\(index % 256):15020/stats/prometheus", job: "mesh",
                              labels: [("namespace", Self.namespace(index)), ("pod", "\(Self.name(index))-7d9f-x"), ("service", Self.name(index)),
                                       ("version", index % 3 == 0 ? "v2" : "v1"), ("node", "node-\(index % 40)")],
                              intervalSeconds: 5, sink: engine)
        }
    }

    static func name(_ index: Int) -> String { "workload-\(index)" }
    static func namespace(_ index: Int) -> String { "team-\(index % 20)" }

    /// A scrape of the targets whose turn it is: every fifth each second, as at an interval of 5 s.
    func second() {
        now = now + Timestamp.Span(seconds: 1)
        let turn = Int(now.seconds) % 5
        for index in stride(from: turn, to: workloads, by: 5) { scrape(index) }
    }

    /// The next of them, one after the other at that interval.
    func scrape(next count: Int) {
        now = now + Timestamp.Span(seconds: Double(count) * 5 / Double(workloads))
        for _ in 0..<count {
            scrape(next)
            next = (next + 1) % workloads
        }
    }

    private func scrape(_ index: Int) {
        text.removeAll(keepingCapacity: true)
        page(index, requests: Int(now.seconds) - 1_789_999_000)
        let session = sessions[index]
        session.begin(time: now)
        text.withUnsafeBytes { session.feed($0) }
        _ = session.finish(into: engine)
        session.state.health = .up
        session.state.lastSuccess = now
        engine.update(session.state)
    }

    private func page(_ index: Int, requests seconds: Int) {
        let callees = [(index * 7 + 1) % workloads, (index * 13 + 2) % workloads]
        let caller = index < 10 ? nil : (index + workloads / 2) % workloads
        series("destination", caller, index, seconds)
        for callee in callees { series("source", index, callee, seconds) }
    }

    private func series(_ reporter: String, _ source: Int?, _ destination: Int, _ seconds: Int) {
        let caller = source.map(Self.name) ?? "unknown", callerNamespace = source.map(Self.namespace) ?? "unknown"
        let labels = "reporter=\"\(reporter)\",source_workload=\"\(caller)\",source_workload_namespace=\"\(callerNamespace)\","
            + "source_canonical_service=\"\(caller)\",destination_workload=\"\(Self.name(destination))\","
            + "destination_workload_namespace=\"\(Self.namespace(destination))\",destination_service_name=\"\(Self.name(destination))\","
            + "destination_service_namespace=\"\(Self.namespace(destination))\",destination_canonical_service=\"\(Self.name(destination))\","
            + "destination_canonical_revision=\"v1\",request_protocol=\"http\",connection_security_policy=\"mutual_tls\""
        let rate = 3 + destination % 17
        for (code, share) in [("200", 97), ("503", 3)] where share > 50 || destination % 11 == 0 {
            line("istio_requests_total{\(labels),response_code=\"\(code)\",response_flags=\"-\"} \(seconds * rate * share / 100)")
        }
        let total = seconds * rate
        let slow = destination % 7 == 3 ? slowFrom.map { max(0, Int((now - $0).seconds)) * rate } ?? 0 : 0
        for (place, bound) in ["1", "5", "10", "25", "50", "100", "250", "500", "1000", "+Inf"].enumerated() {
            line("istio_request_duration_milliseconds_bucket{\(labels),le=\"\(bound)\"} \((total - slow) * min(place + 1, 9) / 9 + slow * min(max(0, place - 2), 7) / 7)")
        }
        line("istio_request_duration_milliseconds_sum{\(labels)} \((total - slow) * 23 + slow * 92)")
        line("istio_request_duration_milliseconds_count{\(labels)} \(total)")
        line("istio_request_bytes_sum{\(labels)} \(total * 700)")
        line("istio_response_bytes_sum{\(labels)} \(total * 2300)")
    }

    private func line(_ line: String) {
        text.append(contentsOf: line.utf8)
        text.append(10)
    }
}
