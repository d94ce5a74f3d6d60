import Engine
import Intake
import MeshModel
import Panels
import Profiles
import TestSupport
import Testing

/// Every level is a fold of the same calls: whatever it tells apart, the totals are the same.
struct FoldTests {
    private struct Pod: Hashable {
        var namespace: String, app: String, service: String, version: String, name: String, node: String
        var workload: String { "\(service)-\(version)" }
    }

    /// A mesh at random: services of two namespaces, with up to two versions of up to three pods; some have no proxies.
    private struct RandomMesh {
        var pods: [Pod] = []
        /// Services whose proxies nobody reads.
        var unread: Set<String> = []
        /// Pages by pod.
        var pages: [String: String] = [:]
        var requests = 0
        var errors = 0
        /// What services answered: each by its own count where its proxies are read, else by its callers'.
        var answered = 0
        var answeredByPods = 0

        init(seed: UInt64) {
            var random = SeededGenerator(seed: seed)
            for number in 0..<Int.random(in: 2...6, using: &random) {
                let service = "s\(number)", namespace = "ns\(number % 2)", app = number < 2 ? "shared\(number % 2)" : service
                if Int.random(in: 0..<5, using: &random) == 0 { unread.insert(service) }
                for version in 1...Int.random(in: 1...2, using: &random) {
                    for pod in 1...Int.random(in: 1...3, using: &random) {
                        pods.append(Pod(namespace: namespace, app: app, service: service, version: "v\(version)", name: "\(service)-v\(version)-\(pod)",
                                        node: "n\(Int.random(in: 0..<3, using: &random))"))
                    }
                }
            }
            for pod in pods { pages[pod.name] = "" }
            for source in pods {
                for destination in pods where source.service != destination.service && Int.random(in: 0..<3, using: &random) == 0 {
                    call(source, destination, good: Int.random(in: 0...90, using: &random), bad: Int.random(in: 0...9, using: &random), lost: Int.random(in: 0...3, using: &random))
                }
            }
        }

        /// - Parameter lost: calls that fail on their way.
        private mutating func call(_ source: Pod, _ destination: Pod, good: Int, bad: Int, lost: Int) {
            let hasClient = !unread.contains(source.service), hasServer = !unread.contains(destination.service)
            let sent = line(source, destination, "source", 200, good) + line(source, destination, "source", 503, bad + lost)
            let answered = line(source, destination, "destination", 200, good) + line(source, destination, "destination", 503, bad)
            if hasClient { pages[source.name]? += sent }
            if hasServer { pages[destination.name]? += answered }
            if hasClient {
                requests += good + bad + lost
                errors += bad + lost
            } else if hasServer {
                requests += good + bad
                errors += bad
            }
            if hasServer { answeredByPods += good + bad }
            self.answered += hasServer ? good + bad : hasClient ? good + bad + lost : 0
        }

        private func line(_ source: Pod, _ destination: Pod, _ reporter: String, _ code: Int, _ count: Int) -> String {
            func labels(_ pod: Pod, _ side: String) -> String {
                "\(side)_workload=\"\(pod.workload)\",\(side)_canonical_service=\"\(pod.service)\",\(side)_canonical_revision=\"\(pod.version)\","
                    + "\(side)_workload_namespace=\"\(pod.namespace)\",\(side)_app=\"\(pod.app)\","
            }
            return "istio_requests_total{reporter=\"\(reporter)\",\(labels(source, "source"))\(labels(destination, "destination"))destination_service_name=\"\(destination.service)\","
                + "id=\"\(source.name)>\(destination.name)\",response_code=\"\(code)\"} \(count)\n"
        }

        /// Two pages of each proxy that is read: nothing yet, and all of it.
        func scraped() throws -> Engine {
            let intake = Intake(profiles: try ProfileSet.builtin())
            let engine = Engine(symbols: intake.symbols, windowSeconds: 60)
            for pod in pods where !unread.contains(pod.service) {
                let labels = [("pod", pod.name), ("service", pod.service), ("namespace", pod.namespace), ("node", pod.node), ("version", pod.version)]
                let session = intake.openSource(name: "http://\(pod.name)/stats", labels: labels, intervalSeconds: 5, sink: engine)
                let page = pages[pod.name] ?? ""
                let nothing = page.split(separator: "\n").map { $0.prefix { $0 != "}" } + "} 0\n" }.joined()
                for (time, text) in [(1000.0, nothing), (1005, page)] {
                    session.begin(time: Timestamp(seconds: time))
                    Array(text.utf8).withUnsafeBytes { session.feed($0) }
                    _ = session.finish(into: engine)
                }
            }
            return engine
        }
    }

