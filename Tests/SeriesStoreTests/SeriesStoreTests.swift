import MeshModel
import SeriesStore
import Testing

struct SeriesStoreTests {
    private static let source = SourceID(raw: 3)
    private static let ref = SeriesRef(source: source, ordinal: 0)

    /// One counter scraped at these seconds; nil is a page without it.
    private func store(_ samples: [(Double, Double?)]) -> SeriesStore {
        var store = SeriesStore()
        for (time, value) in samples {
            var batch = Batch(source: Self.source, time: Timestamp(seconds: time))
            if let value { (batch.ordinals, batch.values) = ([0], [value]) }
            _ = store.append(batch)
        }
        return store
    }

    private func at(_ seconds: Double) -> Timestamp { Timestamp(seconds: seconds) }

    @Test func countsTheNewValueWholeAfterAReset() throws {
        let store = store([(0, 100), (5, 160), (10, 20), (15, 50)])
        let found = store.increase(of: Self.ref, from: at(0), to: at(15))
        let increase = try #require(found)
        #expect(increase == Increase(value: 110, from: at(0), to: at(15), resets: 1))
        #expect(increase.perSecond == 110.0 / 15)
    }

    @Test func startsFromTheSampleThatStoodThen() throws {
        let store = store([(0, 10), (10, 20), (20, 40), (30, 80)])
        expect(store.increase(of: Self.ref, from: at(15), to: at(30))?.value == 60)
        expect(store.increase(of: Self.ref, from: at(15), to: at(30))?.from == at(10))
        expect(store.increase(of: Self.ref, from: at(-5), to: at(10))?.value == 10)
        expect(store.increase(of: Self.ref, from: at(31), to: at(99)) == nil)
    }

    @Test func saysWhereASeriesHadNoSample() {
        let store = store([(0, 1), (1, 2), (2, nil), (3, nil), (4, 7)])
        expect(store.samples(of: Self.ref, from: at(0), to: at(9)).map(\.value) == [1, 2, nil, nil, 7])
    }

    @Test func marksAGapOnceAndOnlyAfterSamples() {
        var store = store([(0, 1), (1, 2)])
        expect(!store.markGap(SourceID(raw: 9), at: at(1)))
        expect(!store.markGap(Self.source, at: at(1)))
        expect(store.markGap(Self.source, at: at(2)))
        expect(!store.markGap(Self.source, at: at(3)))
        expect(store.samples(of: Self.ref, from: at(0), to: at(9)).map(\.value) == [1, 2, nil])
    }

    /// A page without it for a while is not a restart: it goes on from where it was.
    @Test func goesOnFromTheValueBeforeAnAbsence() {
        let store = store([(0, 100), (1, nil), (2, 130), (3, nil), (4, 20)])
        expect(store.increase(of: Self.ref, from: at(0), to: at(4))?.value == 50)
        var olds: [Double] = []
        store.forEachRow(of: Self.source, from: at(1), to: at(9)) { row in olds += row.changes.filter { $0.isPresent && !$0.wasPresent }.map(\.old) }
        #expect(olds == [100, 130])
    }

    @Test func refusesWhatIsNotNewer() {
        var store = store([(10, 1)])
        var batch = Batch(source: Self.source, time: at(10))
        (batch.ordinals, batch.values) = ([0], [5])
        expect(!store.append(batch))
        expect(store.changes.isEmpty)
        expect(store.samplesHeld == 1)
    }

    @Test func tellsWhatChanged() {
        var store = store([(0, 1)])
        var batch = Batch(source: Self.source, time: at(1))
        (batch.ordinals, batch.values) = ([1, 0], [0, 1])
        _ = store.append(batch)
        expect(store.changes == [SampleChange(ordinal: 1, wasPresent: false, isPresent: true, old: 0, new: 0)])
        (batch.time, batch.ordinals, batch.values) = (at(2), [1], [4])
        _ = store.append(batch)
        expect(store.changes == [SampleChange(ordinal: 0, wasPresent: true, isPresent: false, old: 1, new: 1),
                                  SampleChange(ordinal: 1, wasPresent: true, isPresent: true, old: 0, new: 4)])
    }

    /// Counters that stand still cost no bytes but the row's own.
    @Test func storesStandingCountersForNothing() {
        var store = SeriesStore()
        var sizes: [Int] = []
        for row in 0..<100 {
            var batch = Batch(source: Self.source, time: at(Double(row)))
            batch.ordinals = Array(0..<1000)
            batch.values = batch.ordinals.map(Double.init)
            _ = store.append(batch)
            sizes.append(store.bytes)
        }
        #expect(sizes[99] - sizes[1] < 4000)
        expect(store.samplesHeld == 100_000)
    }
}
