import MeshModel
import SeriesStore
import Testing

/// Seeded random operations on the store and on a naive one: whatever is asked, both say the same.
struct StoreModelTests {
    @Test(arguments: 1...20)
    func readsBackWhatWasWritten(seed: Int) {
        var random = SeededRandom(state: UInt64(seed))
        var store = SeriesStore(limits: Self.wide)
        var naive = NaiveStore()
        var targets = (0..<3).map { RandomTarget(source: UInt32($0), start: Timestamp(seconds: 1000), series: Int.random(in: 0...60, using: &random), &random) }
        for _ in 0..<Int.random(in: 1...500, using: &random) {
            let index = targets.indices.randomElement(using: &random) ?? 0
            let batch = targets[index].batch(&random)
            expect(store.append(batch))
            naive.append(batch)
        }
        for target in targets {
            for _ in 0..<10 {
                let (from, to) = Self.stretch(target, &random)
                compareRows(store, naive, target.source, from, to)
                let ordinal = UInt32.random(in: 0..<UInt32(max(1, target.values.count)), using: &random)
                let seen = store.increase(of: SeriesRef(source: target.source, ordinal: ordinal), from: from, to: to)?.value
                #expect(seen == naive.increase(of: ordinal, source: target.source.raw, from: from, to: to))
            }
        }
        expect(store.samplesHeld == naive.rows.values.joined().reduce(0) { $0 + $1.samples.count })
    }

    /// A small budget: what is left is the newest of what was written, exact, and never more than the budget.
    @Test(arguments: 1...8)
    func evictsOldestFirst(seed: Int) throws {
        var random = SeededRandom(state: UInt64(seed) &* 77)
        var limits = Self.wide
        limits.budgetBytes = 60_000
        var store = SeriesStore(limits: limits)
        var naive = NaiveStore()
        var targets = (0..<4).map { RandomTarget(source: UInt32($0), start: Timestamp(seconds: 1000), series: 30, &random) }
        for _ in 0..<2000 {
            // The target that is furthest behind is scraped next: times run in order over the fleet.
            let index = targets.indices.min { targets[$0].time < targets[$1].time } ?? 0
            let batch = targets[index].batch(&random)
            expect(store.append(batch))
            naive.append(batch)
            expect(store.bytes <= limits.budgetBytes || store.samplesHeld == 0)
        }
        expect(store.samplesEvicted > 0)
        let written = naive.rows.values.joined().reduce(0) { $0 + $1.samples.count }
        expect(store.samplesHeld + store.samplesEvicted == written)
        let retained = store.retainedFrom
        let oldest = try #require(retained)
        for target in targets {
            var first: Timestamp?
            store.forEachRow(of: target.source, from: Timestamp(seconds: 0), to: target.time) { first = first ?? $0.time }
            guard let first else { continue }
            #expect(first >= oldest)
            compareRows(store, naive, target.source, first, target.time)
        }
    }

    /// Old rows thin out to one a minute: increases over what is kept stay exact, resets between them included.
    @Test(arguments: 1...10)
    func rollsUpWithoutLosingIncreases(seed: Int) {
        var random = SeededRandom(state: UInt64(seed) &* 991)
        var limits = Self.wide
        limits.rawSeconds = 600
        var store = SeriesStore(limits: limits)
        var naive = NaiveStore()
        var target = RandomTarget(source: 0, start: Timestamp(seconds: 1000), series: 20, &random)
        for _ in 0..<600 {
            var batch = target.batch(&random)
            // Only whole numbers: sums in another order are then the same.
            for index in batch.values.indices where !(batch.values[index].magnitude < 0x1p40) || batch.values[index] != batch.values[index].rounded() { batch.values[index] = 5 }
            expect(store.append(batch))
            naive.append(batch)
        }
        var times: [Timestamp] = []
        var state: [UInt32: Double] = [:]
        store.forEachRow(of: target.source, from: Timestamp(seconds: 0), to: target.time) { row in
            times.append(row.time)
            for change in row.changes { state[change.ordinal] = change.isPresent ? change.new : nil }
            #expect(naive.rows[0]?.first { $0.time == row.time }?.samples == state)
        }
        #expect(times.count < 600)
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
        for ordinal in 0..<UInt32(target.values.count) where ordinal % 3 != 0 {
            let from = times.randomElement(using: &random) ?? target.time, to = times.randomElement(using: &random) ?? target.time
            guard from < to else { continue }
            let seen = store.increase(of: SeriesRef(source: target.source, ordinal: ordinal), from: from, to: to)?.value
            let wanted = naive.increase(of: ordinal, source: 0, from: from, to: to)
            // A stretch that begins while the series is absent begins with its first kept sample: no increase is invented.
            #expect(seen ?? 0 <= wanted ?? 0)
            if naive.rows(of: 0, from: from, to: to).first?.samples[ordinal] != nil { #expect(seen == wanted) }
        }
    }

    static var wide: SeriesStore.Limits {
        var limits = SeriesStore.Limits()
        limits.rawSeconds = 1e8
        limits.rolledSeconds = 1e8
        return limits
    }

    static func stretch(_ target: RandomTarget, _ random: inout SeededRandom) -> (Timestamp, Timestamp) {
        let a = Double.random(in: 900...target.time.seconds + 100, using: &random), b = Double.random(in: 900...target.time.seconds + 100, using: &random)
        return (Timestamp(seconds: min(a, b)), Timestamp(seconds: max(a, b)))
    }
}

/// Every row of the stretch, in both: the same times, and after each the same state, bit by bit.
func compareRows(_ store: borrowing SeriesStore, _ naive: NaiveStore, _ source: SourceID, _ from: Timestamp, _ to: Timestamp) {
    let wanted = Array(naive.rows(of: source.raw, from: from, to: to))
    var index = 0
    var state: [UInt32: UInt64] = [:], newest: [UInt32: UInt64] = [:]
    store.forEachRow(of: source, from: from, to: to) { row in
        let changes = row.changes
        for change in changes {
            #expect(change.wasPresent == (state[change.ordinal] != nil))
            // What stood before the stretch is not in this list.
            if let old = newest[change.ordinal] { #expect(change.old.bitPattern == old) }
            newest[change.ordinal] = change.new.bitPattern
            state[change.ordinal] = change.isPresent ? change.new.bitPattern : nil
        }
        #expect(zip(changes, changes.dropFirst()).allSatisfy { $0.ordinal < $1.ordinal })
        guard index < wanted.count else { return index += 1 }
        #expect(wanted[index].time == row.time)
        #expect(row.isSilent == wanted[index].samples.isEmpty)
        #expect(wanted[index].samples.mapValues(\.bitPattern) == state)
        index += 1
    }
    #expect(index == wanted.count)
}
