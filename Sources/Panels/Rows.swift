package import MeshModel

/// How a row stands, worst last. Each state has its rule, shown beside it.
package enum HealthState: UInt8, Sendable, Comparable {
    case idle, good, unknown, warning, failing
    package static func < (a: HealthState, b: HealthState) -> Bool { a.rawValue < b.rawValue }
}

package struct VersionRow: Sendable, Equatable {
    package var version: String
    package var signals: GoldenSignals
    package init(version: String, signals: GoldenSignals) {
        self.version = version
        self.signals = signals
    }
}

/// Requests and errors per second by slot of the window, oldest first; NaN is a gap.
package struct Trend: Sendable, Equatable {
    package var rates: [Float]
    package var errors: [Float]
    package init(rates: [Float], errors: [Float]) {
        self.rates = rates
        self.errors = errors
    }
}

/// The trend of one caller's calls to one of those it calls, as its proxies count them.
package struct CallTrend: Sendable, Equatable {
    package var source: EntityKey
    package var destination: Entity
    package var trend: Trend
    package init(source: EntityKey, destination: Entity, trend: Trend) {
        self.source = source
        self.destination = destination
        self.trend = trend
    }
}

/// A call relation. `signals` is the view from the one vantage that counts for it (the caller's if seen);
/// both sides stand beside it and are never summed.
package struct EdgeRow: Sendable, Equatable {
    package var source: Entity
    package var destination: Entity
    package var `protocol`: String
    package var signals: GoldenSignals
    package var client: GoldenSignals?
    package var server: GoldenSignals?
    package var versions: [VersionRow]
    package var state: HealthState
    package var reason: String
    package var stale: Bool
    /// As in `EntityRow`.
    package var lastSample: Timestamp?
    package var trend: [Float]
    /// What spans tell of it; where metrics tell nothing, `client` and `server` are these sides, too.
    package var spans: SpanSides?
    /// All there were in the window, in order.
    package var principals: [Principals] = []
    /// Where evidence disagrees, worst first.
    package var disagreements: [Disagreement] = []

    package init(source: Entity, destination: Entity, protocol: String, signals: GoldenSignals, client: GoldenSignals? = nil,
                 server: GoldenSignals? = nil, versions: [VersionRow] = [], state: HealthState = .unknown, reason: String = "",
                 stale: Bool = false, trend: [Float] = []) {
        self.source = source
        self.destination = destination
        self.protocol = `protocol`
        self.signals = signals
        self.client = client
        self.server = server
        self.versions = versions
        self.state = state
        self.reason = reason
        self.stale = stale
        self.trend = trend
    }
}
