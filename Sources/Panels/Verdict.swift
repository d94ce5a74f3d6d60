package import Diagnosis
package import MeshModel

/// What is wrong, where it begins and how sure that is: one origin of failures and the way from the entry to it.
package struct Verdict: Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// A service answers with errors of its own.
        case errors
        case latency
        /// Calls fail between a caller and its callee.
        case edge
        case healthy
        case notEnoughEvidence = "not_enough_evidence"
    }

    /// Who fails because of it: the entry of the mesh, or who was asked about.
    package var service: Entity
    package var kind: Kind
    package var predicate: ErrorPredicate
    package var origin: Origin?
    /// What the entry was asked, and how much of it failed.
    package var requests: Double = 0
    package var failures: Double = 0
    /// Of the entry's failures, those that the origin explains; nil where there are none to explain.
    package var share: Double?
    package var interval: Interval?
    package var onset: Timestamp?
    /// Who on the way began to fail when, and what was rolled out there, in order of time.
    package var course: [Event] = []
    /// From the entry to the origin.
    package var path: [Hop] = []
    package var evidence = Backing()
    /// Other origins of the same entry's failures.
    package var alternatives: [Alternative] = []
    /// What weakens it, or what it stands against, a sentence each.
    package var remarks: [String] = []

    package init(service: Entity, kind: Kind, predicate: ErrorPredicate) {
        (self.service, self.kind, self.predicate) = (service, kind, predicate)
    }

    package struct Interval: Sendable, Equatable {
        package var low: Double
        package var high: Double
        package init(low: Double, high: Double) { (self.low, self.high) = (low, high) }
    }

    package struct Origin: Sendable, Equatable {
        /// The service (its version, pod and node, as far as only these fail), or the one called on an edge that fails.
        package var entity: Entity
        /// The caller, where it is the edge that fails.
        package var caller: Entity?
        package var fault: FaultClass
        /// How its calls failed: `503`, `gRPC 14`, `UF`; the most frequent first.
        package var answers: [GoldenSignals.Answer] = []
        package var operation: String?
        /// Of its own calls, how many fail, and by how much it is slower where that is what is wrong.
        package var requests: Double = 0
        package var errors: Double = 0
        package var slowerMilliseconds: Double?
        /// What of it is not as in the baseline, the weightiest first.
        package var changes: [Change] = []
        /// Nobody who calls it fails for it: tried again, or done without.
        package var isAbsorbed = false

        package init(entity: Entity, caller: Entity? = nil, fault: FaultClass) {
            (self.entity, self.caller, self.fault) = (caller == nil ? entity : entity.asCallee, caller, fault)
        }
    }

    /// What calls of one operation do otherwise than in the baseline.
    package struct Change: Sendable, Equatable {
        package var part: Departure.Part
        /// Of the origin; of a wire, the caller's.
        package var operation: String
        /// Ends of the wire.
        package var caller: Entity?
        package var callee: Entity?
        /// Mean milliseconds, or share of calls: in the baseline, and since the onset.
        package var usual: Double
        package var seen: Double
        /// Calls since the onset, and those that are so.
        package var calls: Int
        package var hits: Int
        /// The times are of its answers, with what it waits for those it calls.
        package var isWithCalls = false
        /// They fail, where the baseline's did not.
        package var isError = false
        /// Whom it usually calls and did not.
        package var missing: [String] = []
        /// Standard errors.
        package var z: Double

        package init(part: Departure.Part, operation: String, usual: Double, seen: Double, calls: Int, hits: Int, z: Double) {
            (self.part, self.operation, self.usual, self.seen, self.calls, self.hits, self.z) = (part, operation, usual, seen, calls, hits, z)
        }
    }

    /// A service on the way, and its calls as the one before it on the way saw them.
    package struct Hop: Sendable, Equatable {
        package var entity: Entity
        package var requests: Double = 0
        package var errors: Double = 0
        package var denied: Double = 0
        /// Of its errors, its own; what it passed on; what failed between the one before and it.
        package var own: Double = 0
        package var passedOn: Double = 0
        package var wire: Double = 0
        package var answers: [GoldenSignals.Answer] = []
        /// Of what requests to the first one on the way lasted, 0…1: what was waited for in this service itself, not in whom it calls. nil: not known.
        package var latencyShare: Double?
        /// Traces which that is of; 0: of the means that counts tell.
        package var latencyTraces = 0
        /// What its own requests took, milliseconds.
        package var latency: LatencySummary?
        /// In the order of their names.
        package var versions: [Member] = []
        package var pods = 0
        package var podsFailing = 0
        /// Of the pods that fail for certain the worst, the worst first.
        package var failingPods: [Member] = []

        package init(entity: Entity) { self.entity = entity }
    }

    /// A version or a pod, and its requests but for denied ones.
    package struct Member: Sendable, Equatable {
        package var name: String
        package var requests: Double
        package var errors: Double
        /// For certain, few as they may be.
        package var isFailing: Bool
        package init(name: String, requests: Double, errors: Double, isFailing: Bool) {
            (self.name, self.requests, self.errors, self.isFailing) = (name, requests, errors, isFailing)
        }
    }

    package struct Backing: Sendable, Equatable {
        package var kinds: Evidence = []
        /// Failing traces with this origin, all failing and all good ones of the entry.
        package var traces = 0
        package var failingTraces = 0
        package var goodTraces = 0
        package var sample: TraceID?
        /// Requests that the counts are of.
        package var requests: Double = 0
        /// "all 214 failing traces pass payment-v2-7f, 0 of 1,900 good ones do".
        package var passing: [String] = []
        package init() {}
    }

    package struct Alternative: Sendable, Equatable {
        package var origin: Origin
        package var share: Double
        package init(origin: Origin, share: Double) { (self.origin, self.share) = (origin, share) }
    }
}
