import MeshModel
import SeriesStore
import Testing

/// The store as one would first write it: every sample of every series in a list.
struct NaiveStore {
    /// Per target and row: the time and all samples by ordinal.
    var rows: [UInt32: [(time: Timestamp, samples: [UInt32: Double])]] = [:]

    mutating func append(_ batch: Batch) {
        var samples: [UInt32: Double] = [:]
        for (ordinal, value) in zip(batch.ordinals, batch.values) { samples[ordinal] = value }
        rows[batch.source.raw, default: []].append((batch.time, samples))
    }

    /// The row standing at `from`, or else the first, then those up to `to`.
    func rows(of source: UInt32, from: Timestamp, to: Timestamp) -> ArraySlice<(time: Timestamp, samples: [UInt32: Double])> {
        let all = rows[source] ?? []
        let first = all.lastIndex { $0.time <= from } ?? 0
        return all[first...].prefix { $0.time <= to }
    }

    func increase(of ordinal: UInt32, source: UInt32, from: Timestamp, to: Timestamp) -> Double? {
        let values = rows(of: source, from: from, to: to).compactMap { $0.samples[ordinal] }.filter(\.isFinite)
        guard values.count > 1 else { return nil }
        return zip(values, values.dropFirst()).reduce(0) { $0 + ($1.1 >= $1.0 ? $1.1 - $1.0 : $1.1) }
    }
}

/// Repeats the same numbers for the same seed (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z &>> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z &>> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z &>> 31
    }
    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

/// A proxy's page as batches: counters that mostly stand still, grow, restart, vanish and come back.
struct RandomTarget {
    let source: SourceID
    var values: [Double] = []
    var order: [UInt32] = []
    var time: Timestamp
    private var announced = 0

    init(source: UInt32, start: Timestamp, series: Int, _ random: inout SeededRandom) {
        self.source = SourceID(raw: source)
        time = start
        for _ in 0..<series { add(&random) }
    }

    mutating func add(_ random: inout SeededRandom) {
        order.insert(UInt32(values.count), at: random.chance(50) ? order.count : Int.random(in: 0...order.count, using: &random))
        values.append(random.chance(40) ? 0 : Self.strange.randomElement(using: &random) ?? 0)
    }

    static let strange: [Double] = [0, -0.0, 1, 7, 1e6, 0x1p53, 0x1p60, -3, 0.1, 1e-300, .infinity, -.infinity, .nan, .greatestFiniteMagnitude]

    mutating func batch(_ random: inout SeededRandom) -> Batch {
        time = time + Timestamp.Span(nanoseconds: Int64.random(in: 1...30_000_000_000, using: &random))
        if random.chance(5) { add(&random) }
        let restarts = random.chance(3)
        for index in values.indices {
            if restarts {
                values[index] = 0
            } else if random.chance(20) {
                values[index] += random.chance(90) ? Double(Int.random(in: 0...300, using: &random)) : Double.random(in: -5...5, using: &random)
            } else if random.chance(1) {
                values[index] = Self.strange.randomElement(using: &random) ?? 0
            }
        }
        var batch = Batch(source: source, time: time)
        while announced < values.count {
            batch.entries.append(SeriesEntry(ordinal: UInt32(announced), name: Symbol(raw: 1 + UInt32(announced % 7)), labels: 0..<0,
                                             kind: announced % 3 == 0 ? .gauge : .counter, meaning: nil))
            announced += 1
        }
        let vanishes = random.chance(20)
        for ordinal in order where !(vanishes && random.chance(30)) {
            batch.ordinals.append(ordinal)
            batch.values.append(values[Int(ordinal)])
        }
        return batch
    }
}

/// `#expect` takes its expression apart, which a noncopyable store does not allow.
func expect(_ condition: Bool, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(condition, comment, sourceLocation: sourceLocation)
}
