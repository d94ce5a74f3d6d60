/// The order of items in each layer: medians of their neighbours, then exchanges of neighbours, the best of many sweeps.
///
/// Postcondition: each layer holds the items it held; two runs give the same order.
enum Ordering {
    private static let mostSweeps = 24, patience = 6

    /// One of several orders to choose from, with the crossings it has as long as wires are straight lines. Attempts start differently, as
    /// sweeps find an order near the one they start from.
    static func order(_ lattice: Lattice, links: Links, attempt: Int) -> (layers: [[Int]], crossings: Int) {
        var sweep = Sweep(links, depthFirst(lattice, attempt: attempt), usesMedians: attempt % 4 < 2)
        var best = sweep.layers
        var fewest = Int.max / 256
        var idle = 0
        for turn in 0..<mostSweeps where idle < patience && fewest > 0 {
            if turn > 0 { sweep.align(down: turn % 2 == 1) }
            // Quick sweeps and thorough ones end in different places.
            sweep.exchange(equals: turn % 4 > 1, rounds: attempt % 3 == 2 ? 3 : 1)
            let crossings = sweep.crossings()
            // A little less is not worth another try of all sweeps.
            idle = crossings * 200 < fewest * 199 ? 0 : idle + 1
            guard crossings < fewest else { continue }
            fewest = crossings
            best = sweep.layers
        }
        sweep = Sweep(links, best, usesMedians: true)
        fewest -= sweep.sift()
        return (sweep.layers, fewest)
    }

    /// The order the layers have, with every item where it crosses least.
    static func refined(_ lattice: Lattice) -> (layers: [[Int]], crossings: Int) {
        var sweep = Sweep(Links(lattice), lattice.layers, usesMedians: true)
        let crossings = sweep.crossings()
        let gained = sweep.sift()
        return (sweep.layers, crossings - gained)
    }

    /// The order in which a walk meets the items, so that trees come out without a crossing. From the third attempt on it takes other turns.
    private static func depthFirst(_ lattice: Lattice, attempt: Int) -> [[Int]] {
        let fromCallers = attempt % 2 == 0
        var layers: [[Int]] = Array(repeating: [], count: lattice.layers.count)
        var seen = [Bool](repeating: false, count: lattice.items.count)
        func turned(_ items: [Int]) -> [Int] {
            guard attempt > 1 else { return items }
            return items.map { (key: UInt64(($0 + 1) * attempt) &* 0x9E37_79B9_7F4A_7C15, item: $0) }.sorted { ($0.key, $0.item) < ($1.key, $1.item) }.map(\.item)
        }
        let starts = turned(Array(fromCallers ? lattice.layers.joined() : lattice.layers.reversed().joined()))
        func next(_ item: Int) -> [Int] { turned(fromCallers ? lattice.items[item].callees : lattice.items[item].callers) }
        for isEnd in [true, false] {
            for start in starts where !seen[start] {
                let ends = fromCallers ? lattice.items[start].callers.isEmpty : lattice.items[start].callees.isEmpty
                guard ends || !isEnd else { continue }
                var stack = [start]
                while let item = stack.popLast() {
                    guard !seen[item] else { continue }
                    seen[item] = true
                    layers[lattice.items[item].layer].append(item)
                    stack += next(item).reversed().filter { !seen[$0] }
                }
            }
        }
        return layers
    }
}
