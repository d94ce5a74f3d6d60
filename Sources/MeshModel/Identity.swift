/// What a source says about an entity, each part interned, empty where it says nothing. Claims are facts about
/// what was read; which claims speak of the same thing is decided when folding, never by rewriting them.
package struct EntityClaim: Hashable, Sendable, BitwiseCopyable {
    package enum Kind: UInt8, Sendable, BitwiseCopyable {
        /// A workload of the mesh, or something not yet told apart from one.
        case workload
        /// Outside the mesh: a caller from outside, a passthrough or external host.
        case external
        case database, queue
        /// The proxy knew there was a peer, but not who.
        case unknown
    }

    package var kind: Kind = .workload
    package var cluster = Symbol.empty
    package var namespace = Symbol.empty
    package var service = Symbol.empty
    package var workload = Symbol.empty
    package var version = Symbol.empty
    package var pod = Symbol.empty
    package var node = Symbol.empty
    /// The application its service is a part of, where a label says so.
    package var app = Symbol.empty
    /// A claim read from a file name or a bare cluster name rather than from labels: `service` may still carry
    /// a version or a pod suffix (`payment-v1-06x`), to be cut when all names of a run are known.
    package var isRawName = false

    package init() {}

    package var isEmpty: Bool {
        service.isEmpty && workload.isEmpty && pod.isEmpty && kind == .workload
    }
}

/// Which side of a call a proxy reported.
package enum Vantage: UInt8, Sendable, CaseIterable {
    /// The caller's proxy: sees calls that never arrived, and the caller's wait.
    case client
    /// The callee's proxy: sees every caller, and what the application answered.
    case server
    /// A proxy in between (waypoint, gateway reporting for others).
    case waypoint
}