    @Test(arguments: 1...40) func totalsAreTheSameAtEveryLevel(_ seed: UInt64) throws {
        let mesh = RandomMesh(seed: seed), engine = try mesh.scraped()
        for window in [60, Double.infinity] {
            let data = engine.answer(EntityLevel.allCases.flatMap { [.edges($0), .entities($0)] }, at: FrameTime(windowSeconds: window))
            for level in EntityLevel.allCases {
                let edges = data.edges[level] ?? [], rows = data.entities[level] ?? []
                #expect(Int(edges.reduce(0) { $0 + $1.signals.requests }) == mesh.requests, "requests of edges by \(level)")
                #expect(Int(edges.reduce(0) { $0 + $1.signals.errors }) == mesh.errors, "errors of edges by \(level)")
                #expect(Set(edges.map { [$0.source, $0.destination] }).count == edges.count, "no edge twice by \(level)")
                let isOfPods = level == .pod || level == .node
                #expect(Int(rows.reduce(0) { $0 + $1.signals.requests }) == (isOfPods ? mesh.answeredByPods : mesh.answered), "requests of rows by \(level)")
            }
            // Each coarser edge is the sum of those that fold into it.
            for row in data.edges[.namespace] ?? [] {
                let parts = (data.edges[.service] ?? []).filter { $0.source.namespace == row.source.namespace && $0.destination.namespace == row.destination.namespace }
                #expect(parts.reduce(0) { $0 + $1.signals.requests } == row.signals.requests)
            }
        }
    }

    @Test func appsAreWhatLabelsSayAndElseTheService() throws {
        let engine = try RandomMesh(seed: 3).scraped()
        let rows = engine.answer([.entities(.app), .edges(.app)], at: FrameTime(windowSeconds: 60))
        let apps = Set((rows.entities[.app] ?? []).map(\.key.name))
        #expect(apps.isSuperset(of: ["shared0", "shared1"]) && !apps.contains("s0"))
        #expect((rows.edges[.app] ?? []).allSatisfy { $0.source.app != nil && $0.source.service == nil })
    }

    /// Of two services that nobody reads, one is told of by a proxy in between and one by its caller: their namespace counts both.
    @Test func aNamespaceCountsEachCallFromWhereItIsTold() throws {
        let proxies = try Proxies(["frontend", "waypoint"], interval: 5, window: 60)
        for step in 0...4 {
            let time = 1000 + 5 * Double(step), count = 100 * step
            let other = { (text: String) in text.replacing("destination_workload_namespace=\"shop\"", with: "destination_workload_namespace=\"bank\"").replacing("destination_service_namespace=\"shop\"", with: "destination_service_namespace=\"bank\"") }
            try proxies.scrape("frontend", at: time, other(calls("frontend", "ledger", "source", 200, count)) + other(calls("frontend", "audit", "source", 200, count)))
            try proxies.scrape("waypoint", at: time, other(calls("frontend", "ledger", "waypoint", 200, count)))
        }
        let data = proxies.engine.answer([.entities(.namespace), .edges(.namespace)], at: FrameTime(windowSeconds: 60))
        #expect(data.edges[.namespace]?.first { $0.destination.namespace == "bank" }?.signals.requests == 800)
        #expect(data.entities[.namespace]?.first { $0.key.name == "bank" }?.signals.requests == 800)
    }

    /// Callers name services and versions; where only one pod can be meant, it is.
    @Test func aCallEndsAtThePodItMustMean() throws {
        let proxies = try Proxies(["frontend", "cart", "catalog/catalog-1", "catalog/catalog-2"], interval: 5, window: 60)
        for step in 0...4 {
            let time = 1000 + 5 * Double(step), count = 100 * step
            try proxies.scrape("frontend", at: time, calls("frontend", "cart", "source", 200, count) + calls("frontend", "catalog", "source", 200, 2 * count))
            try proxies.scrape("cart", at: time, calls("frontend", "cart", "destination", 200, count))
            for pod in ["catalog/catalog-1", "catalog/catalog-2"] { try proxies.scrape(pod, at: time, calls("frontend", "catalog", "destination", 200, count)) }
        }
        let rows = proxies.engine.answer([.edges(.pod)], at: FrameTime(windowSeconds: 60)).edges[.pod] ?? []
        #expect(rows.map { [$0.source.pod, $0.destination.service, $0.destination.pod] } == [["frontend-1", "cart", "cart-1"], ["frontend-1", "catalog", nil]])
        #expect(rows.map(\.signals.requests) == [400, 800])
        #expect(rows[0].client?.requests == 400 && rows[0].server?.requests == 400)
    }
}
