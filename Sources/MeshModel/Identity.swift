/// What a source says about an entity, each part interned, empty where it says nothing. Claims are facts about
/// what was read; which claims speak of the same thing is decided when folding, never by rewriting them.
public struct EntityClaim: Hashable, Sendable, BitwiseCopyable {
    public enum Kind: UInt8, Sendable, BitwiseCopyable {
        /// A workload of the mesh, or something not yet told apart from one.
        case workload
        /// Outside the mesh: a caller from outside, a passthrough or external host.
        case external
        case database, queue
        /// The proxy knew there was a peer, but not who.
        case unknown
    }

    public var kind: Kind = .workload
    public var cluster = Symbol.empty
    public var namespace = Symbol.empty
    public var service = Symbol.empty
    public var workload = Symbol.empty
    public var version = Symbol.empty
    public var pod = Symbol.empty
    public var node = Symbol.empty
    /// The application its service is a part of, where a label says so.
    public var app = Symbol.empty
    /// A claim read from a file name or a bare cluster name rather than from labels: `service` may still carry
    /// a version or a pod suffix (`payment-v1-06x`), to be cut when all names of a run are known.
    public var isRawName = false

    public init() {}

    public var isEmpty: Bool {
        service.isEmpty && workload.isEmpty && pod.isEmpty && kind == .workload
    }
}

/// Which side of a call a proxy reported.
public enum Vantage: UInt8, Sendable, CaseIterable {
    /// The caller's proxy: sees calls that never arrived, and the caller's wait.
    case client
    /// The callee's proxy: sees every caller, and what the application answered.
    case server
    /// A proxy in between (waypoint, gateway reporting for others).
    case waypoint
}
