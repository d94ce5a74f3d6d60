import MeshModel

/// One line of a waterfall: a span, or what up to four spans of proxies tell of one request.
public struct AssemblyRow: Sendable, Equatable {
    /// Place of the span it begins with, in `Assembly.spans`.
    public var span: Int
    /// Of a request between proxies, the callee's listener; −1: not told, or this is no such request.
    public var server: Int
    public var depth: Int
    public var descendants: Int
    /// Of a row of several spans: their places, from the caller's outermost to the callee's innermost.
    public var parts: [Int] = []
    public var selfNanoseconds: Int64
}

extension Assembly {
    public func isOrphan(_ place: Int) -> Bool { marks[place].contains(.orphan) }
    public func isCycleBroken(_ place: Int) -> Bool { marks[place].contains(.cycle) }
    public func isDenied(_ place: Int) -> Bool { marks[place].contains(.denied) }
    /// A request came in here; one went out; somebody wrote spans of where that one arrived.
    public func isIncoming(_ place: Int) -> Bool { marks[place].contains(.incoming) }
    public func isOutgoing(_ place: Int) -> Bool { marks[place].contains(.outgoing) }
    public func isServed(_ place: Int) -> Bool { marks[place].contains(.served) }
    /// From a proxy toward its own application.
    public func isLocal(_ place: Int) -> Bool { marks[place].contains(.local) }

    /// Depth-first.
    public func rows() -> [AssemblyRow] {
        guard !spans.isEmpty else { return [] }
        let (owner, server) = collapsed()
        var rows: [AssemblyRow] = []
        var rowOf = [Int32](repeating: -1, count: spans.count)
        var above: [Int32] = []
        for place in order.map(Int.init) {
            guard owner[place] == place else {
                // What leads to it stands before it in the walk.
                let row = Int(rowOf[owner[place]])
                if rows[row].parts.isEmpty { rows[row].parts.append(owner[place]) }
                rows[row].parts.append(place)
                continue
            }
            let over = parent[place] < 0 ? -1 : Int(rowOf[Int(owner[Int(parent[place])])])
            rowOf[place] = Int32(rows.count)
            above.append(Int32(over))
            rows.append(AssemblyRow(span: place, server: Int(server[place]), depth: over < 0 ? 0 : rows[over].depth + 1, descendants: 0,
                                    selfNanoseconds: spans[place].duration.nanoseconds))
        }
        for row in rows.indices.reversed() where above[row] >= 0 { rows[Int(above[row])].descendants += rows[row].descendants + 1 }
        addSelfTime(&rows, above)
        return rows
    }

    /// By span: the one whose row it is part of; and by that one, the callee's listener.
    private func collapsed() -> (owner: [Int], server: [Int32]) {
        var owner = Array(spans.indices)
        var server = [Int32](repeating: -1, count: spans.count)
        for place in order.map(Int.init) {
            let above = Int(parent[place])
            guard above >= 0 else { continue }
            let top = owner[above]
            if spans[place].id == spans[above].id, spans[place].kind == .server {
                // Both halves under one id.
                owner[place] = top
                server[top] = Int32(place)
            } else if spans[place].isProxy, spans[above].isProxy {
                let isOnly = firstChild[above] == Int32(place) && nextSibling[place] < 0
                // The router's, behind the listener's: of a sidecar that writes one span a side, the next is of another request.
                let ways = (spans[above].upstreamCluster, spans[place].upstreamCluster), isSameWay = ways.0 == ways.1 || ways.0.isEmpty || ways.1.isEmpty
                let isOwnSide = !marks[place].contains(.incoming) && spans[place].kind == .client && spans[above].kind == .server && isOnly && isSameWay
                let arrives = marks[place].contains(.incoming) && marks[above].contains(.outgoing) && isOnly && server[top] < 0
                guard isOwnSide || arrives else { continue }
                owner[place] = top
                if arrives { server[top] = Int32(place) }
            }
        }
        return (owner, server)
    }

    /// A row's time less the union of its children's.
    private func addSelfTime(_ rows: inout [AssemblyRow], _ above: [Int32]) {
        // Children of one row stand behind it by start: its covered time ends where the last of them did so far.
        var coveredUpTo = rows.map { at($0.span).nanoseconds }
        for row in rows.indices {
            let over = Int(above[row])
            guard over >= 0 else { continue }
            let end = coveredEnd(rows[over])
            let from = max(at(rows[row].span).nanoseconds, coveredUpTo[over])
            let to = min(coveredEnd(rows[row]), end)
            guard to > from else { continue }
            rows[over].selfNanoseconds -= to - from
            coveredUpTo[over] = to
        }
        for row in rows.indices { rows[row].selfNanoseconds = max(0, rows[row].selfNanoseconds) }
    }

    private func coveredEnd(_ row: AssemblyRow) -> Int64 { at(row.span).nanoseconds &+ spans[row.span].duration.nanoseconds }
}
