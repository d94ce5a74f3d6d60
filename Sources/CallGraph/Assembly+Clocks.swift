import MeshModel

extension Assembly {
    /// More than that is no skew but a wrong date.
    private static let mostNanoseconds: Int64 = 3_600_000_000_000

    /// Jaeger's rule: a span of another clock than its parent's is put in the middle of it, unless it already lies within. The times
    /// it came with are kept. A consumer works when its producer is long done: that is no skew.
    mutating func straightenClocks() {
        for place in order.map(Int.init) {
            let above = Int(parent[place])
            guard above >= 0 else { continue }
            if hosts[place] == hosts[above] {
                shift[place] = shift[above]
                continue
            }
            if spans[place].kind == .consumer || spans[above].kind == .producer { continue }
            let length = spans[place].duration.nanoseconds, room = spans[above].duration.nanoseconds
            let start = spans[place].start.nanoseconds, from = spans[above].start.nanoseconds &+ shift[above]
            let move: Int64
            if length > room {
                move = max(0, from &- start)
            } else if start >= from, start &+ length <= from &+ room {
                move = 0
            } else {
                move = from &+ (room &- length) / 2 &- start
            }
            guard move != 0 else { continue }
            guard move.magnitude <= Self.mostNanoseconds.magnitude else {
                oddities[.clockTooFar] += 1
                continue
            }
            shift[place] = move
            oddities[.clockSkew] += 1
        }
    }
}
