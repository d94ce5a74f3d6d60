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
        let all = steps.reduce((trials: 0.0, hits: 0.0)) { ($0.trials + $1.trials, $0.hits + min($1.hits, $1.trials)) }
        guard all.hits > 0 else { return nil }
        let one = logLikelihood(all.hits, all.trials)
        var before = (trials: 0.0, hits: 0.0), best: (gain: Double, place: Int) = (0, -1)
        for place in 1..<steps.count {
            before.trials += steps[place - 1].trials
            before.hits += min(steps[place - 1].hits, steps[place - 1].trials)
            let after = (trials: all.trials - before.trials, hits: all.hits - before.hits)
            guard after.trials > 0, after.hits / after.trials > before.hits / before.trials else { continue }
            let gain = logLikelihood(before.hits, before.trials) + logLikelihood(after.hits, after.trials) - one
            if gain > best.gain { best = (gain, place) }
        }
        guard best.place > 0, best.gain > log(Double(steps.count)) + 2 else { return nil }
        return steps[best.place...].first { $0.hits > 0 }?.time
    }

    /// Of so many hits among so many trials, at the share that explains them best.
    private static func logLikelihood(_ hits: Double, _ trials: Double) -> Double {
        guard hits > 0, hits < trials else { return 0 }
        let share = hits / trials
        return hits * log(share) + (trials - hits) * log(1 - share)
    }
}
