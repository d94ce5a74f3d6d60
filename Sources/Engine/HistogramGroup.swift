import MeshModel

/// The buckets of one latency histogram of a cell: several series may share a bound (one per response code, say).
struct HistogramGroup {
    var cell: UInt16
    var rank: UInt8
    var bounds: [Float]
    var members: [(series: Int32, bound: Int32)]
    var sums: [Int32] = []
}

extension HistogramGroup {
    /// Bounds are sorted once and numbered: a histogram of thousands of buckets costs n log n.
    static func groups(of series: [MappedSeries]) -> [HistogramGroup] {
        var groups: [HistogramGroup] = []
        struct Key: Hashable { var place: UInt32, family: Symbol }
        var found: [Key: Int] = [:]
        var first: [UInt32: Int] = [:]
        for (index, item) in series.enumerated() where item.signal == .latencyBucket {
            // Two histograms of one rank have bounds of their own.
            let place = UInt32(item.cell) << 8 | UInt32(item.rank), key = Key(place: place, family: item.family)
            let group = found[key] ?? groups.count
            if group == groups.count {
                groups.append(HistogramGroup(cell: item.cell, rank: item.rank, bounds: [], members: []))
                found[key] = group
                if first[place] == nil { first[place] = group }
            }
            groups[group].members.append((Int32(index), 0))
        }
        for group in groups.indices { groups[group].numberBounds(series) }
        for (index, item) in series.enumerated() where item.signal == .latencySum {
            if let group = first[UInt32(item.cell) << 8 | UInt32(item.rank)] { groups[group].sums.append(Int32(index)) }
        }
        return groups
    }

    private mutating func numberBounds(_ series: [MappedSeries]) {
        // Two NaN are two bounds to a set, and one to nobody: they come last, as one.
        bounds = Set(members.map { series[Int($0.series)].upperBound }.filter { !$0.isNaN }).sorted()
        if members.contains(where: { series[Int($0.series)].upperBound.isNaN }) { bounds.append(.nan) }
        var places: [Float: Int32] = [:]
        for (place, bound) in bounds.enumerated() { places[bound] = Int32(place) }
        for index in members.indices { members[index].bound = places[series[Int(members[index].series)].upperBound] ?? Int32(bounds.count - 1) }
    }
}
