import MeshModel
import Panels

/// What a level is made of.
extension LevelFold {
    struct Node {
        let entity: ResolvedEntity
        /// Proxies of this entity, and how many pods they are of.
        var targets: [Int32] = []
        var pods = 0
        /// Proxies that call it: where it has none of its own, they speak for it.
        var reporters: [Int32] = []
        var edgesIn: [Int32] = []
        var edgesOut: [Int32] = []
        /// A proxy of it, or one in between, says for whom it counts.
        var tellsCallers = false
        /// Where it is several services: those that are called.
        var services: [Int32] = []
        /// Place of its row, −1 for what no list shows.
        var row: Int32 = -1

        /// A proxy of this entity reported its own side; else `sums` are what callers say of it.
        var hasOwn = false
        var sums = SignalSums()
        var versions: [(version: Symbol, sums: SignalSums)] = []
        /// What it answered beyond its known callers.
        var outside: SignalSums?
        var wasStale = false
        /// It fell silent, and callers that did not tell how its calls go on.
        var isToldByCallers = false
        /// Something it sums up is new; some call to it is new.
        var isDirty = false
        var hasNewCalls = false
    }

    struct Edge {
        let source: Int32
        let destination: Int32
        /// The service called, as the directory numbers it: its side decides on mTLS and denials.
        let service: Int32
        var parts: [Part] = []
        /// A proxy of the callee, or one in between, reports it.
        var hasServerSide = false
        var requests = 0.0
        /// What the callee was asked for them: retries included, where the caller's proxy tells.
        var attempts = 0.0
        var errors = 0.0
        var denied = 0.0
        var isDirty = false
    }

    /// What one target reports of an edge.
    struct Part {
        var target: Int32
        var relation: Int32
        /// The call between two services that it is part of.
        var call: Int32
    }

    /// Who calls whom as services, whatever the level.
    struct Call {
        /// The callee's, as the directory numbers it.
        let service: Int32
        var parts: [Part] = []
    }

    /// All that is reported of a call between two services.
    func parts(ofCall call: Int32) -> [Part] { level == .service ? edges[Int(call)].parts : calls[Int(call)].parts }
    func service(ofCall call: Int32) -> Int32 { level == .service ? edges[Int(call)].service : calls[Int(call)].service }
    /// Whether anybody saw it call others.
    func calls(_ node: Int) -> Bool { nodes[node].edgesOut.contains { edges[Int($0)].requests > 0 } }
    var callCount: Int { level == .service ? edges.count : calls.count }
}
