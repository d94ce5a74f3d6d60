package import MeshModel

/// One row of Services, Pods, Nodes or a fold at another level. Immutable behind one reference: a list of 5,000 is handed over, kept
/// and let go of once a frame, and counting the two dozen references inside each of its rows would cost more than making anew those
/// that changed.
package final class EntityRow: Sendable {
    /// Who it is: the same from frame to frame, and shared by its rows of all of them.
    package let identity: Identity
    package let signals: GoldenSignals
    package let versions: [VersionRow]
    package let pods: Int
    package let state: HealthState
    /// The rule behind `state`: "errors 6.1 % > 5 % (server)", "stale 12 s".
    package let reason: String
    /// Newest sample is older than three scrape intervals.
    package let stale: Bool
    /// That sample's time, where it is stale: `signals.to` moves on, so that a silent one's rate fades.
    package let lastSample: Timestamp?
    /// As `Trend`; in a list they come by `PanelQuery.trends`, and are empty here.
    package let trend: [Float]
    package let errorTrend: [Float]

    package convenience init(key: EntityKey, entity: Entity, signals: GoldenSignals, versions: [VersionRow] = [], pods: Int = 0,
                             state: HealthState = .unknown, reason: String = "", stale: Bool = false, lastSample: Timestamp? = nil,
                             trend: [Float] = [], errorTrend: [Float] = []) {
        self.init(Identity(key: key, entity: entity), signals: signals, versions: versions, pods: pods, state: state, reason: reason,
                  stale: stale, lastSample: lastSample, trend: trend, errorTrend: errorTrend)
    }

    /// What the same entity is now.
    package init(_ identity: Identity, signals: GoldenSignals, versions: [VersionRow], pods: Int, state: HealthState, reason: String,
                 stale: Bool, lastSample: Timestamp?, trend: [Float] = [], errorTrend: [Float] = []) {
        self.identity = identity
        self.signals = signals
        self.versions = versions
        self.pods = pods
        self.state = state
        self.reason = reason
        self.stale = stale
        self.lastSample = lastSample
        self.trend = trend
        self.errorTrend = errorTrend
    }

    package final class Identity: Sendable {
        package let key: EntityKey
        package let entity: Entity
        init(key: EntityKey, entity: Entity) {
            self.key = key
            self.entity = entity
        }
    }

    package var key: EntityKey { identity.key }
    package var entity: Entity { identity.entity }

    /// The same row with some of it as given.
    package func with(entity: Entity? = nil, signals: GoldenSignals? = nil, state: HealthState? = nil, reason: String? = nil, trend: [Float]? = nil,
                      errorTrend: [Float]? = nil) -> EntityRow {
        EntityRow(key: key, entity: entity ?? self.entity, signals: signals ?? self.signals, versions: versions, pods: pods,
                  state: state ?? self.state, reason: reason ?? self.reason, stale: stale, lastSample: lastSample, trend: trend ?? self.trend,
                  errorTrend: errorTrend ?? self.errorTrend)
    }
}

extension EntityRow: Equatable {
    package static func == (a: EntityRow, b: EntityRow) -> Bool {
        if a === b { return true }
        guard a.key == b.key, a.entity == b.entity, a.signals == b.signals, a.versions == b.versions, a.pods == b.pods else { return false }
        return a.state == b.state && a.reason == b.reason && a.stale == b.stale && a.lastSample == b.lastSample && a.trend == b.trend
            && a.errorTrend == b.errorTrend
    }
}
