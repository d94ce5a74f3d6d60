import Glibc
package import MeshModel

/// When something began to fail: the instant that best parts trials of a lower share of failures from those of a higher one.
package enum Onset {
    package struct Step: Sendable {
        package var time: Timestamp
        package var trials: Double
        package var hits: Double
        package init(time: Timestamp, trials: Double, hits: Double) { (self.time, self.trials, self.hits) = (time, trials, hits) }
    }

    /// - Parameter steps: in any order; those without trials say nothing.
    /// - Returns: the first failing step after the change; nil where one share explains all, so that it failed before the first step already or
    ///   never for certain. Certain is a change that makes what was seen e² times as likely as the number of places it could be at (Schwarz).
    package static func of(_ steps: [Step]) -> Timestamp? {
        let steps = steps.filter { $0.trials > 0 }.sorted { $0.time < $1.time }
        guard steps.count > 1 else { return nil }
        guard let best = parting(steps.map(\.trials), steps.map { min($0.hits, $0.trials) }), best.gain > log(Double(steps.count)) + 2 else { return nil }
        return steps[best.place...].first { $0.hits > 0 }?.time
    }

    /// The place that best parts steps of a lower share of hits from those of a higher one, and how many times (e to this) as likely it makes what was seen.
    /// - Parameters:
    ///   - hits: of as many steps, no more than trials each.
    ///   - fewestBefore: trials that must come before it.
    /// - Returns: a place with trials; nil where the share never grows.
    static func parting(_ trials: [Double], _ hits: [Double], fewestBefore: Double = 0) -> (gain: Double, place: Int)? {
        let all = (trials: trials.reduce(0, +), hits: hits.reduce(0, +))
        guard all.hits > 0 else { return nil }
        let one = logLikelihood(all.hits, all.trials)
        var before = (trials: 0.0, hits: 0.0), best: (gain: Double, place: Int)?
        for place in trials.indices.dropFirst() {
            before.trials += trials[place - 1]
            before.hits += hits[place - 1]
            let after = (trials: all.trials - before.trials, hits: all.hits - before.hits)
            // Between steps without trials the change belongs to the first one that has some.
            guard before.trials > 0, before.trials >= fewestBefore, trials[place] > 0, after.trials > 0, after.hits / after.trials > before.hits / before.trials else { continue }
            let gain = logLikelihood(before.hits, before.trials) + logLikelihood(after.hits, after.trials) - one
            if gain > best?.gain ?? 0 { best = (gain, place) }
        }
        return best
    }

    /// Of so many hits among so many trials, at the share that explains them best. Of fractions what rounding leaves is none.
    private static func logLikelihood(_ hits: Double, _ trials: Double) -> Double {
        guard hits > 1e-9, hits < trials - 1e-9 else { return 0 }
        let share = hits / trials
        return hits * log(share) + (trials - hits) * log(1 - share)
    }
}
