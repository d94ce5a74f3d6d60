import MeshModel
import Panels

/// A trace as it is looked at: its spans in the order of the walk, what is folded, and an index made once when the trace
/// changes. A frame looks at the rows in view alone; a trace of 20,000 spans costs no more of it than one of 20.
struct Waterfall: Sendable {
    private(set) var id: TraceID?
    private(set) var spans: [SpanRow] = []
    private(set) var index = WaterfallIndex()
    /// Spans whose subtrees are hidden.
    private(set) var folded: Set<SpanID> = []
    /// Subtrees of this depth were folded with `[` or `]`.
    private(set) var level: Int?
    /// What lies on the critical path stands out from the rest.
    var lightsPath = false

    var isLoaded: Bool { id != nil }

    /// The row that a span is part of.
    func row(holding id: SpanID) -> Int? { spans.firstIndex { $0.id == id || $0.parts.contains { $0.id == id } } }

    /// The trace as it is now. The very same array, or an equal one, leaves the index as it is.
    mutating func take(_ detail: TraceDetail) {
        if id == detail.row.id, Self.same(spans, detail.spans) || spans == detail.spans { return }
        id = detail.row.id
        spans = detail.spans
        index = WaterfallIndex(spans)
    }

    private static func same(_ a: [SpanRow], _ b: [SpanRow]) -> Bool {
        a.count == b.count && a.withUnsafeBufferPointer { a in b.withUnsafeBufferPointer { a.baseAddress == $0.baseAddress } }
    }

    // MARK: - What is shown

    func listing(_ pane: Pane) -> Listing {
        var listing = Listing(total: spans.count, isLoaded: true)
        listing.order = pane.filter.isEmpty && !pane.errorsOnly ? unfolded : found(pane.filter, errorsOnly: pane.errorsOnly)
        return listing
    }

    private var unfolded: [Int32] {
        var order: [Int32] = []
        order.reserveCapacity(spans.count)
        var row = 0
        while row < spans.count {
            order.append(Int32(row))
            row = !folded.isEmpty && folded.contains(spans[row].id) ? Int(index.ends[row]) : row + 1
        }
        return order
    }

    /// What a search finds, and above it the spans that lead there, whatever is folded.
    private func found(_ filter: Filter, errorsOnly: Bool) -> [Int32] {
        var isShown = [Bool](repeating: false, count: spans.count)
        for row in spans.indices where Self.isFound(spans[row], filter, errorsOnly: errorsOnly) {
            var above = Int32(row)
            while above >= 0, !isShown[Int(above)] {
                isShown[Int(above)] = true
                above = index.parents[Int(above)]
            }
        }
        return isShown.indices.filter { isShown[$0] }.map { Int32($0) }
    }

    static func isFound(_ span: SpanRow, _ filter: Filter, errorsOnly: Bool) -> Bool {
        (!errorsOnly || span.isError) && (filter.isEmpty || filter.accepts(span))
    }

    /// The next row a search finds, or with none the next failed one, around the end.
    func next(from row: Int, by step: Int, _ pane: Pane) -> (row: Int, wrapped: Bool)? {
        guard pane.isFiltered else { return index.error(from: row, by: step) }
        let count = spans.count
        for distance in 1...max(1, count) {
            let other = row + step * distance, wrapped = (other % count + count) % count
            if Self.isFound(spans[wrapped], pane.filter, errorsOnly: pane.errorsOnly) { return (wrapped, other != wrapped) }
        }
        return nil
    }

    // MARK: - Rows by identity

    func key(at row: Int) -> RowKey? {
        spans.indices.contains(row) ? .span(spans[row].id, copy: index.copy(of: row, spans[row].id)) : nil
    }

    func row(of key: RowKey) -> Int? {
        guard case .span(let id, let copy) = key else { return nil }
        return index.row(of: id, copy: copy)
    }

    /// `order` ascends.
    func position(of key: RowKey, in order: [Int32]) -> Int? {
        guard let row = row(of: key) else { return nil }
        let low = (0..<order.count).firstPlace { order[$0] < Int32(row) }
        return low < order.count && order[low] == Int32(row) ? low : nil
    }

    func hasChildren(_ row: Int) -> Bool { Int(index.ends[row]) > row + 1 }
    func isFolded(_ row: Int) -> Bool { hasChildren(row) && folded.contains(spans[row].id) }

    // MARK: - Folding

    mutating func toggle(_ row: Int) {
        level = nil
        if folded.remove(spans[row].id) == nil { folded.insert(spans[row].id) }
    }

    /// Below the roots' children everything folds; if anything is folded, everything unfolds.
    mutating func toggleAll() { fold(below: folded.isEmpty ? min(1, index.depth) : nil) }

    mutating func changeLevel(by step: Int) {
        let next = min(level ?? index.depth, index.depth) + step
        fold(below: next >= index.depth ? nil : max(0, next))
    }

    private mutating func fold(below depth: Int?) {
        level = depth
        folded = []
        guard let depth else { return }
        for row in spans.indices where spans[row].depth == depth && hasChildren(row) { folded.insert(spans[row].id) }
    }

    /// Unfolds what hides a row.
    mutating func reveal(_ row: Int) {
        var above = index.parents[row]
        while above >= 0 {
            if folded.remove(spans[Int(above)].id) != nil { level = nil }
            above = index.parents[Int(above)]
        }
    }

    /// The row itself, or the folded one it is hidden in.
    func shown(_ row: Int) -> Int {
        var result = row, above = index.parents[row]
        while above >= 0 {
            if folded.contains(spans[Int(above)].id) { result = Int(above) }
            above = index.parents[Int(above)]
        }
        return result
    }

    func slowestChild(of row: Int) -> Int? {
        var slowest: Int?, child = row + 1
        while child < Int(index.ends[row]) {
            if slowest.map({ spans[$0].durationSeconds < spans[child].durationSeconds }) ?? true { slowest = child }
            child = Int(index.ends[child])
        }
        return slowest
    }
}
