/// A service of the mesh that is simulated.
package struct DemoService: Sendable {
    package struct Version: Sendable {
        package var name: String
        package var pods: Int
        /// Of 100 requests to the service.
        package var weight: Int
    }
    package struct Call: Sendable {
        package var callee: String
        /// Calls per request; below 1 a share of the requests.
        package var times: Double = 1
        /// The caller answers well although the call failed.
        package var isSoft = false
        package var retries = 0
    }
    package var name: String
    package var namespace: String
    package var versions: [Version]
    /// Milliseconds the application itself takes, median.
    package var latency: Double
    package var calls: [Call] = []
    /// Its pods also write Istio's own metrics.
    var writesIstio = false
    var isPlaintext = false
    /// Shares of its own answers that are 503 and 404 on any day.
    var usualErrors = 0.0
    var usualMisses = 0.0
    /// A host outside the mesh that it asks for every request, by TCP.
    var database: String?
}

/// Who calls whom in a mesh, and from where requests come.
package struct DemoTopology: Sendable {
    /// The first one is where requests come in from outside.
    package var services: [DemoService]
    /// Requests per second from outside, on average.
    package var rate: Double
    var nodes = ["node-a", "node-b", "node-c", "node-d", "node-e"]
    /// Who must not call whom: the callee's policy answers 403.
    var denied: [(caller: String, callee: String)] = []
    /// Hosts outside the mesh, called over HTTPS.
    var external: Set<String> = []

    /// Every version of every service: who may stand behind a call.
    var callers: [(service: Int, version: Int)] { services.indices.flatMap { service in services[service].versions.indices.map { (service, $0) } } }
    var entry: String { services.first?.name ?? "" }
}
