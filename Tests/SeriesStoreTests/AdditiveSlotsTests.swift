import Testing
@testable import SeriesStore
import TestSupport

@Suite struct AdditiveSlotsTests {
    private func sums(_ slots: AdditiveSlots, _ from: Int64 = .min, _ through: Int64 = .max) -> [UInt64: Int64] {
        var sums: [UInt64: Int64] = [:]
        slots.forEachSlot(from: from, through: through) { $0.forEach { sums[$0, default: 0] += $1 } }
        return sums
    }

    @Test func whatIsTakenBackIsNotThere() {
        var slots = AdditiveSlots()
        // More seconds than are kept as tables: the first of them is bytes when something is taken back.
        for second in 0..<100 as Range<Int64> {
            slots.add(2, to: 7, at: second)
            slots.add(second, to: 1 << 60, at: second)
        }
        #expect(sums(slots) == [7: 200, 1 << 60: 4950])
        slots.add(-2, to: 7, at: 3)
        slots.add(-3, to: 1 << 60, at: 3)
        #expect(sums(slots) == [7: 198, 1 << 60: 4947])
        #expect(sums(slots, 3, 3) == [:])
        #expect(sums(slots, 10, 12) == [7: 6, 1 << 60: 33])
        #expect(slots.first == 0)
    }

    @Test func oldSecondsBecomeMinutesAndNothingIsLost() {
        var limits = AdditiveSlots.Limits()
        limits.seconds = 120
        var slots = AdditiveSlots(limits: limits)
        for second in -600..<600 as Range<Int64> { slots.add(1, to: 5, at: second) }
        #expect(sums(slots) == [5: 1200])
        #expect(!slots.isBySecond(400) && slots.isBySecond(540))
        // A minute counts where its middle does.
        #expect(sums(slots, -570, -510) == [5: 120] && sums(slots, -569, -511) == [:])
        // What comes late joins its minute.
        slots.add(1, to: 5, at: -600)
        #expect(sums(slots, -600, -541) == [5: 61])
        #expect(slots.droppedUpTo == .min)
    }

    @Test func theOldestGoWhereThereIsNoRoom() {
        var limits = AdditiveSlots.Limits()
        (limits.seconds, limits.minutes, limits.budgetBytes) = (60, 100, 100_000)
        var slots = AdditiveSlots(limits: limits)
        for second in 0..<3600 as Range<Int64> {
            for series in 0..<50 as Range<UInt64> { slots.add(1, to: series, at: second) }
            #expect(slots.bytes <= limits.budgetBytes)
        }
        let first = slots.first ?? 0
        #expect(first > 0 && slots.droppedUpTo <= first)
        #expect(sums(slots)[49] == 3600 - first)
        slots.add(1, to: 1, at: 0)
        #expect(slots.tooLate == 1)
    }

    @Test func aWrongDateMakesNothingOld() {
        var slots = AdditiveSlots()
        for second in 0..<100 as Range<Int64> { slots.add(1, to: 1, at: second) }
        slots.add(1, to: 1, at: 16_725_225_600)
        slots.add(1, to: 1, at: .min / 2)
        #expect(sums(slots) == [1: 102] && slots.isBySecond(0))
    }

    @Test func sumsStopAtTheLargestNumberThereIs() {
        var limits = AdditiveSlots.Limits()
        limits.seconds = 1
        var slots = AdditiveSlots(limits: limits)
        for second in 0..<180 as Range<Int64> {
            slots.add(.max - 1, to: 1, at: second)
            slots.add(.min + 1, to: 2, at: second)
        }
        var seen: [UInt64: Set<Int64>] = [:]
        slots.forEachSlot(from: 0, through: 119) { $0.forEach { seen[$0, default: []].insert($1) } }
        #expect(seen == [1: [.max], 2: [.min]])
    }

    @Test func whatComesLateByTurnsFindsItsMinutesOpen() {
        var limits = AdditiveSlots.Limits()
        limits.seconds = 60
        var slots = AdditiveSlots(limits: limits)
        for second in 0..<3600 as Range<Int64> { slots.add(1, to: 1, at: second) }
        let before = slots.opened
        for turn in 0..<1000 as Range<Int64> { slots.add(2, to: UInt64(turn % 7), at: turn % 20 * 60 + turn % 60) }
        #expect(slots.opened - before == 20)
        // More of them than are open at once: each is closed with what it got.
        for turn in 0..<1000 as Range<Int64> { slots.add(1, to: 9, at: turn % 50 * 60) }
        let all = sums(slots)
        #expect(all[1] == 3600 + 2 * 143 && all[9] == 1000 && all[0] == 2 * 143 && all[6] == 2 * 142)
        #expect(sums(slots, 0, 59)[9] == 20 && sums(slots, 2940, 2999)[9] == 20)
    }

    /// While numbers come for any time, old ones are rolled up, and there is little room for sums.
    @Test(arguments: [1 << 20, 40_000]) func sumsOfBlocksAreThoseOfTheirSeconds(budget: Int) {
        var limits = AdditiveSlots.Limits()
        (limits.seconds, limits.budgetBytes) = (300, budget)
        var slots = AdditiveSlots(limits: limits), dice = SeededGenerator(seed: 7)
        for now in 0..<900 as Range<Int64> {
            for _ in 0..<3 { slots.add(Int64.random(in: -2...5, using: &dice), to: UInt64.random(in: 0..<9, using: &dice), at: now - Int64.random(in: 0...40, using: &dice)) }
            #expect(slots.bytes <= budget)
            guard now % 7 == 0 else { continue }
            let from = now - Int64.random(in: 0...400, using: &dice), through = from + Int64.random(in: -1...450, using: &dice)
            for (from, through) in [(from, through), (.min, .max)] {
                var sums: [UInt64: Int64] = [:]
                slots.forEachBlock(from: from, through: through) { $0.forEach { sums[$0, default: 0] += $1 } }
                #expect(sums.filter { $0.value != 0 } == self.sums(slots, from, through).filter { $0.value != 0 })
            }
        }
    }
}
