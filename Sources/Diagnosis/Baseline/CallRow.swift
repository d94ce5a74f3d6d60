import MeshModel

/// What one operation did for one request: its own time, whom it called. A span, or one side of what a proxy tells of a hop.
package struct CallRow: Sendable {
    /// Number in `RowNames`.
    var key: Int32
    var service: Int32
    var pod: Symbol
    /// Nanoseconds since 1970, clocks straightened.
    var start: Int64
    /// All of it, and less the union of what it called, seconds.
    var seconds: Double
    var own = 0.0
    /// Whom it called: a number in `RowNames`.
    var set: Int32 = 0
    /// Service and pod of the only one called, where that is another service; −1: none, or several.
    var peer: Int32 = -1
    var peerPod = Symbol.empty
    /// Places; −1: none. The root is the topmost one above, or itself.
    var parent: Int32
    var root: Int32 = 0
    /// Place of its trace.
    var trace: Int32
    /// A request came in here from outside.
    var isEntry: Bool
    var isError: Bool
    /// Of a row without a peer: own time beside calls of other services.
    var gaps: Range<Int32> = 0..<0
}

/// Rows of many traces by time.
package struct CallRows: Sendable {
    /// Own time that touches calls of a service: before the first, after the last, between two. Between calls of two services it is both's.
    struct Gap: Sendable {
        var service: Int32
        var seconds: Double
    }

    var all: [CallRow] = []
    var gaps: [Gap] = []
    var traces: [TraceID] = []
    /// Number of a service's party in its store.
    var parties: [Int32: Int32] = [:]
    /// The same of a pod.
    var podParties: [Pod: Int32] = [:]
    struct Pod: Hashable, Sendable {
        var service: Int32
        var pod: Symbol
    }

    package var requests: Int { all.count { $0.isEntry } }

    /// Services that run in several pods: only there can a pod differ from its service.
    var crowded: Set<Int32> {
        var only: [Int32: Symbol] = [:], crowded = Set<Int32>()
        for row in all where !row.pod.isEmpty {
            if only[row.service, default: row.pod] != row.pod { crowded.insert(row.service) }
            only[row.service] = row.pod
        }
        return crowded
    }

    /// Of all its own time, or of what touches calls of one service: what a group of rows is about.
    func seconds(_ row: CallRow, _ group: RowGroup) -> Double {
        guard group.slice == .gap else { return row.own }
        for gap in gaps[Int(row.gaps.lowerBound)..<Int(row.gaps.upperBound)] where gap.service == group.service { return gap.seconds }
        return 0
    }

    /// Traces are taken one by one, in any order; rows stand by time.
    mutating func sort() {
        let order = all.indices.sorted { all[$0].start != all[$1].start ? all[$0].start < all[$1].start : $0 < $1 }
        var placeOf = [Int32](repeating: 0, count: all.count)
        for (place, old) in order.enumerated() { placeOf[old] = Int32(place) }
        all = order.map { old in
            var row = all[old]
            if row.parent >= 0 { row.parent = placeOf[Int(row.parent)] }
            row.root = placeOf[Int(row.root)]
            return row
        }
    }
}
