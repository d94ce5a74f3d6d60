/// What one window tells of a node or a call.
package struct WindowReading: Sendable, Equatable {
    /// Denied ones are part of `requests`, and judged neither way.
    package var requests = 0.0
    package var errors = 0.0
    package var denied = 0.0
    package var steps = LatencySteps()
    /// Milliseconds, interpolated within a step: shown, and never what decides alone.
    package var p50: Double?
    package var p95: Double?

    package init() {}

    package var judged: Double { max(0, requests - denied) }
    /// 0…1; nil of nothing.
    package var errorShare: Double? { judged > 0 ? min(1, errors / judged) : nil }
    package var deniedShare: Double? { requests > 0 ? min(1, denied / requests) : nil }
}

/// Observed durations by step, not cumulative.
package struct LatencySteps: Sendable, Equatable {
    /// Milliseconds, ascending; of a histogram the last is infinite.
    package private(set) var bounds: [Double] = []
    package private(set) var counts: [Double] = []
    /// A step that nothing fell into is left out: every bound of the same ladder is one of it.
    package let isSparse: Bool
    package private(set) var total = 0.0

    package init(isSparse: Bool = false) { self.isSparse = isSparse }

    /// - Parameter bound: above the one before; any other is none.
    package mutating func add(_ count: Double, upTo bound: Double) {
        guard bound > bounds.last ?? -.infinity, count >= 0 else { return }
        bounds.append(bound)
        counts.append(count)
        total += count
    }
}

/// How two distributions differ at the bounds that both are counted at. A bound parts observations exactly: nothing is interpolated, so a move within a
/// step is not seen, and none is made up.
struct LatencyShift {
    /// Standard errors by which the share above some bound grew the most, and shrank the most; 0 where none did by as much as counts.
    private(set) var slower = 0.0
    private(set) var faster = 0.0

    /// - Parameter leastShare: of observations that must have moved past the bound.
    init(_ before: LatencySteps, _ after: LatencySteps, leastShare: Double) {
        guard before.total > 0, after.total > 0, before.isSparse == after.isSparse else { return }
        var x = 0, y = 0, below = (before: 0.0, after: 0.0)
        while x < before.bounds.count || y < after.bounds.count {
            let left = x < before.bounds.count ? before.bounds[x] : .infinity, right = y < after.bounds.count ? after.bounds[y] : .infinity
            let bound = min(left, right)
            let isOfBoth = before.isSparse || left == right
            if x < before.bounds.count, left == bound {
                below.before += before.counts[x]
                x += 1
            }
            if y < after.bounds.count, right == bound {
                below.after += after.counts[y]
                y += 1
            }
            guard isOfBoth, bound.isFinite else {
                if !bound.isFinite { break }
                continue
            }
            let change = ShareChange(before.total - below.before, of: before.total, after.total - below.after, of: after.total)
            if change.difference >= leastShare { slower = max(slower, change.z) }
            if -change.difference >= leastShare { faster = max(faster, -change.z) }
        }
    }
}

/// Two shares held against each other: the pooled two-proportion test.
struct ShareChange {
    /// The second less the first.
    let difference: Double
    /// Standard errors.
    let z: Double

    init(_ hits: Double, of trials: Double, _ hitsAfter: Double, of trialsAfter: Double) {
        guard trials > 0, trialsAfter > 0 else {
            (difference, z) = (0, 0)
            return
        }
        let pooled = (hits + hitsAfter) / (trials + trialsAfter)
        difference = hitsAfter / trialsAfter - hits / trials
        let error = (pooled * (1 - pooled) * (1 / trials + 1 / trialsAfter)).squareRoot()
        z = error > 0 ? difference / error : 0
    }
}
