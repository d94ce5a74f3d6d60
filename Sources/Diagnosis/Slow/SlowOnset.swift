import Glibc

/// When something got slower: of all slots and bounds the pair that best parts what took up to the bound from what took longer.
package enum SlowOnset {
    /// - Returns: the first slot of the slower stretch; nil where nothing is slower for certain (`TimesChange.isSlower`), or was so from the first slot.
    ///   The gain in log-likelihood must outweigh the number of places it could be at (Schwarz), as in `Onset`.
    /// - Parameter among: how many were asked: of many one looks slower by chance.
    package static func of(_ times: SlotTimes, among count: Int = 1) -> Int? {
        let totals = (0..<times.slots).map(times.total)
        var above = [Double](repeating: 0, count: times.slots), best = (gain: 0.0, place: 0)
        for step in times.bounds.indices.dropLast().reversed() {
            for slot in 0..<times.slots { above[slot] += times.count(slot, step + 1) }
            if let found = Onset.parting(totals, above, fewestBefore: TimesChange.fewestBefore), found.gain > best.gain { best = found }
        }
        guard best.place > 0, best.gain > log(Double(times.slots * times.bounds.count * max(1, count))) + 2, TimesChange(times, at: best.place).isSlower else { return nil }
        return best.place
    }
}
