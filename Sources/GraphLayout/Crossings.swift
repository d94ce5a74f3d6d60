/// Crossings of straight links between two layers.
enum Crossings {
    /// Barth, Jünger and Mutzel's accumulator tree: O(e log v). `position` is each item's place in its layer, `width` the count of the lower one.
    static func count(_ layer: [Int], width: Int, callees: Links.Side, position: [Int], tree: inout [Int]) -> Int {
        guard width > 1 else { return 0 }
        var first = 1
        while first < width { first *= 2 }
        tree.removeAll(keepingCapacity: true)
        tree.append(contentsOf: repeatElement(0, count: 2 * first))
        var crossings = 0
        for item in layer {
            let ends = callees.start[item]..<callees.start[item + 1]
            // All ends of one item are counted before any is entered: they do not cross each other.
            for end in ends {
                var place = position[callees.ends[end]] + first
                while place > 1 {
                    if place % 2 == 0 { crossings += tree[place + 1] }
                    place /= 2
                }
            }
            for end in ends {
                var place = position[callees.ends[end]] + first
                while place > 0 {
                    tree[place] += 1
                    place /= 2
                }
            }
        }
        return crossings
    }

    /// Crossings between the links of two neighbours as they stand, and if they stood the other way round. Places rise in both ranges.
    static func between(_ places: [Int], _ upper: Range<Int>, _ lower: Range<Int>) -> (now: Int, exchanged: Int) {
        var now = 0, exchanged = 0, smaller = lower.lowerBound, upTo = lower.lowerBound
        for index in upper {
            let end = places[index]
            while smaller < lower.upperBound && places[smaller] < end { smaller += 1 }
            while upTo < lower.upperBound && places[upTo] <= end { upTo += 1 }
            now += smaller - lower.lowerBound
            exchanged += lower.upperBound - upTo
        }
        return (now, exchanged)
    }
}
