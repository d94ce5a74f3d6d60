import MeshModel
import Panels

/// What a waterfall needs to know of all its rows, found once.
struct WaterfallIndex: Sendable {
    /// Row of the parent; -1: none.
    private(set) var parents: [Int32] = []
    /// First row after the subtree.
    private(set) var ends: [Int32] = []
    /// Rows of failed spans, ascending.
    private(set) var errors: [Int32] = []
    /// The deepest row's depth.
    private(set) var depth = 0
    private(set) var range = TimeRange(from: Timestamp(nanoseconds: 0), to: Timestamp(nanoseconds: 0))
    private(set) var marks: [String: ServiceMark] = [:]
    private var rows: [SpanID: Int32] = [:]
    /// Further rows of an id that several spans have.
    private var copies: [SpanID: [Int32]] = [:]
    /// When some child of a row was at work, merged and in order: those of row `r` are `busyFirst[r]..<busyFirst[r + 1]`.
    private var busyFirst: [Int32] = [0]
    private var busy: [(from: Int64, to: Int64)] = []

    init() {}

    init(_ spans: [SpanRow]) {
        place(spans)
        findBusy(spans)
        range = Self.range(spans)
        marks = ServiceMark.marks(Set(spans.map(\.service)).sorted())
    }

    private mutating func place(_ spans: [SpanRow]) {
        parents = .init(repeating: -1, count: spans.count)
        ends = .init(repeating: Int32(spans.count), count: spans.count)
        rows.reserveCapacity(spans.count)
        var open: [Int] = []
        for row in spans.indices {
            let span = (id: spans[row].id, depth: spans[row].depth)
            while let last = open.last, spans[last].depth >= span.depth {
                ends[last] = Int32(row)
                open.removeLast()
            }
            parents[row] = open.last.map { Int32($0) } ?? -1
            open.append(row)
            depth = max(depth, span.depth)
            if spans[row].isError { errors.append(Int32(row)) }
            if let first = rows.updateValue(Int32(row), forKey: span.id) {
                rows[span.id] = first
                copies[span.id, default: []].append(Int32(row))
            }
        }
    }

    private mutating func findBusy(_ spans: [SpanRow]) {
        busyFirst.reserveCapacity(spans.count + 1)
        var children: [(from: Int64, to: Int64)] = []
        for row in spans.indices {
            children.removeAll(keepingCapacity: true)
            var child = row + 1
            while child < Int(ends[row]) {
                children.append(Self.times(spans[child].start, spans[child].durationSeconds))
                child = Int(ends[child])
            }
            if children.count > 1 { children.sort { $0.from < $1.from } }
            let first = busy.count
            for stretch in children {
                if busy.count > first, stretch.from <= busy[busy.count - 1].to {
                    busy[busy.count - 1].to = max(busy[busy.count - 1].to, stretch.to)
                } else {
                    busy.append(stretch)
                }
            }
            busyFirst.append(Int32(busy.count))
        }
    }

    private static func range(_ spans: [SpanRow]) -> TimeRange {
        var from = Int64.max, to = Int64.min
        for row in spans.indices {
            let own = times(spans[row].start, spans[row].durationSeconds)
            from = min(from, own.from)
            to = max(to, own.to)
            guard let start = spans[row].serverStart else { continue }
            let server = times(start, spans[row].serverDurationSeconds ?? 0)
            from = min(from, server.from)
            to = max(to, server.to)
        }
        return from <= to ? TimeRange(from: Timestamp(nanoseconds: from), to: Timestamp(nanoseconds: to)) : TimeRange(from: Timestamp(nanoseconds: 0), to: Timestamp(nanoseconds: 0))
    }

    static func times(_ start: Timestamp, _ seconds: Double) -> (from: Int64, to: Int64) {
        (start.nanoseconds, (start + Timestamp.Span(seconds: seconds.isFinite ? max(0, seconds) : 0)).nanoseconds)
    }

    // MARK: - Questions

    func row(of id: SpanID, copy: Int) -> Int? {
        if copy == 0 { return rows[id].map { Int($0) } }
        guard let more = copies[id], more.indices.contains(copy - 1) else { return nil }
        return Int(more[copy - 1])
    }

    func copy(of row: Int, _ id: SpanID) -> Int {
        guard !copies.isEmpty, let more = copies[id], let place = more.firstIndex(of: Int32(row)) else { return 0 }
        return place + 1
    }

    /// Whether a child of the row was at work at an instant.
    func isBusy(_ row: Int, at instant: Int64) -> Bool {
        let all = Int(busyFirst[row])..<Int(busyFirst[row + 1]), low = all.firstPlace { busy[$0].to <= instant }
        return low < all.upperBound && busy[low].from <= instant
    }

    /// The longest stretch between two of its children, seconds.
    func longestGap(_ row: Int) -> Double? {
        let range = Int(busyFirst[row])..<Int(busyFirst[row + 1])
        guard range.count > 1 else { return nil }
        return range.dropFirst().map { Double(busy[$0].from - busy[$0 - 1].to) / 1e9 }.max()
    }

    /// The failed row after or before one, around the end.
    func error(from row: Int, by step: Int) -> (row: Int, wrapped: Bool)? {
        guard let first = errors.first, let last = errors.last else { return nil }
        if step > 0 { return errors.first { Int($0) > row }.map { (Int($0), false) } ?? (Int(first), true) }
        return errors.last { Int($0) < row }.map { (Int($0), false) } ?? (Int(last), true)
    }
}
