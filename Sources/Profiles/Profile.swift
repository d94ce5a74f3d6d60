import MeshModel

/// One proxy's or mesh's way of naming things, as its YAML says it. Lists are in order of preference.
package struct Profile: Sendable {
    package var name: String
    /// Its series are a program's own, beside which a proxy's may stand.
    var isOfProgram = false
    /// Prefixes of metric names that mark a page as this profile's.
    var recognises: [String] = []
    var labels: [LabelRole: [String]] = [:]
    var managers = Managers()
    var infrastructure: [Pattern] = []
    var clusters: [ClusterRule] = []
    var reporter: Reporter?
    var source = PeerLabels()
    var destination = PeerLabels()
    var saysNothing: Set<String> = [""]
    var noVersion: Set<String> = []
    var metrics: [MetricRule] = []

    enum LabelRole: String, Sendable, CaseIterable {
        case cluster, code, `class`, manager, listener, tcp, grpc, flags, security, `protocol`, error
        case sourcePrincipal = "source_principal", destinationPrincipal = "destination_principal"
    }

    /// Stat prefixes of HTTP connection managers by the side they serve.
    struct Managers: Sendable {
        var server: [Pattern] = []
        var client: [Pattern] = []
        var skip: [Pattern] = []
    }

    struct ClusterRule: Sendable {
        var template: Template
        var vantage: Vantage
        var kind: EntityClaim.Kind = .workload
        /// The name may still carry a version; settled when all names are known.
        var isRaw = false
    }

    struct Reporter: Sendable {
        var label: String
        var values: [String: Vantage] = [:]
    }

    /// Labels that name one peer of a call.
    struct PeerLabels: Sendable {
        var cluster: [String] = []
        var namespace: [String] = []
        var service: [String] = []
        var workload: [String] = []
        var version: [String] = []
        var pod: [String] = []
        var app: [String] = []
        var host: [String] = []
        /// Service names that stand for "outside" and for "no such destination".
        var external: Set<String> = []
        var unmatched: Set<String> = []
    }

    struct MetricRule: Sendable {
        enum Subject: String, Sendable, CaseIterable { case cluster, manager, listener, proxy, peers }
        enum Part: String, Sendable, CaseIterable { case all, sum, count }
        var family: Pattern
        var subject: Subject
        var needs: LabelRole?
        /// nil for `latency`, which a histogram's suffix splits into its three signals.
        var signal: Signal?
        var scale: Double = 1
        var part: Part = .all
        var rank: UInt8 = 0
    }
}
