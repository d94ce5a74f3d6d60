extension DemoTopology {
    /// A mesh of so many services, the same for the same seed: each is called by one of those shortly before it, some by a second one; one call in seven
    /// is done without when it fails. One answer in two thousand fails anyway.
    /// - Parameters:
    ///   - services: two at least.
    ///   - rate: requests per second from outside.
    package init(services count: Int, seed: UInt64, rate: Double) {
        var random = DemoRandom(seed: seed)
        var services: [DemoService] = []
        for number in 0..<max(2, count) {
            var service = DemoService(name: "s\(number)", namespace: "made", versions: [], latency: 1 + 14 * random.unit())
            service.usualErrors = 0.0005
            let pods = 1 + Int(random.next() % 3)
            if number > 0, random.unit() < 0.4 {
                service.versions = [.init(name: "v1", pods: pods, weight: 70), .init(name: "v2", pods: 1, weight: 30)]
            } else {
                service.versions = [.init(name: "v1", pods: pods, weight: 100)]
            }
            services.append(service)
            guard number > 0 else { continue }
            Self.call(number, from: &services, isAlways: random.unit() < 0.7, &random)
            if number > 2, random.unit() < 0.3 { Self.call(number, from: &services, isAlways: false, &random) }
        }
        self.init(services: services, rate: rate)
    }

    private static func call(_ number: Int, from services: inout [DemoService], isAlways: Bool, _ random: inout DemoRandom) {
        let reach = min(number, 2 + number / 3)
        let caller = number - 1 - Int(random.next() % UInt64(reach)), callee = services[number].name
        guard !services[caller].calls.contains(where: { $0.callee == callee }) else { return }
        services[caller].calls.append(.init(callee: callee, times: isAlways ? 1 : 0.2 + 0.4 * random.unit(), isSoft: random.unit() < 1.0 / 7))
    }

    /// How many requests to each service, by its place, one request from outside leads to.
    /// - Parameter needed: by calls alone that their callers do not get by without.
    package func visits(needed: Bool) -> [Double] {
        var visits = [Double](repeating: 0, count: services.count)
        visits[0] = 1
        for (number, service) in services.enumerated() {
            for call in service.calls where !needed || !call.isSoft {
                if let callee = services.firstIndex(where: { $0.name == call.callee }), callee > number { visits[callee] += visits[number] * call.times }
            }
        }
        return visits
    }

    /// Milliseconds that a request from outside takes, about: a service asks one after the other.
    package var milliseconds: Double { zip(visits(needed: false), services).reduce(0) { $0 + $1.0 * ($1.1.latency + 0.4) } }
}
