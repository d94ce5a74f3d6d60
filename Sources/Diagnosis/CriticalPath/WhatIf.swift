/// What an entry would win if one thing that is done under it were faster: "payment 50 ms faster: checkout p95 −38 ms".
package enum WhatIf {
    package enum Speedup: Sendable, Equatable {
        /// Less of its own time in each span, as much as it has.
        case nanoseconds(Int64)
        /// So much of its own time in each span, 0…1.
        case share(Double)

        func saving(ofOwn own: Int64) -> Int64 {
            switch self {
            case .nanoseconds(let less): min(own, max(0, less))
            case .share(let part): part >= 1 ? own : part > 0 ? Int64(Double(own) * part) : 0
            }
        }
    }

    package enum Scope: Sendable, Equatable {
        case label(Int32)
        /// Labels from the entry down to the one that is faster.
        case path([Int32])
        case place(Int32)
    }

    /// Nanoseconds that each place would be done earlier, from its own start: of a root, what it wins.
    package static func gains(_ tree: borrowing SpanTree, _ scope: Scope, _ speedup: Speedup) -> [Int64] {
        let retiming = Retiming(tree), isMeant = meant(tree, scope)
        let new = retiming.durations { isMeant[$0] ? speedup : nil }
        return new.indices.map { retiming.nanoseconds($0) - new[$0] }
    }

    /// Nanoseconds that a root would win at most by one span's own work.
    package static func drag(_ tree: borrowing SpanTree, place: Int, root: Int) -> Int64 { gains(tree, .place(Int32(place)), .share(1))[root] }

    private static func meant(_ tree: borrowing SpanTree, _ scope: Scope) -> [Bool] {
        switch scope {
        case .label(let label):
            return tree.label.map { $0 == label }
        case .place(let place):
            return tree.label.indices.map { $0 == Int(place) }
        case .path(let labels):
            // How many labels lead to a place; −1: others do.
            var depth = [Int](repeating: -1, count: tree.count)
            for place in 0..<tree.count {
                let above = tree.parent[place] < 0 ? 0 : depth[Int(tree.parent[place])]
                if above >= 0, above < labels.count, labels[above] == tree.label[place] { depth[place] = above + 1 }
            }
            return depth.map { !labels.isEmpty && $0 == labels.count }
        }
    }

    /// Nanoseconds; percentiles by nearest rank over all traces of the entry.
    package struct Answer: Sendable, Equatable {
        package struct Percentiles: Sendable, Equatable {
            package var p50: Int64
            package var p95: Int64
            package var p99: Int64

            package init(_ durations: [Int64]) {
                let sorted = durations.sorted()
                p50 = Percentile.ofSorted(sorted, 50)
                p95 = Percentile.ofSorted(sorted, 95)
                p99 = Percentile.ofSorted(sorted, 99)
            }
        }
        package var traces = 0
        /// Those that would be quicker.
        package var quicker = 0
        package var before: Percentiles
        package var after: Percentiles

        /// - Parameters: nanoseconds of each trace, in one order.
        package init(before: [Int64], after: [Int64]) {
            traces = before.count
            quicker = zip(before, after).count { $0 > $1 }
            (self.before, self.after) = (Percentiles(before), Percentiles(after))
        }
    }

    /// - Parameter traces: of one entry, each with the place of its root.
    package static func answer(_ traces: some Sequence<(tree: SpanTree, root: Int)>, _ scope: Scope, _ speedup: Speedup) -> Answer {
        var before: [Int64] = [], after: [Int64] = []
        for (tree, root) in traces {
            let lasted = tree.end[root] - tree.start[root]
            before.append(lasted)
            after.append(lasted - gains(tree, scope, speedup)[root])
        }
        return Answer(before: before, after: after)
    }
}
