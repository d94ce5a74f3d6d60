import Diagnosis
import Glibc
import Testing
import TestSupport

/// When something got slower, by counts of buckets alone.
struct SlowOnsetTests {
    private static let bounds: [Double] = [1, 5, 10, 25, 50, 100, 250, 500, .infinity]

    /// Sixty slots with so many requests each, of exponential durations.
    /// - Parameter mean: milliseconds, by slot.
    private func times(seed: UInt64, requests: Int, slots: Int = 60, mean: (Int) -> Double) -> SlotTimes {
        var random = SeededGenerator(seed: seed), times = SlotTimes(bounds: Self.bounds, slots: slots, hasSums: true)
        for slot in 0..<slots {
            for _ in 0..<requests {
                let lasted = -mean(slot) * log(Double.random(in: 1e-9...1, using: &random))
                times.add(1, slot: slot, step: Self.bounds.firstIndex { lasted <= $0 } ?? 0)
                times.add(milliseconds: lasted, slot: slot)
            }
        }
        return times
    }

    @Test func steadyTimesHaveNone() {
        let found = (1...200).filter { SlowOnset.of(times(seed: UInt64($0), requests: 8) { _ in 20 }) != nil }
        #expect(found.isEmpty, "seeds \(found)")
    }

    @Test func itIsTheSlotInWhichTheyChange() {
        for seed in 1...50 as ClosedRange<UInt64> {
            let slot = SlowOnset.of(times(seed: seed, requests: 10) { $0 < 30 ? 20 : 60 })
            #expect(slot.map { abs($0 - 30) <= 2 } ?? false, "seed \(seed): \(slot ?? -1)")
        }
    }

    /// One in five gets slow: the mean moves by half, and one bound says so.
    @Test func aSlowVersionAmongOthers() {
        var times = SlotTimes(bounds: Self.bounds, slots: 60, hasSums: true)
        for slot in 0..<60 {
            times.add(slot < 40 ? 20 : 16, slot: slot, step: 3)
            if slot >= 40 { times.add(4, slot: slot, step: 6) }
            times.add(milliseconds: slot < 40 ? 400 : 16 * 20 + 4 * 120, slot: slot)
        }
        #expect(SlowOnset.of(times) == 40)
    }

    @Test func fasterIsNoOnset() { #expect(SlowOnset.of(times(seed: 3, requests: 20) { $0 < 30 ? 60 : 20 }) == nil) }

    @Test func littleBeforeIsNoQuietTime() { #expect(SlowOnset.of(times(seed: 3, requests: 3, slots: 36) { $0 < 30 ? 20 : 80 }) == nil, "90 requests before and 18 after") }

    @Test func slotsWithoutRequestsAreNoChange() {
        var times = SlotTimes(bounds: Self.bounds, slots: 60, hasSums: false)
        for slot in stride(from: 0, to: 60, by: 5) { times.add(50, slot: slot, step: slot < 30 ? 2 : 4) }
        #expect(SlowOnset.of(times) == 30)
        #expect(SlowOnset.of(SlotTimes(bounds: Self.bounds, slots: 60, hasSums: true)) == nil)
    }

    @Test func otherBucketsAreNotAdded() {
        var times = SlotTimes(bounds: Self.bounds, slots: 2, hasSums: true)
        let other = SlotTimes(bounds: [1, .infinity], slots: 2, hasSums: true)
        #expect(!times.merge(other) && times.merge(times))
    }
}
