/// How long each span of a trace would last if some did their own work faster.
///
/// A child that began after a sibling had ended waited for it, and follows it as closely as before. Of a span's own time each stretch
/// shrinks by the same share: before its children, between them and after. Children are never cut: what a span did while one of them ran is
/// not counted as its own. So nothing gets longer, and no root wins more than the spans on its critical path do.
struct Retiming {
    private let tree: WaitedTree
    private let own: [Int64]

    init(_ tree: borrowing SpanTree) {
        self.tree = WaitedTree(tree)
        own = SelfTime.nanoseconds(self.tree)
    }

    func nanoseconds(_ place: Int) -> Int64 { tree.nanoseconds(place) }

    /// - Parameter speedup: nil at places that do as before.
    /// - Returns: nanoseconds by place.
    func durations(_ speedup: (Int) -> WhatIf.Speedup?) -> [Int64] {
        var lasts = (0..<tree.count).map(tree.nanoseconds)
        var isChanged = [Bool](repeating: false, count: tree.count)
        var newEnd = tree.end
        // Children stand behind their parents.
        for place in (0..<tree.count).reversed() {
            let saving = speedup(place)?.saving(ofOwn: own[place]) ?? 0
            let children = tree.children(of: place)
            guard saving > 0 || tree.children[children].contains(where: { isChanged[Int($0)] }) else { continue }
            let new = duration(place, saving: saving, lasts, &newEnd)
            isChanged[place] = new < lasts[place]
            lasts[place] = new
        }
        return lasts
    }

    /// - Parameters:
    ///   - lasts: what its children last now.
    ///   - newEnd: of its children: room to write in.
    private func duration(_ place: Int, saving: Int64, _ lasts: [Int64], _ newEnd: inout [Int64]) -> Int64 {
        let start = tree.start[place]
        let byEnd = tree.children[tree.children(of: place)].reversed().map(Int.init)
        let byStart = byEnd.sorted { (tree.start[$0], tree.end[$0]) < (tree.start[$1], tree.end[$1]) }
        func left(_ stretch: Int64) -> Int64 { stretch - Self.part(of: saving, stretch, own[place]) }
        // Of those that have ended: the last end there was, by whom it is now, and when all are over now.
        var ended = 0, running = 0
        var lastEnd = start, newLastEnd = start, allOver = start
        func end(upTo time: Int64, _ newEnd: [Int64]) {
            while ended < byEnd.count, tree.end[byEnd[ended]] <= time {
                let child = byEnd[ended], new = newEnd[child]
                newLastEnd = tree.end[child] > lastEnd ? new : max(newLastEnd, new)
                lastEnd = tree.end[child]
                allOver = max(allOver, new)
                ended += 1
            }
        }
        for child in byStart {
            let begins = tree.start[child]
            end(upTo: begins, newEnd)
            while tree.end[byStart[running]] <= begins { running += 1 }
            // Nobody ran from the last end on until the first of those that run now began.
            let free = max(0, min(tree.start[byStart[running]], begins) - lastEnd)
            let new = max(allOver, newLastEnd + (begins - lastEnd) - (free - left(free)))
            newEnd[child] = new + lasts[child]
        }
        end(upTo: .max, newEnd)
        return allOver + left(tree.end[place] - lastEnd) - start
    }

    /// `saving · stretch / own`, down to a whole nanosecond: a larger saving never gives less.
    private static func part(of saving: Int64, _ stretch: Int64, _ own: Int64) -> Int64 {
        guard saving > 0, stretch > 0, own > 0 else { return 0 }
        return own.dividingFullWidth(saving.multipliedFullWidth(by: stretch)).quotient
    }
}
