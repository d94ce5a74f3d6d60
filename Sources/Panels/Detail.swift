package import MeshModel

/// Series over the slots of the window, oldest first, all of one length; NaN is a gap (no sample covers the slot).
package struct Charts: Sendable, Equatable {
    /// Seconds one slot covers, and the end of the last.
    package var slotSeconds: Double
    package var end: Timestamp
    package var rate: [Float] = []
    package var errorRate: [Float] = []
    package var deniedRate: [Float] = []
    /// 0…1.
    package var success: [Float] = []
    package var p50: [Float] = []
    package var p95: [Float] = []
    package var p99: [Float] = []
    package var bytesInRate: [Float] = []
    package var bytesOutRate: [Float] = []
    package var heat: LatencyHeat?

    package init(slotSeconds: Double, end: Timestamp) {
        self.slotSeconds = slotSeconds
        self.end = end
    }
}

/// Latency heat map: `counts[slot * upperBounds.count + bucket]`, observations per slot and bucket (not cumulative).
package struct LatencyHeat: Sendable, Equatable {
    package var upperBounds: [Double]
    package var counts: [Float]
    package init(upperBounds: [Double], counts: [Float]) {
        self.upperBounds = upperBounds
        self.counts = counts
    }
}

/// One counter or gauge of a detail page. `value` nil = not exported by this proxy.
package struct ProxyCounter: Sendable, Equatable {
    package enum Group: String, Sendable, CaseIterable {
        case connections, retries, breakers, outliers, policy, tls, proxy
    }
    package var group: Group
    package var name: String
    package var value: Double?
    /// A gauge's value is its latest; a counter's is its increase over the window.
    package var isGauge: Bool
    package var isAlarming: Bool

    package init(group: Group, name: String, value: Double?, isGauge: Bool = false, isAlarming: Bool = false) {
        self.group = group
        self.name = name
        self.value = value
        self.isGauge = isGauge
        self.isAlarming = isAlarming
    }
}

/// Everything a service, pod or node page shows.
package struct EntityDetail: Sendable, Equatable {
    package var row: EntityRow
    package var charts: Charts
    package var inbound: [EdgeRow]
    package var outbound: [EdgeRow]
    /// Pods of a service or node; for a pod, its siblings.
    package var members: [EntityRow]
    package var counters: [ProxyCounter]
    package var sources: [SourceState]

    package init(row: EntityRow, charts: Charts, inbound: [EdgeRow] = [], outbound: [EdgeRow] = [], members: [EntityRow] = [],
                 counters: [ProxyCounter] = [], sources: [SourceState] = []) {
        self.row = row
        self.charts = charts
        self.inbound = inbound
        self.outbound = outbound
        self.members = members
        self.counters = counters
        self.sources = sources
    }
}
