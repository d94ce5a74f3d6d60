/// Calls of one kind that a span makes one after another where one might do: a query for each item of a list (N+1).
package struct RepeatedCalls: Sendable, Equatable {
    /// Place of the span that makes them, and of the first of them.
    package var parent: Int32
    package var first: Int32
    package var label: Int32
    package var count: Int
    /// Nanoseconds of all of them together.
    package var nanoseconds: Int64
    /// Of what the parent lasted, 0…1.
    package var share: Double

    /// So many are no chance yet (Jaeger's rule of thumb).
    package static let most = 10

    /// More than `most` siblings of one label, none longer than twice their median or shorter than half of it, each begun when the one
    /// before had ended. The largest share of time first.
    package static func found(in tree: borrowing SpanTree) -> [RepeatedCalls] {
        let waited = WaitedTree(tree)
        var siblings: [Sibling] = []
        for place in 0..<tree.count where waited.top[place] != Int32(place) {
            siblings.append(Sibling(parent: tree.parent[place], label: tree.label[place], start: waited.start[place], end: waited.end[place], place: Int32(place)))
        }
        siblings.sort { ($0.parent, $0.label, $0.end, $0.start, $0.place) < ($1.parent, $1.label, $1.end, $1.start, $1.place) }
        var all: [RepeatedCalls] = []
        var from = 0
        while from < siblings.count {
            let to = siblings[from...].firstIndex { ($0.parent, $0.label) != (siblings[from].parent, siblings[from].label) } ?? siblings.count
            if to - from > most, let calls = chain(siblings[from..<to], waited) { all.append(calls) }
            from = to
        }
        return all.sorted { ($1.nanoseconds, $0.first) < ($0.nanoseconds, $1.first) }
    }

    private struct Sibling {
        var parent: Int32
        var label: Int32
        var start: Int64
        var end: Int64
        var place: Int32
        var nanoseconds: Int64 { end - start }
    }

    /// - Parameter siblings: by end: taking each that begins after the last one taken gives the most that do not overlap.
    private static func chain(_ siblings: ArraySlice<Sibling>, _ tree: borrowing WaitedTree) -> RepeatedCalls? {
        let median = Percentile.ofSorted(siblings.map(\.nanoseconds).sorted(), 50)
        var calls: RepeatedCalls?
        var over = Int64.min
        for sibling in siblings where sibling.nanoseconds <= 2 * median && median <= 2 * sibling.nanoseconds && sibling.start >= over {
            over = sibling.end
            var sum = calls ?? RepeatedCalls(parent: sibling.parent, first: sibling.place, label: sibling.label, count: 0, nanoseconds: 0, share: 0)
            sum.count += 1
            sum.nanoseconds += sibling.nanoseconds
            calls = sum
        }
        guard var calls, calls.count > most else { return nil }
        let lasted = tree.nanoseconds(Int(calls.parent))
        calls.share = lasted > 0 ? Double(calls.nanoseconds) / Double(lasted) : 0
        return calls
    }
}
