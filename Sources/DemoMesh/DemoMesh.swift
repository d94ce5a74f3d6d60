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
    private let scenario: Scenario
    private let incidentAt: Timestamp
    private var random: DemoRandom
    private(set) var now: Timestamp
    private let start: Timestamp
    /// Requests owed to the mesh that do not yet make a whole one.
    private var owed = 0.0
    var world: DemoWorld

    /// - Parameters:
    ///   - start: when the proxies start counting.
    ///   - incidentAfter: seconds from `start` to the scenario's event; the second one follows 45 s later.
    package init(seed: UInt64, scenario: Scenario, start: Timestamp, incidentAfter: Double) {
        var random = DemoRandom(seed: seed)
        world = DemoWorld(random: &random)
        self.random = random
        self.scenario = scenario
        self.start = start
        now = start
        incidentAt = start + Timestamp.Span(seconds: incidentAfter)
        targets = world.pods.map { pod in
            Target(name: pod.name, url: "http://\(pod.name).\(pod.namespace):15020/stats/prometheus",
                   labels: [("pod", pod.name), ("service", pod.service), ("app", pod.service), ("version", pod.version), ("namespace", pod.namespace),
                            ("node", pod.node)])
        }
    }

    /// Lets the traffic up to `time` happen.
    package mutating func advance(to time: Timestamp) {
        while now < time {
            let step = min((time - now).seconds, 1)
            let elapsed = (now - start).seconds
            // A slow wave and a little restlessness.
            let wave = 1 + 0.12 * Self.wave(elapsed / 240) + 0.05 * (random.unit() - 0.5)
            owed += DemoTopology.rate * wave * step
            conditions()
            while owed >= 1 {
                owed -= 1
                world.enter(&random)
            }
            world.tick(seconds: step)
            now = now + Timestamp.Span(seconds: step)
        }
    }

    private mutating func conditions() {
        let since = (now - incidentAt).seconds
        world.canaryFailureShare = scenario == .incident && since >= 0 ? 0.33 : 0
        world.ledgerSlowness = scenario == .incident && since >= 45 ? 9 : 1
        world.deadNode = scenario == .outage && since >= 0 ? 4 : -1
    }

    /// A triangle between −1 and 1 with rounded corners, for want of a sine without a library.
    private static func wave(_ turns: Double) -> Double {
        let phase = turns - turns.rounded(.down)
        let triangle = phase < 0.5 ? 4 * phase - 1 : 3 - 4 * phase
        return triangle * (1.5 - 0.5 * triangle * triangle)
    }

    /// What has happened since the start.
    package var truth: DemoTruth { world.sent }

    /// Appends the page of one proxy; false when it does not answer.
    package func page(of target: Int, into bytes: inout [UInt8]) -> Bool {
        guard targets.indices.contains(target), !world.isDead(pod: target) else { return false }
        world.render(pod: target, into: &bytes)
        return true
    }
}
