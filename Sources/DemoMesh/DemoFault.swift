/// Something that goes wrong in a simulated mesh.
package struct DemoFault: Sendable {
    package enum Kind: Sendable, Equatable {
        /// So many of the requests that it could answer get 503 from it.
        case fails(share: Double)
        /// Its own work takes so many times as long.
        case slower(times: Double)
        /// It listens nowhere any more, and its proxies answer no scrape.
        case gone
        /// So many of the calls of `caller` to it get no connection.
        case lost(share: Double)
        /// So many of the calls of `caller` to it take longer than the caller waits, a second.
        case late(share: Double)
    }

    package var kind: Kind
    /// nil: whatever runs on `node`.
    package var service: String?
    /// Of it alone this version, this pod (by its number among the service's), nil: all of them.
    package var version: String?
    package var pod: Int?
    package var caller: String?
    package var node: String?
    /// Seconds since the proxies started counting.
    package var after: Double

    package init(_ kind: Kind, service: String? = nil, version: String? = nil, pod: Int? = nil, caller: String? = nil, node: String? = nil, after: Double) {
        (self.kind, self.service, self.version, self.pod, self.caller, self.node, self.after) = (kind, service, version, pod, caller, node, after)
    }
}

/// The faults of one instant, as each request asks for them.
struct DemoConditions {
    struct Call: Hashable {
        var caller: Int
        var callee: Int
    }
    /// By pod.
    var isGone: [Bool]
    var failing: [Double]
    var slowness: [Double]
    /// By services: shares.
    var lost: [Call: Double] = [:]
    var late: [Call: Double] = [:]

    init(pods: Int) {
        isGone = .init(repeating: false, count: pods)
        failing = .init(repeating: 0, count: pods)
        slowness = .init(repeating: 1, count: pods)
    }

    /// What of `faults` has begun after so many seconds.
    init(_ faults: [DemoFault], after seconds: Double, pods: [DemoWorld.Pod], services: [String: Int]) {
        self.init(pods: pods.count)
        for fault in faults where seconds >= fault.after {
            switch fault.kind {
            case .lost(let share): if let call = Self.call(fault, services) { lost[call] = share }
            case .late(let share): if let call = Self.call(fault, services) { late[call] = share }
            case .fails(let share): for pod in pods.indices where Self.concerns(fault, pods, pod) { failing[pod] = share }
            case .slower(let times): for pod in pods.indices where Self.concerns(fault, pods, pod) { slowness[pod] = times }
            case .gone: for pod in pods.indices where Self.concerns(fault, pods, pod) { isGone[pod] = true }
            }
        }
    }

    private static func call(_ fault: DemoFault, _ services: [String: Int]) -> Call? {
        guard let caller = fault.caller.flatMap({ services[$0] }), let callee = fault.service.flatMap({ services[$0] }) else { return nil }
        return Call(caller: caller, callee: callee)
    }

    private static func concerns(_ fault: DemoFault, _ pods: [DemoWorld.Pod], _ index: Int) -> Bool {
        let pod = pods[index]
        if let node = fault.node, pod.node != node { return false }
        if let service = fault.service, pod.service != service { return false }
        if let version = fault.version, pod.version != version { return false }
        if let number = fault.pod, pods[..<index].count(where: { $0.service == pod.service }) != number { return false }
        return true
    }
}
