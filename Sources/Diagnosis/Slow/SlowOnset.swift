import Glibc

/// When something got slower: of all slots and bounds the pair that best parts what took up to the bound from what took longer.
package enum SlowOnset {
    /// - Returns: the first slot of the slower stretch; nil where nothing is slower for certain (`TimesChange.isSlower`), or was so from the first slot.
    ///   The gain in log-likelihood must outweigh the number of places it could be at (Schwarz), as in `Onset`.
    package static func of(_ times: SlotTimes) -> Int? {
        let totals = (0..<times.slots).map(times.total)
        let all = totals.reduce(0, +)
        guard let first = totals.firstIndex(where: { $0 > 0 }), all > 0 else { return nil }
        var best = (gain: 0.0, slot: 0)
        var above = [Double](repeating: 0, count: times.slots)
        for step in times.bounds.indices.dropLast().reversed() {
            for slot in 0..<times.slots { above[slot] += times.count(slot, step + 1) }
            let allAbove = above.reduce(0, +)
            guard allAbove > 0, allAbove < all else { continue }
            let one = logLikelihood(allAbove, all)
            var before = (trials: 0.0, hits: 0.0)
            for slot in first..<times.slots - 1 {
                before.trials += totals[slot]
                before.hits += above[slot]
                let after = (trials: all - before.trials, hits: allAbove - before.hits)
                // Between slots without observations the change belongs to the first one that has some.
                guard before.trials >= TimesChange.fewestBefore, totals[slot + 1] > 0, after.hits / after.trials > before.hits / before.trials else { continue }
                let gain = logLikelihood(before.hits, before.trials) + logLikelihood(after.hits, after.trials) - one
                if gain > best.gain { best = (gain, slot + 1) }
            }
        }
        guard best.slot > 0, best.gain > log(Double(times.slots * times.bounds.count)) + 2, TimesChange(times, at: best.slot).isSlower else { return nil }
        return best.slot
    }

    private static func logLikelihood(_ hits: Double, _ trials: Double) -> Double {
        guard hits > 1e-9, hits < trials - 1e-9 else { return 0 }
        let share = hits / trials
        return hits * log(share) + (trials - hits) * log(1 - share)
    }
}
