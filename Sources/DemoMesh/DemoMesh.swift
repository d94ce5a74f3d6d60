package import MeshModel

/// A seeded mesh that only exists as numbers, and shows itself as real proxies do: as pages of /stats/prometheus. Everything
/// behind it is the real thing. Pure: time is told to it.
package struct DemoMesh {
    package enum Scenario: String, Sendable, CaseIterable {
        /// The payment canary fails, then the ledger is slow.
        case incident
        /// Nothing happens.
        case calm
        /// A machine drops out: its pods answer nobody and no scrape.
        case outage
    }

    package struct Target: Sendable {
        package var name: String
        package var url: String
        package var labels: [(String, String)]
    }

    package let targets: [Target]
    package let topology: DemoTopology
    private let faults: [DemoFault]
    private var random: DemoRandom
    package private(set) var now: Timestamp
    private let start: Timestamp
    /// Requests owed to the mesh that do not yet make a whole one.
    private var owed = 0.0
    var world: DemoWorld

    /// - Parameters:
    ///   - start: when the proxies start counting.
    ///   - sampling: of what share of the requests the proxies write spans, 0 to 1.
    package init(_ topology: DemoTopology, faults: [DemoFault], seed: UInt64, start: Timestamp, sampling: Double = 0) {
        var random = DemoRandom(seed: seed)
        world = DemoWorld(topology, random: &random, spans: DemoSpans(sampling: sampling, seed: seed &+ 1))
        self.random = random
        self.topology = topology
        self.faults = faults
        self.start = start
        now = start
        targets = world.pods.map { pod in
            Target(name: pod.name, url: "http://\(pod.name).\(pod.namespace):15020/stats/prometheus",
                   labels: [("pod", pod.name), ("service", pod.service), ("app", pod.service), ("version", pod.version), ("namespace", pod.namespace),
                            ("node", pod.node)])
        }
    }

    /// The shop.
    /// - Parameter incidentAfter: seconds from `start` to the scenario's event; the second one follows 45 s later.
    package init(seed: UInt64, scenario: Scenario, start: Timestamp, incidentAfter: Double, sampling: Double = 0) {
        self.init(.shop, faults: scenario.faults(after: incidentAfter), seed: seed, start: start, sampling: sampling)
    }

    /// Of what share of the requests the proxies write spans from now on.
    package var sampling: Double {
        get { world.spans.sampling }
        set { world.spans.sampling = newValue }
    }

    /// Lets the traffic up to `time` happen.
    package mutating func advance(to time: Timestamp) {
        while now < time {
            let step = min((time - now).seconds, 1)
            let elapsed = (now - start).seconds
            // A slow wave and a little restlessness.
            let wave = 1 + 0.12 * Self.wave(elapsed / 240) + 0.05 * (random.unit() - 0.5)
            owed += topology.rate * wave * step
            world.meet(faults, after: elapsed)
            let share = step * 1e9 / max(1, owed)
            var begun = 0.0
            while owed >= 1 {
                owed -= 1
                world.enter(at: now + Timestamp.Span(nanoseconds: Int64(begun * share)), &random)
                begun += 1
            }
            world.tick(seconds: step)
            now = now + Timestamp.Span(seconds: step)
        }
    }

    /// A triangle between −1 and 1 with rounded corners, for want of a sine without a library.
    private static func wave(_ turns: Double) -> Double {
        let phase = turns - turns.rounded(.down)
        let triangle = phase < 0.5 ? 4 * phase - 1 : 3 - 4 * phase
        return triangle * (1.5 - 0.5 * triangle * triangle)
    }

    /// What has happened since the start.
    package var truth: DemoTruth { world.sent }

    /// The spans that the proxies wrote since the last call, as one OTLP `ExportTraceServiceRequest`; empty where none were.
    package mutating func takeSpans(into bytes: inout [UInt8]) { world.takeSpans(into: &bytes) }

    /// Appends the page of one proxy; false when it does not answer.
    package func page(of target: Int, into bytes: inout [UInt8]) -> Bool {
        guard targets.indices.contains(target), !world.isDead(pod: target) else { return false }
        world.render(pod: target, into: &bytes)
        return true
    }
}

extension DemoMesh.Scenario {
    func faults(after seconds: Double) -> [DemoFault] {
        switch self {
        case .calm: []
        case .incident:
            [DemoFault(.fails(share: 0.33), service: "payment", version: "v2", after: seconds), DemoFault(.slower(times: 9), service: "ledger", after: seconds + 45)]
        case .outage: [DemoFault(.gone, node: "node-e", after: seconds)]
        }
    }
}
