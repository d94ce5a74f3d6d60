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

/// One row of Services, Pods, Nodes or a fold at another level.
package struct EntityRow: Sendable, Equatable {
    package var key: EntityKey
    package var entity: Entity
    package var signals: GoldenSignals
    package var versions: [VersionRow]
    package var pods: Int
    package var state: HealthState
    /// The rule behind `state`: "errors 6.1 % > 5 % (server)", "stale 12 s".
    package var reason: String
    /// Newest sample is older than three scrape intervals.
    package var stale: Bool
    /// That sample's time, where it is stale: `signals.to` moves on, so that a silent one's rate fades.
    package var lastSample: Timestamp?
    /// As `Trend`; in a list they come by `PanelQuery.trends`, and are empty here.
    package var trend: [Float]
    package var errorTrend: [Float]

    package init(key: EntityKey, entity: Entity, signals: GoldenSignals, versions: [VersionRow] = [], pods: Int = 0,
                 state: HealthState = .unknown, reason: String = "", stale: Bool = false, trend: [Float] = [], errorTrend: [Float] = []) {
        self.key = key
        self.entity = entity
        self.signals = signals
        self.versions = versions
        self.pods = pods
        self.state = state
        self.reason = reason
        self.stale = stale
        self.trend = trend
        self.errorTrend = errorTrend
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
