import Glibc

/// What became of a node or a call from one window to the next.
package struct WindowChange: Sendable, Equatable {
    /// What matters more comes first.
    package enum Kind: String, Sendable, CaseIterable {
        case failing, denied, new, gone, slower, less, more, mended, faster
        /// As before.
        case same
        /// Too little was seen to say.
        case unsure = "too little"
    }

    /// The weightiest first; never empty.
    package private(set) var kinds: [Kind] = []
    /// Among changes of one kind: by how much the share of failures differs, requests a second that came or went, factor of the latency.
    package private(set) var weight = 0.0

    package var kind: Kind { kinds[0] }

    // Rules, as docs/diagnosis.md has them.
    package static let fewest = 20.0
    /// Failures of less are no trend.
    static let fewestErrors = 3.0
    static let leastErrorShare = 0.01
    static let leastErrorZ = 3.0
    static let leastSlowShare = 0.05
    static let leastSlowZ = 4.0
    static let leastSlowFactor = 1.25
    static let leastSlowMilliseconds = 1.0
    static let leastRateFactor = 1.5
    static let leastRateZ = 4.0
    /// That by chance all of so many requests fall into one of the windows.
    static let mostChance = 0.001

    /// - Parameters:
    ///   - before: nil: it was not there.
    ///   - seconds: how long each window is.
    package init(_ before: WindowReading?, _ after: WindowReading?, seconds: (before: Double, after: Double)) {
        let old = before ?? WindowReading(), new = after ?? WindowReading()
        let total = old.requests + new.requests, part = seconds.after / max(1e-9, seconds.before + seconds.after)
        if old.requests == 0 || new.requests == 0 {
            let isNew = old.requests == 0, chance = pow(isNew ? part : 1 - part, total)
            if total == 0 {
                note(.same, 0)
            } else if chance <= Self.mostChance {
                note(isNew ? .new : .gone, total / max(1e-9, isNew ? seconds.after : seconds.before))
            } else {
                note(.unsure, total)
            }
            return
        }
        compareErrors(old, new)
        compareLatency(old, new)
        let rates = (old: old.requests / max(1e-9, seconds.before), new: new.requests / max(1e-9, seconds.after))
        let z = (new.requests - total * part) / (total * part * (1 - part)).squareRoot()
        if total >= Self.fewest, abs(z) >= Self.leastRateZ, max(rates.old, rates.new) >= Self.leastRateFactor * min(rates.old, rates.new) {
            note(rates.new > rates.old ? .more : .less, abs(rates.new - rates.old))
        }
        if kinds.isEmpty { note(min(old.requests, new.requests) < Self.fewest ? .unsure : .same, total) }
    }

    private mutating func note(_ kind: Kind, _ weight: Double) {
        kinds.append(kind)
        guard kinds.count > 1 else {
            self.weight = weight
            return
        }
        if let place = Kind.allCases.firstIndex(of: kind), let first = Kind.allCases.firstIndex(of: kinds[0]), place < first {
            kinds.swapAt(0, kinds.count - 1)
            self.weight = weight
        }
    }

    private mutating func compareErrors(_ old: WindowReading, _ new: WindowReading) {
        if min(old.judged, new.judged) >= Self.fewest {
            let change = ShareChange(min(old.errors, old.judged), of: old.judged, min(new.errors, new.judged), of: new.judged)
            if Self.isCertain(change, max(old.errors, new.errors)) { note(change.z > 0 ? .failing : .mended, abs(change.difference)) }
        }
        if min(old.requests, new.requests) >= Self.fewest {
            let change = ShareChange(min(old.denied, old.requests), of: old.requests, min(new.denied, new.requests), of: new.requests)
            if change.z > 0, Self.isCertain(change, new.denied) { note(.denied, change.difference) }
        }
    }

    private static func isCertain(_ change: ShareChange, _ hits: Double) -> Bool {
        hits >= fewestErrors && abs(change.difference) >= leastErrorShare && abs(change.z) >= leastErrorZ
    }

    private mutating func compareLatency(_ old: WindowReading, _ new: WindowReading) {
        guard min(old.steps.total, new.steps.total) >= Self.fewest else { return }
        let shift = LatencyShift(old.steps, new.steps, leastShare: Self.leastSlowShare)
        let factors = [(old.p50, new.p50), (old.p95, new.p95)].compactMap { pair in
            if let from = pair.0, let to = pair.1, abs(to - from) >= Self.leastSlowMilliseconds { to / max(from, 1e-3) } else { nil }
        }
        if shift.slower >= Self.leastSlowZ, let most = factors.max(), most >= Self.leastSlowFactor {
            note(.slower, most)
        } else if shift.faster >= Self.leastSlowZ, let least = factors.min(), least <= 1 / Self.leastSlowFactor {
            note(.faster, 1 / max(least, 1e-6))
        }
    }
}

extension WindowChange: Comparable {
    /// What matters more first.
    package static func < (a: WindowChange, b: WindowChange) -> Bool { (a.rank, -a.weight) < (b.rank, -b.weight) }
    private var rank: Int { Kind.allCases.firstIndex(of: kind) ?? 0 }
}
