/// Crossings of straight links between two layers.
enum Crossings {
    /// Barth, Jünger and Mutzel's accumulator tree: O(e log v). `position` is each item's place in its layer.
    static func count(_ lattice: Lattice, above layer: Int, position: [Int]) -> Int {
        let width = lattice.layers[layer + 1].count
        guard width > 1 else { return 0 }
        var first = 1
        while first < width { first *= 2 }
        var tree = [Int](repeating: 0, count: 2 * first)
        var crossings = 0
        var ends: [Int] = []
        for item in lattice.layers[layer] {
            ends.removeAll(keepingCapacity: true)
            for callee in lattice.items[item].callees { ends.append(position[callee]) }
            ends.sort()
            for end in ends {
                var place = end + first
                tree[place] += 1
                while place > 1 {
                    if place % 2 == 0 { crossings += tree[place + 1] }
                    place /= 2
                    tree[place] += 1
                }
            }
        }
        return crossings
    }

    static func total(_ lattice: Lattice, position: [Int]) -> Int {
        guard lattice.layers.count > 1 else { return 0 }
        return (0..<lattice.layers.count - 1).reduce(0) { $0 + count(lattice, above: $1, position: position) }
    }

    /// Crossings between the links of two neighbours as they stand, less those if they stood the other way round. Both lists rise.
    static func gain(_ upper: [Int], _ lower: [Int]) -> Int {
        var gain = 0, smaller = 0, upTo = 0
        for end in upper {
            while smaller < lower.count && lower[smaller] < end { smaller += 1 }
            while upTo < lower.count && lower[upTo] <= end { upTo += 1 }
            gain += smaller - (lower.count - upTo)
        }
        return gain
    }
}
