import MeshModel
import SeriesStore
import Testing

struct LabelIndexTests {
    private static let requests = Symbol(raw: 1), code = Symbol(raw: 2), ok = Symbol(raw: 3), failed = Symbol(raw: 4), other = Symbol(raw: 5)

    private func store() -> SeriesStore {
        var store = SeriesStore()
        for source in 0..<2 {
            var batch = Batch(source: SourceID(raw: UInt32(source)), time: Timestamp(seconds: 1))
            batch.labels = [Label(name: Self.code, value: Self.ok), Label(name: Self.code, value: Self.failed)]
            batch.entries = [
                SeriesEntry(ordinal: 0, name: Self.requests, labels: 0..<1, kind: .counter, meaning: nil),
                SeriesEntry(ordinal: 1, name: Self.requests, labels: 1..<2, kind: .counter, meaning: nil),
                SeriesEntry(ordinal: 2, name: Self.other, labels: 2..<2, kind: .gauge, meaning: nil),
            ]
            batch.ordinals = [0, 1, 2]
            batch.values = [1, 2, 3]
            _ = store.append(batch)
        }
        return store
    }

    @Test func findsByNameAndLabels() {
        let store = store()
        expect(store.index.count == 6)
        expect(store.index.select(Self.requests).count == 4)
        expect(store.index.select(Self.requests, [.init(label: Self.code, values: [Self.failed])]).map(\.ordinal) == [1, 1])
        expect(store.index.select(Self.requests, [.init(label: Self.code, values: [Self.failed], isNegated: true)]).map(\.ordinal) == [0, 0])
        expect(store.index.select(Self.other, [.init(label: Self.code, values: [.empty])]).count == 2)
        expect(store.index.select(Symbol(raw: 99)).isEmpty)
        expect(Set(store.index.names) == [Self.requests, Self.other])
    }

    /// A sink that handed an ordinal back meets it again under another name.
    @Test func forgetsWhatAnOrdinalWasCalled() {
        var store = store()
        var batch = Batch(source: SourceID(raw: 0), time: Timestamp(seconds: 2))
        batch.entries = [SeriesEntry(ordinal: 1, name: Self.other, labels: 0..<0, kind: .gauge, meaning: nil)]
        batch.ordinals = [1]
        batch.values = [9]
        _ = store.append(batch)
        expect(store.index.count == 6)
        expect(store.index.select(Self.requests).count == 3)
        expect(store.index.name(SeriesRef(source: SourceID(raw: 0), ordinal: 1)) == Self.other)
    }
}
