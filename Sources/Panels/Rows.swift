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
