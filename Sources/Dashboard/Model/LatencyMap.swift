import Glibc
import MeshModel
import Panels

/// How many traces began when and took how long: columns of time, rows of the logarithm of the duration, the fastest below.
/// Columns begin at whole multiples of their length, so that cells keep their traces while the window moves on.
struct LatencyMap: Sendable, Equatable {
    let columns: Int
    let bands: Int
    private(set) var counts: [Int32]
    private(set) var failed: [Int32]
    let first: Timestamp
    let slotNanoseconds: Int64
    /// Of the lowest and above the highest band, natural logarithm of seconds.
    private let low: Double
    private let high: Double

    /// nil where there is nothing to show. `order` are the indices of the rows that count.
    init?(_ rows: [TraceRow], _ order: [Int32], range: TimeRange?, columns: Int, bands: Int) {
        guard columns > 0, bands > 0, !order.isEmpty else { return nil }
        var shortest = Double.infinity, longest = 0.0
        var from = Timestamp(nanoseconds: .max), to = Timestamp(nanoseconds: .min)
        for index in order {
            let seconds = Self.clamped(rows[Int(index)].durationSeconds)
            shortest = min(shortest, seconds)
            longest = max(longest, seconds)
            from = min(from, rows[Int(index)].start)
            to = max(to, rows[Int(index)].start)
        }
        let range = range ?? TimeRange(from: from, to: to + Timestamp.Span(nanoseconds: 1))
        self.columns = columns
        self.bands = bands
        slotNanoseconds = max(1, range.length.nanoseconds / Int64(columns))
        let last = range.to.nanoseconds.dividedDown(by: slotNanoseconds).quotient
        first = Timestamp(nanoseconds: (last - Int64(columns) + 1) &* slotNanoseconds)
        low = log(Self.step(below: shortest))
        let top = log(Self.step(above: longest))
        high = top > low ? top : low + 1
        counts = .init(repeating: 0, count: columns * bands)
        failed = counts
        for index in order {
            let place = place(rows[Int(index)].start, rows[Int(index)].durationSeconds)
            counts[place.column * bands + place.band] += 1
            if rows[Int(index)].isFailed || rows[Int(index)].errors > 0 { failed[place.column * bands + place.band] += 1 }
        }
    }

    /// What lies outside is counted at the edge.
    func place(_ time: Timestamp, _ seconds: Double) -> (column: Int, band: Int) {
        let column = Int((time.nanoseconds &- first.nanoseconds).dividedDown(by: slotNanoseconds).quotient)
        let band = Int(((log(Self.clamped(seconds)) - low) / (high - low) * Double(bands) + 1e-9).rounded(.down))
        return (min(max(0, column), columns - 1), min(max(0, band), bands - 1))
    }

    func cell(column: Int, band: Int) -> TraceCell {
        let from = first + Timestamp.Span(nanoseconds: Int64(column) * slotNanoseconds)
        // At the left edge stands all that is older.
        let times = TimeRange(from: column == 0 ? from - Timestamp.Span(nanoseconds: slotNanoseconds) : from, to: from + Timestamp.Span(nanoseconds: slotNanoseconds))
        return TraceCell(times: times, seconds: edge(band)...edge(band + 1), isTopmost: band == bands - 1)
    }

    func edge(_ band: Int) -> Double { exp(low + (high - low) * Double(band) / Double(bands)) }
    func count(column: Int, band: Int) -> Int { Int(counts[column * bands + band]) }
    func failed(column: Int, band: Int) -> Int { Int(failed[column * bands + band]) }

    /// Durations of nothing, or of no number, count as the shortest that is told apart.
    static func clamped(_ seconds: Double) -> Double { seconds.isFinite ? min(max(seconds, 1e-6), 1e7) : 1e-6 }

    /// The next of 1, 2, 5 × 10ⁿ at or below, and above.
    private static func step(below value: Double) -> Double {
        let power = pow(10, floor(log10(value) + 1e-9))
        return [5, 2, 1].map { $0 * power }.first { $0 <= value * (1 + 1e-9) } ?? power
    }
    private static func step(above value: Double) -> Double {
        let power = pow(10, floor(log10(value) + 1e-9))
        return [1, 2, 5, 10].map { $0 * power }.first { $0 > value } ?? power * 10
    }
}
