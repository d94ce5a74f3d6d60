import MeshModel

/// Rows that are compared with each other: all of a key, those of one pod, or the part of their time that touches calls of one service.
struct RowGroup: Hashable, Comparable, Sendable {
    enum Slice: UInt8, Sendable {
        case whole
        /// By the pod at work; by the pod called.
        case at, called
        /// Of rows without a peer: time beside calls of a service, where callers write no spans of their calls.
        case gap
    }
    var key: Int32
    var slice = Slice.whole
    /// A pod's symbol, or the service's number.
    var of: UInt32 = 0

    var whole: RowGroup { RowGroup(key: key) }
    var pod: Symbol { slice == .at || slice == .called ? Symbol(raw: of) : .empty }
    var service: Int32 { Int32(bitPattern: of) }

    static func < (a: RowGroup, b: RowGroup) -> Bool { (a.key, a.slice.rawValue, a.of) < (b.key, b.slice.rawValue, b.of) }
}

/// Places of rows by group, both in order: the same rows give the same sums.
struct RowGroups {
    private(set) var groups: [RowGroup] = []
    private var places: [RowGroup: [Int32]] = [:]

    /// - Parameter crowded: services with several pods.
    init(_ rows: CallRows, _ chosen: some Collection<Int>, crowded: Set<Int32>) {
        for place in chosen {
            let row = rows.all[place], number = Int32(place)
            places[RowGroup(key: row.key), default: []].append(number)
            if !row.pod.isEmpty, crowded.contains(row.service) { places[RowGroup(key: row.key, slice: .at, of: row.pod.raw), default: []].append(number) }
            if row.peer >= 0 {
                guard !row.peerPod.isEmpty, crowded.contains(row.peer) else { continue }
                places[RowGroup(key: row.key, slice: .called, of: row.peerPod.raw), default: []].append(number)
            } else {
                for gap in rows.gaps[Int(row.gaps.lowerBound)..<Int(row.gaps.upperBound)] {
                    places[RowGroup(key: row.key, slice: .gap, of: UInt32(bitPattern: gap.service)), default: []].append(number)
                }
            }
        }
        groups = places.keys.sorted()
    }

    subscript(_ group: RowGroup) -> [Int32] { places[group] ?? [] }
}
