import MeshModel
import SeriesStore
import Testing

/// Targets that leave: what is kept of them reads as it was written, and nothing is kept of them for ever.
struct RetireTests {
    @Test(arguments: 1...8)
    func keepsTheRowsOfThoseThatLeftUntilTheyAreTooOld(seed: Int) {
        var random = SeededRandom(state: UInt64(seed) &* 313)
        var limits = SeriesStore.Limits()
        (limits.rawSeconds, limits.rolledSeconds) = (500, 500)
        var store = SeriesStore(limits: limits)
        var naive = NaiveStore()
        var living: [RandomTarget] = [], gone: [(target: RandomTarget, left: Timestamp)] = []
        var next: UInt32 = 0, dropped = 0
        var now = Timestamp(seconds: 1000)
        for _ in 0..<400 {
            while living.count < 4 {
                living.append(RandomTarget(source: next, start: now, series: 20, &random))
                next += 1
            }
            let index = living.indices.min { living[$0].time < living[$1].time } ?? 0
            let batch = living[index].batch(&random)
            now = max(now, batch.time)
            expect(store.append(batch))
            naive.append(batch)
            if random.chance(10) {
                let target = living.remove(at: index)
                store.retire(target.source)
                gone.append((target, now))
            }
            let sources = store.takeDropped()
            dropped += sources.count
            for source in sources { #expect(gone.contains { $0.target.source == source }) }
            // Once a minute of the samples' time what is too old is looked for.
            expect(store.targetCount <= living.count + gone.filter { $0.left > now - Timestamp.Span(seconds: 600) }.count)
        }
        #expect(dropped > 10)
        for (target, left) in gone where left > now - Timestamp.Span(seconds: 450) {
            compareKept(store, naive, target)
        }
        for target in living where naive.rows[target.source.raw] != nil { compareKept(store, naive, target) }
        let written = naive.rows.values.joined().reduce(0) { $0 + $1.samples.count }
        expect(store.samplesHeld + store.samplesEvicted == written)
    }

    /// Whatever is kept is the newest, and exact.
    private func compareKept(_ store: borrowing SeriesStore, _ naive: NaiveStore, _ target: RandomTarget) {
        var first: Timestamp?
        store.forEachRow(of: target.source, from: Timestamp(seconds: 0), to: target.time) { first = first ?? $0.time }
        guard let first else {
            Issue.record("nothing is kept of source \(target.source.raw)")
            return
        }
        compareRows(store, naive, target.source, first, target.time)
    }

    @Test func givesEverythingBack() {
        var store = SeriesStore()
        var random = SeededRandom(state: 5)
        var target = RandomTarget(source: 0, start: Timestamp(seconds: 0), series: 50, &random)
        for _ in 0..<200 { expect(store.append(target.batch(&random))) }
        store.retire(target.source)
        expect(store.index.count > 0)
        store.forget(target.source)
        expect(store.bytes == 0)
        expect(store.index.count == 0)
        expect(store.index.names.isEmpty)
        expect(store.samplesHeld == 0)
        expect(store.targetCount == 0)
        expect(store.retainedFrom == nil)
        expect(store.takeDropped() == [target.source])
        expect(store.takeDropped() == [])
    }

    /// One that was taken for gone and comes back goes on where it was.
    @Test(arguments: 1...5)
    func goesOnWhereItWas(seed: Int) {
        var random = SeededRandom(state: UInt64(seed))
        var store = SeriesStore(limits: StoreModelTests.wide)
        var naive = NaiveStore()
        var target = RandomTarget(source: 0, start: Timestamp(seconds: 0), series: 30, &random)
        for row in 0..<300 {
            let batch = target.batch(&random)
            expect(store.append(batch))
            naive.append(batch)
            if row % 37 == 0 { store.retire(target.source) }
        }
        compareRows(store, naive, target.source, Timestamp(seconds: 0), target.time)
    }

    /// State that cannot be evicted drives out no history of those who live.
    @Test func goneStateLeavesBeforeLiveHistory() {
        var limits = StoreModelTests.wide
        limits.budgetBytes = 1_000_000
        var store = SeriesStore(limits: limits)
        var random = SeededRandom(state: 9)
        var live = RandomTarget(source: 0, start: Timestamp(seconds: 1000), series: 20, &random)
        for number in 1...300 {
            for _ in 0..<2 { expect(store.append(live.batch(&random))) }
            var pod = RandomTarget(source: UInt32(number), start: live.time, series: 500, &random)
            expect(store.append(pod.batch(&random)))
            store.retire(pod.source)
            expect(store.bytes <= limits.budgetBytes)
        }
        expect(store.targetCount < 150)
        var rows = 0
        store.forEachRow(of: live.source, from: Timestamp(seconds: 0), to: live.time) { _ in rows += 1 }
        #expect(rows == 600)
    }
}
