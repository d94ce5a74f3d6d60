/// What happened in the mesh, counted as it happens and beside the proxies' counters: what a reader of their pages must find.
package struct DemoTruth: Sendable, Equatable {
    /// Answers of a pod's application, by place in `codes`.
    package internal(set) var served: [[Int]] = []
    /// Calls a pod's proxy turned away.
    package internal(set) var denied: [Int] = []
    /// Calls between services (retries are not calls), by place in `codes`.
    package internal(set) var calls: [Edge: [Int]] = [:]

    package struct Edge: Hashable, Sendable {
        /// nil: from outside the mesh.
        package var caller: String?
        package var callee: String

        /// - Parameter caller: nil: from outside the mesh.
        package init(caller: String?, callee: String) { (self.caller, self.callee) = (caller, callee) }
    }

    /// The response codes there are.
    package static let codes = DemoWorld.codes

    init(_ services: [DemoService], pods: Int) {
        served = .init(repeating: .init(repeating: 0, count: DemoWorld.codes.count), count: pods)
        denied = .init(repeating: 0, count: pods)
        for service in services {
            for call in service.calls { calls[Edge(caller: service.name, callee: call.callee)] = .init(repeating: 0, count: DemoWorld.codes.count) }
        }
    }

    mutating func count(from caller: String?, to callee: String, _ code: Int) {
        let edge = Edge(caller: caller, callee: callee)
        calls[edge, default: .init(repeating: 0, count: DemoWorld.codes.count)][code] += 1
    }
}
