import Engine
import Intake
import MeshModel
import Panels
import Profiles
import Testing

/// Proxies whose pages the test writes: `cart` is the pod cart-1 of the service cart, `cart/cart-2` another pod of it.
struct Proxies {
    let engine: Engine
    let symbols: SymbolTable
    private let sessions: [String: DecodeSession]

    /// - Parameter interval: nil for files.
    init(_ names: [String], interval: Double?, window: Double, budgetBytes: Int = 1 << 30, retention: Double? = nil) throws {
        let intake = Intake(profiles: try ProfileSet.builtin())
        let engine = Engine(symbols: intake.symbols, windowSeconds: window, budgetBytes: budgetBytes, retentionSeconds: retention)
        self.engine = engine
        symbols = intake.symbols
        sessions = Dictionary(uniqueKeysWithValues: names.map { name in
            let parts = name.split(separator: "/").map(String.init)
            let labels = [("pod", parts.count > 1 ? parts[1] : name + "-1"), ("service", parts[0]), ("namespace", "shop"), ("node", "n1")]
            return (name, intake.openSource(name: "http://\(name):15020/stats", labels: labels, intervalSeconds: interval, sink: engine))
        })
    }

    func scrape(_ name: String, at time: Double, _ page: String) throws {
        let session = try #require(sessions[name])
        session.begin(time: Timestamp(seconds: time))
        Array(page.utf8).withUnsafeBytes { session.feed($0) }
        _ = session.finish(into: engine)
        session.state.health = .up
        session.state.lastSuccess = Timestamp(seconds: time)
        engine.update(session.state)
    }

    /// It was asked and gave no page.
    func fail(_ name: String, at time: Double) throws {
        let session = try #require(sessions[name])
        session.state.health = .failing(reason: "no answer")
        session.state.lastAttempt = Timestamp(seconds: time)
        engine.update(session.state)
    }

    func row(_ name: String, _ level: EntityLevel = .service, at time: Double? = nil, window: Double = 60) throws -> EntityRow {
        let time = FrameTime(now: time.map { Timestamp(seconds: $0) }, windowSeconds: window)
        return try #require(engine.answer([.entities(level)], at: time).entities[level]?.first { $0.key.name == name })
    }

    /// It is taken off its target list.
    func remove(_ name: String) throws {
        let session = try #require(sessions[name])
        session.state.health = .gone
        engine.update(session.state)
    }
}

func calls(_ source: String, _ destination: String, _ reporter: String, _ code: Int, _ count: Int) -> String {
    "istio_requests_total{reporter=\"\(reporter)\",source_workload=\"\(source)\",source_canonical_service=\"\(source)\",source_workload_namespace=\"shop\","
        + "destination_workload=\"\(destination)\",destination_canonical_service=\"\(destination)\",destination_service_name=\"\(destination)\","
        + "destination_workload_namespace=\"shop\",destination_service_namespace=\"shop\",response_code=\"\(code)\"} \(count)\n"
}
