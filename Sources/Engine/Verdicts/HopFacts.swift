import CallGraph
import Diagnosis
import MeshModel
import Panels

/// What is known of services on the way beside their errors: gathered once for all ways of a frame.
struct HopFacts {
    struct Member {
        var name: Symbol
        /// But for denied ones.
        var requests: Double
        var errors: Double

        init(name: Symbol, _ counts: MeshReading.Counts) { (self.name, requests, errors) = (name, counts.requests - counts.denied, counts.errors) }

        init(name: Symbol, _ side: SideTally, _ predicate: ErrorPredicate) {
            (self.name, requests, errors) = (name, Double(side.requests - side.denied), Double(side.errors(predicate)))
        }

        var isFailing: Bool { errors >= 1 && Wilson(errors, of: requests).low > Health.warningShare }
    }

    /// By service, as spans tell.
    var spanVersions: [ResolvedEntity: [Member]] = [:]
    var spanPods: [ResolvedEntity: [Member]] = [:]
    var hasMembers = false

    /// By node of the reading; nil: not told.
    var latencies: [Int32: LatencySummary?] = [:]
    /// By service: what spans tell of its requests.
    var answered: [ResolvedEntity: SideTally]?
    /// By service: its number among parties.
    var parties: [ResolvedEntity: Int32]?
    /// By number of the entry: the newest traces that pass it.
    var samples: [Int32: [Int]] = [:]
    var sampledSpans = 0
}
