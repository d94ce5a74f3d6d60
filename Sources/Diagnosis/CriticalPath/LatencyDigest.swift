import MeshModel

/// What a trace says of latency, in numbers: made once, when it settles, and added up for any window after (`AggregatePath`).
package struct LatencyDigest: Sendable, Equatable {
    /// All spans of one call path under the entry.
    package struct Part: Sendable, Equatable {
        package var path: Int32
        /// Of these spans, the one with the most critical time.
        package var place: Int32
        /// Nanoseconds: on the critical path, done by themselves, in all. The first add up to what the entry lasted.
        package var critical: Int64
        package var own: Int64
        package var total: Int64
        package var calls: Int32 = 1
    }

    /// The entry's own path.
    package var entry: Int32 = -1
    package var nanoseconds: Int64 = 0
    /// By path.
    package var parts: [Part] = []

    /// - Parameter root: place of the entry; what does not hang on it is left out.
    package init(_ tree: borrowing SpanTree, root: Int, paths: inout CallPaths) {
        guard root < tree.count else { return }
        let waited = WaitedTree(tree)
        nanoseconds = waited.nanoseconds(root)
        let own = SelfTime.nanoseconds(waited)
        let critical = CriticalPath(waited, root: root).nanosecondsByPlace(count: tree.count)
        var pathOf = [Int32](repeating: -1, count: tree.count)
        var all: [Part] = []
        for place in root..<tree.count where waited.top[place] == waited.top[root] {
            // What another root's is has no path: its parent never got one.
            let above = place == root ? -1 : pathOf[Int(tree.parent[place])]
            guard place == root || above >= 0 else { continue }
            pathOf[place] = paths.number(after: above, label: tree.label[place])
            all.append(Part(path: pathOf[place], place: Int32(place), critical: critical[place], own: own[place], total: waited.nanoseconds(place)))
        }
        entry = pathOf[root]
        parts = Self.merged(all)
    }

    private static func merged(_ all: [Part]) -> [Part] {
        var parts: [Part] = []
        // Critical time of the one that `place` names.
        var most: Int64 = 0
        for part in all.sorted(by: { $0.path != $1.path ? $0.path < $1.path : $0.place < $1.place }) {
            guard let last = parts.indices.last, parts[last].path == part.path else {
                parts.append(part)
                most = part.critical
                continue
            }
            if part.critical > most { (most, parts[last].place) = (part.critical, part.place) }
            parts[last].critical.add(saturating: part.critical)
            parts[last].own.add(saturating: part.own)
            parts[last].total.add(saturating: part.total)
            parts[last].calls += part.calls
        }
        return parts
    }
}
