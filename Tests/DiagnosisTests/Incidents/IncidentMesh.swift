import CallGraph
@testable import Diagnosis
import MeshModel
import TestSupport

/// A mesh of 10 to 60 services in layers, with one staged fault, that answers requests: each call told by a span at the caller and one at
/// the callee, and counted on both sides.
struct IncidentMesh {
    enum Kind: String, CaseIterable {
        case service, version, pod, edge, down, timeout, retries, twoFaults
    }

    struct Service {
        var calls: [Int] = []
        /// Of `calls`: whose failures it gets by without.
        var spared: Set<Int> = []
        var pods: [(name: String, version: String)] = []
    }

    let kind: Kind
    var services: [Service] = []
    /// Who fails, and for an edge or a timeout who calls it; of two faults the other one.
    var culprit = 0
    var caller = -1
    var other = -1
    private var share = 0.0
    private var otherShare = 0.0
    private var random: SeededGenerator

    var builder = SpanBuilder()
    private var spans: UInt64 = 0
    private var own: [MeshReading.Counts] = []
    private var edges: [Int: (client: MeshReading.Counts, server: MeshReading.Counts)] = [:]
    private(set) var failed = 0
    private(set) var requests = 0

    init(seed: UInt64, kind: Kind) {
        (self.kind, random) = (kind, SeededGenerator(seed: seed))
        let count = Int.random(in: 10...60, using: &random)
        for number in 0..<count {
            var service = Service()
            let later = number + 1..<min(count, number + 2 + count / 3)
            if !later.isEmpty {
                for _ in 0..<Int.random(in: number == 0 ? 2...4 : 0...3, using: &random) {
                    let called = Int.random(in: later, using: &random)
                    if !service.calls.contains(called) { service.calls.append(called) }
                }
            }
            service.spared = Set(service.calls.filter { _ in Double.random(in: 0..<1, using: &random) < 0.15 })
            let versions = Bool.random(using: &random) ? ["v1"] : ["v1", "v2"]
            for version in versions { for pod in 0..<Int.random(in: 1...2, using: &random) { service.pods.append(("s\(number)-\(version)-\(pod)", version)) } }
            services.append(service)
        }
        own = .init(repeating: .init(), count: count)
        stage()
    }

    /// By needed calls from the entry, each once: a fault nobody would notice is none.
    private var reached: [Int: Int] {
        var caller: [Int: Int] = [0: -1], queue = [0]
        while let next = queue.popLast() {
            for called in services[next].calls where !services[next].spared.contains(called) && caller[called] == nil {
                caller[called] = next
                queue.append(called)
            }
        }
        return caller
    }

    private mutating func stage() {
        let reached = reached, found = reached.keys.filter { $0 > 0 }.sorted()
        guard let first = found.randomElement(using: &random) else { return }
        (culprit, caller) = (first, reached[first] ?? 0)
        share = Double.random(in: 0.15...0.6, using: &random)
        switch kind {
        case .version: services[culprit].pods = [("s\(culprit)-v1-0", "v1"), ("s\(culprit)-v1-1", "v1"), ("s\(culprit)-v2-0", "v2")]
        case .pod: services[culprit].pods = (0..<3).map { ("s\(culprit)-v1-\($0)", "v1") }
        case .twoFaults:
            other = found.filter { $0 != culprit }.randomElement(using: &random) ?? -1
            otherShare = share / 2
        case .service, .edge, .down, .timeout, .retries: break
        }
    }

    // MARK: - Requests

    mutating func run(_ count: Int) {
        for trace in 1...UInt64(count) {
            requests += 1
            spans += 1
            let root = spans, at = builder.batch.spans.count
            builder.add(root, 0, .server, "s0", 0...100, trace: trace, pod: services[0].pods[0].name, code: 200)
            let code = answer(0, pod: 0, under: root, trace)
            builder.batch.spans[at].code = code
            if code >= 500 { failed += 1 }
        }
    }

    private mutating func happens(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &random) < share }

    /// What a service answers, once it has asked whom it calls.
    private mutating func answer(_ service: Int, pod: Int, under span: UInt64, _ trace: UInt64) -> UInt16 {
        var code: UInt16 = 200
        for called in services[service].calls {
            if call(called, from: service, under: span, trace) >= 500, !services[service].spared.contains(called) {
                code = 502
                break
            }
        }
        if code == 200, fails(service, pod) { code = 503 }
        own[service].requests += 1
        if code >= 500 { own[service].errors += 1 }
        return code
    }

    private mutating func fails(_ service: Int, _ pod: Int) -> Bool {
        if service == other { return happens(otherShare) }
        guard service == culprit else { return happens(0.0005) }
        switch kind {
        case .service, .twoFaults, .retries: return happens(share)
        case .version: return services[service].pods[pod].version == "v2" && happens(min(1, 2 * share))
        case .pod: return pod == 0 && happens(min(1, 2 * share))
        case .edge, .down, .timeout: return false
        }
    }

    private mutating func call(_ called: Int, from caller: Int, under span: UInt64, _ trace: UInt64) -> UInt16 {
        var seen: (client: MeshReading.Counts, server: MeshReading.Counts) = (.init(requests: 1), .init())
        var code: UInt16 = 200
        for _ in 0..<(kind == .retries && called == culprit ? 5 : 1) {
            let isLost = called == culprit && (kind == .down || kind == .edge && caller == self.caller) && happens(kind == .down ? 1 : share)
            let isLate = called == culprit && kind == .timeout && caller == self.caller && happens(share)
            spans += 1
            let client = spans, at = builder.batch.spans.count
            builder.add(client, span, .client, "s\(caller)", 1...(isLate ? 20 : 90), trace: trace, pod: services[caller].pods[0].name, code: 200,
                        peer: ("s\(called)", .workload), flags: isLost ? "UF" : isLate ? "UT" : "")
            if isLost {
                code = 503
            } else {
                let pod = Int.random(in: 0..<services[called].pods.count, using: &random)
                spans += 1
                let server = spans, here = builder.batch.spans.count
                builder.add(server, client, .server, "s\(called)", 2...80, trace: trace, pod: services[called].pods[pod].name, code: 200)
                let answered = answer(called, pod: pod, under: server, trace)
                builder.batch.spans[here].code = answered
                seen.server.requests += 1
                if answered >= 500 { seen.server.errors += 1 }
                code = isLate ? 504 : answered
            }
            builder.batch.spans[at].code = code
            if isLost || isLate { seen.client.onTheWay = 1 }
            if code < 500 { break }
        }
        if code >= 500 { seen.client.errors = 1 } else { seen.client.onTheWay = 0 }
        let key = caller * 1000 + called
        edges[key] = ((edges[key]?.client ?? .init()) + seen.client, (edges[key]?.server ?? .init()) + seen.server)
        return code
    }

    /// What both sides counted.
    var reading: MeshReading {
        var reading = MeshReading()
        for (number, counts) in own.enumerated() { reading.add(.init(own: counts, entry: number == 0 ? counts : nil)) }
        for (key, sides) in edges.sorted(by: { $0.key < $1.key }) {
            reading.add(.init(source: Int32(key / 1000), destination: Int32(key % 1000), client: sides.client, server: sides.server))
        }
        return reading
    }
}
