/// What a column shows, `:sort` names and a filter term tests. The raw value is what people type.
package enum Field: String, Sendable, CaseIterable, Hashable {
    case state, name, namespace, service, workload, version, pod, node, cluster
    case source, destination, `protocol`, job, profile, reason, group, keys
    case rate, errors, success, denied, p50, p95, p99
    case traffic, bytesIn = "in", bytesOut = "out", mtls, versions, pods, connections, retries, attempts, trend
    case age, duration, samples, kept, mapped, bytes, bad, value
    case requests, share
    /// Of calls: their rate, or share of errors, where they are of that protocol.
    case http, grpc, tcp, httpErrors = "%httperr", grpcErrors = "%grpcerr"
    case mean = "avg", flag, app
    /// Of calls: by whose certificates, and where what is told of them does not agree.
    case sourcePrincipal = "sourceprincipal", destinationPrincipal = "destprincipal", differs
    case operation, spans, services, code, oddities, trace
    /// Of failing paths, and of the services on them.
    case interval, since, traces, own, passed, wire
    /// Of call paths: shares of the time of quick, slower and the slowest requests.
    case quick, middle, slowest
    /// Of attributes: how many of the traces that do not fail have it.
    case others
    /// The order in which the rows came.
    case unsorted = "none"

    /// Further names a filter or `:sort` understands.
    private static let aliases: [String: Field] = [
        "ns": .namespace, "svc": .service, "ver": .version, "rps": .rate, "conn": .connections, "retry": .retries, "from": .source,
        "to": .destination, "why": .reason, "worst": .state, "error": .errors, "series": .kept, "badlines": .bad, "io": .traffic,
        "health": .state, "proto": .protocol, "deny": .denied, "status": .state, "op": .operation, "took": .duration, "id": .trace,
        "wl": .workload, "dest": .destination, "%err": .errors, "%error": .errors, "%errors": .errors, "throughput": .traffic, "rt": .p95, "responsetime": .p95, "rt.p50": .p50,
        "rt.p95": .p95, "rt.p99": .p99, "rt.avg": .mean, "%mtls": .mtls, "%success": .success, "count": .requests,
    ]

    /// All that an expression may call one.
    static let names = allCases.map(\.rawValue) + aliases.keys

    package init?(named name: some StringProtocol) {
        let name = name.lowercased()
        guard let field = Field(rawValue: name) ?? Self.aliases[name] else { return nil }
        self = field
    }

    /// Its column's title.
    package var title: String {
        switch self {
        case .rate: "RPS"
        case .traffic: "IN/OUT"
        case .mtls: "mTLS"
        case .connections: "CONN"
        case .retries: "RETRY"
        case .bad: "BAD"
        case .reason: "WHY"
        case .namespace: "NAMESPACE"
        case .duration: "TOOK"
        case .services: "SVCS"
        case .oddities: "ODD"
        case .interval: "BETWEEN"
        case .passed: "PASSED ON"
        case .middle: "TO P95"
        case .unsorted: ""
        default: rawValue.uppercased()
        }
    }

    /// Text fields are compared as text and sort A to Z first; the others are numbers.
    var isText: Bool {
        switch self {
        case .name, .namespace, .service, .workload, .version, .pod, .node, .cluster, .source, .destination, .protocol, .job, .profile,
            .reason, .group, .keys, .operation, .trace, .flag, .app, .sourcePrincipal, .destinationPrincipal, .differs: true
        default: false
        }
    }

    /// Shares and latencies: where a low success and a high latency are what one looks for.
    var sortsDescendingFirst: Bool {
        switch self {
        case .success, .mtls, .unsorted, .since: false
        default: !isText
        }
    }

    var isLatency: Bool { self == .p50 || self == .p95 || self == .p99 || self == .mean || self == .duration }

    /// None of it is no activity; of a share or a latency 0 is a value.
    var countsActivity: Bool {
        switch self {
        case .rate, .requests, .http, .grpc, .tcp, .traffic, .bytesIn, .bytesOut, .connections, .attempts: true
        default: false
        }
    }

    /// Known of calls alone, not of who makes them.
    var isOfCalls: Bool {
        switch self {
        case .source, .destination, .protocol, .http, .grpc, .tcp, .httpErrors, .grpcErrors, .sourcePrincipal, .destinationPrincipal, .differs: true
        default: false
        }
    }

    /// Whose it is. Nobody says it of everybody: without it, it is not known.
    var isOfIdentity: Bool {
        switch self {
        case .namespace, .workload, .version, .pod, .node, .app, .cluster: true
        default: false
        }
    }

    /// What services, pods, nodes and their calls are asked for.
    var isOfMesh: Bool {
        switch self {
        case .state, .name, .namespace, .service, .workload, .version, .pod, .node, .app, .cluster, .reason, .rate, .requests, .errors, .success, .denied, .p50, .p95, .p99, .mean,
            .traffic, .bytesIn, .bytesOut, .mtls, .versions, .pods, .connections, .retries, .attempts, .code, .flag: true
        default: isOfCalls
        }
    }

    /// How it may be compared, for those who have not yet seen it done.
    var exampleComparison: String {
        switch self {
        case .namespace: "= shop"
        case .version: "= v2"
        case .state: "= failing"
        case .protocol: "= grpc"
        case .mtls, .success: "< 100"
        case .code: ">= 500"
        case .flag: "= UF"
        case .differs: "= wire_errors"
        default: isText ? "= payment" : isLatency ? "> 100ms" : "> 5"
        }
    }
}
