package import MeshModel

/// Where the time of requests to a service goes, as the newest traces that pass it tell.
///
/// Requests are those that none of its own led to. They are told apart by what was asked: of each operation the quick half, those up to the
/// 95th percentile and the slowest twentieth are bands.
package struct ServiceLatency: Sendable, Equatable {
    package var service: Entity
    /// Traces of the window that pass it, at most as many as are looked through.
    package var traces = 0
    /// Of these, looked through so far; and those that were worked through for what would be won.
    package var read = 0
    package var retimed = 0
    /// It is what was known a moment ago: traces that came since are gone through.
    package var isOfBefore = false
    /// Spans were seen at all; of it.
    package var hasSpans = false
    package var isInSpans = false
    /// It was cut at the number looked through.
    package var hasMore = false
    package var failed = 0
    package var requests = 0
    /// Seconds.
    package var p50 = 0.0
    package var p95 = 0.0
    package var p99 = 0.0
    /// Of requests, the operations that were asked for.
    package var operations = 0
    /// Call paths, the largest share first.
    package var rows: [Row] = []
    /// Call paths that are not listed, and what they have.
    package var otherRows = 0
    package var otherShare = 0.0
    package var repeated: [Repeat] = []

    package init(service: Entity) { self.service = service }

    package var isComplete: Bool { !isOfBefore && read >= traces && retimed >= traces }

    package struct Step: Sendable, Equatable, Hashable {
        package var service: String
        package var operation: String
        package init(service: String, operation: String) { (self.service, self.operation) = (service, operation) }
    }

    /// What is done at the end of one way of calls.
    package struct Row: Sendable, Equatable {
        /// From the service on.
        package var way: [Step]
        /// Of all that the requests lasted, 0…1, what was waited for here; those of all rows are 1.
        package var share: Double
        /// The same of the quick half, of those up to the 95th percentile, and of the slowest twentieth; nil: no request is in it.
        package var bands: [Double?]
        /// Seconds of its own work, in each call.
        package var ownSeconds: Double
        /// For each request that comes this way.
        package var calls: Double
        package var traces: Int
        /// The trace with the most of it.
        package var sample: TraceID?
        package var faster: Faster?

        package init(way: [Step], share: Double, bands: [Double?], ownSeconds: Double, calls: Double, traces: Int) {
            (self.way, self.share, self.bands, self.ownSeconds, self.calls, self.traces) = (way, share, bands, ownSeconds, calls, traces)
        }

        package var step: Step { way[way.count - 1] }
    }

    /// What requests of the operation would win if its own work were done faster; seconds.
    package struct Faster: Sendable, Equatable {
        /// Less in each call; nil: half.
        package var less: Double?
        package var before: Percentiles
        package var after: Percentiles
        package init(less: Double?, before: Percentiles, after: Percentiles) { (self.less, self.before, self.after) = (less, before, after) }
    }

    package struct Percentiles: Sendable, Equatable {
        package var p50: Double
        package var p95: Double
        package var p99: Double
        package init(p50: Double, p95: Double, p99: Double) { (self.p50, self.p95, self.p99) = (p50, p95, p99) }
    }

    /// Calls of one operation made one after another where one might do.
    package struct Repeat: Sendable, Equatable {
        package var caller: Step
        package var callee: Step
        /// In a trace that has them, in the middle of all.
        package var calls: Int
        /// Of what the caller lasted there, 0…1, on average.
        package var share: Double
        package var traces: Int
        /// The trace with the most.
        package var sample: TraceID
        package init(caller: Step, callee: Step, calls: Int, share: Double, traces: Int, sample: TraceID) {
            (self.caller, self.callee, self.calls, self.share, self.traces, self.sample) = (caller, callee, calls, share, traces, sample)
        }
    }
}
