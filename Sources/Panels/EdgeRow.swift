package import MeshModel

/// The two ends of a call relation: the same from frame to frame, and shared by its rows of all of them.
package final class EdgeEnds: Sendable, Equatable {
    package let source: Entity
    package let destination: Entity

    package init(source: Entity, destination: Entity) { (self.source, self.destination) = (source, destination.asCallee) }

    package static func == (a: EdgeEnds, b: EdgeEnds) -> Bool { a === b || a.source == b.source && a.destination == b.destination }
}

/// A call relation. `signals` is the view from the one vantage that counts for it (the caller's if seen); both sides stand beside it and
/// are never summed. A value behind one reference, as `EntityRow` is one: of 15,000 in a list those that changed alone are made anew.
package struct EdgeRow: Sendable, Equatable {
    private struct Facts: Sendable, Equatable {
        var ends: EdgeEnds
        var `protocol`: String
        var signals: GoldenSignals
        var client: GoldenSignals?
        var server: GoldenSignals?
        var versions: [VersionRow]
        var state: HealthState
        var reason: String
        var stale: Bool
        var lastSample: Timestamp?
        var trend: [Float]
        var spans: SpanSides?
        var principals: [Principals] = []
        var disagreements: [Disagreement] = []
    }

    private final class Shared: Sendable {
        let facts: Facts
        init(_ facts: Facts) { self.facts = facts }
    }

    private var shared: Shared
    private var facts: Facts { get { shared.facts } set { shared = Shared(newValue) } }

    package init(ends: EdgeEnds, protocol: String, signals: GoldenSignals, client: GoldenSignals? = nil, server: GoldenSignals? = nil,
                 versions: [VersionRow] = [], state: HealthState = .unknown, reason: String = "", stale: Bool = false, lastSample: Timestamp? = nil,
                 trend: [Float] = [], spans: SpanSides? = nil, principals: [Principals] = []) {
        shared = Shared(Facts(ends: ends, protocol: `protocol`, signals: signals, client: client, server: server, versions: versions, state: state, reason: reason,
                              stale: stale, lastSample: lastSample, trend: trend, spans: spans, principals: principals))
    }

    package init(source: Entity, destination: Entity, protocol: String, signals: GoldenSignals, client: GoldenSignals? = nil,
                 server: GoldenSignals? = nil, versions: [VersionRow] = [], state: HealthState = .unknown, reason: String = "",
                 stale: Bool = false, trend: [Float] = []) {
        self.init(ends: EdgeEnds(source: source, destination: destination), protocol: `protocol`, signals: signals, client: client, server: server,
                  versions: versions, state: state, reason: reason, stale: stale, trend: trend)
    }

    /// The very same row: nothing about it changed. Rows made apart may be equal and not the same.
    package func isSame(as other: EdgeRow) -> Bool { shared === other.shared }

    package static func == (a: EdgeRow, b: EdgeRow) -> Bool { a.isSame(as: b) || a.facts == b.facts }
}

extension EdgeRow {
    package var ends: EdgeEnds { get { shared.facts.ends } set { facts.ends = newValue } }
    package var source: Entity { get { ends.source } set { ends = EdgeEnds(source: newValue, destination: destination) } }
    package var destination: Entity { get { ends.destination } set { ends = EdgeEnds(source: source, destination: newValue) } }
    package var `protocol`: String { get { shared.facts.protocol } set { facts.protocol = newValue } }
    package var signals: GoldenSignals { get { shared.facts.signals } set { facts.signals = newValue } }
    package var client: GoldenSignals? { get { shared.facts.client } set { facts.client = newValue } }
    package var server: GoldenSignals? { get { shared.facts.server } set { facts.server = newValue } }
    package var versions: [VersionRow] { get { shared.facts.versions } set { facts.versions = newValue } }
    package var state: HealthState { get { shared.facts.state } set { facts.state = newValue } }
    package var reason: String { get { shared.facts.reason } set { facts.reason = newValue } }
    package var stale: Bool { get { shared.facts.stale } set { facts.stale = newValue } }
    /// As in `EntityRow`.
    package var lastSample: Timestamp? { get { shared.facts.lastSample } set { facts.lastSample = newValue } }
    package var trend: [Float] { get { shared.facts.trend } set { facts.trend = newValue } }
    /// What spans tell of it; where metrics tell nothing, `client` and `server` are these sides, too.
    package var spans: SpanSides? { get { shared.facts.spans } set { facts.spans = newValue } }
    /// All there were in the window, in order.
    package var principals: [Principals] { get { shared.facts.principals } set { facts.principals = newValue } }
    /// Where evidence disagrees, worst first.
    package var disagreements: [Disagreement] { get { shared.facts.disagreements } set { facts.disagreements = newValue } }
}
