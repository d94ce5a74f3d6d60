@testable import Diagnosis
import TestSupport
import Testing

@Suite struct StatisticsTests {
    @Test(arguments: [
        ([], 0), ([-1, -2, -1], 3), ([1, 1, 1], 0), ([0, 0, 3, 3], 2), ([3, 3, 0, 0], 0), ([-1, 0.5, -1, 2, 2, 2], 3), ([0, 0, 0, 0, 0, 0, 9], 6),
    ] as [([Double], Int)])
    func theTailBeginsWhereTheMeanRises(_ values: [Double], _ at: Int) { #expect(Statistics.split(values) == at) }

    /// Word for word: the best n·mean² of all tails with a mean above 0.
    @Test func theSplitIsTheBestOfAll() {
        var dice = SeededGenerator(seed: 7)
        for count in 1...40 {
            let values = (0..<count).map { _ in Double.random(in: -1...1, using: &dice) }
            func gain(_ at: Int) -> Double {
                let sum = values[at...].reduce(0, +)
                return sum > 0 ? sum * sum / Double(count - at) : 0
            }
            let at = Statistics.split(values), best = (0..<count).map(gain).max() ?? 0
            #expect(at == count ? best == 0 : abs(gain(at) - best) < 1e-12)
        }
    }

    @Test(arguments: [(0.5, 0.0), (0.975, 1.959963984540054), (0.025, -1.959963984540054), (0.9999, 3.719016485455709), (1e-12, -7.034483825301132)])
    func quantilesAreThoseOfTables(_ chance: Double, _ value: Double) { #expect(abs(Normal.quantile(chance) - value) < 1e-9) }

    @Test func quantilesOfNoChanceAreFinite() {
        #expect(Normal.quantile(0).isFinite && Normal.quantile(1).isFinite && Normal.quantile(-3).isFinite)
    }

    @Test func whatFewCanSurpriseIsBounded() {
        // One of 20 is the largest once in 20 times.
        #expect(abs(Statistics.mostSurprise(1, among: 19) - Normal.quantile(0.95)) < 1e-9)
        #expect(Statistics.mostSurprise(2, among: 19) > Statistics.mostSurprise(1, among: 19))
        #expect(Statistics.mostSurprise(500, among: 5000) > 30)
    }

    @Test(arguments: [([2, 2, 2], 1.0), ([5, 0, 0, 0], 0.25), ([], 0), ([0, 0], 0)] as [([Double], Double)])
    func coherenceIsOneWhereAllSufferAlike(_ values: [Double], _ share: Double) { #expect(abs(Statistics.participation(values) - share) < 1e-12) }
}
