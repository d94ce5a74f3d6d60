@testable import Diagnosis
import Glibc
import TestSupport
import Testing

@Suite struct SlowdownTests {
    /// Requests a second apart, of two kinds that last 10 and 200 ms, by a factor longer from one of them on.
    private func requests(_ count: Int, from: Int, factor: Double, spread: Double = 0.3, seed: UInt64 = 1) -> [Slowdown.Request] {
        var dice = SeededGenerator(seed: seed)
        return (0..<count).map { place in
            let kind = UInt64.random(in: 0...1, using: &dice), noise = (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0...1, using: &dice) }
            return .init(start: Int64(place) * 1_000_000_000, key: kind, seconds: (kind == 0 ? 0.01 : 0.2) * exp(spread * noise) * (place >= from ? factor : 1))
        }
    }

    @Test func theMomentIsFound() throws {
        for seed in 1...20 as ClosedRange<UInt64> {
            let found = try #require(Slowdown(requests(300, from: 180, factor: 2, seed: seed)))
            #expect(abs(found.requestsBefore - 180) <= 10 && found.at == Int64(found.requestsBefore) * 1_000_000_000)
            #expect(abs(found.factor - 2) < 0.3)
        }
    }

    @Test func whatIsSteadyOrGetsFasterHasNone() {
        for seed in 1...50 as ClosedRange<UInt64> {
            #expect(Slowdown(requests(300, from: 300, factor: 1, seed: seed)) == nil)
            #expect(Slowdown(requests(300, from: 150, factor: 0.5, seed: seed)) == nil)
        }
    }

    @Test(arguments: [(0, 0), (30, 10), (110, 95), (300, 60), (300, 295)])
    func littleOnEitherSideIsNoSplit(_ count: Int, _ from: Int) { #expect(Slowdown(requests(count, from: from, factor: 5)).map { $0.requestsBefore >= Slowdown.leastBefore } ?? true) }

    @Test func aTenthSlowerIsNotPlain() { #expect(Slowdown(requests(4000, from: 2000, factor: 1.1, spread: 0.05)) == nil) }

    /// Halves of any length, zero lengths among them.
    @Test func equalDurationsHaveNone() {
        #expect(Slowdown((0..<300).map { .init(start: Int64($0), key: 0, seconds: 0) }) == nil)
        #expect(Slowdown((0..<300).map { .init(start: 5, key: UInt64($0), seconds: 1) }) == nil)
    }
}
