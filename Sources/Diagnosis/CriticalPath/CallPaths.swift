/// Ways from an entry down to a call, by number: what is done at the entry, by whom it calls, and so on. Numbers stay.
package struct CallPaths: Sendable {
    /// By number of the path: the one it goes on from (−1: begins here), and the label it ends in.
    package private(set) var parent: [Int32] = []
    package private(set) var label: [Int32] = []
    private var numbers: [UInt64: Int32] = [:]
    package let most: Int
    /// How often a path was not told apart any more from the one it goes on from.
    package private(set) var folded = 0

    /// - Parameter most: names from the network may be without end, and recursion deep. Beyond it, what is below is counted for the last
    ///   path that is known; entries are always told apart.
    package init(most: Int = 1 << 16) { self.most = most }

    package var count: Int { label.count }

    package mutating func number(after above: Int32, label next: Int32) -> Int32 {
        let key = UInt64(UInt32(bitPattern: above)) << 32 | UInt64(UInt32(bitPattern: next))
        if let known = numbers[key] { return known }
        guard count < most || above < 0 else {
            folded += 1
            return above
        }
        let number = Int32(count)
        numbers[key] = number
        parent.append(above)
        label.append(next)
        return number
    }

    /// From the entry on.
    package func labels(of path: Int32) -> [Int32] {
        var labels: [Int32] = []
        var path = path
        while path >= 0 {
            labels.append(label[Int(path)])
            path = parent[Int(path)]
        }
        return labels.reversed()
    }
}
