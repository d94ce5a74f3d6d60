package import MeshModel
package import Panels

/// Since when it fails: what one asks first, and compares with the last deployment.
package enum Onset: Sendable, Equatable {
    case at(Timestamp)
    /// It did when the window begins.
    case before(Timestamp)

    /// Errors are rare enough below this share of a slot's requests.
    private static let share: Float = 0.01
    /// A stretch of failing slots is one although so many between them were good: few requests fail by chance.
    private static let patience = 3

    /// The beginning of the failing that lasts to the end; nil if it does not.
    package init?(_ charts: Charts) {
        guard charts.slotSeconds > 0, charts.rate.count == charts.errorRate.count else { return nil }
        var first: Int?
        var good = 0
        for slot in charts.rate.indices.reversed() where charts.rate[slot].isFinite && charts.errorRate[slot].isFinite {
            if charts.rate[slot] > 0, charts.errorRate[slot] >= charts.rate[slot] * Self.share {
                first = slot
                good = 0
            } else {
                good += 1
                if good > Self.patience { break }
            }
        }
        guard let first else { return nil }
        func start(_ slot: Int) -> Timestamp { charts.end - Timestamp.Span(seconds: Double(charts.rate.count - slot) * charts.slotSeconds) }
        let covered = charts.rate.firstIndex { $0.isFinite } ?? 0
        self = first <= covered + Self.patience ? .before(start(covered)) : .at(start(first))
    }

    package var text: String {
        switch self {
        case .at(let instant): "since \(instant.timeOfDay)"
        case .before(let instant): "since before \(instant.timeOfDay)"
        }
    }
}
